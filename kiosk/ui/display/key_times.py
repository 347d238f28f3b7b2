"""When keys really went down and up: the kernel's own times of them, which SDL and compositors do not hand on.

SDL stamps an event when it is fetched, once a frame: while frames are slow, a short press and a long one look alike.
The devices are read beside SDL, for their times alone; without leave to read them nothing is known.
"""

import fcntl
import os
import struct
from collections import deque
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

# linux/input.h: struct input_event (two words of time, type, code, value), EV_KEY, EVIOCSCLOCKID.
EVENT = struct.Struct("llHHi")
EV_KEY = 1
SET_CLOCK = 0x400445A0
CLOCK_MONOTONIC = 1
MOST_EVENTS = 64
FIND_S = 2.0
KEPT_S = 3.0  # what the display never told of: a press on another console


class KeyTimes:
    """Owns the input devices that may be read; `at` matches their times with the keys that the display tells of."""

    def __init__(self, folder: Path = Path("/dev/input")) -> None:
        """Open the devices that are there; `read` looks for new ones."""
        self._folder = folder
        self._devices: dict[str, int] = {}
        self._seen_ns = 0
        self._find_until_s = 0.0
        self._read_s = 0.0
        self._times: dict[tuple[int, bool], deque[float]] = {}

    def read(self, now_s: float) -> None:
        """Take up what happened since the last call, however long ago that was."""
        before_s, self._read_s = self._read_s, now_s
        self._find(now_s)
        for name, device in list(self._devices.items()):
            try:
                self._take(os.read(device, MOST_EVENTS * EVENT.size))
            except BlockingIOError:
                continue
            except OSError:  # unplugged
                os.close(self._devices.pop(name))
        for times in self._times.values():
            while times and times[0] < before_s - KEPT_S:
                times.popleft()

    def at(self, code: int, *, down: bool) -> float | None:
        """Return when that key went down (or up), the first time that was not asked for yet; None: not known."""
        times = self._times.get((code, down))
        return times.popleft() if times else None

    def up_since(self, code: int, down_s: float) -> float | None:
        """Return when that key came up, if it has since it went down; the display may tell of it much later."""
        times = self._times.get((code, False))
        while times and times[0] < down_s:
            times.popleft()
        return self.at(code, down=False)

    def _find(self, now_s: float) -> None:
        """Open devices that came; udev gives leave to read one a moment after it is there."""
        with suppress(OSError):
            changed_ns = self._folder.stat().st_mtime_ns
            if changed_ns != self._seen_ns:
                self._seen_ns, self._find_until_s = changed_ns, now_s + FIND_S
            if now_s > self._find_until_s:
                return
            for path in self._folder.glob("event*"):
                if path.name not in self._devices:
                    self._open(path)

    def _open(self, path: Path) -> None:
        with suppress(OSError):
            device = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            with suppress(OSError):
                fcntl.ioctl(device, SET_CLOCK, struct.pack("i", CLOCK_MONOTONIC))
            self._devices[path.name] = device

    def _take(self, told: bytes) -> None:
        for number in range(len(told) // EVENT.size):
            seconds, micros, kind, code, value = EVENT.unpack_from(told, number * EVENT.size)
            if kind == EV_KEY and value in (0, 1):  # 2: held down, it repeats
                self._times.setdefault((code, value == 1), deque()).append(seconds + micros / 1e6)

    def close(self) -> None:
        """Close the devices."""
        while self._devices:
            os.close(self._devices.popitem()[1])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
