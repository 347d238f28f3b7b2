"""A camera whose driver blocks: a thread of its own pulls every frame, so that reading is bounded."""

import logging
import threading
import time
from types import TracebackType
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from kiosk.camera.base import FRAME_WAIT_S, Frame, NewestFrame
from kiosk.errors import CameraError, CameraUnavailableError

_log = logging.getLogger(__name__)

# Argus on a Jetson and some USB cameras take seconds to their first frame.
FIRST_FRAME_WAIT_S = 8.0
_CLOSE_WAIT_S = 1.5


class FrameSource(Protocol):
    """A device as the pump's thread sees it: all three are called on that thread, and may block."""

    def open(self) -> None:
        """Open the device, or raise CameraUnavailableError."""
        ...

    def grab(self) -> NDArray[np.uint8] | None:
        """Return the next frame (H, W, 3) in RGB, the caller's to keep; None to be asked again."""
        ...

    def release(self) -> None:
        """Free the device; called once, also when opening failed."""
        ...


class PumpedCamera:
    """A Camera over a FrameSource.

    `in_flight` is how many frames may already be exposed, but not delivered, at any moment. Such sources give
    no times, so the shutter lets that many frames pass.
    """

    def __init__(self, name: str, source: FrameSource, in_flight: int, open_wait_s: float) -> None:
        self._name = name
        self._source = source
        self._in_flight = in_flight
        self._read_id = 0
        self._slot = NewestFrame(name)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._pump, name=f"pump {name}", daemon=True)
        self._thread.start()
        try:
            first = self._slot.wait(1, open_wait_s)
        except CameraError:
            self.close()
            raise
        height, width = first.rgb.shape[:2]
        self._name = f"{name} {width}x{height}"

    @property
    def name(self) -> str:
        """Return the device and its frame size."""
        return self._name

    def read(self, timeout_s: float = FRAME_WAIT_S) -> Frame:
        """Return the newest frame that was not read before; see Camera.read."""
        return self._next(self._read_id + 1, timeout_s)

    def capture(self, timeout_s: float = FRAME_WAIT_S) -> Frame:
        """Return the first frame exposed after this call; see Camera.capture."""
        return self._next(self._slot.last_id + 1 + self._in_flight, timeout_s)

    def close(self) -> None:
        """Free the device; a driver that does not come back is left to its daemon thread."""
        self._stop.set()
        self._thread.join(_CLOSE_WAIT_S)
        if self._thread.is_alive():
            _log.warning("camera=%s left behind: its driver does not return", self._name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _next(self, first_id: int, timeout_s: float) -> Frame:
        if self._stop.is_set():
            raise CameraUnavailableError(f"{self._name}: this camera was closed; open it again")
        frame = self._slot.wait(first_id, timeout_s)
        self._read_id = frame.id
        return frame

    def _pump(self) -> None:
        error: CameraError = CameraUnavailableError(f"{self._name}: a fault in this program; see the log")
        try:
            self._source.open()
            while not self._stop.is_set():
                rgb = self._source.grab()
                if rgb is not None:
                    self._slot.put(rgb, time.monotonic())
        except CameraError as failure:
            error = failure
        finally:  # also for a fault of ours, which then reaches the log through threading.excepthook
            self._slot.fail(error)
            self._source.release()
