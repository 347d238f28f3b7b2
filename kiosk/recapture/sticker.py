"""A round sticker on a picture: laid there, and a gradient at the picture taken back to it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.recapture.simulator import unwarped
from kiosk.vision.arrays import Floats

TEXTURE_PX = 112
SOFT_PX = 1.0  # of its edge, on the texture
GREY_255 = 127.0


def across(area: float) -> float:
    """Return how wide a round sticker is that covers such a share (0..1) of a picture, in the picture's sides."""
    return float(2 * np.sqrt(area / np.pi))


def grey_sticker() -> Floats:
    """Return the control: as large, and grey."""
    return np.full((TEXTURE_PX, TEXTURE_PX, 3), GREY_255, np.float32)


@dataclass(frozen=True, eq=False)
class Lying:
    """Where a sticker lies: `homography` (3, 3), its pixels to the picture's; `cover` (side, side, 1), 0..1."""

    homography: NDArray[np.float64]
    cover: Floats

    @classmethod
    def at(cls, side: int, x: float, y: float, wide: float, turned_deg: float = 0.0) -> "Lying":
        """Return a sticker with its middle at a place (0..1) of a picture of that side, `wide` of its sides across."""
        scale, turn = wide * side / TEXTURE_PX, np.radians(turned_deg)
        c, s = scale * np.cos(turn), scale * np.sin(turn)
        middle, half = np.array((x, y)) * side - 0.5, (TEXTURE_PX - 1) / 2
        shift = middle - np.array((c - s, s + c)) * half
        homography = np.array(((c, -s, shift[0]), (s, c, shift[1]), (0, 0, 1)))
        rows, columns = np.mgrid[0:TEXTURE_PX, 0:TEXTURE_PX].astype(np.float32)
        inside = (TEXTURE_PX / 2 - np.hypot(rows - half, columns - half)) / SOFT_PX + 0.5
        disc = np.clip(inside, 0, 1).astype(np.float32)
        cover = cv2.warpPerspective(disc, homography, (side, side), flags=cv2.INTER_LINEAR)
        return cls(homography, np.asarray(cover, np.float32)[:, :, np.newaxis])

    def on(self, picture: Floats, sticker: Floats) -> Floats:
        """Return the picture with a sticker. Shapes: (side, side, 3), (TEXTURE_PX, TEXTURE_PX, 3) -> as the picture."""
        side = len(picture)
        laid = cv2.warpPerspective(
            sticker, self.homography, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        return np.asarray(picture + (laid - picture) * self.cover, np.float32)

    def pull_back(self, gradient: Floats) -> Floats:
        """Return a gradient at the sticker for one at the picture."""
        return unwarped(np.asarray(gradient * self.cover, np.float32), self.homography, TEXTURE_PX)


def anywhere(side: int, area: float, rng: np.random.Generator, *, loose: bool = False) -> Lying:
    """Return a place where all of a sticker lies on a picture; `loose`: turned, and somewhat larger or smaller."""
    wide = across(area)
    turned, size = (rng.uniform(-20, 20), rng.uniform(0.85, 1.1)) if loose else (0.0, 1.0)
    reach = min(0.5, wide * size / 2)
    x, y = rng.uniform(reach, 1 - reach, 2)
    return Lying.at(side, x, y, wide * size, turned)
