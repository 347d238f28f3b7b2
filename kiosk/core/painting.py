"""What a visitor paints with: colours, sizes, shapes, and places on the picture."""

import math
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Place(NamedTuple):
    """A place on the picture, each way 0..1 from its upper left corner."""

    x: float
    y: float

    @property
    def on_edge(self) -> bool:
        """Return whether it lies on the picture's edge, where a finger beyond the picture is held too."""
        return self.x in (0.0, 1.0) or self.y in (0.0, 1.0)


class Paint(Enum):
    """A colour of the palette, RGB; white covers like all others."""

    BLACK = (16, 16, 16)
    WHITE = (255, 255, 255)
    RED = (222, 45, 38)
    YELLOW = (250, 204, 21)
    GREEN = (40, 167, 98)
    BLUE = (38, 96, 214)
    PINK = (244, 114, 182)


class Size(Enum):
    """How large a line is across, and a stamp, as shares of the picture's side."""

    _value_: tuple[float, float]
    SMALL = (0.03, 0.14)
    MEDIUM = (0.08, 0.26)
    LARGE = (0.18, 0.44)

    @property
    def line(self) -> float:
        """Return how wide a line is."""
        return self.value[0]

    @property
    def stamp(self) -> float:
        """Return how wide a stamp is."""
        return self.value[1]


class Tool(Enum):
    """What touches the picture: the brush that is dragged, or a stamp that is set down."""

    BRUSH = "brush"
    STAR = "star"
    HEART = "heart"
    BLOT = "blot"


@dataclass(frozen=True, slots=True)
class Ink:
    """What a tool leaves: a paint, or None to take paint away, and how broad."""

    paint: Paint | None = Paint.RED
    size: Size = Size.MEDIUM


def _star() -> tuple[Place, ...]:
    """Five points; the inner corners lie so deep that opposite edges are one line."""
    inner = 0.5 * math.cos(math.tau / 5) / math.cos(math.tau / 10)
    corners = ((0.5 if n % 2 == 0 else inner, math.tau * n / 10) for n in range(10))
    return tuple(Place(0.5 + r * math.sin(turn), 0.5 - r * math.cos(turn)) for r, turn in corners)


def _heart() -> tuple[Place, ...]:
    """Return the usual heart curve, 16 sin^3 t across and 13 cos t - 5 cos 2t - 2 cos 3t - cos 4t up."""
    turns = [math.tau * n / 48 for n in range(48)]
    across = [16 * math.sin(t) ** 3 for t in turns]
    up = [13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t) for t in turns]
    return tuple(Place(0.5 + x / 34, 0.43 - y / 34) for x, y in zip(across, up, strict=True))


def _blot() -> tuple[Place, ...]:
    """Return a drop that splashed: a circle with uneven waves."""
    turns = [math.tau * n / 96 for n in range(96)]
    waves = [0.39 + 0.07 * math.sin(5 * t) + 0.04 * math.sin(8 * t + 1) for t in turns]
    return tuple(
        Place(0.5 + r * math.sin(t), 0.5 - r * math.cos(t)) for r, t in zip(waves, turns, strict=True)
    )


OUTLINES: dict[Tool, tuple[Place, ...]] = {Tool.STAR: _star(), Tool.HEART: _heart(), Tool.BLOT: _blot()}
