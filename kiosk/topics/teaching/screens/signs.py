"""The wall of signs: what the next label is to be called; visitors never type."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import best_across, grid, layout_of
from kiosk.core.message import ToBack
from kiosk.core.parts import scene_of, tile, walled
from kiosk.core.pieces.frame import framed
from kiosk.core.scene import Colour, ControlId, Item, Scene
from kiosk.core.screen import Outcome, Pressed, ScreenEvent, TeachingScreen
from kiosk.topics.datasets.messages import Kept
from kiosk.topics.photograph.messages import ToLive
from kiosk.topics.teaching.messages import ToLesson


@dataclass(frozen=True, slots=True)
class Signs(TeachingScreen):
    """Nothing of its own: what can be picked is on the wall."""

    passing = True

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        lesson = context.lesson
        match event:
            case Pressed("sign", int(number)) if number < len(context.signs):
                named = lesson.with_label(number)
                visitor = replace(context.visitor, lesson=named)
                return Outcome(ToLesson(named.index_of(number)), visitor=visitor)
            case Pressed("back"):
                kept = context.fact(Kept).datasets
                return Outcome(ToBack(ToLesson() if lesson.labels or kept else ToLive()))
            case _:
                return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return the question and all the signs; those in use are marked and lead back to their label."""
        layout = layout_of(context.panel)
        key = "signs.next" if context.lesson.labels else "signs.first"
        frame = framed(context, layout, context.texts(key), deck=0, wall=True)
        stage = frame.stage
        across = best_across(stage, len(context.signs), layout.gap, 1.05, layout.least)
        primary = ControlId("back")
        wall: list[Item] = []
        for number, cell in enumerate(grid(stage, len(context.signs), across, layout.gap)):
            sign = context.signs[number]
            control = walled(tile(layout, ControlId("sign", number), cell, sign.name, sign.icon))
            if context.lesson.index_of(number) is not None:
                note = context.texts("signs.used")
                control = replace(control, outline=Colour.TRUTH, tint=Colour.TRUTH, note=note)
            elif primary.name == "back":
                primary = control.id
            wall.append(control)
        return scene_of(context, "signs", [*wall, *frame.items], primary)
