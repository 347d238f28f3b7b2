"""A USB stick may hold anything: pictures are found and read, everything else is passed over, no link is followed."""

import errno
import io
import os
import socket
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kiosk.camera import stick
from kiosk.camera.stick import read_stick_picture, stick_pictures
from kiosk.errors import LeftOut, PictureError
from kiosk.vision.decoding.decoder import Decoder
from kiosk.vision.photograph import MOST_BYTES, photograph_in
from kiosk.vision.picture import png_bytes, to_picture

Bad = Callable[[Path], None]


def picture(path: Path, size: tuple[int, int] = (24, 16), colour: str = "teal") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)
    return path


def names(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in stick_pictures([folder])]


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder() as decoder:
        yield decoder


@pytest.fixture
def media(tmp_path: Path) -> Path:
    """Where sticks appear."""
    folder = tmp_path / "media"
    folder.mkdir()
    return folder


def test_pictures_are_found_by_name_a_folders_own_first(media: Path) -> None:
    for name in ("pi/STICK/b.JPG", "pi/STICK/a.png", "pi/STICK/holiday/z.webp", "pi/STICK/Art/c.jpeg"):
        picture(media / name)
    assert names(media) == [
        "pi/STICK/a.png",
        "pi/STICK/b.JPG",
        "pi/STICK/Art/c.jpeg",
        "pi/STICK/holiday/z.webp",
    ]


def test_what_is_no_persons_picture_is_passed_over(media: Path) -> None:
    for name in (".trash/a.png", "$RECYCLE.BIN/b.png", "._c.jpg", "d.txt.png/inside.png"):
        picture(media / name)
    (media / "notes.txt").write_text("hello")
    (media / "program.exe").write_bytes(b"MZ")
    assert names(media) == ["d.txt.png/inside.png"], "a folder may be called like a picture"


def test_folders_that_are_not_there_hold_nothing(media: Path) -> None:
    assert [*stick_pictures([media, media / "gone", media.parent / "nowhere"])] == []
    assert [*stick_pictures([])] == []


def test_links_are_not_followed(decoder: Decoder, media: Path, tmp_path: Path) -> None:
    secret = picture(tmp_path / "secret" / "staff.png")
    (media / "file.png").symlink_to(secret)
    (media / "folder").symlink_to(secret.parent)
    (media / "loop").symlink_to(media)
    (media / "up.png").symlink_to("../secret/staff.png")
    assert names(media) == []
    for path in (media / "file.png", media / "folder" / "staff.png", media / ".." / "secret" / "staff.png"):
        with pytest.raises((PictureError, OSError)):
            read_stick_picture(decoder, path)


def test_a_folder_that_became_a_link_since_is_not_followed(
    decoder: Decoder, media: Path, tmp_path: Path
) -> None:
    picture(tmp_path / "secret" / "a.png", colour="red")
    picture(media / "album" / "a.png")
    (found,) = stick_pictures([media])
    (media / "album").rename(tmp_path / "elsewhere")
    (media / "album").symlink_to(tmp_path / "secret")
    with pytest.raises(PictureError, match="link"):
        read_stick_picture(decoder, found)


def test_staff_may_name_a_link(decoder: Decoder, media: Path, tmp_path: Path) -> None:
    picture(media / "a.png")
    link = tmp_path / "sticks"
    link.symlink_to(media)
    (found,) = stick_pictures([link])
    assert read_stick_picture(decoder, found).shape == (16, 24, 3)


def test_the_search_has_an_end(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = media
    for _ in range(stick.DEEPEST + 2):
        deep = deep / "d"
    picture(deep / "deep.png")
    picture(media / "d" / "d" / "near.png")
    assert names(media) == ["d/d/near.png"]
    monkeypatch.setattr(stick, "MOST_ENTRIES", 50)
    for number in range(80):
        (media / f"{number:03}.txt").touch()
    picture(media / "zzz" / "far.png")
    assert len([*islice(stick_pictures([media]), 10)]) == 0


def test_odd_names_are_only_names(decoder: Decoder, media: Path) -> None:
    odd = ["new\nline.png", "-rf.png", "%s{0}.png", "Käse 🧀.jpg", "a" * 200 + ".png"]
    for name in odd:
        picture(media / name)
    raw = os.fsencode(media) + b"/latin\xe4.png"
    (media / odd[1]).rename(os.fsdecode(raw))
    found = [*stick_pictures([media])]
    assert len(found) == len(odd)
    for path in found:
        assert read_stick_picture(decoder, path).shape == (16, 24, 3)


def test_a_picture_is_read_as_every_photograph_is(decoder: Decoder, media: Path) -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (600, 400, 3), dtype=np.uint8)
    path = media / "a.png"
    path.write_bytes(png_bytes(rgb))
    assert np.array_equal(read_stick_picture(decoder, path), rgb)
    turned = Image.fromarray(rgb)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned.save(media / "turned.jpg", exif=exif)
    assert read_stick_picture(decoder, media / "turned.jpg").shape == (400, 600, 3)


def test_a_large_jpeg_is_decoded_at_a_fraction_for_its_thumbnail(decoder: Decoder, media: Path) -> None:
    path = picture(media / "phone.jpg", (4000, 3000))
    small = read_stick_picture(decoder, path, least_px=192)
    assert 192 <= min(small.shape[:2]) < 600
    whole = to_picture(read_stick_picture(decoder, path), 192)
    assert np.abs(to_picture(small, 192).astype(int) - whole).max() <= 2


def cut_off(path: Path) -> None:
    picture(path, (400, 300))
    path.write_bytes(path.read_bytes()[:300])


def giant(path: Path) -> None:
    """A file of a few hundred kilobytes that would decode to 1.2 GB."""
    Image.new("1", (20_000, 20_000)).save(path)


def no_picture(path: Path) -> None:
    path.write_bytes(b"#!/bin/sh\nreboot\n")


def nothing(path: Path) -> None:
    path.touch()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir()


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


def sparse(path: Path) -> None:
    """Larger than any photograph, without taking room on the disk."""
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)


def zip_bomb(path: Path) -> None:
    """Text that would unpack to much more than the file."""
    from PIL.PngImagePlugin import PngInfo

    text = PngInfo()
    for number in range(70):
        text.add_text(f"k{number}", "0" * 1_000_000, zip=True)
    Image.new("RGB", (20, 20)).save(path, pnginfo=text)


WHY: dict[Bad, LeftOut] = {
    cut_off: LeftOut.CUT_OFF,
    giant: LeftOut.TOO_LARGE,
    no_picture: LeftOut.NO_PICTURE,
    nothing: LeftOut.NO_PICTURE,
    pipe: LeftOut.NO_PICTURE,
    folder: LeftOut.NO_PICTURE,
    listening: LeftOut.UNREADABLE,
    sparse: LeftOut.TOO_LARGE,
    zip_bomb: LeftOut.DAMAGED,
}


@pytest.mark.parametrize("bad", WHY)
def test_what_cannot_be_read_says_so_and_soon(decoder: Decoder, media: Path, bad: Bad) -> None:
    path = media / "bad.png"
    bad(path)
    for least_px in (1024, 192):
        with pytest.raises(PictureError) as refused:
            read_stick_picture(decoder, path, least_px=least_px)
        assert refused.value.why is WHY[bad]
        assert str(refused.value).startswith(f"{path}: ")


def test_a_cameras_raw_file_is_found_and_named(decoder: Decoder, media: Path) -> None:
    (media / "DSC_0001.NEF").write_bytes(b"MM\0*" + bytes(1000))
    (found,) = stick_pictures([media])
    with pytest.raises(PictureError, match="save it as JPEG") as refused:
        read_stick_picture(decoder, found)
    assert refused.value.why is LeftOut.RAW


def test_a_file_that_went_away_says_so(decoder: Decoder, media: Path) -> None:
    path = picture(media / "a.png")
    path.unlink()
    with pytest.raises(PictureError, match=r"a\.png: no such file"):
        read_stick_picture(decoder, path)


class Pulled(io.BytesIO):
    """A file on a stick that is pulled out after some bytes."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0 or self.tell() + size > 2_000:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return super().read(size)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".tif", ".webp"])
def test_a_stick_pulled_out_in_the_middle_says_so(media: Path, suffix: str) -> None:
    path = media / f"a{suffix}"
    rng = np.random.default_rng(1)
    Image.fromarray(rng.integers(0, 256, (300, 400, 3), dtype=np.uint8)).save(path)
    whole = path.read_bytes()
    with pytest.raises((PictureError, OSError)):
        photograph_in(Pulled(whole))


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".tif", ".webp"])
def test_a_damaged_file_is_read_or_refused_and_nothing_else(
    decoder: Decoder, media: Path, suffix: str
) -> None:
    """No byte turned over on an old stick may end the thread that reads it."""
    rng = np.random.default_rng(11)
    path = media / f"a{suffix}"
    Image.fromarray(rng.integers(0, 256, (60, 80, 3), dtype=np.uint8)).save(path)
    whole = path.read_bytes()
    for _ in range(150):
        broken = bytearray(whole)
        for at in rng.integers(0, min(len(whole), 400), rng.integers(1, 6)):
            broken[at] = rng.integers(0, 256)
        path.write_bytes(broken[: rng.integers(1, len(broken) + 1)])
        try:
            read_stick_picture(decoder, path, least_px=192)
        except (PictureError, OSError):
            continue
