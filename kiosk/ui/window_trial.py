"""A trial of the window in a process of its own: a display driver that crashes or hangs takes nothing else along."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress

from kiosk.core.scene import Scene
from kiosk.errors import KioskError
from kiosk.ui.window import DisplayUnavailableError, Window, display_driver

# Starting Python and SDL takes a slow board some seconds; a driver that waits for its server waits for ever.
LIMIT_S = 60.0
DYING_S = 2.0
DRIVER_ONLY = "--driver-only"
UNAVAILABLE_STATUS = 3
INCH = 7.0  # of any panel: nothing is drawn whose size matters


class DriverBrokenError(KioskError, RuntimeError):
    """A display driver crashed, or never answered."""


def try_window(
    driver: str | None = None,
    *,
    driver_only: bool = False,
    environment: Mapping[str, str] = os.environ,
    limit_s: float = LIMIT_S,
) -> str:
    """Return the name of the display driver that opens the exhibit's window, which shows one dark frame.

    `driver_only`: no window, and also where the display is in use. Raises DisplayUnavailableError as a window would,
    and DriverBrokenError where the process ended or was given up.
    """
    settings = dict(environment)
    if driver is not None:
        settings["SDL_VIDEODRIVER"] = driver
    if driver_only:
        settings["SDL_KMSDRM_REQUIRE_DRM_MASTER"] = "0"
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and our own arguments
        [sys.executable, "-m", __name__, *([DRIVER_ONLY] if driver_only else [])],
        env=settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        answer, complaints = child.communicate(timeout=limit_s)
    except subprocess.TimeoutExpired:
        child.kill()
        with suppress(subprocess.TimeoutExpired):  # the kernel may not let go of one that is inside a driver
            child.communicate(timeout=DYING_S)
        raise DriverBrokenError(
            f"the display driver does not answer: no window within {limit_s:g} s"
        ) from None
    if child.returncode == UNAVAILABLE_STATUS:
        raise DisplayUnavailableError(answer.strip())
    if child.returncode != 0:
        raise DriverBrokenError(f"no window opens: {_end(child.returncode, complaints)}")
    return answer.strip()


def _end(status: int, complaints: str) -> str:
    """Return how the process ended, in words, with what it complained of: a crash is told first, an error last."""
    lines = complaints.strip().splitlines() or [""]
    how, line = (
        (f"crashed ({signal.Signals(-status).name})", lines[0])
        if status < 0
        else (f"ended the program (status {status})", lines[-1])
    )
    return f"the display driver {how}{line and f': {line}'}"


def main(arguments: list[str]) -> int:
    """Return 0 once the driver did what is asked of it; what it is called, or why not, goes to standard output."""
    try:
        told, status = display_driver() if DRIVER_ONLY in arguments else _show_one_frame(), 0
    except DisplayUnavailableError as error:
        told, status = str(error), UNAVAILABLE_STATUS
    sys.stdout.write(f"{told}\n")
    return status


def _show_one_frame() -> str:
    with Window(INCH) as window:
        window.show(Scene("trial", window.panel.width_px, window.panel.height_px, (), ""), {})
        window.events()
        return window.driver


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
