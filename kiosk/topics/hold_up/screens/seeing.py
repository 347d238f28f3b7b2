"""What both screens before the camera share: the looks, what the camera sees, a lamp a look."""

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.core.context import Context
from kiosk.core.layout import Layout
from kiosk.core.message import Effect
from kiosk.core.parts import sentence
from kiosk.core.scene import Box, Colour, Dot, Icon, Item, Picture, Plate, Weight
from kiosk.core.screen import Outcome, Screen, TeachingScreen
from kiosk.core.visit import Visit
from kiosk.topics.hold_up.facts import LAMPS, MIDDLE
from kiosk.topics.hold_up.messages import SheetsSeen, StartLooks, StopLooks

Lamps = Sequence[Colour | None]  # None: found, but with too few markers to count
LINE = 1.7
LAMPS_HIGH = 1.1  # in sizes of the caption


@dataclass(frozen=True, slots=True)
class SeeingScreen(TeachingScreen):
    """The visit, and what was seen last."""

    visit: Visit
    seen: SheetsSeen | None = None
    picture = "adversarial"
    needs_camera = True

    def stopped(self) -> tuple[Effect, ...]:
        """Return the end of the looks."""
        return (StopLooks(),)

    def resumed(self, left: Screen, context: Context) -> Outcome:
        """Return it looking again."""
        del left, context
        return Outcome(self, (StartLooks(),))


def sight(
    context: Context,
    layout: Layout,
    box: Box,
    side: int,
    said: str,
    icon: str,
    *,
    boxed: bool,
    accent: Colour = Colour.LIE,
) -> list[Item]:
    """Return what the camera sees, mirrored, and a sentence below it; `boxed`: with the box that is looked at."""
    place = Box(box.x + (box.w - side) // 2 if context.panel.portrait else box.x, box.y, side, side)
    items: list[Item] = [Picture(place, "camera", layout.radius, mirrored=context.sees)]
    if boxed:
        items.append(
            Plate(place.square(round(side * MIDDLE)), 0, None, Colour.TEXT, max(3, layout.tight // 2))
        )
    words = box.under(side + layout.tight)
    sign = round(layout.caption * 1.4)
    style = layout.style(layout.caption, accent=accent, weight=Weight.SEMIBOLD, lines=3)
    return [
        *items,
        Icon(words.left(sign).square(sign), icon, Colour.TEXT),
        sentence(words.after(sign + layout.tight), said, style),
    ]


def lamp_row(layout: Layout, box: Box, lit: Lamps) -> list[Item]:
    """Return a lamp a look in one row; one that does not count is dark, and so is one that is to come."""
    each = box.w // LAMPS
    side = max(4, min(box.h, each - max(2, layout.tight // 2)))
    colours = [*lit, *([None] * (LAMPS - len(lit)))]
    return [
        Dot(Box(box.x + at * each, box.y, side, side), colour or Colour.MUTE, filled=colour is not None)
        for at, colour in enumerate(colours)
    ]
