"""The control experiment: as much noise, but thrown by dice."""

from dataclasses import dataclass

from kiosk.core.message import Asking, Reply, Way
from kiosk.core.visit import Judged, Visit


@dataclass(frozen=True, slots=True)
class ToDice(Way):
    """Compare with noise thrown by dice."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class RollDice(Asking):
    """Throw dice for noise as large as that of iterate `step`, the job's number being the seed.

    Put it there as `dice` and `dice-noise`, judge it, say `DiceRolled` or `JobLost`.
    """

    step: int


@dataclass(frozen=True, slots=True)
class DiceRolled(Reply):
    """The answer to `RollDice`: the dice's picture and noise are on the shelf, and the picture was judged."""

    judged: Judged
