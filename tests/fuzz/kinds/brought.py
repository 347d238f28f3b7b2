"""What people bring: pictures by every way in, and a whole stick."""

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from kiosk.camera.stick import read_stick_picture, stick_pictures
from kiosk.errors import LeftOut, PictureError
from kiosk.vision.decoding.decoder import Decoder
from kiosk.vision.photograph import LONGEST_STRIP, WHOLE_PX
from tests.brought import WHOLE
from tests.fuzz.kind import Kind, SilentLossError

# What a decoder may say of damaged bytes; that it hangs or that its process is lost is no answer.
ANSWERS = frozenset(LeftOut) - {LeftOut.TOO_MANY, LeftOut.RAW}
MOST_SIDE = 2 * WHOLE_PX * LONGEST_STRIP


@cache
def decoder() -> Decoder:
    """Return the one process that all are read in; it ends with this one."""
    return Decoder()


@cache
def pictures() -> Sequence[bytes]:
    return [content() for content in WHOLE.values()]


def read_picture(content: bytes, folder: Path) -> None:
    """Read it by the decoder, twice: the same picture, or refused for the same reason."""
    file = folder / "brought.jpg"
    file.write_bytes(content)
    first, second = (_answer(file) for _ in range(2))
    if isinstance(first, PictureError) or isinstance(second, PictureError):
        if not isinstance(first, PictureError) or not isinstance(second, PictureError):
            raise SilentLossError("read once and refused once")
        if first.why not in ANSWERS:
            raise SilentLossError(f"{first.why} is no reason for this file")
        raise first
    if not np.array_equal(first, second) or max(first.shape) > MOST_SIDE:
        raise SilentLossError("another picture than before, or one without bounds")


def _answer(file: Path) -> np.ndarray | PictureError:
    try:
        return decoder().read(file)
    except PictureError as error:
        return error


# A stick's files one after another: length of the name, length of the content, both; as a folder's listing would be.
def stick(*files: tuple[bytes, bytes]) -> bytes:
    return b"".join(
        bytes([len(name)]) + name + len(content).to_bytes(3, "big") + content for name, content in files
    )


def sticks() -> Sequence[bytes]:
    jpeg, png = WHOLE["a.jpg"](), WHOLE["a.png"]()
    return [
        stick((b"a.jpg", jpeg), (b"holiday/b.png", png), (b"._a.jpg", b"\0\5\x16\7")),
        stick(
            (b"DCIM/100/IMG.CR3", b"x"), ("Käse ☕.jpeg".encode(), jpeg), (b"\xff\xfe.gif", WHOLE["a.gif"]())
        ),
        stick((b"x" * 200 + b".png", png), (b"a/b/c/d/e/f/g.jpg", jpeg), (b"kiosk-0.1.0.tar", b"no archive")),
    ]


def read_stick(content: bytes, folder: Path) -> None:
    """Unpack it, look at all of it; every picture file that is found is read or refused with a reason."""
    root = folder / "media"
    made = set(_unpacked(content, root))
    found = list(stick_pictures([root]))
    if not made.issuperset(found):
        raise SilentLossError("found what is not there")
    for file in found:
        try:
            read_stick_picture(decoder(), file, least_px=192)
        except PictureError as error:
            if error.why is LeftOut.TOO_MANY:
                raise SilentLossError(f"{error.why} is no reason for a file") from None


def _unpacked(content: bytes, root: Path) -> list[Path]:
    """Return the files that were made of them, as far as any file can bear such a name."""
    made, at = [], 0
    root.mkdir(exist_ok=True)
    for old in sorted(root.rglob("*"), reverse=True):
        old.rmdir() if old.is_dir() else old.unlink()
    while at < len(content):
        name = content[at + 1 : at + 1 + content[at]]
        at += 1 + content[at]
        size = int.from_bytes(content[at : at + 3], "big")
        path = root / os.fsdecode(name)
        if b"\0" not in name and ".." not in path.parts and path.is_relative_to(root):
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content[at + 3 : at + 3 + size])
                made.append(path)
            except OSError:  # a name that is too long, or a folder's already
                continue
            finally:
                at += 3 + size
        else:
            at += 3 + size
    return made


KINDS = (
    Kind("pictures", pictures, read_picture, (PictureError,)),
    Kind("files on a stick", sticks, read_stick),
)
