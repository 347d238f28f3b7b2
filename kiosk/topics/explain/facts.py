"""What the maps say in numbers."""

from dataclasses import dataclass
from enum import StrEnum

EVEN = 0.1  # in logits: what rounding them can turn over


class Page(StrEnum):
    """What the screen shows: one answer against another, one alone, or why the noise works."""

    CONTRAST = "contrast"
    ALONE = "alone"
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class Tally:
    """A log-odds in its parts: what the squares add up to, and what they leave; above 0 is for the label."""

    squares: float
    rest: float

    @property
    def total(self) -> float:
        """Return the log-odds."""
        return self.squares + self.rest


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a noise does: the share (0..1) of moved dots that push to the label, and the log-odds it leads to."""

    share: float
    total: float
