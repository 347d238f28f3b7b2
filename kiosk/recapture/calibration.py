"""The colour map of a printer and a camera, fitted to a chart by least squares."""

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.errors import KioskError
from kiosk.recapture.colours import GAMMAS, ColourMap

Doubles = NDArray[np.float64]

COARSE, FINE = 43, 41  # gammas that are tried: over the whole range, then around the best
DARK_255, BRIGHT_255 = 4, 251  # beyond, a camera tells no shades apart
FEWEST_SHADES = 20  # of a channel, within these
LEAST_CONTRAST_255 = 40
LEAST_COLOUR = 0.08  # the weakest mixture of inks, of the strongest
MOST_RESIDUAL_255 = 14.0


class ChartError(KioskError):
    """A chart that tells nothing of the printer's colours."""


def fitted(shown: Doubles, seen: Doubles) -> ColourMap:
    """Return the map that leads from a chart's colours to those that were seen; raises ChartError for a bad chart.

    Shapes: (patches, 3) in 0..255 both. A mixture bent by one gamma is what the simulator has, too.
    """
    told = (seen > DARK_255) & (seen < BRIGHT_255)
    if (told.sum(axis=0) < FEWEST_SHADES).any():
        raise ChartError("The chart is too bright or too dark. Hold it in even light, then measure again.")
    if (np.ptp(seen, axis=0) < LEAST_CONTRAST_255).any():
        raise ChartError("The chart is too pale. Print it in colour, hold it in more light, measure again.")
    coarse = np.geomspace(*GAMMAS, COARSE)
    best = min(coarse, key=lambda gamma: _fit(shown, seen, told, gamma)[1])
    near = coarse[1] / coarse[0]
    gamma = min(
        np.geomspace(max(GAMMAS[0], best / near), min(GAMMAS[1], best * near), FINE),
        key=lambda gamma: _fit(shown, seen, told, gamma)[1],
    )
    ink, residual = _fit(shown, seen, told, gamma)
    if residual > MOST_RESIDUAL_255:
        raise ChartError(
            f"The chart's colours are off by {residual:.0f} of 255."
            " Hold it flat in even light, then measure again."
        )
    strengths = np.linalg.svd(ink[:, :3], compute_uv=False)
    if strengths[-1] < LEAST_COLOUR * strengths[0]:
        raise ChartError("The chart has no colours. Print it in colour, then measure again.")
    red, green, blue = ((float(a), float(b), float(c), float(d)) for a, b, c, d in ink)
    return ColourMap((red, green, blue), float(gamma), float(residual))


def mapped(colours: Doubles, by: ColourMap) -> Doubles:
    """Return what a map makes of colours: (count, 3) in 0..255 both."""
    return _bent(_mixed(colours, np.array(by.ink)), by.gamma)


def _mixed(colours: Doubles, ink: Doubles) -> Doubles:
    return np.asarray(cv2.transform(colours[np.newaxis], ink)[0], np.float64)


def _bent(mixed: Doubles, gamma: float) -> Doubles:
    return np.asarray(255 * (mixed.clip(0, 255) / 255) ** gamma, np.float64)


def _fit(shown: Doubles, seen: Doubles, told: NDArray[np.bool_], gamma: float) -> tuple[Doubles, float]:
    """Return the best mixture (3, 4) before such a gamma, and how far it is off; only what a camera tells apart counts.

    Straightening stretches dark shades: each is weighed by the slope, so that all count as they were seen.
    """
    known = np.column_stack((shown, np.ones(len(shown))))
    straight = 255 * (seen.clip(1, 255) / 255) ** (1 / gamma)
    slope = gamma * (straight / 255) ** (gamma - 1)
    rows = [
        np.linalg.lstsq((known * slope[:, [channel]])[at], (straight * slope)[at, channel], rcond=None)[0]
        for channel, at in enumerate(told.T)
    ]
    ink = np.array(rows)
    off = (_bent(_mixed(shown, ink), gamma) - seen)[told]
    return ink, float(np.sqrt((off**2).mean()))
