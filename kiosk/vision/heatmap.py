"""What speaks for an answer, laid over its picture: in cividis for one answer alone, in two colours for two.

Both are readable in every kind of colour vision, and pictures that are drawn together share one scale.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.vision.arrays import Floats
from kiosk.vision.picture import Rgb

OPACITY = 0.6
STRONGEST = 0.85  # the opacity of the cell that pulls most
FOR, AGAINST = (248, 126, 49), (86, 180, 233)  # the lie's and the truth's colours on the screen
DIMMED = 0.6
BRIGHT = 0.9  # the share of dots that is not drawn as bright as can be
RIM_PX = 1


@dataclass(frozen=True, eq=False)
class CellMap:
    """What each cell of the features says for a label: (rows, columns) float32, in logits, unscaled.

    `rest` is what the cells leave of the log-odds that they are parts of, `exact` whether the rest is biases alone.
    """

    cells: Floats
    rest: float = 0.0
    exact: bool = False

    @property
    def squares(self) -> float:
        """Return what all cells add up to."""
        return float(self.cells.sum(dtype=np.float64))

    @property
    def total(self) -> float:
        """Return the log-odds."""
        return self.squares + self.rest

    @property
    def peak(self) -> float:
        """Return what the cell that says most for the label says, 0 or less where nothing speaks for it."""
        return float(self.cells.max())


@dataclass(frozen=True, eq=False)
class Stage:
    """One stage: its grid, and how far each further picture is from the first there, as a share of the first.

    `maps` are the strongest channels of every picture, (pictures, channels, rows, columns) float32, scaled down.
    `moved` says how far the last picture is from the first in each of them.
    """

    rows: int
    channels: int
    changes: tuple[float, ...]
    moved: tuple[float, ...]
    maps: Floats


def colours(values: Floats) -> Rgb:
    """Return cividis colours for values in 0..1. Shapes: (rows, columns) -> (rows, columns, 3) uint8 RGB."""
    levels = np.round(np.clip(values, 0, 1) * 255).astype(np.uint8)
    bgr: NDArray[Any] = cv2.applyColorMap(levels, cv2.COLORMAP_CIVIDIS)
    return np.ascontiguousarray(bgr[..., ::-1])


def shining(pictures: Sequence[Rgb], maps: Sequence[CellMap]) -> list[Rgb]:
    """Return pictures, greyed, under what speaks for one answer: 0 is dark, the brightest cell of all is bright."""
    most = max(max(drawn.peak for drawn in maps), 1e-12)
    return [
        _under_colours(picture, (np.maximum(drawn.cells, 0) / most).astype(np.float32))
        for picture, drawn in zip(pictures, maps, strict=True)
    ]


def weighing(pictures: Sequence[Rgb], maps: Sequence[CellMap]) -> list[Rgb]:
    """Return pictures, greyed, under what speaks for one answer and against it: bright is for it, dark against.

    The middle of the colours is neither.
    """
    most = max(max(float(np.abs(drawn.cells).max()) for drawn in maps), 1e-12)
    return [
        _under_colours(picture, (0.5 + drawn.cells / (2 * most)).astype(np.float32))
        for picture, drawn in zip(pictures, maps, strict=True)
    ]


def shone_over(picture: Rgb, shine: Rgb) -> Rgb:
    """Return a picture, greyed, under colours of its own size; a millisecond or two, for live frames."""
    under = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    mixed: Rgb = np.asarray(cv2.addWeighted(under, 1 - OPACITY, shine, OPACITY, 0), np.uint8)
    return mixed


def shine(drawn: CellMap, side: int) -> Rgb:
    """Return the colours of what speaks for an answer, (side, side, 3): 0 is dark, its brightest cell is bright."""
    seen = cv2.resize(np.maximum(drawn.cells, 0) / max(drawn.peak, 1e-12), (side, side))
    return colours(np.asarray(seen, np.float32))


def pulling(pictures: Sequence[Rgb], maps: Sequence[CellMap]) -> list[Rgb]:
    """Return pictures, greyed, under a square a cell: orange pulls to the label, blue to the other one.

    The stronger the pull, the more colour; none is none, and the strongest of all pictures has the most.
    """
    most = max(max(float(np.abs(drawn.cells).max()) for drawn in maps), 1e-12)
    return [
        _blended(_grey(picture), _squares(drawn.cells / most, picture.shape[1::-1]))
        for picture, drawn in zip(pictures, maps, strict=True)
    ]


def pushing(noises: Sequence[Floats]) -> list[Rgb]:
    """Return what each dot pushes, (side, side) in logits: orange to the label, blue to the other one."""
    most = max(max(float(np.quantile(np.abs(pushes), BRIGHT)) for pushes in noises), 1e-12)
    black = np.zeros((), np.float32)
    return [_blended(black, np.sqrt(np.abs(pushes) / most) * np.sign(pushes)) for pushes in noises]


def two_colours(values: Floats) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the colour and the opacity (0..1) of values in -1..1. Shapes: (...) -> (..., 3) and (..., 1)."""
    hue = np.where(values[..., None] > 0, np.array(FOR), np.array(AGAINST))
    return hue, np.minimum(np.abs(values), 1)[..., None] * STRONGEST


def _under_colours(picture: Rgb, values: Floats) -> Rgb:
    """Return a picture, greyed, under the colours of values in 0..1, (rows, columns)."""
    seen = cv2.resize(values, picture.shape[1::-1])
    mixed: Rgb = (1 - OPACITY) * _grey(picture) + OPACITY * colours(seen.astype(np.float32))
    return np.round(mixed).astype(np.uint8)


def _blended(under: NDArray[Any], values: Floats) -> Rgb:
    hue, opacity = two_colours(values)
    mixed: Rgb = np.round((1 - opacity) * DIMMED * under + opacity * hue).astype(np.uint8)
    return mixed


def _squares(values: Floats, size: tuple[int, int]) -> Floats:
    """Return a map on a picture's grid, a square a cell, with gaps between them."""
    large = np.array(cv2.resize(values, size, interpolation=cv2.INTER_NEAREST), np.float32)
    for axis, count in enumerate(values.shape):
        lines = np.moveaxis(large, axis, 0)  # a view
        for edge in (lines.shape[0] * at // count for at in range(1, count)):
            lines[edge - RIM_PX : edge + RIM_PX] = 0
    return large


def _grey(picture: Rgb) -> NDArray[Any]:
    grey: NDArray[Any] = picture.mean(axis=2, keepdims=True)
    return grey
