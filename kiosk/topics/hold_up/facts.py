"""What one look at a held sheet came to, and how the sheet could be held better."""

from dataclasses import dataclass
from enum import Enum

from kiosk.paper.layout import Shown

LOOKS_PER_S = 5.0
LAMPS = 12
FEWEST_LOOKS = 5  # a second's: fewer tell nothing
MIDDLE = 0.6  # of the square that is shown: the box that is looked at where there is no sheet
NEAR, STRAIGHT = (
    0.27,
    0.3,
)  # a picture's side in heights of the frame; how much its longest side exceeds its shortest


class Stretch(Enum):
    """A part of the time before the camera: without the sticker, with it, and without it again."""

    BEFORE = "before"
    WITH = "with"
    AFTER = "after"


STRETCHES = tuple(Stretch)


@dataclass(frozen=True, slots=True)
class Looks:
    """What the last looks of a stretch were said to be, the oldest first."""

    labels: tuple[int, ...] = ()

    def also(self, label: int) -> "Looks":
        """Return them with one more, and the oldest left out where there are too many."""
        return Looks((*self.labels, label)[-LAMPS:])

    @property
    def most(self) -> int | None:
        """Return what most of them were said to be, the newest of equals."""
        return max(reversed(self.labels), key=self.labels.count, default=None)

    @property
    def count(self) -> int:
        """Return how many were said to be that."""
        return 0 if self.most is None else self.labels.count(self.most)

    @property
    def enough(self) -> bool:
        """Return whether there are enough of them to tell anything."""
        return len(self.labels) >= FEWEST_LOOKS

    @property
    def clear(self) -> bool:
        """Return whether there are enough of them, and more than half say the same."""
        return self.enough and self.count * 2 > len(self.labels)


class Advice(Enum):
    """How to hold the sheet."""

    CLOSER = "closer"
    STRAIGHTER = "straighter"
    WHOLE = "whole"
    STILL = "still"


@dataclass(frozen=True, slots=True)
class SheetLook:
    """One picture of a sheet in one frame: what it is said to be, and how it was held.

    `counts`: all four markers were found. `size` is its side in heights of the frame, `tilt` 0 where it is straight.
    """

    shown: Shown
    sheet: int
    label: int
    counts: bool
    size: float
    tilt: float

    @property
    def advice(self) -> Advice:
        """Return how to hold it."""
        if not self.counts:
            return Advice.WHOLE
        if self.size < NEAR:
            return Advice.CLOSER
        return Advice.STRAIGHTER if self.tilt > STRAIGHT else Advice.STILL
