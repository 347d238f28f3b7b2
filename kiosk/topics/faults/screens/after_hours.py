"""The screen of an exhibit that is closed for the night: dark, when it opens, and the staff's hidden corner."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import layout_of
from kiosk.core.message import Tick
from kiosk.core.parts import scene_of, sentence, staff_corner
from kiosk.core.scene import Align, Box, Colour, Control, Icon, Item, Look, Scene, Weight
from kiosk.core.screen import Outcome, Pressed, RestingScreen, ScreenEvent
from kiosk.topics.staff.messages import GoDark

LIT_S = 60.0


@dataclass(frozen=True, slots=True)
class AfterHours(RestingScreen):
    """It was woken by a hand; once none has come for a minute, it goes dark again (`dark_s`)."""

    dark_s: float | None = None

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on: only staff open it, from their screen, or the clock."""
        lit = replace(self, dark_s=context.now_s + LIT_S)
        if isinstance(event, Pressed) or self.dark_s is None:
            return Outcome(lit)
        if isinstance(event, Tick) and context.now_s >= self.dark_s:
            return Outcome(lit, (GoDark(),))
        return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return a moon and two quiet lines."""
        layout = layout_of(context.panel)
        page, staff = layout.page, context.staff
        side = min(page.w // 3, round(page.h * 0.3))
        moon = Box(page.x + (page.w - side) // 2, page.y + round(page.h * 0.16), side, side)
        words = page.under(moon.bottom - page.y + layout.gap)
        cut = words.h * 2 // 5
        key = "hours.note_day" if staff.opens_day else "hours.note" if staff.opens else "hours.note_unknown"
        day = context.texts(f"hours.{staff.opens_day}") if staff.opens_day else ""
        title = layout.style(
            layout.display, colour=Colour.MUTE, weight=Weight.EXTRABOLD, align=Align.CENTRE, lines=2
        )
        note = layout.style(layout.label, colour=Colour.MUTE, align=Align.CENTRE, lines=3, middle=False)
        items: list[Item] = [
            Control("anywhere", Box(0, 0, context.panel.width_px, context.panel.height_px), Look.WHOLE),
            Icon(moon, "moon", Colour.MUTE),
            sentence(words.top(cut), context.texts("hours.title"), title),
            sentence(words.under(cut), context.texts(key, day=day, time=staff.opens), note),
            staff_corner(context),
        ]
        return scene_of(context, "after-hours", items, "")
