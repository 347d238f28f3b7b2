"""First start, 2: how large the screen is, by a bank card held against its outline: then millimetres are right."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import MM_PER_INCH, Layout, Panel, near_layout_of, split
from kiosk.core.message import ToAttract
from kiosk.core.parts import button, scene_of, sentence
from kiosk.core.scene import Align, Box, Colour, Item, Plate, Scene, Weight
from kiosk.core.screen import Outcome, Pressed, ScreenEvent
from kiosk.core.staff import DIAGONAL, STAFF_SETTINGS
from kiosk.core.staff_parts import setup_header
from kiosk.topics.staff.facts import STATIONS, Station
from kiosk.topics.staff.messages import SaveSettings, SettingsSaved, ToSetup
from kiosk.topics.staff.screens.setup import SetupScreen

# ISO/IEC 7810, ID-1: what bank cards and many identity cards measure.
CARD_LONG_MM, CARD_SHORT_MM, CARD_CORNER_MM = 85.60, 53.98, 3.18
INCHES = next(setting for setting in STAFF_SETTINGS if setting.key == DIAGONAL)


@dataclass(frozen=True, slots=True)
class SetupSize(SetupScreen):
    """The diagonal that is tried (None: the present one), whether it is being kept, and why it was not."""

    inch: float | None = None
    keeping: bool = False
    fault: str = ""

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Pressed("leave"):
                return Outcome(ToAttract())
            case Pressed("smaller" | "larger" as way) if not self.keeping:
                inch = INCHES.stepped(self._tried(context), 1 if way == "larger" else -1)
                return Outcome(SetupSize(float(inch)))
            case Pressed("next") if not self.keeping:
                if self.inch is None or self.inch == _present(context):
                    return Outcome(ToSetup(Station.BUTTONS))
                return Outcome(replace(self, keeping=True), (SaveSettings(((DIAGONAL, self.inch),)),))
            case SettingsSaved(_, "") if self.keeping:
                return Outcome(ToSetup(Station.BUTTONS))
            case SettingsSaved(_, fault) if self.keeping:
                return Outcome(SetupSize(fault=fault))
            case _:
                return Outcome(self)

    def _tried(self, context: Context) -> float:
        return _present(context) if self.inch is None else self.inch

    def view(self, context: Context) -> Scene:
        """Return the outline to hold a card against, and the steps that make it larger or smaller."""
        layout = near_layout_of(context.panel)
        items, stage = setup_header(context, layout, Station.SIZE.value, STATIONS)
        inch = self._tried(context)
        scale = tried_px_per_mm(context.panel, inch)
        if context.panel.portrait:
            deck = layout.touch * 2 + layout.gap
            words_h = round(layout.body * 3.0)
            drawing, words = stage.above(deck + words_h + 2 * layout.gap), stage.above(deck + layout.gap)
            words = words.foot(words_h)
            steps = stage.foot(deck)
        else:
            wide = max(stage.w * 34 // 100, context.panel.px(48.0))
            column = Box(stage.right - wide, stage.y, wide, stage.h)
            drawing = stage.left(stage.w - wide - layout.gap)
            steps = column.foot(layout.touch * 2 + layout.gap)
            words = column.above(steps.h + layout.gap)
        text = self.fault or context.texts("setup.size_ask")
        align = Align.CENTRE if context.panel.portrait else Align.LEFT
        items += [
            *_card(layout, drawing, scale, portrait=context.panel.portrait),
            sentence(words, text, layout.style(layout.body, align=align, lines=6)),
            *_steps(context, layout, steps, inch),
        ]
        return scene_of(context, "setup-size", items, "next")


def _present(context: Context) -> float:
    """Return the diagonal that is set, or the one the panel is laid out for."""
    value = context.staff.value(DIAGONAL)
    if isinstance(value, int | float):
        return float(value)
    panel = context.panel
    return round(float((panel.width_px**2 + panel.height_px**2) ** 0.5) / panel.px_per_mm / MM_PER_INCH, 1)


def tried_px_per_mm(panel: Panel, inch: float) -> float:
    """Return how many pixels a millimetre has if the panel's diagonal is that; unlike a layout's, for any diagonal."""
    return float((panel.width_px**2 + panel.height_px**2) ** 0.5) / (inch * MM_PER_INCH)


def _steps(context: Context, layout: Layout, box: Box, inch: float) -> list[Item]:
    """Smaller, the diagonal, larger; below them the next action."""
    number = context.texts("setup.inch", number=f"{inch:g}")
    least, most = (INCHES.stepped(inch, by) == inch for by in (-1, 1))
    upper = box.top(layout.touch)
    less, middle, more = split(upper, (1.0, 1.0, 1.0), layout.tight)
    key = max(layout.touch, less.w)
    less, more = upper.left(key), Box(upper.right - key, upper.y, key, upper.h)
    middle = Box(less.right + layout.tight, upper.y, more.x - less.right - 2 * layout.tight, upper.h)
    return [
        replace(button(layout, "smaller", less, "", "minus"), repeats=True, off=least),
        sentence(
            middle, number, layout.style(layout.body, weight=Weight.EXTRABOLD, align=Align.CENTRE, lines=2)
        ),
        replace(button(layout, "larger", more, "", "plus"), repeats=True, off=most),
        button(layout, "next", box.foot(layout.touch), context.texts("control.next"), "forward"),
    ]


def _card(layout: Layout, room: Box, scale: float, *, portrait: bool) -> list[Item]:
    """Return the outline of a card with a ruler in it, or a ruler alone where the card is larger than the room."""
    across, down = (CARD_SHORT_MM, CARD_LONG_MM) if portrait else (CARD_LONG_MM, CARD_SHORT_MM)
    wide, high = round(across * scale), round(down * scale)
    if wide > room.w or high > room.h:
        wide, high = min(wide, room.w), min(high, room.h)
        card = Box(room.x + (room.w - wide) // 2, room.y + (room.h - high) // 2, wide, high)
        return _ruler(layout, card, scale)
    card = Box(room.x + (room.w - wide) // 2, room.y + (room.h - high) // 2, wide, high)
    outline = Plate(card, round(CARD_CORNER_MM * scale), Colour.PANEL, Colour.TEXT, max(2, layout.tight // 4))
    return [outline, *_ruler(layout, card, scale)]


def _ruler(layout: Layout, card: Box, scale: float) -> list[Item]:
    """Return a line for each centimetre from the left edge on, numbered, along the middle."""
    items: list[Item] = []
    thick = max(2, layout.tight // 4)
    middle = card.y + card.h // 2
    count = int((card.w - 1) / (10 * scale))
    for number in range(1, count + 1):
        x = card.x + round(number * 10 * scale)
        long = layout.control if number % 5 == 0 else layout.caption
        items.append(Plate(Box(x - thick // 2, middle - long, thick, long), 0, Colour.MUTE))
        if 10 * scale > layout.caption * 2.2:
            width = round(10 * scale) - 2
            place = Box(x - width // 2, middle + layout.tight // 2, width, round(layout.caption * 1.5))
            if place.right <= card.right:
                items.append(
                    sentence(
                        place,
                        str(number),
                        layout.style(layout.caption, colour=Colour.MUTE, align=Align.CENTRE),
                    )
                )
    return items
