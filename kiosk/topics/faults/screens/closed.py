"""The sign of an exhibit that is closed for repair: calm words, and no control but the staff's hidden corner."""

from dataclasses import dataclass

from kiosk.core.context import Context
from kiosk.core.layout import layout_of
from kiosk.core.parts import scene_of, sentence
from kiosk.core.scene import Align, Box, Colour, Icon, Item, Plate, Scene, Weight
from kiosk.core.screen import Outcome, RestingScreen, ScreenEvent


@dataclass(frozen=True, slots=True)
class Closed(RestingScreen):
    """The exhibit is closed for repair until staff open it again."""

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return the same screen: only staff open it again, from their screen."""
        del event, context
        return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return a large sign and two lines."""
        layout = layout_of(context.panel)
        page = layout.page
        side = min(page.w, round(page.h * 0.46))
        sign = Box(page.x + (page.w - side) // 2, page.y + round(page.h * 0.06), side, side)
        words = page.under(sign.bottom - page.y + layout.gap)
        cut = words.h // 2
        items: list[Item] = [
            Plate(sign, layout.radius),
            Icon(sign.square(round(side * 0.62)), "closed", Colour.MUTE),
            sentence(
                words.top(cut),
                context.texts("closed.title"),
                layout.style(layout.display, weight=Weight.EXTRABOLD, align=Align.CENTRE, lines=2),
            ),
            sentence(
                words.under(cut),
                context.texts("closed.note"),
                layout.style(layout.control, colour=Colour.MUTE, align=Align.CENTRE, lines=3, middle=False),
            ),
        ]
        return scene_of(context, "closed", items, "")
