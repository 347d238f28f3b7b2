"""A visitor's paint: a sheet of glass over the picture, on the same grid, with smooth edges."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.core.painting import OUTLINES, Ink, Place, Tool
from kiosk.vision.picture import Rgb

SHIFT = 4  # OpenCV draws at sixteenths of a pixel
RIM_PX = 2  # a smooth edge reaches so far

Region = tuple[slice, slice]


class PaintLayer:
    """Owns the paint: `rgba` is (side, side, 4) uint8, the colour times its cover, then the cover.

    A stroke comes in pieces. It covers what any of its pieces covers, and is laid once on what was there when it
    began: so it looks the same in however many pieces it came.
    """

    def __init__(self, side: int) -> None:
        self._side = side
        self.rgba = np.zeros((side, side, 4), np.uint8)
        self._before = np.zeros_like(self.rgba)
        self._covers = np.zeros((side, side), np.uint8)

    def clear(self) -> None:
        """Take all paint away."""
        self.rgba[:] = 0
        self._begin()

    def stroke(self, ink: Ink, start: Place, end: Place, *, begins: bool) -> None:
        """Lay on one piece of a stroke: a line with round ends."""
        if begins:
            self._begin()
        width = max(1, round(ink.size.line * self._side))
        points = self._points((start, end))
        region = self._region(points, width / 2)
        piece = np.zeros_like(self._covers[region])
        first, second = ((points - self._corner(region)) * (1 << SHIFT)).round().astype(int).tolist()
        cv2.line(piece, first, second, 255, width, cv2.LINE_AA, SHIFT)
        self._lay(ink, region, piece)

    def stamp(self, tool: Tool, ink: Ink, place: Place) -> None:
        """Lay on a shape with its middle at a place."""
        self._begin()
        side = ink.size.stamp
        outline = [Place(place.x + (x - 0.5) * side, place.y + (y - 0.5) * side) for x, y in OUTLINES[tool]]
        points = self._points(outline)
        region = self._region(points, 0)
        piece = np.zeros_like(self._covers[region])
        corners = ((points - self._corner(region)) * (1 << SHIFT)).round().astype(np.int32)
        cv2.fillPoly(piece, [corners], 255, cv2.LINE_AA, SHIFT)
        self._lay(ink, region, piece)

    def over(self, picture: Rgb) -> Rgb:
        """Return the picture under the paint, a new array. Shapes: (side, side, 3) uint8."""
        uncovered = cv2.cvtColor(255 - self.rgba[..., 3], cv2.COLOR_GRAY2RGB)
        seen = cv2.multiply(picture, uncovered, scale=1 / 255)
        paint = cv2.cvtColor(self.rgba, cv2.COLOR_RGBA2RGB)
        return np.asarray(cv2.add(seen, paint), np.uint8)  # never above 255: no colour is more than its cover

    def _begin(self) -> None:
        self._before[:] = self.rgba
        self._covers[:] = 0

    def _points(self, places: Sequence[Place]) -> NDArray[np.float64]:
        """Places as x and y in pixels, whose centres have whole numbers."""
        return np.asarray(places) * self._side - 0.5

    def _region(self, points: NDArray[np.float64], reach_px: float) -> Region:
        """The rows and columns that a shape with these corners can touch; none where it lies outside."""
        low = np.floor(points.min(axis=0) - reach_px).astype(int) - RIM_PX
        high = np.ceil(points.max(axis=0) + reach_px).astype(int) + RIM_PX + 1
        (left, upper), (right, lower) = np.clip((low, high), 0, self._side).tolist()
        return slice(upper, lower), slice(left, right)

    @staticmethod
    def _corner(region: Region) -> tuple[int, int]:
        rows, columns = region
        return columns.start, rows.start

    def _lay(self, ink: Ink, region: Region, piece: NDArray[np.uint8]) -> None:
        covers = self._covers[region]
        np.maximum(covers, piece, out=covers)
        cover = covers[..., np.newaxis].astype(np.uint16)
        layer = _parts(self._before[region], 255 - cover)
        if ink.paint is not None:
            layer += _parts(np.array((*ink.paint.value, 255), np.uint8), cover)
        self.rgba[region] = layer


def _parts(values: NDArray[np.uint8], share: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """Return values times a share of 255, rounded; the product of two bytes fits in 16 bits."""
    product: NDArray[Any] = (values * share + 127) // 255
    return product.astype(np.uint8)
