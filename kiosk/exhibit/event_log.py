"""The event log, off by default: one JSON line an event but for ticks; never a picture, never a PIN."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from kiosk.core.message import Event, HandEvent, Tick
from kiosk.errors import KioskError
from kiosk.program.program import State


class EventLog:
    """Owns the file, if there is to be one.

    What hands do where a PIN is typed is left out: the places they touch, or the moves of the light, are its digits.
    """

    def __init__(self, path: Path | None) -> None:
        self._file: TextIO | None = None
        self._screen = ""
        if path is not None:
            try:
                self._file = path.open("w", encoding="utf-8", buffering=1)
            except OSError as error:
                raise KioskError(f"{path}: the event log cannot be written ({error.strerror})") from None

    def note(self, before: State, event: Event, effects: tuple[object, ...], state: State) -> None:
        """Write an event, what it led to, and the screen it led to."""
        screen = screen_name(state)
        if self._file is None or (isinstance(event, Tick) and not effects and self._screen in ("", screen)):
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
        }
        self._file.write(json.dumps(line, default=str) + "\n")

    def __enter__(self) -> "EventLog":
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()


def screen_name(state: State) -> str:
    """Return the name of what is shown: the screen's class, or the question over one that was left alone."""
    return type(state.screen).__name__ if state.alone_since_s is None else "StillThere"
