"""Where the attack that survives paper has got to."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from kiosk.vision.arrays import Floats
from kiosk.vision.picture import Rgb


@dataclass(frozen=True, eq=False)
class Proof:
    """An iterate with its momentum, (side, side, 3) float32, and the view that its last gradient was taken at."""

    iterate: Floats
    momentum: Floats
    view: Rgb

    @classmethod
    def begun(cls, original: Rgb) -> Self:
        """Return the beginning: the picture itself, at rest."""
        iterate = original.astype(np.float32)
        return cls(iterate, np.zeros_like(iterate), original)
