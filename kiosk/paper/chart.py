"""The colour chart for staff: patches of known colours, drawn, and read again from a picture of it."""

import numpy as np
from numpy.typing import NDArray

from kiosk.vision.picture import Rgb

LEVELS, GREYS = (40, 128, 216), (16, 44, 72, 100, 128, 156, 184, 212, 240)
ACROSS, CELL_PX = 6, 60
WHITE_PX, READ_PX = 5, 15  # what is left white around a patch, and what is not read of it
STRIDE = 7  # neighbours differ, so that light which falls off to one side is no colour

Doubles = NDArray[np.float64]


def chart_colours() -> Doubles:
    """Return the colours in their order, row by row: (36, 3) in 0..255."""
    lattice = [(red, green, blue) for red in LEVELS for green in LEVELS for blue in LEVELS]
    colours = [*lattice, *((grey, grey, grey) for grey in GREYS)]
    return np.array([colours[at * STRIDE % len(colours)] for at in range(len(colours))], np.float64)


def chart_picture() -> Rgb:
    """Return the chart, its patches on white: (360, 360, 3) uint8."""
    side = ACROSS * CELL_PX
    picture = np.full((side, side, 3), 255, np.uint8)
    for at, colour in enumerate(chart_colours()):
        _cell(picture, at, WHITE_PX)[:] = colour
    return picture


def chart_read(straight: Rgb) -> Doubles:
    """Return the colours of a chart that is held straight, as large as it is drawn: (36, 3) in 0..255."""
    cells = (_cell(straight, at, READ_PX).reshape(-1, 3) for at in range(ACROSS * ACROSS))
    return np.array([np.median(cell, axis=0) for cell in cells], np.float64)


def _cell(picture: Rgb, at: int, rim: int) -> Rgb:
    """Return a patch without its rim."""
    row, column = (CELL_PX * place for place in divmod(at, ACROSS))
    return picture[row + rim : row + CELL_PX - rim, column + rim : column + CELL_PX - rim]
