"""A Grad-CAM map laid over its picture, in cividis: readable in every kind of colour vision."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.vision.picture import Rgb

OPACITY = 0.6


def colours(values: NDArray[np.float32]) -> Rgb:
    """Return cividis colours for values in 0..1. Shapes: (rows, columns) -> (rows, columns, 3) uint8 RGB."""
    levels = np.round(np.clip(values, 0, 1) * 255).astype(np.uint8)
    bgr: NDArray[Any] = cv2.applyColorMap(levels, cv2.COLORMAP_CIVIDIS)
    return np.ascontiguousarray(bgr[..., ::-1])


def overlay(picture: Rgb, evidence: NDArray[np.float32]) -> Rgb:
    """Return the picture, greyed, under the map's colours. Shapes: (side, side, 3) uint8 and (side, side) float32."""
    grey = picture.mean(axis=2, keepdims=True)
    mixed = (1 - OPACITY) * grey + OPACITY * colours(evidence)
    overlaid: Rgb = np.round(mixed).astype(np.uint8)
    return overlaid
