"""A zip file read without trusting it: in memory, within limits that count what really comes out."""

import os
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from kiosk.errors import KioskError
from kiosk.vision.side_files import is_side_file

# PNGs hardly shrink: what unpacks to many times the file's own size is a bomb.
MOST_RATIO, FREE_OF_RATIO_BYTES = 20, 2**20
CHUNK_BYTES = 2**16
UNIX = 3
ENCRYPTED = 0x1 | 0x40 | 0x2000
# The end of a zip file without a comment; what stands before it in one too large for these fields.
END = struct.Struct("<4s4H2LH")
END_MARK, LARGE_MARK, LARGE_BYTES, DIRECTORY_ENTRY_BYTES = b"PK\5\6", b"PK\6\7", 20, 512
# What zipfile was seen to raise for damaged files.
DAMAGED_FILE_ERRORS = (
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


class UnpackingError(KioskError, ValueError):
    """A file that is no zip file, or one with something in it that is not to be read."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many entries a zip file may have, and how many bytes, packed or unpacked."""

    entries: int
    bytes: int


@contextmanager
def unpacking(path: Path, limits: Limits) -> Iterator["Unpacker"]:
    """Yield what reads a zip file's entries.

    Raises UnpackingError with one line that names the file, also while it is read.
    """
    try:
        _refuse_unopened(path)
        with path.open("rb") as file:
            size = _refuse_unfit(file, limits)
            with zipfile.ZipFile(file) as archive:
                yield Unpacker(archive, size, limits)
    except UnpackingError as error:
        raise UnpackingError(f"{path}: {error}") from None
    except KioskError:
        raise
    except FileNotFoundError:
        raise UnpackingError(f"{path}: no such file") from None
    except PermissionError:
        raise UnpackingError(f"{path}: may not be read; check its permissions") from None
    except DAMAGED_FILE_ERRORS as error:
        raise UnpackingError(f"{path}: is no zip file, or is damaged ({error}); export it again") from None


def _refuse_unopened(path: Path) -> None:
    """Raise UnpackingError for a folder, and for a pipe or a device, which could be read for ever."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise UnpackingError("is no zip file")


def _refuse_unfit(file: BinaryIO, limits: Limits) -> int:
    """Return a file's size; raises UnpackingError where it is no zip file, or too large a one, by its last bytes.

    Checked before zipfile reads the directory of entries, which it does whole, however long it is.
    """
    size = file.seek(0, os.SEEK_END)
    if size > limits.bytes:
        raise UnpackingError(f"has more than {limits.bytes // 10**6} MB")
    file.seek(max(0, size - END.size - LARGE_BYTES))
    tail = file.read()
    if len(tail) < END.size:
        raise UnpackingError("is no zip file")
    mark, *_, entries, directory_bytes, _, comment = END.unpack(tail[-END.size :])
    if mark != END_MARK or comment:
        raise UnpackingError("is no zip file, or is cut off, or has a comment at its end; export it again")
    large = tail[: -END.size].startswith(LARGE_MARK)
    if large or entries > limits.entries or directory_bytes > limits.entries * DIRECTORY_ENTRY_BYTES:
        raise UnpackingError(f"has more than {limits.entries} entries")
    return size


class Unpacker:
    """A zip file's entries by name, read within limits that count what really comes out.

    Whoever opened it and packed it again changed nothing: what a system left beside the files is passed over, a folder
    in which everything lies too, and a name's backslashes are slashes.
    """

    def __init__(self, archive: zipfile.ZipFile, size: int, limits: Limits) -> None:
        self._archive = archive
        self._left = min(limits.bytes, MOST_RATIO * size + FREE_OF_RATIO_BYTES)
        if len(archive.filelist) > limits.entries:
            raise UnpackingError(f"has more than {limits.entries} entries")
        own = [(name, entry) for entry in archive.filelist if (name := _own_name(entry))]
        for complaint in _entry_complaints(own):
            raise UnpackingError(complaint)
        self.entries: Mapping[str, zipfile.ZipInfo] = _without_outer_folder(dict(own))

    def read(self, name: str, most_bytes: int) -> bytes:
        """Return an entry's content; raises UnpackingError where there is no such entry, or it is too long."""
        if name not in self.entries:
            raise UnpackingError(f"{name} is missing")
        pieces, size = [], 0
        with self._archive.open(self.entries[name]) as entry:
            while piece := entry.read(CHUNK_BYTES):
                size += len(piece)
                self._left -= len(piece)
                if size > most_bytes:
                    raise UnpackingError(f"{name} has more than {most_bytes // 1024} kB")
                if self._left < 0:
                    raise UnpackingError("unpacks to far more than its own size; it may be a zip bomb")
                pieces.append(piece)
        return b"".join(pieces)


def _own_name(entry: zipfile.ZipInfo) -> str:
    """Return an entry's name with slashes, nothing for what a system left there."""
    name = entry.orig_filename.replace("\\", "/").removeprefix("./")
    steps = [
        step for step in name.split("/") if step not in (".", "..")
    ]  # those are refused, not passed over
    return "" if any(map(is_side_file, steps)) else name


def _without_outer_folder(entries: dict[str, zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Return entries as they are named within the one folder that holds them all, if one does."""
    outer = {name.partition("/")[0] for name in entries}
    if len(outer) != 1 or any("/" not in name for name in entries):
        return entries
    inner = {name.partition("/")[2]: entry for name, entry in entries.items()}
    inner.pop("", None)
    return inner


def _entry_complaints(entries: list[tuple[str, zipfile.ZipInfo]]) -> Iterator[str]:
    """Yield a sentence for each entry that is not to be read, whatever its name."""
    times = Counter(name.casefold() for name, _ in entries)
    for name, entry in entries:
        shown = ascii(name)[:80]
        kind = stat.S_IFMT(entry.external_attr >> 16) if entry.create_system == UNIX else 0
        if times[name.casefold()] > 1:
            yield f"entry {shown} is there twice"
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            yield f"entry {shown} is a link or a device, not a file"
        if entry.flag_bits & ENCRYPTED:
            yield f"entry {shown} is encrypted; export it without a password"
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            yield f"entry {shown} is compressed in an unusual way; use an ordinary zip file"
