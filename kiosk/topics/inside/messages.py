"""The stages of the network, and how the noise grows from one to the next."""

from dataclasses import dataclass

from kiosk.core.message import Asking, Reply, Way
from kiosk.core.visit import Visit


@dataclass(frozen=True, slots=True)
class ToInside(Way):
    """Look inside."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class StageTold:
    """How far a stage is from what it was without noise, as a share of that: with aimed noise, and with dice's.

    `moved` says the same of its strongest channels, with aimed noise.
    """

    rows: int
    channels: int
    aimed: float
    thrown: float
    moved: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class LookInside(Asking):
    """Let the original, iterate `step` and as much noise by dice go through the network; the job is the dice's seed.

    Say `InsideTold` or `JobLost`.
    """

    step: int


@dataclass(frozen=True, slots=True)
class InsideTold(Reply):
    """The answer to `LookInside`: the stages, the picture itself first.

    The strongest channels are on the shelf as `inside-STAGE-original-0`, `inside-STAGE-adversarial-0` and so on.
    """

    stages: tuple[StageTold, ...]
