"""What every camera gives: frames, in RGB, in bounded time."""

import threading
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from kiosk.errors import CameraError, CameraStalledError

# One bound for every wait on a driver: long enough for a slow exposure, short enough to notice a loose cable.
FRAME_WAIT_S = 1.5


@dataclass(frozen=True, eq=False)
class Frame:
    """One frame from a camera.

    Shapes: rgb (H, W, 3) uint8, channel order red, green, blue, C-contiguous.
    Units: taken_s in seconds of time.monotonic(): when the exposure began where the camera tells, else when
    the frame reached us. Ids only grow; a gap is no error.
    """

    rgb: NDArray[np.uint8]
    id: int
    taken_s: float


class Camera(Protocol):
    """An open camera: constructing one opens it and has seen a first frame, or raises a CameraError.

    Not safe for several threads: the thread that opened it reads it and closes it. After an error the only thing left
    to do is to close it and to open another.
    """

    @property
    def name(self) -> str:
        """Return the camera in a few words, for logs and the staff screen."""
        ...

    def read(self, timeout_s: float = FRAME_WAIT_S) -> Frame:
        """Return the newest frame that was not read before; waits for one.

        Raises:
            CameraStalledError: no frame came within `timeout_s`.
            CameraUnavailableError: the camera is gone or closed.
        """
        ...

    def capture(self, timeout_s: float = FRAME_WAIT_S) -> Frame:
        """Return the first frame whose exposure began after this call: the shutter. Raises as `read` does."""
        ...

    def close(self) -> None:
        """Free the device for others. A second call does nothing."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class NewestFrame:
    """A place for one frame between the thread that makes frames and those that look at them."""

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._changed = threading.Condition()
        self._frame: Frame | None = None
        self._error: CameraError | None = None
        self._last_id = 0

    @property
    def last_id(self) -> int:
        """Return the id of the newest frame so far, 0 before the first."""
        with self._changed:
            return self._last_id

    def put(self, rgb: NDArray[np.uint8], taken_s: float) -> Frame:
        """Return the frame made of `rgb`, now the newest; numbered here: ids grow over a reopened camera too."""
        with self._changed:
            self._last_id += 1
            self._frame, self._error = Frame(rgb, self._last_id, taken_s), None
            self._changed.notify_all()
            return self._frame

    def fail(self, error: CameraError) -> None:
        """Give `error` to those who wait for a newer frame, until there is one."""
        with self._changed:
            self._error = error
            self._changed.notify_all()

    def clear(self) -> None:
        """Forget the frame and the error: neither must pass for what the camera does now."""
        with self._changed:
            self._frame, self._error = None, None

    def newest(self) -> Frame | None:
        """Return the newest frame, or None when there is none; never waits."""
        with self._changed:
            return self._frame

    def wait(self, first_id: int, timeout_s: float) -> Frame:
        """Return the newest frame as soon as its id is at least `first_id`.

        Raises:
            CameraStalledError: no such frame came within `timeout_s`.
            CameraError: what `fail` was told, when no frame can come any more.
        """

        def arrived() -> bool:
            return self._frame is not None and self._frame.id >= first_id

        with self._changed:
            self._changed.wait_for(lambda: arrived() or self._error is not None, timeout_s)
            if self._frame is not None and self._frame.id >= first_id:
                return self._frame
            if self._error is not None:
                raise type(self._error)(str(self._error))  # a fresh one: several threads may raise it
            raise CameraStalledError(f"{self._owner}: no frame for {timeout_s:g} s; check the camera's cable")
