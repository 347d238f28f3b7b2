"""Frames as drivers give them, which are not always pictures."""

import numpy as np
from numpy.typing import NDArray

from kiosk.errors import CameraUnavailableError


def checked(frame: object, camera: str) -> NDArray[np.uint8]:
    """Return the frame when it is (H, W, 3) uint8 with something in it.

    Raises:
        CameraUnavailableError: it is anything else; says what.
    """
    if isinstance(frame, np.ndarray):
        if frame.dtype == np.uint8 and frame.ndim == 3 and frame.shape[2] == 3 and frame.size:
            return frame
        what = f"{'x'.join(map(str, frame.shape))} {frame.dtype}"
    else:
        what = type(frame).__name__
    raise CameraUnavailableError(
        f"{camera}: gives frames of {what}, not height x width x 3 uint8; use another camera"
    )
