"""The staff's settings: the few that are safe to change here, each by stepping through safe values."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout, best_across, grid
from kiosk.core.parts import button, scene_of, sentence
from kiosk.core.scene import Align, Box, Colour, Control, Item, Look, Plate, Scene, Weight
from kiosk.core.screen import Outcome, Pressed, ScreenEvent, StaffScreen
from kiosk.core.staff import AT_ONCE, STAFF_SETTINGS, StaffSetting, Value
from kiosk.core.staff_parts import led, staff_frame
from kiosk.topics.staff.messages import SaveSettings, SettingsSaved

BY_KEY = {setting.key: setting for setting in STAFF_SETTINGS}
TILE_SHAPE = 2.2


@dataclass(frozen=True, slots=True)
class StaffTuning(StaffScreen):
    """The setting that is being changed, the value it is stepped to, whether it is being kept, what came of it."""

    key: str = ""
    value: Value | None = None
    keeping: bool = False
    told: str = ""

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        setting = BY_KEY.get(self.key)
        match event:
            case SettingsSaved(_, fault) if self.keeping:
                if fault:
                    return Outcome(replace(self, keeping=False, told=fault))
                return Outcome(StaffTuning(told=context.texts("tuning.saved")))
            case Pressed() if self.keeping:
                return Outcome(self)
            case Pressed("lower" | "higher" as way) if setting is not None:
                now = self._value(context, setting)
                if now is None:
                    return Outcome(self)
                return Outcome(
                    replace(self, value=setting.stepped(now, 1 if way == "higher" else -1), told="")
                )
            case Pressed("save") if setting is not None and self.value is not None:
                return Outcome(replace(self, keeping=True), (SaveSettings(((self.key, self.value),)),))
            case Pressed("back"):
                return Outcome(StaffTuning())
            case Pressed("setting", str(key)) if key in BY_KEY:
                return Outcome(StaffTuning(key))
            case Pressed():
                return Outcome(led(event, context) or self)
            case _:
                return Outcome(self)

    def _value(self, context: Context, setting: StaffSetting) -> Value | None:
        """Return the value a setting is stepped to, or the one it has; None where it is not known yet."""
        if setting.key == self.key and self.value is not None:
            return self.value
        return context.staff.value(setting.key)

    def view(self, context: Context) -> Scene:
        """Return all settings, or the one that is being changed."""
        layout, items, body = staff_frame(context, "tuning")
        setting = BY_KEY.get(self.key)
        if setting is not None:
            items += self._stepper(context, layout, body, setting)
            changed = self.value is not None and self.value != context.staff.value(setting.key)
            return scene_of(context, "staff-tuning", items, "save" if changed else "")
        line = round(layout.body * 1.6)
        tiles = body.under(line)
        note = self.told or context.texts("tuning.note")
        items.append(sentence(body.top(line), note, layout.style(layout.body, colour=Colour.MUTE)))
        across = best_across(tiles, len(STAFF_SETTINGS), layout.tight, TILE_SHAPE, layout.least)
        for one, box in zip(
            STAFF_SETTINGS, grid(tiles, len(STAFF_SETTINGS), across, layout.tight), strict=True
        ):
            items += _tile(context, layout, one, box)
        return scene_of(context, "staff-tuning", items, "")

    def _step(self, context: Context, layout: Layout, box: Box, setting: StaffSetting, by: int) -> Control:
        """Return the control that steps a setting down or up, off at its last value."""
        name, icon = ("higher", "plus") if by > 0 else ("lower", "minus")
        now = self._value(context, setting)
        ended = now is None or setting.stepped(now, by) == now
        return replace(button(layout, name, box, "", icon, size_px=layout.label), off=ended, repeats=True)

    def _stepper(self, context: Context, layout: Layout, body: Box, setting: StaffSetting) -> list[Item]:
        """Return the value between lower and higher; below, back and save."""
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
            sentence(
                title,
                _name(context, setting),
                layout.style(layout.body, align=Align.CENTRE, colour=Colour.MUTE),
            ),
            self._step(context, layout, row.left(key), setting, -1),
            sentence(
                row.inset(key + layout.gap, 0),
                words_of(setting, self._value(context, setting)),
                layout.style(layout.display, weight=Weight.EXTRABOLD, align=Align.CENTRE),
            ),
            self._step(context, layout, Box(row.right - key, row.y, key, row.h), setting, 1),
            sentence(
                note, self.told or context.texts(when), layout.style(layout.body, align=Align.CENTRE, lines=2)
            ),
            button(layout, "back", back, context.texts("control.back"), "back"),
            button(layout, "save", save, context.texts("tuning.save"), "enter"),
        ]


def words_of(setting: StaffSetting, value: Value | None) -> str:
    """Return a value with its unit, as staff read it."""
    if value is None:
        return "…"
    shown = f"{value:g}" if isinstance(value, int | float) else value
    return f"{shown}\u00a0{setting.unit}" if setting.unit else shown


def _name(context: Context, setting: StaffSetting) -> str:
    return context.texts(f"tuning.{setting.section}_{setting.name}")


def _tile(context: Context, layout: Layout, setting: StaffSetting, box: Box) -> list[Item]:
    """Return one setting: its name and its value."""
    inner = box.inset(layout.tight)
    cut = inner.h * 56 // 100
    value = words_of(setting, context.staff.value(setting.key))
    return [
        Plate(box, layout.radius // 2, Colour.PANEL, Colour.LINE),
        sentence(
            inner.top(cut),
            _name(context, setting),
            layout.style(layout.caption, colour=Colour.MUTE, lines=3, align=Align.CENTRE),
        ),
        sentence(
            inner.under(cut), value, layout.style(layout.body, weight=Weight.EXTRABOLD, align=Align.CENTRE)
        ),
        Control("setting", box, Look.BARE, radius_px=layout.radius // 2, value=setting.key),
    ]
