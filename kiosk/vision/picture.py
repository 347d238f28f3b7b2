"""The one place that turns any photograph into the model's input grid.

A *picture* is the model's grid: (side, side, 3) uint8 RGB. What is shown, what is attacked and what is
classified are these same bytes, so camera frames, calibration, `evaluate` and the exhibit all come through here.
"""

import struct
import warnings
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from kiosk.errors import KioskError

MAX_MEGAPIXELS = 36
# Only these decoders see a visitor's file: Pillow hands PostScript, for one, to whatever Ghostscript it finds.
FORMATS = ("BMP", "GIF", "JPEG", "PNG", "TIFF", "WEBP")
# What Pillow was seen to raise for cut-off and damaged files.
DAMAGED_FILE_ERRORS = (
    EOFError,
    LookupError,
    OSError,
    OverflowError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)
SUFFIXES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})

Rgb = NDArray[np.uint8]


class PictureError(KioskError, ValueError):
    """A file that is no picture this exhibit can read."""


def read_photograph(path: Path, file: IO[bytes] | None = None, *, least_px: int | None = None) -> Rgb:
    """Return the photograph in a file, turned upright by its EXIF tag, with alpha laid on white.

    Where the file is open already, `path` only names it in errors. A JPEG much larger than `least_px` is decoded
    at a fraction of its size, never below that: faster.

    Shapes: (height, width, 3) uint8 RGB. Raises PictureError naming the file, the reason and the way out.
    """
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(file or path, formats=FORMATS) as image:
            _refuse_unfit(path, image)
            if least_px is not None:
                image.draft("RGB", (least_px, least_px))
            upright = ImageOps.exif_transpose(image)
            if upright.has_transparency_data:
                upright = Image.alpha_composite(
                    Image.new("RGBA", upright.size, "white"), upright.convert("RGBA")
                )
            return np.asarray(upright.convert("RGB"))
    except FileNotFoundError:
        raise PictureError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise PictureError(f"{path}: is a folder; name one picture") from None
    except PermissionError:
        raise PictureError(f"{path}: may not be read; check its permissions") from None
    except UnidentifiedImageError:
        reason = "is empty" if path.stat().st_size == 0 else "is no picture in a known format"
        raise PictureError(f"{path}: {reason}; use a JPEG or PNG file") from None
    except Image.DecompressionBombError:
        raise PictureError(
            f"{path}: has far more than {MAX_MEGAPIXELS} megapixels; make it smaller"
        ) from None
    except DAMAGED_FILE_ERRORS as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError(f"{path}: is damaged or cut off ({error}); use another file") from None


def picture_files(folder: Path) -> list[Path]:
    """Return the picture files directly in a folder, sorted by name; raises PictureError where there are none."""
    if not folder.is_dir():
        raise PictureError(f"{folder}: no such folder; name a folder of pictures")
    files = sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()
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
    height, width = rgb.shape[:2]
    square = min(height, width)
    top, left = (height - square) // 2, (width - square) // 2
    return rgb[top : top + square, left : left + square].copy()


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


def _refuse_unfit(path: Path, image: Image.Image) -> None:
    """Raise PictureError for what would decode to something other than one 8-bit RGB or grey picture."""
    megapixels = image.width * image.height / 1e6
    if megapixels > MAX_MEGAPIXELS:
        raise PictureError(
            f"{path}: has {megapixels:.0f} megapixels; the most is {MAX_MEGAPIXELS}, make it smaller"
        )
    # A phone's MPO file holds a JPEG and its depth or preview pictures: the first is the photograph.
    if getattr(image, "n_frames", 1) > 1 and image.format != "MPO":
        raise PictureError(f"{path}: is animated or has several pages; save one picture of it")
    if image.mode == "CMYK":
        raise PictureError(f"{path}: is a CMYK picture for a printing press; save it as RGB")
    if image.mode.startswith(("I", "F")) or ";16" in _raw_mode(image):
        raise PictureError(f"{path}: has more than 8 bits a channel; save it as 8-bit")
    if min(image.size) < 8:
        raise PictureError(f"{path}: is {image.width} x {image.height} pixels; the least is 8 x 8")
