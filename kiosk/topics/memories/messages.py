"""What a picture reminds the machine of."""

from dataclasses import dataclass

from kiosk.core.message import Asking, Reply, Way
from kiosk.core.visit import Visit


@dataclass(frozen=True, slots=True)
class ToMemories(Way):
    """Ask what both pictures remind it of."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class Memory:
    """A thing that a picture resembles: its name, its picture's key, how much (a cosine), and whether it was taught."""

    name: str
    key: str
    likeness: float
    taught: bool = False


@dataclass(frozen=True, slots=True)
class Remember(Asking):
    """Find what the original and iterate `step` resemble most; say `Remembered` or `JobLost`."""

    step: int


@dataclass(frozen=True, slots=True)
class Remembered(Reply):
    """The answer to `Remember`: the most similar things, the most similar first; their pictures are on the shelf.

    `alike` is how much the two pictures resemble each other.
    """

    original: tuple[Memory, ...]
    adversarial: tuple[Memory, ...]
    alike: float
