"""What may happen to a picture on its way to somebody else: six of the kinds that are known to destroy hidden noise.

After Kurakin et al. 2016, arXiv:1607.02533, section 4.3. Shapes: (side, side, 3) uint8, before and after.
"""

from io import BytesIO

import cv2
import numpy as np
from PIL import Image

from kiosk.vision.picture import Rgb

BLUR_PX = 1.0
JPEG_QUALITY = 75
SHRUNK = 2  # times smaller, and as large as before again
TURN_DEGREES = 5.0
LIGHT = 1.2  # times as bright
GRAIN_255 = 8.0  # the standard deviation


def blurred(picture: Rgb, width_px: float = BLUR_PX) -> Rgb:
    """Return a picture out of focus; `width_px` is the blur's standard deviation."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), width_px), np.uint8)


def squeezed(picture: Rgb) -> Rgb:
    """Return a picture that was kept as a small JPEG file; nothing is written to a disk."""
    file = BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=JPEG_QUALITY)
    with Image.open(file) as kept:
        return np.asarray(kept, np.uint8)


def shrunk(picture: Rgb) -> Rgb:
    """Return a picture of half the size, as large as before again."""
    side = picture.shape[0]
    small = cv2.resize(picture, (side // SHRUNK, side // SHRUNK), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (side, side), interpolation=cv2.INTER_CUBIC), np.uint8)


def turned(picture: Rgb) -> Rgb:
    """Return a picture turned a little around its middle; at the corners it is mirrored."""
    side = picture.shape[0]
    middle = (side - 1) / 2
    turn = cv2.getRotationMatrix2D((middle, middle), TURN_DEGREES, 1.0)
    warped = cv2.warpAffine(picture, turn, (side, side), borderMode=cv2.BORDER_REFLECT)
    return np.asarray(warped, np.uint8)


def brighter(picture: Rgb) -> Rgb:
    """Return a picture in more light."""
    return np.clip(np.round(picture * LIGHT), 0, 255).astype(np.uint8)


def grainy(picture: Rgb, seed: int) -> Rgb:
    """Return a picture from a sensor in the dark; the seed decides its grain."""
    grain = np.random.default_rng(seed).normal(0.0, GRAIN_255, picture.shape)
    return np.clip(np.round(picture + grain), 0, 255).astype(np.uint8)
