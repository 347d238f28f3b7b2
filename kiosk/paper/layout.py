"""Where everything lies on a sheet, in millimetres from its upper left corner. No arrays here."""

from dataclasses import dataclass
from enum import Enum, IntEnum

MARKER, GAP = 0.22, 0.04  # of the picture's side: smaller markers are not found from two metres away
SHEETS_APART = 4  # so many sheets can lie beside each other and be told apart


class Paper(Enum):
    """A size of paper: its width and height in millimetres."""

    A4 = (210.0, 297.0)
    LETTER = (215.9, 279.4)


class Shown(IntEnum):
    """What a picture on a sheet is."""

    ORIGINAL = 0
    PROOF = 1
    CONTROL = 2


MARKERS = 4 * len(Shown) * SHEETS_APART
CHART_ID = 50  # the finder of sheets knows fewer markers


@dataclass(frozen=True, slots=True)
class Block:
    """A picture with its four markers: what it is, and on which of the sheets that can be told apart."""

    shown: Shown
    sheet: int = 0

    @property
    def first_id(self) -> int:
        """Return its upper left marker's number; the others follow clockwise."""
        return 4 * (len(Shown) * (self.sheet % SHEETS_APART) + self.shown)

    @classmethod
    def of(cls, marker: int) -> "Block":
        """Return the block that a marker belongs to."""
        sheet, shown = divmod(marker // 4, len(Shown))
        return cls(Shown(shown), sheet)


@dataclass(frozen=True, slots=True)
class Chart:
    """The colour chart for staff; its markers are of no sheet."""

    first_id: int = CHART_ID


@dataclass(frozen=True, slots=True)
class Square:
    """A square's upper left corner and its side."""

    x: float
    y: float
    side: float


def markers_around(picture: Square) -> tuple[Square, Square, Square, Square]:
    """Return a picture's markers, left and right of it at its corners: clockwise from the upper left."""
    side = MARKER * picture.side
    left = picture.x - GAP * picture.side - side
    right = picture.x + (1 + GAP) * picture.side
    low = picture.y + picture.side - side
    return (
        Square(left, picture.y, side),
        Square(right, picture.y, side),
        Square(right, low, side),
        Square(left, low, side),
    )


TOP_MM, BETWEEN_MM, PICTURE_MM = 26.0, 26.0, 98.0


def picture_places(paper: Paper, count: int) -> tuple[Square, ...]:
    """Return where a sheet's pictures lie, one below the other."""
    left = (paper.value[0] - PICTURE_MM) / 2
    return tuple(
        Square(left, TOP_MM + number * (PICTURE_MM + BETWEEN_MM), PICTURE_MM) for number in range(count)
    )


STICKER_TOP_MM, STICKERS_APART_MM = 40.0, 8.0
LEAST_STICKER_MM, MOST_STICKER_MM = 20.0, 85.0  # two of the largest lie beside each other on either paper


def sticker_places(paper: Paper, side_mm: float) -> tuple[Square, Square]:
    """Return where a sticker that is so wide lies, and its grey control beside it."""
    left = (paper.value[0] - STICKERS_APART_MM) / 2 - side_mm
    right = (paper.value[0] + STICKERS_APART_MM) / 2
    return Square(left, STICKER_TOP_MM, side_mm), Square(right, STICKER_TOP_MM, side_mm)
