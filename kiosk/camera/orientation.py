"""How the camera hangs: what makes its picture upright, and which part of that is left to software."""

from dataclasses import dataclass
from typing import Literal, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Turn = Literal[0, 90, 180, 270]
TURNS: tuple[Turn, ...] = (0, 90, 180, 270)
_ROTATIONS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
_LEFT_TO_RIGHT = 1


@dataclass(frozen=True)
class Orientation:
    """What is done to a camera's picture before anybody sees it: turned, and then mirrored.

    `turned`: by so many degrees clockwise, as seen on the screen. `mirrored`: left and right change places, as in
    a looking-glass; after the turn. The default leaves it as it is.
    """

    turned: Turn = 0
    mirrored: bool = False

    def then(self, later: "Orientation") -> "Orientation":
        """Return the one orientation that does this one first and `later` after it."""
        turned = later.turned if not self.mirrored else -later.turned  # a turn after a mirror runs backwards
        return Orientation(cast("Turn", (self.turned + turned) % 360), self.mirrored != later.mirrored)

    def undone(self) -> "Orientation":
        """Return the orientation that takes this one back."""
        return self if self.mirrored else Orientation(cast("Turn", -self.turned % 360))


UPRIGHT = Orientation()


def upright(rgb: NDArray[np.uint8], orientation: Orientation) -> NDArray[np.uint8]:
    """Return the picture turned and mirrored as `orientation` says: itself, no copy, when nothing is to be done.

    Shapes: rgb (H, W, 3), or (W, H, 3) for 90 and 270 degrees afterwards; C-contiguous.
    """
    picture: cv2.typing.MatLike = rgb
    if orientation.turned:
        picture = cv2.rotate(picture, _ROTATIONS[orientation.turned])
    if orientation.mirrored:
        picture = cv2.flip(picture, _LEFT_TO_RIGHT)
    return np.ascontiguousarray(picture, dtype=np.uint8)
