"""From any photograph to the model's grid: what is shown, attacked and classified are these same bytes."""

import io
import os
import random
import struct
import sys
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from kiosk.errors import PictureError
from kiosk.vision.picture import (
    Rgb,
    centre_square,
    framing_view,
    picture_files,
    png_bytes,
    read_photograph,
    to_input,
    to_picture,
)

HALF = (0.5, 0.5, 0.5)
ORIENTATION = 0x0112


def pixels(height: int, width: int, seed: int = 0) -> Rgb:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def written(folder: Path, name: str, content: bytes) -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def declared_png(width: int, height: int) -> bytes:
    """Return a PNG that declares a size and has nearly no pixels: whoever decodes it fails in another way."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


def refusal(file: Path) -> str:
    """Return the one plain line with which a file is refused; it names the file."""
    with pytest.raises(PictureError) as caught:
        read_photograph(file)
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    assert message.startswith(f"{file}: ")
    return message


class TestCentreSquare:
    @pytest.mark.parametrize(
        ("height", "width"), [(301, 224), (300, 224), (224, 301), (224, 225), (224, 224)]
    )
    def test_is_cut_from_the_middle_the_odd_row_or_column_falling_off_the_far_end(
        self, height: int, width: int
    ) -> None:
        photograph = pixels(height, width)
        top, left = (height - 224) // 2, (width - 224) // 2
        assert np.array_equal(to_picture(photograph, 224), photograph[top : top + 224, left : left + 224])

    def test_is_cut_before_it_is_resized(self) -> None:
        photograph = np.zeros((448, 1000, 3), np.uint8)
        photograph[:, 276:724] = 200
        assert (to_picture(photograph, 224) == 200).all()

    def test_of_a_one_pixel_wide_photograph_is_that_pixel(self) -> None:
        photograph = np.zeros((9, 1, 3), np.uint8)
        photograph[4] = (10, 20, 30)
        assert (to_picture(photograph, 224) == (10, 20, 30)).all()


class TestResizing:
    def test_averages_whole_blocks_exactly(self) -> None:
        means = np.random.default_rng(1).integers(40, 200, (224, 224, 3)).astype(np.int16)
        spread = np.array([[-7, 5], [4, -2]], np.int16)
        blocks = (means[:, None, :, None] + spread[None, :, None, :, None]).reshape(448, 448, 3)
        assert np.array_equal(to_picture(blocks.astype(np.uint8), 224), means)

    def test_averages_by_area_where_blocks_are_not_whole(self) -> None:
        photograph = pixels(300, 300)
        edges = np.arange(225) * 300 / 224
        cells = np.arange(300)
        overlap = np.minimum(edges[1:, None], cells + 1) - np.maximum(edges[:-1, None], cells)
        weights = np.clip(overlap, 0, None) * 224 / 300
        expected = np.einsum("yr,xc,rcn->yxn", weights, weights, photograph.astype(np.float64), optimize=True)
        assert np.abs(to_picture(photograph, 224) - expected).max() < 0.51

    def test_enlarges_with_a_cubic_that_overshoots_at_edges_and_does_not_wrap_around(self) -> None:
        photograph = np.full((64, 64, 3), 60, np.uint8)
        photograph[:, 32:] = 200
        enlarged = to_picture(photograph, 224)
        assert enlarged.min() < 60
        assert enlarged.max() > 200
        harsh = np.zeros((64, 64, 3), np.uint8)
        harsh[:, 32:] = 255
        row = to_picture(harsh, 224)[100, :, 0]
        assert row[:100].max() < 30
        assert row[124:].min() > 225

    def test_leaves_an_even_colour_alone(self) -> None:
        for side in (100, 224, 333, 448):
            assert (to_picture(np.full((side, side, 3), 131, np.uint8), 224) == 131).all()


class TestOwnership:
    @pytest.mark.parametrize("shape", [(224, 224), (224, 300), (300, 224), (448, 448), (90, 90)])
    def test_a_picture_shares_no_memory_with_the_frame_and_may_be_drawn_on(
        self, shape: tuple[int, int]
    ) -> None:
        frame = pixels(*shape)
        picture = to_picture(frame, 224)
        assert picture.shape == (224, 224, 3)
        assert picture.dtype == np.uint8
        assert picture.flags.c_contiguous
        assert picture.flags.writeable
        assert not np.shares_memory(picture, frame)

    @pytest.mark.parametrize("stride", [1, -1, 2])
    def test_views_of_other_layouts_give_the_same_picture(self, stride: int) -> None:
        frame = np.asfortranarray(pixels(448, 600))[:, ::stride]
        assert np.array_equal(to_picture(frame, 224), to_picture(np.ascontiguousarray(frame), 224))

    def test_a_read_only_photograph_gives_a_picture_that_may_be_drawn_on(self, tmp_path: Path) -> None:
        photograph = pixels(224, 224)
        picture = to_picture(read_photograph(written(tmp_path, "a.png", png_bytes(photograph))), 224)
        picture[0, 0] = 0
        assert np.array_equal(picture[1:], photograph[1:])


class TestInput:
    def test_is_value_over_255_less_mean_over_std_channels_first(self) -> None:
        picture = pixels(224, 224)
        mean, std = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
        tensor = to_input(picture, mean, std)
        expected = ((picture.astype(np.float64) / 255 - mean) / std).transpose(2, 0, 1)[np.newaxis]
        assert tensor.shape == (1, 3, 224, 224)
        assert tensor.dtype == np.float32
        assert tensor.flags.c_contiguous
        assert np.abs(tensor - expected).max() < 2e-6

    def test_of_halves_runs_from_minus_one_to_one(self) -> None:
        picture = np.zeros((2, 2, 3), np.uint8)
        picture[1] = 255
        tensor = to_input(picture, HALF, HALF)
        assert tensor.min() == pytest.approx(-1, abs=1e-6)
        assert tensor.max() == pytest.approx(1, abs=1e-6)


UPRIGHT = pixels(24, 36)
# How a camera that was held so stores the upright picture.
STORED: dict[int, Callable[[Rgb], Rgb]] = {
    1: lambda upright: upright,
    2: lambda upright: upright[:, ::-1],
    3: lambda upright: upright[::-1, ::-1],
    4: lambda upright: upright[::-1],
    5: lambda upright: upright.transpose(1, 0, 2),
    6: lambda upright: np.rot90(upright, 1),
    7: lambda upright: upright[::-1, ::-1].transpose(1, 0, 2),
    8: lambda upright: np.rot90(upright, -1),
}


class TestReading:
    @pytest.mark.parametrize("orientation", sorted(STORED))
    def test_a_turned_photograph_is_read_upright(self, tmp_path: Path, orientation: int) -> None:
        tags = Image.Exif()
        tags[ORIENTATION] = orientation
        stored = Image.fromarray(np.ascontiguousarray(STORED[orientation](UPRIGHT)))
        file = written(tmp_path, "turned.png", saved(stored, "PNG", exif=tags))
        assert np.array_equal(read_photograph(file), UPRIGHT)

    def test_a_phones_turned_jpeg_is_read_upright(self, tmp_path: Path) -> None:
        tags = Image.Exif()
        tags[ORIENTATION] = 6
        upright = np.zeros((64, 32, 3), np.uint8)
        upright[:32] = (255, 255, 255)
        stored = Image.fromarray(np.ascontiguousarray(np.rot90(upright, 1)))
        read = read_photograph(written(tmp_path, "a.jpg", saved(stored, "JPEG", exif=tags, quality=95)))
        assert read.shape == (64, 32, 3)
        assert read[4:28].min() > 250
        assert read[36:60].max() < 5

    def test_a_photograph_with_broken_camera_tags_is_read_without_a_word(self, tmp_path: Path) -> None:
        image = Image.fromarray(UPRIGHT)
        file = written(tmp_path, "a.jpg", saved(image, "JPEG", exif=b"Exif\0\0MM\0\x2agarbage"))
        assert read_photograph(file).shape == UPRIGHT.shape

    @pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF"])
    def test_lossless_formats_keep_every_pixel(self, tmp_path: Path, kind: str) -> None:
        file = written(tmp_path, "picture", saved(Image.fromarray(UPRIGHT), kind))
        assert np.array_equal(read_photograph(file), UPRIGHT)

    def test_grey_becomes_three_equal_channels(self, tmp_path: Path) -> None:
        grey = UPRIGHT[:, :, 0]
        file = written(tmp_path, "a.png", saved(Image.fromarray(grey), "PNG"))
        assert np.array_equal(read_photograph(file), np.repeat(grey[:, :, None], 3, axis=2))

    def test_one_bit_becomes_black_and_white(self, tmp_path: Path) -> None:
        mask = UPRIGHT[:, :, 0] > 127
        file = written(tmp_path, "a.png", saved(Image.fromarray(mask), "PNG"))
        assert np.array_equal(read_photograph(file), np.repeat(mask[:, :, None], 3, axis=2) * np.uint8(255))

    def test_a_palette_becomes_its_colours(self, tmp_path: Path) -> None:
        image = Image.fromarray(UPRIGHT).quantize(16)
        file = written(tmp_path, "a.png", saved(image, "PNG"))
        assert np.array_equal(read_photograph(file), np.asarray(image.convert("RGB")))

    def test_alpha_is_laid_on_white(self, tmp_path: Path) -> None:
        rgba = np.zeros((8, 24, 4), np.uint8)
        rgba[:, :, :3] = (200, 100, 0)
        rgba[:, 8:16, 3] = 255
        rgba[:, 16:, 3] = 128
        read = read_photograph(written(tmp_path, "a.png", saved(Image.fromarray(rgba), "PNG")))
        assert (read[:, :8] == 255).all()
        assert (read[:, 8:16] == (200, 100, 0)).all()
        assert np.abs(read[:, 16:].astype(int) - (227, 177, 127)).max() <= 1

    def test_a_palettes_see_through_colour_is_laid_on_white(self, tmp_path: Path) -> None:
        image = Image.new("P", (16, 8), 0)
        image.putpalette([200, 0, 0, 0, 0, 200])
        image.paste(1, (8, 0, 16, 8))
        read = read_photograph(written(tmp_path, "a.png", saved(image, "PNG", transparency=0)))
        assert (read[:, :8] == 255).all()
        assert (read[:, 8:] == (0, 0, 200)).all()

    def test_grey_with_alpha_is_laid_on_white(self, tmp_path: Path) -> None:
        image = Image.new("LA", (8, 8), (0, 0))
        assert (read_photograph(written(tmp_path, "a.png", saved(image, "PNG"))) == 255).all()

    def test_of_a_phones_many_in_one_jpeg_the_first_is_the_photograph(self, tmp_path: Path) -> None:
        first, depth = Image.new("RGB", (32, 32), "white"), Image.new("RGB", (32, 32), "black")
        file = written(tmp_path, "a.jpg", saved(first, "MPO", save_all=True, append_images=[depth]))
        assert read_photograph(file).min() > 250

    def test_a_still_gif_is_read(self, tmp_path: Path) -> None:
        file = written(tmp_path, "a.gif", saved(Image.new("RGB", (16, 16), (250, 0, 0)), "GIF"))
        assert (read_photograph(file) == (250, 0, 0)).all()

    def test_png_bytes_are_the_exact_pixels_without_metadata(self, tmp_path: Path) -> None:
        content = png_bytes(UPRIGHT)
        file = written(tmp_path, "a.png", content)
        assert np.array_equal(read_photograph(file), UPRIGHT)
        assert content == png_bytes(read_photograph(file))
        with Image.open(file) as image:
            assert not image.info


def sixteen_bit(channels: int) -> bytes:
    shape = (40, 60) if channels == 1 else (40, 60, channels)
    values = np.random.default_rng(0).integers(0, 2**16, shape, dtype=np.uint16)
    return bytes(cv2.imencode(".png", values)[1])


def pages(kind: str) -> bytes:
    first, *others = (Image.fromarray(pixels(16, 16, seed)) for seed in range(3))
    return saved(first, kind, save_all=True, append_images=others)


def one_page(kind: str) -> bytes:
    return saved(Image.fromarray(pixels(24, 24)), kind)


def text_bomb() -> bytes:
    """Return a PNG of 100 kB whose text chunk unpacks to 100 MB."""
    text = PngInfo()
    text.add_text("comment", "A" * 100_000_000, zip=True)
    return saved(Image.fromarray(UPRIGHT), "PNG", pnginfo=text)


REFUSED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "empty": ("empty", lambda: b""),
    "text": ("known format", lambda: b"I am no picture.\n" * 40),
    "cut-off jpeg": ("cut off", lambda: saved(Image.fromarray(pixels(80, 60)), "JPEG", quality=95)[:4000]),
    "cut-off png": ("cut off", lambda: png_bytes(pixels(40, 60))[:1500]),
    "cut-off png header": ("cut off", lambda: png_bytes(pixels(40, 60))[:20]),
    "cut-off tiff": ("cut off", lambda: saved(Image.fromarray(pixels(40, 60)), "TIFF")[:1500]),
    "cut-off webp": ("cut off", lambda: saved(Image.fromarray(pixels(40, 60)), "WEBP")[:500]),
    "70 megapixels": ("70 megapixels", lambda: declared_png(10_000, 7_000)),
    "120 megapixels": ("megapixels", lambda: declared_png(12_000, 10_000)),
    "400 megapixels": ("megapixels", lambda: declared_png(20_000, 20_000)),
    "text bomb": ("damaged", text_bomb),
    "too small": ("4 x 40 pixels", lambda: png_bytes(pixels(40, 4))),
}


WHOLE = [(one_page, kind) for kind in ("BMP", "GIF", "JPEG", "PNG", "TIFF", "WEBP")]
WHOLE += [(pages, kind) for kind in ("GIF", "MPO", "PNG", "TIFF", "WEBP")]


def met(file: Path) -> None:
    """Read a file that is a picture or is refused in one line; that nothing else is said is for other tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            photograph = read_photograph(file)
        except PictureError:
            refusal(file)
        else:
            assert photograph.ndim == 3


class TestRefusing:
    @pytest.mark.parametrize("case", REFUSED)
    def test_what_is_no_plain_picture_is_refused_in_one_line(self, tmp_path: Path, case: str) -> None:
        reason, content = REFUSED[case]
        assert reason in refusal(written(tmp_path, "photograph.jpg", content()))

    def test_what_a_phone_takes_is_not_too_large(self, tmp_path: Path) -> None:
        # It goes on to decode the pixels, which this file lacks.
        assert "megapixels" not in refusal(written(tmp_path, "a.png", declared_png(8_064, 6_048)))

    def test_a_missing_file_is_refused(self, tmp_path: Path) -> None:
        assert "no such file" in refusal(tmp_path / "nowhere.jpg")

    def test_a_folder_is_refused(self, tmp_path: Path) -> None:
        assert "folder" in refusal(tmp_path)

    def test_a_file_below_a_file_is_refused(self, tmp_path: Path) -> None:
        refusal(written(tmp_path, "a.jpg", png_bytes(UPRIGHT)) / "b.jpg")

    @pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
    def test_an_unreadable_file_is_refused(self, tmp_path: Path) -> None:
        file = written(tmp_path, "a.png", png_bytes(UPRIGHT))
        file.chmod(0)
        assert "permissions" in refusal(file)

    def test_a_page_description_is_refused_and_no_program_is_run_on_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Pillow hands PostScript to a Ghostscript that it finds; a visitor's file must not get that far."""
        ran = tmp_path / "ran"
        ghostscript = tmp_path / "gs"
        ghostscript.write_text(f"#!{sys.executable}\nopen({str(ran)!r}, 'w').close()\n", "utf-8")
        ghostscript.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
        monkeypatch.setattr("PIL.EpsImagePlugin.gs_binary", None)
        refusal(written(tmp_path, "a.jpg", saved(Image.fromarray(UPRIGHT), "EPS")))
        assert not ran.exists()

    @pytest.mark.parametrize(("content", "kind"), WHOLE)
    def test_a_file_cut_off_anywhere_is_a_picture_or_refused_but_never_a_crash(
        self, tmp_path: Path, content: Callable[[str], bytes], kind: str
    ) -> None:
        whole = content(kind)
        for length in range(0, len(whole), max(1, len(whole) // 150)):
            met(written(tmp_path, "cut-off", whole[:length]))

    @pytest.mark.parametrize(("content", "kind"), WHOLE)
    def test_a_damaged_file_is_a_picture_or_refused_but_never_a_crash(
        self, tmp_path: Path, content: Callable[[str], bytes], kind: str
    ) -> None:
        chance = random.Random(kind)
        whole = content(kind)
        for _ in range(100):
            damaged = bytearray(whole)
            for _ in range(chance.choice([1, 4, 16])):
                place = chance.randrange(min(len(damaged), chance.choice([60, len(whole)])))
                damaged[place] = chance.choice([0, 1, 255, chance.randrange(256)])
            met(written(tmp_path, "damaged", bytes(damaged)))


class TestFolder:
    def test_its_pictures_are_listed_by_name_whatever_the_case_of_their_ending(self, tmp_path: Path) -> None:
        for name in ("b.JPG", "a.png", "notes.txt", "labels.json", "c.jpeg"):
            written(tmp_path, name, b"")
        (tmp_path / "deeper").mkdir()
        assert [file.name for file in picture_files(tmp_path)] == ["a.png", "b.JPG", "c.jpeg"]

    def test_what_is_no_picture_file_is_not_listed(self, tmp_path: Path) -> None:
        """A folder named like a picture, and the hidden shadow files that macOS leaves on memory sticks."""
        written(tmp_path, "a.png", b"")
        written(tmp_path, "._a.png", b"")
        (tmp_path / "holiday.jpg").mkdir()
        assert [file.name for file in picture_files(tmp_path)] == ["a.png"]

    @pytest.mark.parametrize("name", ["nowhere", "file.jpg", "empty"])
    def test_without_pictures_is_refused(self, tmp_path: Path, name: str) -> None:
        written(tmp_path, "file.jpg", b"")
        (tmp_path / "empty").mkdir()
        with pytest.raises(PictureError, match=name):
            picture_files(tmp_path / name)


@pytest.mark.parametrize(("height", "width"), [(60, 100), (100, 60), (61, 100), (80, 80)])
def test_a_framing_view_is_the_whole_frame_dark_but_for_its_own_square(height: int, width: int) -> None:
    frame = np.random.default_rng(3).integers(0, 256, (height, width, 3), dtype=np.uint8)
    view = framing_view(frame)
    side, square = max(height, width), min(height, width)
    assert view.shape == (side, side, 3)
    top, left = (side - height) // 2, (side - width) // 2
    whole = view[top : top + height, left : left + width]
    inner_top, inner_left = (height - square) // 2, (width - square) // 2
    inner = (slice(inner_top, inner_top + square), slice(inner_left, inner_left + square))
    assert np.array_equal(whole[inner], centre_square(frame)), "what is used, at its place"
    rest = np.ones((height, width), bool)
    rest[inner] = False
    assert np.array_equal(whole[rest], frame[rest] // 4)
    outside = np.ones((side, side), bool)
    outside[top : top + height, left : left + width] = False
    assert not view[outside].any()
