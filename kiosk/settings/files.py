"""Settings read from their files, one laid over the other; a file with unknown or bad keys is refused."""

import codecs
import difflib
import os
import re
import reprlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from kiosk.errors import BadArgumentError
from kiosk.settings.sections import Settings
from kiosk.vision.reading import one_line, read_small_file

SYSTEM_FILE = Path("/etc/kiosk/kiosk.toml")
FILE_VARIABLE = "KIOSK_SETTINGS"
STAFF_FILE = "staff.toml"
# Sections lie one in another at most so deep, a list of signs among them; what is deeper is damage, or a prank.
DEEPEST = 8
TYPOGRAPHIC_QUOTES = "“”„‟‘’‚«»"
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class ReadSettings:
    """The settings of the files that could be used, and one plain line for each that could not."""

    settings: Settings
    complaints: tuple[str, ...] = ()


def load_settings(file: Path | None = None) -> Settings:
    """Return the settings of a TOML file with the staff's laid over them.

    The file is the one named, else KIOSK_SETTINGS, else the system's, else the defaults; the staff's is
    `staff.toml` in the state folder. Raises BadArgumentError with one line that names the file, the key and
    what it takes.
    """
    read = settings_at_start(file)
    if read.complaints:
        raise BadArgumentError(read.complaints[0])
    return read.settings


def settings_at_start(file: Path | None = None) -> ReadSettings:
    """Return the same without ever failing: a bad file counts as one that is not there, and is complained of.

    For what must open all the same: a visitor is better off with the shipped defaults than with a black screen.
    """
    named = file or (Path(os.environ[FILE_VARIABLE]) if os.environ.get(FILE_VARIABLE) else None)
    own = _laid_over(ReadSettings(Settings()), named or SYSTEM_FILE, required=named is not None)
    return _laid_over(own, own.settings.state_folder() / STAFF_FILE, required=False)


def _laid_over(below: ReadSettings, path: Path, *, required: bool) -> ReadSettings:
    """Return settings with those of a file laid over them, or as they were with a complaint."""
    try:
        table = read_table(path, required=required)
        both = merged(below.settings.model_dump(exclude_unset=True), table)
        return replace(below, settings=checked(path, both))
    except BadArgumentError as error:
        return replace(below, complaints=(*below.complaints, str(error)))


def read_table(path: Path, *, required: bool) -> dict[str, Any]:
    """Return a TOML file's table, empty where the file need not be there; raises BadArgumentError."""
    try:
        content = read_small_file(path)
    except FileNotFoundError as error:
        if not required:
            return {}
        raise BadArgumentError(f"{path}: settings cannot be read ({error.strerror})") from None
    except OSError as error:
        raise BadArgumentError(f"{path}: settings cannot be read ({error.strerror})") from None
    try:
        table = _table(content)
    except ValueError as error:
        raise BadArgumentError(f"{path}: {error}") from None
    if path.name == STAFF_FILE and "state_dir" in table:
        raise BadArgumentError(f"{path}: state_dir: cannot be set from within the state folder")
    return table


def _table(content: bytes) -> dict[str, Any]:
    """Return the table in a TOML file's bytes; raises ValueError saying what is wrong with them."""
    if content.startswith(UTF_16_MARKS) or content[1::2].count(0) > len(content) // 4:
        raise ValueError("is saved as UTF-16; save it as UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("is not saved as UTF-8; save it as UTF-8") from None
    try:
        table = tomllib.loads(text)
    except RecursionError:
        raise ValueError("is no TOML file (its brackets are nested too deeply)") from None
    except ValueError as error:  # also for a number of thousands of digits
        raise ValueError(f"is no TOML file ({_quotes_named(text, one_line(error))})") from None
    if not _is_shallow(table):
        raise ValueError("is no file of settings (its sections are nested too deeply)")
    return table


def _quotes_named(text: str, complaint: str) -> str:
    """Return a complaint about TOML; where typographic quotes are the reason, the first line that has them."""
    named = re.search(r"at line (\d+)", complaint)
    for number, line in enumerate(text.splitlines(), start=1):
        if set(TYPOGRAPHIC_QUOTES) & set(line) and (named is None or int(named[1]) == number):
            quotes = "".join(sorted(set(TYPOGRAPHIC_QUOTES) & set(line)))
            return f'line {number} has typographic quotes {quotes}; type straight ones: "'
    return complaint


def _is_shallow(table: Mapping[str, Any]) -> bool:
    """Return whether tables and lists lie only a few deep in one another; looked at without going deep itself."""
    level: list[Any] = [table]
    for _ in range(DEEPEST):
        level = [part for whole in level for part in _parts(whole)]
    return not level


def _parts(whole: Any) -> list[Any]:
    if isinstance(whole, Mapping):
        return [*whole.values()]
    return whole if isinstance(whole, list) else []


def checked(path: Path, table: Mapping[str, Any]) -> Settings:
    """Return the settings in a table; raises BadArgumentError naming the file it came from."""
    try:
        return Settings.model_validate(table)
    except ValidationError as error:
        raise BadArgumentError(f"{path}: {_plain(error)}") from None


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return two tables as one, section by section; where both have a key, the upper one's value."""
    both = {
        key: merged(below[key], above[key])
        for key in below.keys() & above.keys()
        if isinstance(below[key], Mapping) and isinstance(above[key], Mapping)
    }
    return {**below, **above, **both}


def _plain(error: ValidationError) -> str:
    """Return the first complaint as one line: the key, what is wrong, and the nearest key for an unknown one."""
    first = error.errors(include_url=False)[0]
    location = [str(part) for part in first["loc"]]
    if first["type"] != "extra_forbidden":
        if first["type"].startswith("model"):
            return f"{'.'.join(location)}: takes a [section] of keys, not {_shown(first['input'])}"
        said = one_line(ValueError(f"{first['msg'][:1].lower()}{first['msg'][1:]}"))
        return f"{'.'.join(location)}: {said}, not {_shown(first['input'])}"
    known = _keys(location[:-1])
    near = difflib.get_close_matches(location[-1], known, 1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    unknown = one_line(KeyError(".".join(location)))[1:-1]
    return f"unknown key {unknown}; {hint}"


def _shown(value: object) -> str:
    """Return a value as it may be shown: short, however long it is."""
    try:
        return one_line(ValueError(reprlib.repr(value)))
    except ValueError:  # more digits than Python writes
        return "a very long number"


def _keys(section: list[str]) -> list[str]:
    model: Any = Settings
    for name in section:
        model = get_args(model)[0] if name.isdigit() else model.model_fields[name].annotation
    return sorted(model.model_fields)
