"""A USB camera through OpenCV and V4L2; a video file plays the camera in tests."""

import os
import re
import time
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.camera.checked import checked
from kiosk.camera.orientation import UPRIGHT, Orientation, upright
from kiosk.camera.pump import FIRST_FRAME_WAIT_S, PumpedCamera
from kiosk.errors import CameraUnavailableError

# One frame may be under exposure and one on the bus while a third is asked for.
_IN_FLIGHT = 2
# After so long OpenCV gives up a frame, left alone after 10 s: it would hold a silent camera when that is closed and
# opened again, and the next to open it would find it busy. In whole seconds; read at OpenCV's first wait.
_SILENCE_S = 1
_SILENCE_VARIABLE = "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT"
# Video4Linux names a camera's first capture node so, and keeps the name when the camera is plugged in again;
# the board's own codec and ISP nodes, which only look like cameras, are not among them.
_BY_ID = Path("/dev/v4l/by-id")


class Webcam(PumpedCamera):
    """The camera at `device`: "/dev/video0", "0", or the first one plugged in when it is empty."""

    def __init__(
        self,
        device: str = "",
        size: tuple[int, int] = (800, 600),
        open_wait_s: float = FIRST_FRAME_WAIT_S,
        orientation: Orientation = UPRIGHT,
    ) -> None:
        path = find_webcam(device)
        super().__init__(f"webcam {path}", _Device(path, size, orientation), _IN_FLIGHT, open_wait_s)


def find_webcam(device: str = "", by_id: Path = _BY_ID) -> Path:
    """Return the path of the camera meant by `device`.

    Raises:
        CameraUnavailableError: nothing is there.
    """
    if device:
        path = Path(f"/dev/video{device}" if re.fullmatch(r"\d+", device) else device)
    else:
        path = next(iter(sorted(by_id.glob("*-video-index0"))), Path("/dev/video0"))
    if not path.exists():
        raise CameraUnavailableError(
            f"webcam: there is no {path}; plug a USB camera in or name one, webcam:DEVICE"
        )
    return path


class _Device:
    """cv2.VideoCapture on one thread."""

    def __init__(self, path: Path, size: tuple[int, int], orientation: Orientation) -> None:
        self._path = path
        self._size = size
        self._orientation = orientation
        self._capture = cv2.VideoCapture()

    def open(self) -> None:
        """Open the device at our size, if it has it."""
        is_file = self._path.is_file()
        os.environ[_SILENCE_VARIABLE] = str(_SILENCE_S)
        if not self._capture.open(str(self._path.resolve()), cv2.CAP_ANY if is_file else cv2.CAP_V4L2):
            raise CameraUnavailableError(
                f"webcam: {self._path} does not open as a camera; close other programs that use it,"
                " and put this user in the group video"
            )
        if not is_file:
            # Each is a wish that the driver may turn down. Motion JPEG first: uncompressed, most USB cameras
            # give this size at fewer than 30 frames a second.
            self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
            self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, self._size[0])
            self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, self._size[1])
            self._capture.set(cv2.CAP_PROP_FPS, 30)
            self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)

    def grab(self) -> NDArray[np.uint8] | None:
        """Return the next frame, None of a silent camera; OpenCV gives blue first, we give red first."""
        asked_s = time.monotonic()
        try:
            found, bgr = self._capture.read()
        except cv2.error as error:
            reason = getattr(error, "err", error)  # the line alone, without OpenCV's place in its source
            raise CameraUnavailableError(
                f"webcam: {self._path} gives frames that cannot be read ({reason}); plug the camera in again"
            ) from error
        if found:
            rgb = cv2.cvtColor(checked(bgr, f"webcam: {self._path}"), cv2.COLOR_BGR2RGB)
            return upright(np.asarray(rgb, np.uint8), self._orientation)
        if time.monotonic() - asked_s >= _SILENCE_S and self._path.exists():
            return None
        raise CameraUnavailableError(f"webcam: {self._path} gives no more frames; plug the camera in again")

    def release(self) -> None:
        """Free the device."""
        self._capture.release()
