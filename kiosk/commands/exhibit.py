"""`kiosk` without a sub-command: the exhibit."""

import logging
import time
from collections.abc import Sequence
from pathlib import Path

from kiosk.camera.choose import check_spec
from kiosk.core.message import Event
from kiosk.device.freed_memory import keep_together
from kiosk.device.running import Running
from kiosk.device.state_folder import StateFolder
from kiosk.errors import BadArgumentError
from kiosk.exhibit.app import run_exhibit
from kiosk.program.state import State
from kiosk.settings.files import settings_at_start
from kiosk.settings.sections import DebugSettings

log = logging.getLogger(__name__)

# EX_TEMPFAIL of sysexits.h: what started the exhibit should start it again.
RESTART_STATUS = 75


def run(
    settings_file: Path | None,
    *,
    window: str | None,
    camera: str | None,
    model: str | None,
    event_log: Path | None,
) -> int:
    """Return 0 when the exhibit was closed, by its window or by a signal, 75 when staff want it started again.

    A bad settings file is left out, with a notice for staff: a person at a desk has `kiosk check` to complain.
    """
    keep_together()
    read = settings_at_start(settings_file)
    for complaint in read.complaints:
        log.warning("event=settings_left_out reason=%s", complaint)
    settings = read.settings
    check_spec(camera or settings.camera.source)
    size_px = window_size(window)
    if model is not None:  # a name that somebody typed; without one, a missing model has its own screen
        StateFolder(settings.state_folder()).model(model)
    with Running(settings.state_folder()):
        restarting = run_exhibit(
            settings,
            size_px=size_px,
            camera=camera,
            model=model,
            event_log=event_log,
            notices=read.complaints,
            visitor=_Hanging(settings.debug),
        )
    return RESTART_STATUS if restarting else 0


class _Hanging:
    """No visitor, until the debug setting's time is over: then the frame loop never comes back from here."""

    def __init__(self, debug: DebugSettings) -> None:
        self._since_s, self._after_s = time.monotonic(), debug.hang_after_s

    def __call__(self, _state: State, _began_s: float, ended_s: float) -> Sequence[Event]:
        while self._after_s is not None and ended_s - self._since_s >= self._after_s:
            time.sleep(1)
        return ()


def window_size(given: str | None) -> tuple[int, int] | None:
    """Return width and height of a size such as 1280x800, None for full screen; raises BadArgumentError."""
    if given is None:
        return None
    width, _, height = given.lower().partition("x")
    if not (
        width.isdigit() and height.isdigit() and 320 <= int(width) <= 7680 and 240 <= int(height) <= 7680
    ):
        raise BadArgumentError(f"--window {given}: give width x height in pixels, such as 1280x800")
    return int(width), int(height)
