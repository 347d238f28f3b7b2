"""The sign of an exhibit that is closed for repair: calm words, and no control but the staff's hidden corner."""

from dataclasses import dataclass

from kiosk.core.effects import Effect
from kiosk.core.layout import layout_of
from kiosk.core.parts import scene_of, sentence, staff_corner
from kiosk.core.scene import Align, Box, Colour, Icon, Item, Plate, Scene, Weight
from kiosk.core.screen import Hall, ScreenEvent, Way


@dataclass(frozen=True, slots=True)
class Closed:
    """The exhibit is closed for repair until staff open it again."""


def update(slice_: Closed, event: ScreenEvent, hall: Hall) -> tuple[Closed | Way, tuple[Effect, ...]]:
    """The same slice: only staff open it again, from their screen."""
    del event, hall
    return slice_, ()


def view(slice_: Closed, hall: Hall) -> Scene:
    """A large sign and two lines."""
    del slice_
    layout = layout_of(hall.panel)
    page = layout.page
    side = min(page.w, round(page.h * 0.46))
    sign = Box(page.x + (page.w - side) // 2, page.y + round(page.h * 0.06), side, side)
    words = page.under(sign.bottom - page.y + layout.gap)
    cut = words.h // 2
    items: list[Item] = [
        Plate(sign, layout.radius),
        Icon(sign.square(round(side * 0.62)), "closed", Colour.MUTE),
        sentence(
            words.top(cut), hall.texts("closed.title"), layout.display, layout,
            weight=Weight.EXTRABOLD, align=Align.CENTRE, lines=2,
        ),
        sentence(
            words.under(cut), hall.texts("closed.note"), layout.control, layout,
            colour=Colour.MUTE, align=Align.CENTRE, lines=3, middle=False,
        ),
        staff_corner(hall, layout),
    ]  # fmt: skip
    return scene_of(hall, "closed", items, "")
