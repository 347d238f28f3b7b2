"""How alike two pictures look: the structural similarity of Wang et al. 2004."""

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.vision.picture import Rgb

WINDOW_SIGMA, WINDOW_PX = 1.5, 11
SMALL_MEAN, SMALL_SPREAD = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def likeness(picture: Rgb, other: Rgb) -> float:
    """Return the mean structural similarity (SSIM) of two pictures over places and channels: 1 for the same one."""
    a, b = picture.astype(np.float64), other.astype(np.float64)
    mean_a, mean_b = _around(a), _around(b)
    spread_a, spread_b = _around(a * a) - mean_a**2, _around(b * b) - mean_b**2
    together = _around(a * b) - mean_a * mean_b
    similar = (2 * mean_a * mean_b + SMALL_MEAN) * (2 * together + SMALL_SPREAD)
    similar /= (mean_a**2 + mean_b**2 + SMALL_MEAN) * (spread_a + spread_b + SMALL_SPREAD)
    edge = WINDOW_PX // 2
    return float(similar[edge:-edge, edge:-edge].mean())


def _around(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(cv2.GaussianBlur(values, (WINDOW_PX, WINDOW_PX), WINDOW_SIGMA))
