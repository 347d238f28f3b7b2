"""The staff's own settings file: what they change on the screen, laid over the system's."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kiosk.core.staff import KEPT_SETTINGS, StaffSetting, Value
from kiosk.device.durable import replace_files
from kiosk.errors import BadArgumentError
from kiosk.settings.files import STAFF_FILE, checked, merged, read_table
from kiosk.settings.sections import Settings


def value_of(setting: StaffSetting, settings: Settings) -> Value:
    """Return a setting's value; it need not be among the choices where a file was written by hand."""
    value: Value = getattr(getattr(settings, setting.section), setting.name)
    return value


def save_staff_settings(settings: Settings, changes: Mapping[str, Value]) -> Settings:
    """Return the settings of the next start after writing changes, by dotted key, to the staff's file.

    `settings` are those in force. What else staff wrote in the file by hand stays; a file that cannot be used any
    more is replaced. Raises BadArgumentError for a key or value that is not the staff's to choose or does not fit
    the other settings, WriteError for a full disk; nothing is written then.
    """
    path = settings.state_folder() / STAFF_FILE
    following = settings
    for key, value in changes.items():
        known = next((setting for setting in KEPT_SETTINGS if setting.key == key), None)
        if known is None or value not in known.choices:
            raise BadArgumentError(f"{key} = {value!r}: is not among the settings to choose on the screen")
        changed = {known.section: {known.name: value}}
        following = checked(path, merged(following.model_dump(exclude_unset=True), changed))
    kept = {**dict(_flat(_usable(path))), **changes}
    lines = [f"{key} = {_toml(value)}\n" for key, value in kept.items()]
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


def _toml(value: Any) -> str:
    """Return a value as TOML on one line; a number, a word and a list are written as JSON writes them."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{json.dumps(key)} = {_toml(part)}' for key, part in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)
