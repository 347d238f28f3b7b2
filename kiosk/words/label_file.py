"""A file of a model's labels, as staff write it: a JSON list of names, or a text with a name a line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.errors import BadArgumentError
from kiosk.vision.reading import DamagedJsonError, decoded_json, read_small_file

BLOCKED_MARK = "!"
MOST_BYTES = 2**20
LEAST_LABELS = 2
LONGEST_NAME = 100
# As Teachable Machine writes it, "0 Class 1", or "0: cup", "1. cup", "01) cup", "1,cup", each blocked or not.
NUMBERED = re.compile(r"(!?)\s*([0-9]{1,6})(?:\s*[.:;,)]\s*(?![\s0-9])|\s+)(\S.*)")


@dataclass(frozen=True)
class LabelFile:
    """The names in the order of the model's logits, and the indices of those that visitors never read."""

    names: tuple[str, ...]
    blocked: tuple[int, ...]


def read_label_file(path: Path) -> LabelFile:
    """Return the labels in a file; a name that begins with "!" is blocked. Raises BadArgumentError."""
    try:
        text = read_small_file(path, MOST_BYTES).decode("utf-8-sig")
    except OSError as error:
        raise BadArgumentError(f"{path}: labels cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise BadArgumentError(
            f"{path}: is no text; give a JSON list of labels, or a text with one a line"
        ) from None
    try:
        lines = decoded_json(text, list[str]) if text.lstrip().startswith("[") else text.split("\n")
    except DamagedJsonError as error:
        raise BadArgumentError(f"{path}: is no JSON list of labels ({error})") from None
    lines = [line.strip() for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    lines = without_numbers(lines)
    names = tuple(line.removeprefix(BLOCKED_MARK).strip() for line in lines)
    for number, name in enumerate(names, start=1):
        if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
            raise BadArgumentError(f"{path}: label {number} is not 1 to {LONGEST_NAME} printable letters")
    if len(names) < LEAST_LABELS:
        raise BadArgumentError(f"{path}: holds {len(names)} labels; a model has {LEAST_LABELS} or more")
    return LabelFile(names, tuple(at for at, line in enumerate(lines) if line.startswith(BLOCKED_MARK)))


def without_numbers(lines: Sequence[str]) -> list[str]:
    """Return lines without their running numbers, which all have, from 0 or 1 on.

    Where two names would then be alike ("1 euro", "2 euro") the numbers are part of them.
    """
    numbered = [NUMBERED.fullmatch(line) for line in lines]
    found = [match for match in numbered if match is not None]
    numbers = [int(match[2]) for match in found]
    names = [match[1] + match[3] for match in found]
    runs = numbers in ([*range(len(lines))], [*range(1, len(lines) + 1)])
    return names if runs and len(set(names)) == len(lines) else list(lines)
