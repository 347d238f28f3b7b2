"""The visitor's pixels: the arrays that scenes name by key, and the stack of iterates they come from."""

import numpy as np
from numpy.typing import NDArray

from kiosk.attack.noise import noise_view
from kiosk.perform.stack import Stack
from kiosk.vision.picture import Rgb

CAMERA, ORIGINAL, ADVERSARIAL, NOISE = "camera", "original", "adversarial", "noise"
FILM = "film-"  # what begins so is no visitor's
EXAMPLE = "example-"  # what begins so was taught, and outlives a picture


class Pictures(dict[str, Rgb]):
    """Picture key -> (height, width, 3) uint8 RGB, square; a new array object under a key is a new picture.

    It and the stack belong to the frame loop's thread. Whatever a part puts here is a visitor's, and goes with
    `Forget`, unless its key begins with `FILM`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stack: Stack | None = None

    def put_original(self, stack: Stack) -> None:
        """Make this the visitor's picture, without noise yet."""
        self.stack = stack
        self[ORIGINAL] = stack.original

    def show_noise(self, original: Rgb, picture: Rgb) -> None:
        """Show a picture of the stack, and its noise."""
        self[ADVERSARIAL] = picture
        self[NOISE] = noise_view(original, picture)

    def grow(
        self, stack: Stack, at_step: int, iterate: NDArray[np.float32], picture: Rgb, noise: Rgb
    ) -> None:
        """Put an iterate on the stack, in the place of all above that step, and show its picture and its noise."""
        del stack.iterates[at_step + 1 :]
        stack.iterates.append(iterate)
        self[ADVERSARIAL], self[NOISE] = picture, noise

    def forget_picture(self) -> None:
        """Drop the picture that was taken and of all that came of it; examples stay."""
        self.stack = None
        self._drop(FILM, EXAMPLE)

    def forget(self) -> None:
        """Drop every picture of a visitor; the film stays."""
        self.stack = None
        self._drop(FILM)

    def _drop(self, *kept: str) -> None:
        for key in [key for key in self if not key.startswith(kept)]:
            del self[key]
