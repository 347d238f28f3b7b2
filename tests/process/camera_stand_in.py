"""A camera process whose driver does what its spec says: the real program around a stand-in for a device.

`python -m tests.process.camera_stand_in --socket PATH`; specs are `pictures:MOOD` for a camera of one colour a frame.
A mood is read anew at each opening, from a file, so that a camera can be mended or broken while it is away.
"""

import ctypes
import os
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from kiosk.camera.base import FRAME_WAIT_S, Camera, Frame
from kiosk.camera.process.messages import Open
from kiosk.commands import camera
from kiosk.errors import CameraStalledError, CameraUnavailableError

PERIOD_S = 1 / 30
HOLDS_S = 25
SIZE = (600, 800, 3)


def hold_interpreter(seconds: int) -> None:
    """Sleep as libcamera's bindings wait for a driver: no other thread of this process runs meanwhile."""
    ctypes.PyDLL(None).sleep(seconds)


class MoodyCamera:
    """A camera of one colour a frame, which changes with every frame."""

    name = "a moody camera"

    def __init__(self, mood_file: Path) -> None:
        self._mood_file = mood_file
        if self.mood == "away":
            raise CameraUnavailableError("moody: there is no camera; plug it in")
        if self.mood == "odd error":
            raise ZeroDivisionError("a library's own")
        if self.mood == "holds open":
            hold_interpreter(HOLDS_S)
        self._frames = 0

    @property
    def mood(self) -> str:
        """What it does now."""
        return self._mood_file.read_text("utf-8")

    def read(self, timeout_s: float = FRAME_WAIT_S) -> Frame:
        mood = self.mood
        if mood == "unplugged":
            raise CameraUnavailableError("moody: it was unplugged; plug it in again")
        if mood in ("stalled", "holds close"):
            time.sleep(min(timeout_s, 0.2))
            raise CameraStalledError("moody: no frame; check its cable")
        if mood == "holds read":
            hold_interpreter(HOLDS_S)
        if mood == "aborts":
            os.abort()
        if mood != "fast":
            time.sleep(PERIOD_S)
        self._frames += 1
        return Frame(np.full(SIZE, self._frames % 251, np.uint8), self._frames, time.monotonic())

    def capture(self, timeout_s: float = FRAME_WAIT_S) -> Frame:
        return self.read(timeout_s)

    def close(self) -> None:
        if self.mood == "holds close":
            hold_interpreter(HOLDS_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _open(wanted: Open) -> Camera:
    return MoodyCamera(Path(wanted.spec.partition(":")[2]))


if __name__ == "__main__":
    camera.run(socket=Path(sys.argv[sys.argv.index("--socket") + 1]), opener=_open)
