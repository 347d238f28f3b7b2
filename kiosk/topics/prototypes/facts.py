"""What a judge that explains itself says: an answer, and the parts that its score is the sum of."""

from dataclasses import dataclass

SHOWN = 3  # parts that are shown one by one
MOST_STEPS = 24  # of an attack on this judge


@dataclass(frozen=True, slots=True)
class Cell:
    """A patch of a picture: its place on a grid of so many rows and columns."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Likeness:
    """A part of a score: a patch of the picture, the patch of the taught picture `key` most like it, and its points.

    `alike` is a cosine.
    """

    here: Cell
    key: str
    there: Cell
    alike: float
    points: float


@dataclass(frozen=True, slots=True)
class Reasoned:
    """A label, how sure (0..1) the judge is of it, and why; `rival` is the label that comes next.

    The parts, the strongest first, and the points of all the `rest` are the score.
    """

    label: int
    rival: int
    confidence: float
    score: float
    parts: tuple[Likeness, ...]
    rest: float
