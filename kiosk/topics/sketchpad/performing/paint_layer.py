"""A visitor's paint: a sheet of glass over the picture, on the same grid, with smooth edges."""

from collections import deque
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.core.painting import OUTLINES, Ink, Place, Tool
from kiosk.vision.picture import Rgb

SHIFT = 4  # OpenCV places corners at sixteenths of a pixel
RIM_PX = 2  # a smooth edge reaches so far

MOST_UNDONE = 24  # strokes, stamps and clean sheets: 200 kB each

Region = tuple[slice, slice]


class PaintLayer:
    """Owns the paint: `rgba` is (side, side, 4) uint8, the colour times its cover, then the cover.

    A stroke comes in pieces. It covers what any of its pieces covers, and is laid once on what was there when it
    began: so it looks the same in however many pieces it came. What the paint was before each of the last strokes,
    stamps and clean sheets is kept, to be brought back.
    """

    def __init__(self, side: int) -> None:
        self._side = side
        self.rgba = np.zeros((side, side, 4), np.uint8)
        self._before = np.zeros_like(self.rgba)
        self._covers = np.zeros((side, side), np.uint8)
        self._earlier = deque[NDArray[np.uint8]](maxlen=MOST_UNDONE)

    @property
    def painted(self) -> bool:
        """Return whether there is any paint."""
        return bool(self.rgba.any())

    @property
    def undoable(self) -> bool:
        """Return whether there is something to undo."""
        return bool(self._earlier)

    def clear(self) -> None:
        """Take all paint away."""
        if self.painted:
            self._keep()
        self._show(np.zeros_like(self.rgba))

    def undo(self) -> None:
        """Take back the last stroke, stamp or clean sheet, if it is still known what was before."""
        if self._earlier:
            self._show(self._earlier.pop())

    def stroke(self, ink: Ink, start: Place, end: Place, *, begins: bool) -> None:
        """Lay on one piece of a stroke: a line with round ends."""
        if begins:
            self._keep()
            self._begin()
        radius = ink.size.line * self._side / 2
        points = self._points((start, end))
        region = self._region(points, radius)
        self._lay(ink, region, _line(region, points, radius))

    def stamp(self, tool: Tool, ink: Ink, place: Place) -> None:
        """Lay on a shape with its middle at a place."""
        self._keep()
        self._begin()
        side = ink.size.stamp
        outline = [Place(place.x + (x - 0.5) * side, place.y + (y - 0.5) * side) for x, y in OUTLINES[tool]]
        points = self._points(outline)
        region = self._region(points, 0)
        piece = np.zeros_like(self._covers[region])
        if piece.size:
            rows, columns = region
            corners = (points - (columns.start, rows.start)) * (1 << SHIFT)
            cv2.fillPoly(piece, [corners.round().astype(np.int32)], 255, cv2.LINE_AA, SHIFT)
        self._lay(ink, region, piece)

    def over(self, picture: Rgb) -> Rgb:
        """Return the picture under the paint, a new array. Shapes: (side, side, 3) uint8."""
        uncovered = cv2.cvtColor(255 - self.rgba[..., 3], cv2.COLOR_GRAY2RGB)
        seen = cv2.multiply(picture, uncovered, scale=1 / 255)
        paint = cv2.cvtColor(self.rgba, cv2.COLOR_RGBA2RGB)
        return np.asarray(cv2.add(seen, paint), np.uint8)  # never above 255: no colour is more than its cover

    def _keep(self) -> None:
        self._earlier.append(self.rgba.copy())

    def _show(self, rgba: NDArray[np.uint8]) -> None:
        self.rgba[:] = rgba
        self._begin()

    def _begin(self) -> None:
        self._before[:] = self.rgba
        self._covers[:] = 0

    def _points(self, places: Sequence[Place]) -> NDArray[np.float64]:
        """Places as x and y in pixels, whose centres have whole numbers."""
        return np.asarray(places) * self._side - 0.5

    def _region(self, points: NDArray[np.float64], reach_px: float) -> Region:
        """Return the rows and columns that a shape with these corners can touch; none where it lies outside."""
        low = np.floor(points.min(axis=0) - reach_px).astype(int) - RIM_PX
        high = np.ceil(points.max(axis=0) + reach_px).astype(int) + RIM_PX + 1
        (left, upper), (right, lower) = np.clip((low, high), 0, self._side).tolist()
        return slice(upper, lower), slice(left, right)

    def _lay(self, ink: Ink, region: Region, piece: NDArray[np.uint8]) -> None:
        covers = self._covers[region]
        np.maximum(covers, piece, out=covers)
        cover = covers[..., np.newaxis].astype(np.uint16)
        layer = _parts(self._before[region], 255 - cover)
        if ink.paint is not None:
            layer += _parts(np.array((*ink.paint.value, 255), np.uint8), cover)
        self.rgba[region] = layer


def _line(region: Region, points: NDArray[np.float64], radius: float) -> NDArray[np.uint8]:
    """Return how much of each pixel of a region a line with round ends covers, by its distance from the line."""
    rows, columns = region
    (left, upper), (along_x, along_y) = points[0], points[1] - points[0]
    x = np.arange(columns.start, columns.stop, dtype=np.float32) - np.float32(left)
    y = (np.arange(rows.start, rows.stop, dtype=np.float32) - np.float32(upper))[:, np.newaxis]
    length = np.float32(along_x**2 + along_y**2) or np.float32(1)
    along_x, along_y = np.float32(along_x), np.float32(along_y)
    part = np.clip((x * along_x + y * along_y) / length, 0, 1)
    distance = np.hypot(x - part * along_x, y - part * along_y)
    covered: NDArray[np.uint8] = np.rint(np.clip(np.float32(radius + 0.5) - distance, 0, 1) * 255).astype(
        np.uint8
    )
    return covered


def _parts(values: NDArray[np.uint8], share: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """Return values times a share of 255, rounded; the product of two bytes fits in 16 bits."""
    product: NDArray[Any] = (values * share + 127) // 255
    return product.astype(np.uint8)
