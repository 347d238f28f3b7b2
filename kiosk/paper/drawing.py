"""Sheets as they are shown on a screen, for somebody to photograph: a picture between its markers, a sticker."""

import cv2
import numpy as np

from kiosk.paper.layout import Block, Square, markers_around
from kiosk.paper.markers import marker_drawing
from kiosk.vision.picture import Rgb

SIDE_PX, PICTURE_PX, STICKER_PX = 672, 400, 600


def sheet_drawing(picture: Rgb, block: Block) -> Rgb:
    """Return a white square with a picture in its middle, its markers beside it: (SIDE_PX, SIDE_PX, 3) uint8."""
    drawn, place = _white(), _middle(PICTURE_PX)
    _put(drawn, picture, place)
    for number, marker in enumerate(markers_around(place)):
        _put(drawn, np.repeat(marker_drawing(block.first_id + number)[:, :, np.newaxis], 3, axis=2), marker)
    return drawn


def sticker_drawing(picture: Rgb) -> Rgb:
    """Return a white square with a picture's circle in its middle: (SIDE_PX, SIDE_PX, 3) uint8."""
    square, disc = _white(), np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    _put(square, picture, _middle(STICKER_PX))
    cv2.circle(disc, (SIDE_PX // 2, SIDE_PX // 2), STICKER_PX // 2, 255, cv2.FILLED, cv2.LINE_AA)
    cover = disc[:, :, np.newaxis] / np.float32(255)
    return np.asarray(255 + (square.astype(np.float32) - 255) * cover, np.uint8)


def _white() -> Rgb:
    return np.full((SIDE_PX, SIDE_PX, 3), 255, np.uint8)


def _middle(side: int) -> Square:
    start = (SIDE_PX - side) / 2
    return Square(start, start, side)


def _put(drawn: Rgb, picture: Rgb, place: Square) -> None:
    x, y, side = round(place.x), round(place.y), round(place.side)
    way = cv2.INTER_AREA if side < len(picture) else cv2.INTER_CUBIC
    drawn[y : y + side, x : x + side] = cv2.resize(picture, (side, side), interpolation=way)
