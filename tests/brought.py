"""Files as people bring them: whole, odd, and made to hold a reader up."""

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from kiosk.vision.picture import Rgb, png_bytes

INPUTS = Path(__file__).resolve().parents[2] / "shared" / "inputs"
SIZE = (96, 64)


def given(name: str) -> Path:
    """Return a file that was handed in; skips where it is not there."""
    file = INPUTS / name
    if not file.exists():
        pytest.skip(f"{file} is not on this machine")
    return file


def scene(width: int = SIZE[0], height: int = SIZE[1]) -> Rgb:
    """Return smooth colours, which no codec changes much."""
    down, across = np.mgrid[0:height, 0:width]
    colours = (across * 255 // (width - 1), down * 255 // (height - 1), np.full_like(down, 90))
    return np.stack(colours, axis=-1).astype(np.uint8)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def ramp(top: float, kind: type[np.generic]) -> Image.Image:
    """Return grey from nothing on the left to the most on the right."""
    return Image.fromarray(np.tile(np.linspace(0, top, SIZE[0]), (SIZE[1], 1)).astype(kind))


def empty_scans(width: int, height: int, scans: int) -> bytes:
    """Return a legal JPEG of one grey with many scans that change nothing: each walks over the whole picture."""
    whole = saved(Image.new("L", (width, height), 90), "JPEG", progressive=True, quality=40)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * scans + whole[-2:]


@cache
def slow() -> bytes:
    """Return a JPEG of under 2 MB that a quick desktop computer reads for seven seconds, others for longer."""
    return empty_scans(17_000, 12_500, 90)


def cmyk() -> Image.Image:
    return Image.fromarray(scene()).convert("CMYK")


def lab() -> Image.Image:
    colours = (ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"))
    made = ImageCms.profileToProfile(Image.fromarray(scene()), *colours, outputMode="LAB")
    assert made is not None
    return made


WHOLE: dict[str, Callable[[], bytes]] = {
    "a.jpg": lambda: saved(Image.fromarray(scene()), "JPEG", quality=95),
    "progressive.jpg": lambda: saved(Image.fromarray(scene()), "JPEG", quality=95, progressive=True),
    "grey.jpg": lambda: saved(Image.fromarray(scene()).convert("L"), "JPEG", quality=95),
    "cmyk.jpg": lambda: saved(cmyk(), "JPEG", quality=95),
    "phones.jpg": lambda: saved(
        Image.fromarray(scene()), "MPO", save_all=True, append_images=[Image.new("RGB", SIZE)]
    ),
    "a.png": lambda: png_bytes(scene()),
    "palette.png": lambda: saved(Image.fromarray(scene()).quantize(32), "PNG"),
    "alpha.png": lambda: saved(Image.fromarray(scene()).convert("RGBA"), "PNG"),
    "bits.png": lambda: saved(Image.fromarray(scene()).convert("1"), "PNG"),
    "16 bits.png": lambda: saved(ramp(65535, np.uint16), "PNG"),
    "moving.png": lambda: saved(
        Image.fromarray(scene()), "PNG", save_all=True, append_images=[Image.new("RGB", SIZE)]
    ),
    "a.gif": lambda: saved(Image.fromarray(scene()), "GIF"),
    "moving.gif": lambda: saved(
        Image.fromarray(scene()), "GIF", save_all=True, append_images=[Image.new("RGB", SIZE)]
    ),
    "a.webp": lambda: saved(Image.fromarray(scene()), "WEBP", quality=95),
    "moving.webp": lambda: saved(
        Image.fromarray(scene()), "WEBP", save_all=True, append_images=[Image.new("RGB", SIZE)], quality=95
    ),
    "a.bmp": lambda: saved(Image.fromarray(scene()), "BMP"),
    "a.tif": lambda: saved(Image.fromarray(scene()), "TIFF"),
    "lzw.tif": lambda: saved(Image.fromarray(scene()), "TIFF", compression="tiff_lzw"),
    "jpeg.tif": lambda: saved(Image.fromarray(scene()), "TIFF", compression="jpeg"),
    "cmyk.tif": lambda: saved(cmyk(), "TIFF"),
    "lab.tif": lambda: saved(lab(), "TIFF"),
    "deflated.tif": lambda: saved(Image.fromarray(scene()), "TIFF", compression="tiff_deflate"),
    "16 bits.tif": lambda: saved(ramp(65535, np.uint16), "TIFF"),
    "32 bits.tif": lambda: saved(ramp(65535, np.int32), "TIFF"),
    "float.tif": lambda: saved(ramp(1, np.float32), "TIFF"),
    "a.avif": lambda: saved(Image.fromarray(scene()), "AVIF", quality=95),
}
