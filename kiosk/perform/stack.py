"""The visitor's stack of iterates."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kiosk.attack.noise import iterate_picture
from kiosk.vision.picture import Rgb


@dataclass
class Stack:
    """An original with its label, the lie (None: anything else), and the iterates on it; iterate 0 is the original.

    `source` is what the original was made from: a model with another grid needs it again. Iterates above the one shown
    stay, so that *less noise* and *more noise* are bit-exact inverses. `begun` counts the attacks on it, so that what
    belongs to one of them can tell. `recorded` are the pictures of a recorded attack, step by step, which is played
    instead of one made now. `stock` says that the original is one of our own pictures.
    """

    source: Rgb
    original: Rgb
    original_label: int
    target: int | None = None
    iterates: list[NDArray[np.float32]] = field(default_factory=list)
    recorded: tuple[Rgb, ...] = ()
    begun: int = 0
    stock: bool = False

    @property
    def ours(self) -> bool:
        """Return whether the picture is no visitor's."""
        return self.stock or bool(self.recorded)

    def begin(self, target: int | None) -> None:
        """Start anew at the original for another lie."""
        self.target = target
        self.begun += 1
        self.recorded = ()
        self.iterates = [self.original.astype(np.float32)]

    @property
    def label(self) -> int:
        """Return the label whose gradient is asked for: the lie, or the one to get away from."""
        return self.original_label if self.target is None else self.target

    def picture(self, step: int) -> Rgb:
        """Return the picture of an iterate."""
        return iterate_picture(self.iterates[step])
