"""The few settings that staff may change on the screen, each by stepping through values that are safe."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.device.durable import replace_files
from kiosk.errors import BadArgumentError
from kiosk.settings.files import STAFF_FILE, checked, merged, read_table
from kiosk.settings.sections import Settings

Value = str | int | float


@dataclass(frozen=True)
class StaffSetting:
    """One setting: its section and name, the values to step through in their order, and their unit, if any."""

    section: str
    name: str
    choices: tuple[Value, ...]
    unit: str = ""

    @property
    def key(self) -> str:
        """Return its dotted key, as a settings file has it."""
        return f"{self.section}.{self.name}"

    def of(self, settings: Settings) -> Value:
        """Return its value in some settings; it need not be among the choices where a file was written by hand."""
        value: Value = getattr(getattr(settings, self.section), self.name)
        return value

    def stepped(self, value: Value, by: int) -> Value:
        """Return the choice so many places on from a value, and the last one at either end.

        A number that is no choice stands between its neighbours; a word that is none stands before the first.
        """
        if value in self.choices:
            place = self.choices.index(value) + by
        else:
            below = sum(_is_below(choice, value) for choice in self.choices)
            place = below + by - (by > 0)
        return self.choices[max(0, min(place, len(self.choices) - 1))]


def _is_below(choice: Value, value: Value) -> bool:
    return not isinstance(choice, str) and not isinstance(value, str) and choice < value


# All of them take effect at the next start of the exhibit. What could leave a black screen is not among them.
STAFF_SETTINGS: tuple[StaffSetting, ...] = (
    StaffSetting(
        "display",
        "diagonal_inch",
        (7.0, 8.0, 10.1, 11.6, 12.5, 13.3, 14.0, 15.6, 17.3, 18.5, 21.5, 23.8, 27.0, 32.0, 43.0, 55.0),
        "inch",
    ),
    StaffSetting("camera", "source", ("auto", "picam", "webcam", "gstreamer")),
    StaffSetting("idle", "quiet_s", (20.0, 30.0, 40.0, 60.0, 90.0, 120.0, 180.0), "s"),
    StaffSetting("idle", "countdown_s", (10.0, 15.0, 20.0, 30.0), "s"),
    StaffSetting("classifier", "looks_per_s", (5.0, 10.0, 15.0), "/s"),
    StaffSetting("gradients", "load_deadline_s", (60.0, 120.0, 300.0, 600.0), "s"),
    StaffSetting("gradients", "job_deadline_s", (15.0, 30.0, 60.0, 120.0), "s"),
    StaffSetting("heat", "paced_from_c", (65.0, 70.0, 75.0, 80.0), "°C"),
)


def save_staff_settings(settings: Settings, changes: Mapping[str, Value]) -> Settings:
    """Return the settings of the next start after writing changes, by dotted key, to the staff's file.

    `settings` are those in force. What else staff wrote in the file by hand stays; a file that cannot be used any
    more is replaced. Raises BadArgumentError for a key or value that is not the staff's to choose or does not fit
    the other settings, WriteError for a full disk; nothing is written then.
    """
    path = settings.state_folder() / STAFF_FILE
    following = settings
    for key, value in changes.items():
        known = next((setting for setting in STAFF_SETTINGS if setting.key == key), None)
        if known is None or value not in known.choices:
            raise BadArgumentError(f"{key} = {value!r}: is not among the settings to choose on the screen")
        changed = {known.section: {known.name: value}}
        following = checked(path, merged(following.model_dump(exclude_unset=True), changed))
    kept = {**dict(_flat(_usable(path))), **changes}
    # A JSON number or string is also a TOML one.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in kept.items()]
    replace_files(path.parent, {STAFF_FILE: "".join(lines).encode()})
    return following


def _usable(path: Path) -> dict[str, Any]:
    """Return the table of a staff file, empty where there is none or it is bad."""
    try:
        table = read_table(path, required=False)
        checked(path, table)
    except BadArgumentError:
        return {}
    return table


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the dotted keys of a table with their values."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value
