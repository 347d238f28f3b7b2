"""A shield of votes: randomised smoothing."""

from dataclasses import dataclass

from kiosk.core.message import Asking, Reply, Way
from kiosk.core.visit import Visit


@dataclass(frozen=True, slots=True)
class ToShield(Way):
    """Put up a shield against the noise."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class Ballot:
    """What the copies of one picture said: the label that won, its votes and the lie's, of so many.

    No change of a smaller L2 than `radius_255` changes the winner; 0 says that too few agreed.
    """

    label: int
    votes: int
    for_lie: int
    count: int
    radius_255: float


@dataclass(frozen=True, slots=True)
class RaiseShield(Asking):
    """Let hazy copies of the original and of iterate `step` vote; the job's number is the seed.

    Say `JobAdvanced` again and again, then `ShieldRaised`, or `JobLost`.
    """

    step: int
    lie: int


@dataclass(frozen=True, slots=True)
class ShieldRaised(Reply):
    """The answer to `RaiseShield`; one copy of each is on the shelf, as `shield-original` and `shield-adversarial`."""

    original: Ballot
    adversarial: Ballot
