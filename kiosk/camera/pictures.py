"""A folder of pictures, or one video file, played as a camera; and the faults of a real one, on demand."""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from kiosk.camera.base import FRAME_WAIT_S, Frame
from kiosk.camera.orientation import UPRIGHT, Orientation
from kiosk.camera.stills import StillsAhead, fit
from kiosk.errors import CameraStalledError, CameraUnavailableError

# When no frame was read for this long, the film has waited; catching up would only burn the processor.
_PAUSE_S = 1.0


@dataclass(frozen=True)
class Trouble:
    """What is wrong at one moment. Units: rate in frames a second, size (width, height) in pixels."""

    stalled: bool = False
    unplugged: bool = False
    rate: float | None = None
    size: tuple[int, int] | None = None


class Faults:
    """What is wrong with a PictureCamera: set from any thread, felt at once, kept when it is reopened."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._now = Trouble()

    def stall(self) -> None:
        """Deliver no more frames, and no error either."""
        self._change(lambda now: replace(now, stalled=True))

    def unplug(self) -> None:
        """Fail at every read, and at opening too."""
        self._change(lambda now: replace(now, unplugged=True))

    def slow(self, rate: float) -> None:
        """Deliver `rate` frames a second."""
        self._change(lambda now: replace(now, rate=rate))

    def wrong_size(self, size: tuple[int, int]) -> None:
        """Deliver frames of `size` (width, height), whatever was asked for."""
        self._change(lambda now: replace(now, size=size))

    def mend(self) -> None:
        """Make all well again."""
        self._change(lambda _: Trouble())

    @property
    def now(self) -> Trouble:
        """Return all that is wrong at the moment."""
        with self._changed:
            return self._now

    def wait(self, known: Trouble, timeout_s: float) -> None:
        """Wait until something other than `known` is wrong, for at most `timeout_s`."""
        with self._changed:
            self._changed.wait_for(lambda: self._now is not known, timeout_s)

    def _change(self, change: Callable[[Trouble], Trouble]) -> None:
        with self._changed:
            self._now = change(self._now)
            self._changed.notify_all()


class PictureCamera:
    """The pictures in `path` by name, each held `hold_s`, or a video at its own speed, for ever.

    Frames come at `rate` a second, all of `size` (width, height), or of each picture's own where it is None; turned
    and mirrored after that.
    """

    def __init__(
        self,
        path: Path,
        *,
        rate: float = 30.0,
        hold_s: float = 3.0,
        size: tuple[int, int] | None = (800, 600),
        faults: Faults | None = None,
        orientation: Orientation = UPRIGHT,
    ) -> None:
        self._faults = Faults() if faults is None else faults
        self._path = path
        self._rate = rate
        self._closed = False
        if self._faults.now.unplugged:
            raise CameraUnavailableError(f"pictures: {path} was unplugged on demand; mend it")
        self._stills = StillsAhead(path, hold_s, size, orientation)
        self._still = self._stills.first
        self._frames = 0
        self._last_s = time.monotonic()
        self._next_still_s = self._last_s + self._still.hold_s

    @property
    def name(self) -> str:
        """Return the folder or file."""
        return f"pictures {self._path}"

    def read(self, timeout_s: float = FRAME_WAIT_S) -> Frame:
        """Return the newest frame that was not read before; see Camera.read."""
        return self._frame_after(self._last_s, timeout_s)

    def capture(self, timeout_s: float = FRAME_WAIT_S) -> Frame:
        """Return the first frame due after this call; see Camera.capture."""
        return self._frame_after(time.monotonic(), timeout_s)

    def close(self) -> None:
        """End the decoding."""
        self._closed = True
        self._stills.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _frame_after(self, after_s: float, timeout_s: float) -> Frame:
        """Return the newest frame that is due after `after_s`, as soon as it is due."""
        deadline_s = time.monotonic() + timeout_s
        while True:
            trouble = self._faults.now
            if self._closed or trouble.unplugged:
                raise CameraUnavailableError(
                    f"{self.name}: this camera was closed or unplugged; open it again"
                )
            now_s = time.monotonic()
            due_s = (
                math.inf if trouble.stalled else self._due_s(after_s, now_s, 1 / (trouble.rate or self._rate))
            )
            if due_s <= now_s:
                return self._frame(due_s, trouble)
            if now_s >= deadline_s:
                raise CameraStalledError(f"{self.name}: no frame for {timeout_s:g} s")
            self._faults.wait(trouble, min(due_s, deadline_s) - now_s)

    def _due_s(self, after_s: float, now_s: float, period_s: float) -> float:
        """Return the newest moment past in whole periods since the last frame, after `after_s`; else the next."""
        periods = max(1, math.floor((now_s - self._last_s) / period_s))
        if self._last_s + periods * period_s < after_s:
            periods = math.ceil((after_s - self._last_s) / period_s)
        return self._last_s + periods * period_s

    def _frame(self, due_s: float, trouble: Trouble) -> Frame:
        """Return a frame of the still before the camera at `due_s`; a late still leaves its forerunner in place."""
        if due_s - self._next_still_s > _PAUSE_S:
            self._next_still_s = due_s
        while self._next_still_s <= due_s and (still := self._stills.next()) is not None:
            self._still = still
            self._next_still_s += still.hold_s
        self._last_s = due_s
        self._frames += 1
        rgb = self._still.rgb.copy() if trouble.size is None else fit(self._still.rgb, trouble.size)
        return Frame(rgb, self._frames, due_s)
