"""Pictures that visitors bring on a USB stick: found and read, never copied, no link followed."""

import os
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from kiosk.errors import LeftOut, PictureError
from kiosk.vision.decoding.decoder import LIMIT_S, Decoder
from kiosk.vision.photograph import WHOLE_PX
from kiosk.vision.picture import RAW_SUFFIXES, SUFFIXES, Rgb, opened_photograph
from kiosk.vision.side_files import is_side_file

DEEPEST = 6  # folders within folders
MOST_ENTRIES = 20_000  # looked at in all: a stick full of other things must not hold us up


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
            own = [entry for entry in entries if not is_side_file(entry.name)]
            files = [Path(entry) for entry in own if _is_picture(entry)]
            below = [Path(entry) for entry in own if entry.is_dir(follow_symlinks=False)]
        except OSError:
            continue
        yield from files
        if depth < DEEPEST:
            waiting += [(folder, depth + 1) for folder in reversed(below)]


def read_stick_picture(
    decoder: Decoder, path: Path, *, least_px: int = WHOLE_PX, limit_s: float = LIMIT_S
) -> Rgb:
    """Return the photograph in a file on a stick, see `Decoder.read`.

    Raises PictureError for one that is no plain file, is a link or reached through one, is a camera's raw file, cannot
    be read as a picture, or whose stick was pulled out.
    """
    if path.suffix.lower() in RAW_SUFFIXES:
        raise PictureError(f"{path}: is a camera's raw file; save it as JPEG", LeftOut.RAW)
    with opened_photograph(path, os.O_NOFOLLOW) as file:
        # Where the open file really lies: a folder on the way may have become a link since it was found.
        if Path(f"/proc/self/fd/{file.fileno()}").readlink() != path:
            raise PictureError("is reached through a link; put the picture itself there", LeftOut.UNREADABLE)
        return decoder.read_open(file.fileno(), least_px=least_px, limit_s=limit_s)


def _is_picture(entry: os.DirEntry[str]) -> bool:
    return Path(entry.name).suffix.lower() in SUFFIXES | RAW_SUFFIXES and entry.is_file(follow_symlinks=False)
