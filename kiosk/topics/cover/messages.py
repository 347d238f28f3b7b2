"""Squares of the picture are covered: what can the answer not do without?"""

from dataclasses import dataclass

from kiosk.core.message import Asking, Reply, Way
from kiosk.core.visit import Answer, Visit


@dataclass(frozen=True, slots=True)
class ToCover(Way):
    """Cover one square after another."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class CoverTile(Asking):
    """Cover one square of iterate `step`, counted row by row; say `TileCovered` or `JobLost`."""

    step: int
    tile: int


@dataclass(frozen=True, slots=True)
class TileCovered(Reply):
    """The answer to `CoverTile`; the covered picture is on the shelf as `covered`."""

    tile: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class SweepCovers(Asking):
    """Cover every square of iterate `step` once, for a label.

    Say `JobAdvanced` again and again, then `CoversSwept`, or `JobLost`.
    """

    step: int
    label: int


@dataclass(frozen=True, slots=True)
class CoversSwept(Reply):
    """The answer to `SweepCovers`: how much the label's log-odds fall with each square; the map is `cover-map`."""

    losses: tuple[float, ...]

    @property
    def best(self) -> int:
        """Return the square that matters most."""
        return self.losses.index(max(self.losses))
