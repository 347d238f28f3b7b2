"""Pictures that visitors bring on a USB stick: found and read, never copied, no link followed."""

import os
import stat
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from kiosk.vision.picture import SUFFIXES, PictureError, Rgb, read_photograph

DEEPEST = 6  # folders within folders
MOST_ENTRIES = 20_000  # looked at in all: a stick full of other things must not hold us up
MOST_BYTES = 64 * 2**20
PASSED_OVER = (".", "$")  # how systems name what is not a person's: .Trashes, ._photo.jpg, $RECYCLE.BIN


def stick_pictures(folders: Sequence[Path]) -> Iterator[Path]:
    """Yield the files that look like pictures in folders and below, by name, a folder's own before those below it.

    Links are passed over, and so is what cannot be read or goes away meanwhile.
    """
    left = MOST_ENTRIES
    waiting = [(Path(os.path.realpath(folder)), 0) for folder in reversed(folders)]  # staff may name a link
    while waiting and left > 0:
        here, depth = waiting.pop()
        try:
            with os.scandir(here) as inside:
                entries = sorted(islice(inside, left), key=lambda entry: entry.name)
            left -= len(entries)
            own = [entry for entry in entries if not entry.name.startswith(PASSED_OVER)]
            files = [Path(entry) for entry in own if _is_picture(entry)]
            below = [Path(entry) for entry in own if entry.is_dir(follow_symlinks=False)]
        except OSError:
            continue
        yield from files
        if depth < DEEPEST:
            waiting += [(folder, depth + 1) for folder in reversed(below)]


def read_stick_picture(path: Path, *, least_px: int | None = None) -> Rgb:
    """Return the photograph in a file on a stick, see `read_photograph`.

    Raises PictureError or OSError for one that is no plain file, is a link or reached through one, is larger than
    64 MB, cannot be read as a picture, or whose stick was pulled out.
    """
    # Without waiting: a pipe by the name of a picture would keep us for ever.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_BYTES:
            raise PictureError(
                f"{path}: is no plain file of at most {MOST_BYTES >> 20} MB; use another picture"
            )
        # Where the open file really lies: a folder on the way may have become a link since it was found.
        if Path(f"/proc/self/fd/{descriptor}").readlink() != path:
            raise PictureError(f"{path}: is reached through a link; put the picture itself there")
        return read_photograph(path, file, least_px=least_px)


def _is_picture(entry: os.DirEntry[str]) -> bool:
    return Path(entry.name).suffix.lower() in SUFFIXES and entry.is_file(follow_symlinks=False)
