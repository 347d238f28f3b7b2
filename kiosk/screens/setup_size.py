"""First start, 2: how large the screen is, by a bank card held against its outline: then millimetres are right."""

from dataclasses import dataclass, replace

from kiosk.core.effects import Effect, SaveSettings
from kiosk.core.events import SettingsSaved
from kiosk.core.layout import Layout, layout_of, split
from kiosk.core.model import Panel
from kiosk.core.parts import button, header, scene_of, sentence
from kiosk.core.scene import Align, Box, Colour, Item, Plate, Scene, Weight
from kiosk.core.screen import Hall, Pressed, ScreenEvent, ToAttract, ToSetup, Way
from kiosk.core.staff import DIAGONAL, MM_PER_INCH, STATIONS, Station
from kiosk.settings.staff import STAFF_SETTINGS

# ISO/IEC 7810, ID-1: what bank cards and many identity cards measure.
CARD_LONG_MM, CARD_SHORT_MM, CARD_CORNER_MM = 85.60, 53.98, 3.18
INCHES = next(setting for setting in STAFF_SETTINGS if setting.key == DIAGONAL)


@dataclass(frozen=True, slots=True)
class SetupSize:
    """The diagonal that is tried (None: the present one), whether it is being kept, and why it was not."""

    inch: float | None = None
    keeping: bool = False
    fault: str = ""


def update(slice_: SetupSize, event: ScreenEvent, hall: Hall) -> tuple[SetupSize | Way, tuple[Effect, ...]]:
    """The next slice or the way on."""
    match event:
        case Pressed("leave"):
            return ToAttract(), ()
        case Pressed("smaller" | "larger" as way) if not slice_.keeping:
            inch = INCHES.stepped(_tried(slice_, hall), 1 if way == "larger" else -1)
            return SetupSize(float(inch)), ()
        case Pressed("next") if not slice_.keeping:
            if slice_.inch is None or slice_.inch == _present(hall):
                return ToSetup(Station.BUTTONS), ()
            return replace(slice_, keeping=True), (SaveSettings(((DIAGONAL, slice_.inch),)),)
        case SettingsSaved(_, "") if slice_.keeping:
            return ToSetup(Station.BUTTONS), ()
        case SettingsSaved(_, fault) if slice_.keeping:
            return SetupSize(fault=fault), ()
        case _:
            return slice_, ()


def _present(hall: Hall) -> float:
    """The diagonal that is set, or the one the panel is laid out for."""
    value = hall.staff.value(DIAGONAL)
    if isinstance(value, int | float):
        return float(value)
    panel = hall.panel
    return round(float((panel.width_px**2 + panel.height_px**2) ** 0.5) / panel.px_per_mm / MM_PER_INCH, 1)


def _tried(slice_: SetupSize, hall: Hall) -> float:
    return _present(hall) if slice_.inch is None else slice_.inch


def tried_px_per_mm(panel: Panel, inch: float) -> float:
    """How many pixels a millimetre has if the panel's diagonal is that; unlike a layout's, for any diagonal."""
    return float((panel.width_px**2 + panel.height_px**2) ** 0.5) / (inch * MM_PER_INCH)


def view(slice_: SetupSize, hall: Hall) -> Scene:
    """The outline to hold a card against, and the steps that make it larger or smaller."""
    layout = layout_of(hall.panel)
    items, stage = header(hall, layout, Station.SIZE.value, (("leave", "back", "leave"),), steps=STATIONS)
    inch = _tried(slice_, hall)
    scale = tried_px_per_mm(hall.panel, inch)
    if hall.panel.portrait:
        deck = layout.touch * 2 + layout.gap
        words_h = round(layout.body * 3.0)
        drawing, words = stage.above(deck + words_h + 2 * layout.gap), stage.above(deck + layout.gap)
        words = words.foot(words_h)
        steps = stage.foot(deck)
    else:
        wide = max(stage.w * 34 // 100, hall.panel.px(48.0))
        column = Box(stage.right - wide, stage.y, wide, stage.h)
        drawing = stage.left(stage.w - wide - layout.gap)
        steps = column.foot(layout.touch * 2 + layout.gap)
        words = column.above(steps.h + layout.gap)
    text = slice_.fault or hall.texts("setup.size_ask")
    align = Align.CENTRE if hall.panel.portrait else Align.LEFT
    items += [
        *_card(layout, drawing, scale, portrait=hall.panel.portrait),
        sentence(words, text, layout.body, layout, align=align, lines=6),
        *_steps(hall, layout, steps, hall.texts("setup.inch", number=f"{inch:g}")),
    ]
    return scene_of(hall, "setup-size", items, "next")


def _steps(hall: Hall, layout: Layout, box: Box, number: str) -> list[Item]:
    """Smaller, the diagonal, larger; below them the next action."""
    upper = box.top(layout.touch)
    less, middle, more = split(upper, (1.0, 1.0, 1.0), layout.tight)
    key = max(layout.touch, less.w)
    less, more = upper.left(key), Box(upper.right - key, upper.y, key, upper.h)
    middle = Box(less.right + layout.tight, upper.y, more.x - less.right - 2 * layout.tight, upper.h)
    return [
        button(layout, "smaller", less, "", "minus"),
        sentence(
            middle, number, layout.body, layout, weight=Weight.EXTRABOLD, align=Align.CENTRE, lines=2
        ),
        button(layout, "larger", more, "", "plus"),
        button(layout, "next", box.foot(layout.touch), hall.texts("control.next"), "forward"),
    ]  # fmt: skip


def _card(layout: Layout, room: Box, scale: float, *, portrait: bool) -> list[Item]:
    """The outline of a card with a ruler in it, or a ruler alone where the card is larger than the room."""
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
    """A line for each centimetre from the left edge on, numbered, along the middle."""
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
                        place, str(number), layout.caption, layout, colour=Colour.MUTE, align=Align.CENTRE
                    )
                )
    return items
