"""The markers beside a picture: drawn, and found again in a frame (OpenCV's ArUco, markers of 4 x 4)."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.paper.layout import CHART_ID, MARKERS, Block, Square, markers_around
from kiosk.vision.arrays import Floats
from kiosk.vision.picture import Rgb

ALL_MARKERS = cv2.aruco.DICT_4X4_100  # its first 50 are those of sheets
SQUARES = 6  # along a marker's side, its black border with them
DRAWN_PX = 40 * SQUARES
THRESHOLD_WINDOW_PX = 13  # one is enough, and takes a third of the time of the usual three
FEWEST = 2
FINER = 2  # times the picture's grid when it is straightened, to be averaged then


@dataclass(frozen=True, eq=False)
class Found:
    """Something found in a frame by its markers. Shapes: corners (4, 2), clockwise from its upper left, in pixels.

    (0, 0) is the middle of the frame's first pixel. With fewer than four markers the corners may be some pixels off.
    """

    corners: Floats
    markers: int

    @property
    def counts(self) -> bool:
        """Return whether all markers were found: else the picture is shown, but not counted."""
        return self.markers == 4

    @property
    def side_px(self) -> float:
        """Return how long the picture's sides are, on average."""
        return float(np.linalg.norm(self.corners - np.roll(self.corners, 1, axis=0), axis=1).mean())

    @property
    def tilt(self) -> float:
        """Return how much its longest side is longer than its shortest: 0 for one that is held straight."""
        sides = np.linalg.norm(self.corners - np.roll(self.corners, 1, axis=0), axis=1)
        return float(sides.max() / sides.min() - 1)


@dataclass(frozen=True, eq=False)
class FoundSheet(Found):
    """A sheet's picture, and which it is."""

    block: Block


class SheetFinder:
    """Finds the pictures of sheets in frames, also of several at once."""

    def __init__(self) -> None:
        self._detector = _detector(cv2.aruco.DICT_4X4_50)

    def __call__(self, frame: Rgb) -> tuple[FoundSheet, ...]:
        """Return what was found in a frame, (height, width, 3) uint8."""
        seen: defaultdict[Block, dict[int, Floats]] = defaultdict(dict)
        twice: set[Block] = set()
        for marker, outline in _detected(self._detector, frame):
            if marker >= MARKERS:
                continue
            block, corner = Block.of(marker), marker % 4
            if corner in seen[block]:
                twice.add(block)
            seen[block][corner] = outline
        placed = {
            block: _placed(corners)
            for block, corners in seen.items()
            if len(corners) >= FEWEST and block not in twice
        }
        return tuple(
            FoundSheet(corners, len(seen[block]), block)
            for block, corners in placed.items()
            if corners is not None
        )


class ChartFinder:
    """Finds the colour chart in frames."""

    def __init__(self) -> None:
        self._detector = _detector(ALL_MARKERS)

    def __call__(self, frame: Rgb) -> Found | None:
        """Return the chart in a frame, (height, width, 3) uint8, where all its markers are seen once."""
        seen = [(marker - CHART_ID, outline) for marker, outline in _detected(self._detector, frame)]
        corners = {corner: outline for corner, outline in seen if 0 <= corner < 4}
        if len(corners) < 4 or sum(0 <= corner < 4 for corner, _ in seen) > 4:
            return None
        placed = _placed(corners)
        return None if placed is None else Found(placed, 4)


def _detector(dictionary: int) -> cv2.aruco.ArucoDetector:
    parameters = cv2.aruco.DetectorParameters()
    parameters.adaptiveThreshWinSizeMin = THRESHOLD_WINDOW_PX
    parameters.adaptiveThreshWinSizeMax = THRESHOLD_WINDOW_PX
    return cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(dictionary), parameters)


def _detected(detector: cv2.aruco.ArucoDetector, frame: Rgb) -> list[tuple[int, Floats]]:
    """Return the markers in a frame: their numbers and their outlines, (4, 2)."""
    outlines, ids, _ = detector.detectMarkers(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY))
    shaped = (np.asarray(outline, np.float32).reshape(4, 2) for outline in outlines)
    return list(zip(_numbers(ids), shaped, strict=True))


def _numbers(ids: Any) -> list[int]:
    """Return the markers' numbers; OpenCV has None where there are none."""
    return [] if ids is None else [int(number) for number in np.asarray(ids).ravel()]


def marker_drawing(marker: int) -> NDArray[np.uint8]:
    """Return a marker, black on white: (DRAWN_PX, DRAWN_PX)."""
    dictionary = cv2.aruco.getPredefinedDictionary(ALL_MARKERS)
    return np.asarray(cv2.aruco.generateImageMarker(dictionary, marker, DRAWN_PX), np.uint8)


def straightened(frame: Rgb, found: Found, side: int) -> Rgb:
    """Return a found picture as if it had been held straight: (side, side, 3) uint8."""
    fine = side * FINER
    grid = np.array(((0, 0), (fine, 0), (fine, fine), (0, fine)), np.float32) - np.float32(0.5)
    seen = cv2.warpPerspective(
        frame,
        cv2.getPerspectiveTransform(found.corners, grid),
        (fine, fine),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(cv2.resize(seen, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def _placed(corners: dict[int, Floats]) -> Floats | None:
    """Return where the picture that markers lie around is, by the mapping that fits all their corners best."""
    places = markers_around(Square(0, 0, 1))
    known = np.concatenate([_outline(places[corner]) for corner in corners])
    mapping, _ = cv2.findHomography(known, np.concatenate([*corners.values()]))
    unit = _outline(Square(0, 0, 1)).reshape(1, 4, 2)
    placed = np.asarray(cv2.perspectiveTransform(unit, np.asarray(mapping)), np.float32).reshape(4, 2)
    return placed if cv2.isContourConvex(placed) else None


def _outline(square: Square) -> Floats:
    right, low = square.x + square.side, square.y + square.side
    return np.array(((square.x, square.y), (right, square.y), (right, low), (square.x, low)), np.float32)
