"""The event log, off by default: one JSON line an event but for ticks; never a picture, never a PIN."""

import json
import logging
import os
import queue
import stat
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kiosk.core.message import Event, HandEvent, Tick
from kiosk.errors import KioskError
from kiosk.program.program import State

log = logging.getLogger(__name__)

MOST_WAITING = 10_000
CLOSE_S = 1.0


class EventLog:
    """Owns the file, if there is to be one, and the thread that writes it: no disk and no reader is waited for.

    Lines that cannot be written are left out, and the next one that can says how many. What hands do where a PIN is
    typed is left out as well: the places they touch, or the moves of the light, are its digits.
    """

    def __init__(self, path: Path | None) -> None:
        """Begin the file; raises KioskError where it cannot be opened."""
        self._screen = ""
        self._left_out = 0
        self._lines = queue.Queue[str | None](MOST_WAITING)
        self._thread: threading.Thread | None = None
        if path is not None:
            try:
                descriptor = _opened(path)
            except OSError as error:
                raise KioskError(f"{path}: the event log cannot be written ({error.strerror})") from None
            self._thread = threading.Thread(
                target=self._write_all, args=(descriptor,), name="event log", daemon=True
            )
            self._thread.start()

    def note(self, before: State, event: Event, effects: tuple[object, ...], state: State) -> None:
        """Write an event, what it led to, and the screen it led to."""
        screen = screen_name(state)
        if self._thread is None or (isinstance(event, Tick) and not effects and self._screen in ("", screen)):
            return
        if isinstance(event, HandEvent) and before.screen.secret:
            return
        self._screen = screen
        line: dict[str, Any] = {
            "at_s": round(state.context.now_s, 3),
            "event": type(event).__name__,
            **({} if isinstance(event, Tick) else {"fields": asdict(event)}),
            "effects": [type(effect).__name__ for effect in effects],
            "screen": screen,
            **({"left_out": self._left_out} if self._left_out else {}),
        }
        try:
            self._lines.put_nowait(json.dumps(line, default=str) + "\n")
            self._left_out = 0
        except queue.Full:
            self._left_out += 1

    def __enter__(self) -> "EventLog":
        return self

    def __exit__(self, *_: object) -> None:
        """Write what waits; a reader that does not read it by then goes without."""
        if self._thread is not None:
            try:
                self._lines.put(None, timeout=CLOSE_S)
            except queue.Full:
                return
            self._thread.join(CLOSE_S)

    def _write_all(self, descriptor: int) -> None:
        """Write lines until the end; told once when it fails, and tried again with each line."""
        told, torn = False, False
        while (line := self._lines.get()) is not None:
            try:
                _write(descriptor, ("\n" * torn + line).encode())
                torn = False
            except OSError as error:
                if not told:
                    log.warning("event=event_log_not_written reason=%s", error.strerror)
                told = torn = True
        os.close(descriptor)


def _opened(path: Path) -> int:
    """Return a descriptor to write to. A pipe is opened for both ways: then it needs no reader, now or later."""
    try:
        pipe = stat.S_ISFIFO(path.stat().st_mode)
    except FileNotFoundError:
        pipe = False
    how = os.O_RDWR if pipe else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    return os.open(path, how | os.O_CLOEXEC, 0o666)


def _write(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]


def screen_name(state: State) -> str:
    """Return the name of what is shown: the screen's class, or the question that stands over it."""
    if state.alone_since_s is not None:
        return "StillThere"
    return "Leaving" if state.leaving else type(state.screen).__name__
