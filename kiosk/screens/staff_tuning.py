"""The staff's settings: the few that are safe to change here, each by stepping through safe values."""

from dataclasses import dataclass, replace

from kiosk.core.effects import Effect, SaveSettings
from kiosk.core.events import SettingsSaved
from kiosk.core.layout import Layout, best_across, grid
from kiosk.core.parts import button, scene_of, sentence
from kiosk.core.scene import Align, Box, Colour, Control, Item, Look, Plate, Scene, Weight
from kiosk.core.screen import Hall, Pressed, ScreenEvent, Way
from kiosk.core.staff import AT_ONCE, StaffPage, Value
from kiosk.core.staff_parts import led, staff_frame
from kiosk.settings.staff import STAFF_SETTINGS, StaffSetting

BY_KEY = {setting.key: setting for setting in STAFF_SETTINGS}
TILE_SHAPE = 2.2


@dataclass(frozen=True, slots=True)
class StaffTuning:
    """The setting that is being changed, the value it is stepped to, whether it is being kept, what came of it."""

    key: str = ""
    value: Value | None = None
    keeping: bool = False
    told: str = ""


def update(
    slice_: StaffTuning, event: ScreenEvent, hall: Hall
) -> tuple[StaffTuning | Way, tuple[Effect, ...]]:
    """The next slice or the way on."""
    setting = BY_KEY.get(slice_.key)
    match event:
        case SettingsSaved(_, fault) if slice_.keeping:
            if fault:
                return replace(slice_, keeping=False, told=fault), ()
            return StaffTuning(told=hall.texts("tuning.saved")), ()
        case Pressed() if slice_.keeping:
            return slice_, ()
        case Pressed("lower" | "higher" as way) if setting is not None:
            now = _value(slice_, hall, setting)
            if now is None:
                return slice_, ()
            return replace(slice_, value=setting.stepped(now, 1 if way == "higher" else -1), told=""), ()
        case Pressed("save") if setting is not None and slice_.value is not None:
            return replace(slice_, keeping=True), (SaveSettings(((slice_.key, slice_.value),)),)
        case Pressed("back"):
            return StaffTuning(), ()
        case Pressed(control):
            kind, _, key = control.partition("-")
            if kind == "setting" and key in BY_KEY:
                return StaffTuning(key), ()
            return led(control) or slice_, ()
        case _:
            return slice_, ()


def _value(slice_: StaffTuning, hall: Hall, setting: StaffSetting) -> Value | None:
    """The value a setting is stepped to, or the one it has; None where it is not known yet."""
    if setting.key == slice_.key and slice_.value is not None:
        return slice_.value
    return hall.staff.value(setting.key)


def words_of(setting: StaffSetting, value: Value | None) -> str:
    """A value with its unit, as staff read it."""
    if value is None:
        return "…"
    shown = f"{value:g}" if isinstance(value, int | float) else value
    return f"{shown}\u00a0{setting.unit}" if setting.unit else shown


def view(slice_: StaffTuning, hall: Hall) -> Scene:
    """All settings, or the one that is being changed."""
    layout, items, body = staff_frame(hall, StaffPage.TUNING)
    setting = BY_KEY.get(slice_.key)
    if setting is not None:
        items += _stepper(slice_, hall, layout, body, setting)
        changed = slice_.value is not None and slice_.value != hall.staff.value(setting.key)
        return scene_of(hall, "staff-tuning", items, "save" if changed else "")
    line = round(layout.body * 1.6)
    tiles = body.under(line)
    note = slice_.told or hall.texts("tuning.note")
    items.append(sentence(body.top(line), note, layout.body, layout, colour=Colour.MUTE))
    across = best_across(tiles, len(STAFF_SETTINGS), layout.tight, TILE_SHAPE, layout.least)
    for one, box in zip(STAFF_SETTINGS, grid(tiles, len(STAFF_SETTINGS), across, layout.tight), strict=True):
        items += _tile(hall, layout, one, box)
    return scene_of(hall, "staff-tuning", items, "")


def _name(hall: Hall, setting: StaffSetting) -> str:
    return hall.texts(f"tuning.{setting.section}_{setting.name}")


def _tile(hall: Hall, layout: Layout, setting: StaffSetting, box: Box) -> list[Item]:
    """One setting: its name and its value."""
    inner = box.inset(layout.tight)
    cut = inner.h * 56 // 100
    value = words_of(setting, hall.staff.value(setting.key))
    return [
        Plate(box, layout.radius // 2, Colour.PANEL, Colour.LINE),
        sentence(
            inner.top(cut), _name(hall, setting), layout.caption, layout,
            colour=Colour.MUTE, lines=3, align=Align.CENTRE,
        ),
        sentence(
            inner.under(cut), value, layout.body, layout, weight=Weight.EXTRABOLD, align=Align.CENTRE,
        ),
        Control(f"setting-{setting.key}", box, Look.BARE, radius_px=layout.radius // 2),
    ]  # fmt: skip


def _stepper(slice_: StaffTuning, hall: Hall, layout: Layout, body: Box, setting: StaffSetting) -> list[Item]:
    """The value between lower and higher; below, back and save."""
    deck = body.foot(layout.touch)
    rest = body.above(layout.touch + layout.gap)
    line = round(layout.body * 1.6)
    title = rest.top(line)
    note = rest.foot(round(layout.body * 2.8))
    middle = rest.under(line + layout.tight).above(note.h + layout.tight)
    high = max(layout.least, min(middle.h, round(layout.deck * 1.6)))
    row = Box(middle.x, middle.y + (middle.h - high) // 2, middle.w, high)
    key = max(layout.touch, row.w // 5)
    when = "tuning.at_once" if setting.key in AT_ONCE else "tuning.at_start"
    back, save = grid(deck, 2, 2, layout.gap)
    return [
        sentence(title, _name(hall, setting), layout.body, layout, align=Align.CENTRE, colour=Colour.MUTE),
        button(layout, "lower", row.left(key), "", "minus", size_px=layout.label),
        sentence(
            row.inset(key + layout.gap, 0), words_of(setting, _value(slice_, hall, setting)),
            layout.display, layout, weight=Weight.EXTRABOLD, align=Align.CENTRE,
        ),
        button(layout, "higher", Box(row.right - key, row.y, key, row.h), "", "plus", size_px=layout.label),
        sentence(
            note, slice_.told or hall.texts(when), layout.body, layout, align=Align.CENTRE, lines=2,
        ),
        button(layout, "back", back, hall.texts("control.back"), "back"),
        button(layout, "save", save, hall.texts("tuning.save"), "enter"),
    ]  # fmt: skip
