"""The noise between two pictures: its size, its view, and the rule that turns an iterate into a picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.vision.picture import Rgb

NOISE_GAIN = 10
NOISE_GREY = 127


@dataclass(frozen=True)
class NoiseSize:
    """How large the noise is. Units: steps of 255; `psnr_db` is None where there is no noise."""

    linf_255: int
    l2_255: float
    mean_255: float
    psnr_db: float | None


def iterate_picture(iterate: NDArray[np.float32]) -> Rgb:
    """Return the picture of an iterate: clipped to 0..255 and rounded, half away from zero."""
    picture: Rgb = np.floor(np.clip(iterate, 0, 255, dtype=np.float64) + 0.5).astype(np.uint8)
    return picture


def truncated_picture(iterate: NDArray[np.float32], original: Rgb) -> Rgb:
    """Return the picture of an iterate whose noise is cut to whole steps towards zero, as the 2021 report's was."""
    picture: Rgb = np.clip(original + np.trunc(iterate - original), 0, 255).astype(np.uint8)
    return picture


def noise_size(original: Rgb, picture: Rgb) -> NoiseSize:
    """Return the size of the difference between two pictures of one shape."""
    noise = picture.astype(np.int16) - original
    size = np.abs(noise)
    mean_square = float(np.square(noise, dtype=np.float64).mean())
    return NoiseSize(
        linf_255=int(size.max()),
        l2_255=float(np.sqrt(mean_square * noise.size)),
        mean_255=float(size.mean()),
        psnr_db=float(10 * np.log10(255**2 / mean_square)) if mean_square else None,
    )


def noise_view(original: Rgb, picture: Rgb) -> Rgb:
    """Return the noise made visible: ten times on grey, clipped. Shapes: (side, side, 3) uint8."""
    noise = picture.astype(np.int16) - original
    view: Rgb = np.clip(NOISE_GREY + NOISE_GAIN * noise, 0, 255).astype(np.uint8)
    return view
