"""The wall of signs: what the next label shall be called; visitors never type."""

from dataclasses import dataclass, replace

from kiosk.core.effects import Effect
from kiosk.core.layout import best_across, grid, layout_of
from kiosk.core.lesson import Lesson
from kiosk.core.parts import headline, scene_of, tile
from kiosk.core.scene import Colour, Item, Scene
from kiosk.core.screen import Hall, Pressed, ScreenEvent, ToEnd, ToLive, ToTeach, Way


@dataclass(frozen=True, slots=True)
class Signs:
    """The lesson so far."""

    lesson: Lesson


def update(slice_: Signs, event: ScreenEvent, hall: Hall) -> tuple[Signs | Way, tuple[Effect, ...]]:
    """The next slice or the way on."""
    if not isinstance(event, Pressed):
        return slice_, ()
    lesson = slice_.lesson
    match event.control.partition("-"):
        case ("sign", _, number) if int(number) < len(hall.signs):
            named = lesson.with_label(int(number))
            return ToTeach(named, named.index_of(int(number))), ()
        case ("back", _, _):
            return (ToTeach(lesson) if lesson.labels or hall.datasets else ToLive()), ()
        case ("again", _, _):
            return ToEnd(), ()
        case _:
            return slice_, ()


def view(slice_: Signs, hall: Hall) -> Scene:
    """The question and all the signs; those in use are marked and lead back to their label."""
    layout = layout_of(hall.panel)
    key = "signs.next" if slice_.lesson.labels else "signs.first"
    items, stage = headline(hall, layout, hall.texts(key))
    across = best_across(stage, len(hall.signs), layout.gap, 1.05, layout.least)
    primary = "back"
    wall: list[Item] = []
    for number, cell in enumerate(grid(stage, len(hall.signs), across, layout.gap)):
        sign = hall.signs[number]
        control = tile(layout, f"sign-{number}", cell, sign.name, sign.icon)
        if slice_.lesson.index_of(number) is not None:
            note = hall.texts("signs.used")
            control = replace(control, outline=Colour.TRUTH, tint=Colour.TRUTH, note=note)
        elif primary == "back":
            primary = control.name
        wall.append(control)
    return scene_of(hall, "signs", [*wall, *items], primary)
