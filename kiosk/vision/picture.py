"""The one place that turns any photograph into the model's input grid.

A *picture* is the model's grid: (side, side, 3) uint8 RGB. What is shown, what is attacked and what is
classified are these same bytes, so camera frames, calibration, `evaluate` and the exhibit all come through here.
"""

import os
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from kiosk.errors import LeftOut, PictureError
from kiosk.vision.photograph import DAMAGED_FILE_ERRORS, WHOLE_PX, photograph_in
from kiosk.vision.side_files import is_side_file

# What cameras and phones call a picture. Their raw files are only named: what is in them is another for each maker.
RAW_SUFFIXES = frozenset({".arw", ".cr2", ".cr3", ".dng", ".nef", ".orf", ".pef", ".raf", ".rw2", ".srw"})
JPEG_SUFFIXES = frozenset({".jfif", ".jpe", ".jpeg", ".jpg"})
HEIF_SUFFIXES = frozenset({".avif", ".heic", ".heif", ".hif"})
SUFFIXES = JPEG_SUFFIXES | HEIF_SUFFIXES | {".bmp", ".gif", ".png", ".tif", ".tiff", ".webp"}

Rgb = NDArray[np.uint8]


def read_photograph(path: Path, *, least_px: int = WHOLE_PX) -> Rgb:
    """Return the photograph in a file of our own, see `photograph_in`; what others bring a `Decoder` reads.

    Shapes: (height, width, 3) uint8 RGB. Raises PictureError naming the file, the reason and the way out.
    """
    with opened_photograph(path) as file:
        return np.asarray(photograph_in(file, least_px))


@contextmanager
def opened_photograph(path: Path, flags: int = 0) -> Iterator[BinaryIO]:
    """Yield a plain file, opened with more `flags`; whatever PictureError or OSError comes of it names the file."""
    try:
        # Without waiting: a pipe by the name of a picture would keep us for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | flags)
        with os.fdopen(descriptor, "rb") as file:
            _refuse_unread(os.fstat(descriptor).st_mode)
            yield file
    except PictureError as error:
        raise PictureError(f"{path}: {error}", error.why) from None
    except FileNotFoundError:
        raise PictureError(f"{path}: no such file", LeftOut.UNREADABLE) from None
    except IsADirectoryError:
        raise PictureError(f"{path}: is a folder; name one picture", LeftOut.NO_PICTURE) from None
    except PermissionError:
        raise PictureError(f"{path}: may not be read; check its permissions", LeftOut.UNREADABLE) from None
    except OSError as error:
        raise PictureError(
            f"{path}: cannot be read ({error.strerror}); use another file", LeftOut.UNREADABLE
        ) from None


def _refuse_unread(mode: int) -> None:
    """Raise PictureError for a folder, and for a pipe or a device, which could be read for ever."""
    if stat.S_ISDIR(mode):
        raise PictureError("is a folder; name one picture", LeftOut.NO_PICTURE)
    if not stat.S_ISREG(mode):
        raise PictureError("is no plain file; use another picture", LeftOut.NO_PICTURE)


def picture_files(folder: Path) -> list[Path]:
    """Return the picture files directly in a folder, sorted by name; raises PictureError where there are none."""
    if not folder.is_dir():
        raise PictureError(f"{folder}: no such folder; name a folder of pictures")
    files = sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in SUFFIXES and not is_side_file(path.name) and path.is_file()
    )
    if not files:
        raise PictureError(f"{folder}: holds no pictures; put JPEG or PNG files in it")
    return files


def to_picture(rgb: Rgb, side: int) -> Rgb:
    """Return the centre square of a frame or photograph on the model's grid: area-averaged, or cubic when enlarging.

    Shapes: (height, width, 3) uint8 -> (side, side, 3) uint8, contiguous and the caller's own.
    """
    centre = centre_square(rgb)
    square = centre.shape[0]
    if square == side:
        return centre
    resized: NDArray[Any] = cv2.resize(
        centre, (side, side), interpolation=cv2.INTER_AREA if square > side else cv2.INTER_CUBIC
    )
    return resized


def centre_square(rgb: Rgb) -> Rgb:
    """Return the largest centred square of a frame or photograph: (side, side, 3) uint8, the caller's own."""
    return centre_view(rgb).copy()


def centre_view(rgb: Rgb) -> Rgb:
    """Return that square as a view into the frame, which is not copied: (side, side, 3) uint8."""
    height, width = rgb.shape[:2]
    square = min(height, width)
    top, left = (height - square) // 2, (width - square) // 2
    return rgb[top : top + square, left : left + square]


def framing_view(rgb: Rgb) -> Rgb:
    """Return a whole frame on a black square, dark but for its own centre square: (side, side, 3) uint8."""
    height, width = rgb.shape[:2]
    side, square = max(height, width), min(height, width)
    top, left = (side - height) // 2, (side - width) // 2
    view = np.zeros((side, side, 3), np.uint8)
    view[top : top + height, left : left + width] = rgb >> 2
    top, left = top + (height - square) // 2, left + (width - square) // 2
    view[top : top + square, left : left + square] = centre_square(rgb)
    return view


def to_input(
    picture: Rgb, mean: tuple[float, float, float], std: tuple[float, float, float]
) -> NDArray[np.float32]:
    """Return the network's input tensor for a picture: (value / 255 - mean) / std, channels first.

    Shapes: (side, side, 3) uint8 -> (1, 3, side, side) float32.
    """
    scale = np.float32(1) / (np.float32(255) * np.asarray(std, np.float32))
    shift = np.asarray(mean, np.float32) / np.asarray(std, np.float32)
    return np.ascontiguousarray((picture * scale - shift).transpose(2, 0, 1)[np.newaxis])


def png_bytes(rgb: Rgb) -> bytes:
    """Return a picture as a PNG file's bytes: the exact pixels, without any metadata."""
    out = BytesIO()
    Image.fromarray(rgb).save(out, "PNG")
    return out.getvalue()


def picture_in_png(png: bytes, side: int) -> Rgb:
    """Return the picture in a PNG file's bytes: (side, side, 3) uint8.

    Raises PictureError, without naming a file, for anything but one 8-bit RGB picture of that size.
    """
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(png), formats=("PNG",)) as image:
            if image.size != (side, side):
                raise PictureError(f"is {image.width} x {image.height} pixels, not {side} x {side}")
            if image.mode != "RGB" or _raw_mode(image) != "RGB" or getattr(image, "n_frames", 1) > 1:
                raise PictureError("is not one picture of 8-bit RGB")
            return np.array(image)
    except UnidentifiedImageError:
        raise PictureError("is no PNG file") from None
    except Image.DecompressionBombError:
        raise PictureError(f"is far larger than {side} x {side} pixels") from None
    except DAMAGED_FILE_ERRORS as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError(f"is damaged or cut off ({error})") from None


def _raw_mode(image: Image.Image) -> str:
    """Return how Pillow reads a file's pixels, which tells 16 bits a channel from 8."""
    tiles = getattr(image, "tile", [])
    return str(tiles[0].args) if tiles else ""
