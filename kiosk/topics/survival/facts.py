"""What may come of a look at a printed or treated picture."""

from dataclasses import dataclass
from enum import Enum

VIEWS = 24


class Glance(Enum):
    """What the machine said to one view."""

    LIE = "lie"
    RIGHT = "right"
    OTHER = "other"


class Treatment(Enum):
    """What is done to a picture; the values are keys of words."""

    BLUR = "blur"
    JPEG = "jpeg"
    SMALLER = "smaller"
    TURNED = "turned"
    BRIGHTER = "brighter"
    GRAIN = "grain"


class Which(Enum):
    """Which picture is treated: with noise, without, and the one that was made for paper."""

    NOISY = "noisy"
    CLEAN = "clean"
    PROOF = "proof"


@dataclass(frozen=True, slots=True)
class Treated:
    """What was said after one treatment; its picture is on the shelf as `key`."""

    treatment: Treatment
    which: Which
    glance: Glance

    @property
    def key(self) -> str:
        """Return the name of the treated picture."""
        return f"lab-{self.treatment.value}-{self.which.value}"
