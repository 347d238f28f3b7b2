"""The one reader of photographs: a file gives the same picture, or the same refusal, whichever way it came in.

It needs Pillow alone, so that the small process which reads what people bring starts at once.
"""

import math
import re
import struct
import warnings
from functools import cache
from io import BytesIO
from typing import IO

import pi_heif
from PIL import Image, ImageChops, ImageCms, UnidentifiedImageError

from kiosk.errors import LeftOut, PictureError

MOST_BYTES = 64 * 2**20
MAX_MEGAPIXELS = 64  # decoded; a JPEG may be larger, for it is decoded at a fraction
MOST_SCANS = 100  # of a JPEG; cameras and editors make 1 to 16, an attacker tens of thousands
USUAL_SCANS = 10
LEAST_SIDE_PX = 8
WHOLE_PX = (
    1024  # the short side that is enough for every model; a picture of twice that is read at a fraction
)
LONGEST_STRIP = 4  # length over height; only the centre square is ever looked at
LEAST_DECODED = 0.9  # of a picture's rows, where the end of its file is missing
ORIENTATION = 0x0112
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
JPEG_START, JPEG_END = b"\xff\xd8", b"\xff\xd9"
# A marker, but no stuffed byte, restart or padding: whatever stands between two of them.
JPEG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd8\xff]")
SCAN, END = 0xDA, 0xD9
# Formats whose rows come one after the other, so that what is missing at the end is known.
FILLED = ("JPEG", "MPO", "PNG", "BMP", "GIF")
# What decoders were seen to raise for cut-off and damaged files.
DAMAGED_FILE_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    ImageCms.PyCMSError,
)


def photograph_in(file: IO[bytes], least_px: int = WHOLE_PX) -> Image.Image:
    """Return the photograph in an open file: 8-bit RGB, turned upright by its tags, alpha laid on white.

    A picture whose short side is at least twice `least_px` is read at a fraction, never below that; of a very long
    one the middle is returned; of a film or several pages the first. Where up to a tenth of the rows is missing
    they are grey. Raises PictureError, whose message names the reason and the way out, not the file.
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise PictureError(
            f"has more than {MOST_BYTES >> 20} MB; save it smaller, or as JPEG", LeftOut.TOO_LARGE
        )
    if not content:
        raise PictureError("is empty; use a JPEG or PNG file", LeftOut.NO_PICTURE)
    try:
        with warnings.catch_warnings(action="ignore"):
            return _prepared(_loaded(content, least_px), least_px)
    except UnidentifiedImageError:
        raise PictureError(
            "is no picture in a known format; use a JPEG or PNG file", LeftOut.NO_PICTURE
        ) from None
    except (Image.DecompressionBombError, MemoryError):
        raise PictureError(
            f"has far more than {MAX_MEGAPIXELS} megapixels; make it smaller", LeftOut.TOO_LARGE
        ) from None
    except PictureError:
        raise
    except DAMAGED_FILE_ERRORS as error:
        raise PictureError(f"is damaged or cut off ({error}); use another file") from None


@cache
def formats() -> tuple[str, ...]:
    """Return the formats whose decoders see a file: Pillow hands PostScript, for one, to any Ghostscript it finds."""
    pi_heif.register_heif_opener(thumbnails=False, decode_threads=2)
    return ("AVIF", "BMP", "GIF", "HEIF", "JPEG", "PNG", "TIFF", "WEBP")


def scans(content: bytes) -> list[int]:
    """Return where the scans of a JPEG's first picture begin, as far as it is there; none of another file."""
    if not content.startswith(JPEG_START):
        return []
    at, found = len(JPEG_START), []
    while marker := JPEG_MARKER.search(content, at):
        kind = content[marker.start() + 1]
        if kind == END:
            break
        if kind == SCAN:
            found.append(marker.start())
        at = marker.end() + int.from_bytes(content[marker.end() : marker.end() + 2], "big")
    return found


def is_last_scan(content: bytes, starts: list[int]) -> bool:
    """Return whether the last scan of a progressive JPEG makes brightness exact: none that matters would follow.

    A scan's head is its marker, its length, its number of components, two bytes each, then the first and last
    coefficient and the bits before and after it (ITU-T T.81, B.2.3).
    """
    first, last = (content[at + 4 : at + 4 + 12] for at in (starts[0], starts[-1]))
    fields = last[1 + 2 * last[0] :][:3] if last else b""
    if len(fields) < 3:
        return False
    coefficient, _, bits = fields
    return last[1] == first[1] and coefficient > 0 and bits == 0x10


# ---- from a file to pixels


def _loaded(content: bytes, least_px: int) -> Image.Image:
    """Return the decoded picture; where the end of the file is missing, with the rest filled."""
    starts = scans(content)
    if len(starts) > MOST_SCANS:
        raise PictureError(
            f"has {len(starts)} scans, which no photograph has; save it again", LeftOut.TOO_SLOW
        )
    image = _opened(content, least_px)
    _refuse_size(image)
    try:
        image.load()
    except DAMAGED_FILE_ERRORS as error:
        if image.format not in FILLED:
            raise
        return _filled(image, content, least_px, starts, error)
    return image


def _opened(content: bytes, least_px: int) -> Image.Image:
    image = Image.open(BytesIO(content), formats=formats())
    if min(image.size) < LEAST_SIDE_PX:
        raise PictureError(
            f"is {image.width} x {image.height} pixels; the least is {LEAST_SIDE_PX} x {LEAST_SIDE_PX}",
            LeftOut.TOO_SMALL,
        )
    image.draft(None, (least_px, least_px))
    return image


def _refuse_size(image: Image.Image) -> None:
    megapixels = image.width * image.height / 1e6
    if megapixels > MAX_MEGAPIXELS:
        raise PictureError(
            f"has {megapixels:.0f} megapixels; the most is {MAX_MEGAPIXELS}, make it smaller",
            LeftOut.TOO_LARGE,
        )


def _filled(
    image: Image.Image, content: bytes, least_px: int, starts: list[int], error: BaseException
) -> Image.Image:
    """Return what there is of a cut-off picture, the rest grey; raises PictureError where too much is missing."""
    there = image._new(image.im)  # the rows so far; to ask for them as usual would decode them again
    if starts:
        filled, share = _filled_jpeg(content, least_px, starts, there)
    else:
        filled, share = _filled_rows(_eight_bits(there))
    if share < LEAST_DECODED:
        raise PictureError(
            f"is damaged or cut off, {share:.0%} of it is there ({error}); use another file", LeftOut.CUT_OFF
        )
    return filled


def _filled_jpeg(
    content: bytes, least_px: int, starts: list[int], there: Image.Image
) -> tuple[Image.Image, float]:
    """Return a JPEG with an end put where it was cut off, before which libjpeg fills what is missing; and its share.

    The first row that differs from what was there is the first that was filled. A progressive JPEG grows sharper scan
    by scan, in colour usually ten: it must have got to the last.
    """
    filled = _opened(content + JPEG_END, least_px)
    filled.load()
    if filled.info.get("progressive"):
        return filled, 1.0 if is_last_scan(content, starts) else min(0.8, len(starts) / USUAL_SCANS)
    differing = ImageChops.difference(filled, there).getbbox(alpha_only=False)
    return filled, 1.0 if differing is None else differing[1] / filled.height


def _filled_rows(image: Image.Image) -> tuple[Image.Image, float]:
    """Return a picture with rows of nothing at its ends made grey, and the share of the others."""
    there = image.getbbox(alpha_only=False)
    top, bottom = (0, 0) if there is None else (there[1], there[3])
    for missing in ((0, 0, image.width, top), (0, bottom, image.width, image.height)):
        image.paste("grey", missing)
    return image, (bottom - top) / image.height


# ---- from any pixels to RGB


def _prepared(image: Image.Image, least_px: int) -> Image.Image:
    """Return a decoded picture as 8-bit RGB; made smaller early, so that what follows needs little memory."""
    turn = UPRIGHT.get(image.getexif().get(ORIENTATION, 1))
    profile = image.info.get("icc_profile")
    plain = _eight_bits(image)
    times = min(plain.size) // least_px
    if times > 1:
        plain = plain.reduce(times)
    if turn is not None:
        plain = plain.transpose(turn)
    if plain.mode == "RGBA":
        plain = Image.alpha_composite(Image.new("RGBA", plain.size, "white"), plain)
    return _strip(_rgb(plain, profile))


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return a picture of 8 bits a channel: grey, RGB, RGBA, CMYK or LAB; 16 bits and floats scaled by one rule.

    Grey of 16 bits runs from 0 to 65535. Of floats and of whole numbers of 32 bits the range is the first of 0 to 1
    (floats), 0 to 255 and 0 to 65535 that holds all values, else their own.
    """
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode.startswith("I;16"):
        return _scaled(image.convert("I").convert("F"), 0.0, 65535.0)
    if image.mode in ("I", "F"):
        values = image.convert("F")
        low, high = map(float, values.getextrema())  # type: ignore[arg-type] # two numbers, of one channel
        if not (math.isfinite(low) and math.isfinite(high)):
            raise PictureError("has brightnesses that are no numbers; save it as 8-bit")
        tops = (1.0, 255.0, 65535.0) if image.mode == "F" else (255.0, 65535.0)
        top = next((top for top in tops if low >= 0 and high <= top), None)
        return _scaled(values, low, high) if top is None else _scaled(values, 0.0, top)
    if image.mode in ("L", "RGB", "RGBA", "CMYK", "LAB"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _scaled(values: Image.Image, low: float, high: float) -> Image.Image:
    """Return floats as 8-bit grey, `low` black and `high` white, rounded."""
    scale = 255 / max(high - low, 1e-30)
    return values.point(lambda value: value * scale + (0.5 - low * scale)).convert("L")


def _rgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return a picture in RGB: a printing press's colours by the profile in the file, plainly where it has none."""
    if image.mode not in ("CMYK", "LAB"):
        return image.convert("RGB")
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile)) if profile else None
        if image.mode == "LAB":
            source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        if source is not None:
            shown = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if shown is not None:
                return shown
    except (ImageCms.PyCMSError, OSError, ValueError):
        pass  # a profile that is damaged, or of other colours
    return image.convert("RGB")


def _strip(image: Image.Image) -> Image.Image:
    """Return the middle of a picture that is longer than anybody looks at."""
    most = LONGEST_STRIP * min(image.size)
    width, height = min(image.width, most), min(image.height, most)
    if (width, height) == image.size:
        return image
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))
