"""Small files that anybody, or a power cut, may have damaged: read without hanging, decoded or refused in one line."""

import errno
import os
import stat
from pathlib import Path
from typing import Any

import msgspec

from kiosk.errors import KioskError

MOST_BYTES = 2**20
LONGEST_REASON = 200


class DamagedJsonError(KioskError, ValueError):
    """Bytes that are no JSON of the kind that was expected."""


def read_small_file(path: Path, most_bytes: int = MOST_BYTES) -> bytes:
    """Return an ordinary file's content; raises OSError, also for a folder, a pipe, a device and a file too large.

    Opened without waiting: a pipe in a file's place would otherwise be waited for until somebody writes into it.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except ValueError:  # a NUL in its name
        raise OSError(errno.EINVAL, "no file can have that name", ascii(str(path))) from None
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if stat.S_ISDIR(found.st_mode):
            raise IsADirectoryError(errno.EISDIR, "is a folder", str(path))
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "is no ordinary file", str(path))
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise OSError(errno.EFBIG, f"has more than {most_bytes / 2**20:g} MB", str(path))
    return content


def decoded_json(content: bytes | str, kind: Any) -> Any:
    """Return what JSON of a msgspec type holds; raises DamagedJsonError with one line, whatever the bytes are."""
    try:
        return msgspec.json.decode(content, type=kind)
    except RecursionError:
        raise DamagedJsonError("it is nested too deeply") from None
    except (ValueError, OverflowError) as error:  # msgspec's own among them
        raise DamagedJsonError(one_line(error)) from None


def one_line(error: BaseException) -> str:
    """Return what an error says on one printable line that is not too long for a screen."""
    said = " ".join(str(error).split()) or type(error).__name__
    return "".join(letter if letter.isprintable() else "�" for letter in said)[:LONGEST_REASON]
