"""A trial of the window in a process of its own: a display driver that crashes or hangs takes nothing else along."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from tempfile import TemporaryDirectory

from kiosk.core.scene import Scene
from kiosk.errors import KioskError
from kiosk.ui.window import DisplayUnavailableError, Window, display_driver

MODULE = "kiosk.ui.display.window_trial"  # in the child, __name__ is another
# Starting Python and SDL takes a slow board some seconds; a driver that waits for its server waits for ever.
LIMIT_S = 60.0
DYING_S = 2.0
DRIVER_ONLY, IN_COMPOSITOR = "--driver-only", "--in-compositor"
INCH = 7.0  # of any panel: nothing is drawn whose size matters
# wlroots, which cage is made of, then draws where it is not seen, and leaves screen, touch and seat alone.
UNSEEN = {"WLR_BACKENDS": "headless", "WLR_RENDERER": "pixman", "WLR_LIBINPUT_NO_DEVICES": "1"}


class DriverBrokenError(KioskError, RuntimeError):
    """A display driver, or its compositor, crashed or never answered."""


class TrialResult(StrEnum):
    """How a trial ended; its one line on standard output is this word and what there is to say."""

    OPENS = "opens"
    UNAVAILABLE = "unavailable"
    BROKEN = "broken"


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
    ended = _run(_trial(*([DRIVER_ONLY] if driver_only else [])), settings, limit_s)
    if ended.returncode != 0:
        raise DriverBrokenError(f"no window opens: the display driver {_end(ended)}")
    return _answer(ended.stdout)


def try_window_in_cage(environment: Mapping[str, str] = os.environ, limit_s: float = LIMIT_S) -> str:
    """Return the name of the display driver that opens the exhibit's window in a cage of its own, unseen.

    The screen is not touched, so that it may be in use. Raises as try_window does, and DriverBrokenError where cage
    ends before it opens anything. Not for root: cage refuses.
    """
    with TemporaryDirectory(prefix="kiosk-") as folder:
        settings = {**environment, **UNSEEN, "XDG_RUNTIME_DIR": folder, "SDL_VIDEODRIVER": "wayland"}
        ended = _run(["cage", "-d", "--", *_trial(IN_COMPOSITOR)], settings, 2 * limit_s)
    if not ended.stdout:  # cage may end well though its client did not
        raise DriverBrokenError(f"no window opens: cage {_end(ended)}")
    return _answer(ended.stdout)


def _trial(*arguments: str) -> list[str]:
    return [sys.executable, "-m", MODULE, *arguments]


def _run(
    command: Sequence[str], settings: Mapping[str, str], limit_s: float
) -> subprocess.CompletedProcess[str]:
    """Return how a command ended; raises DriverBrokenError where it does not."""
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and our own arguments
        command,
        env=settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        printed, complaints = child.communicate(timeout=limit_s)
    except subprocess.TimeoutExpired:
        child.kill()
        with suppress(subprocess.TimeoutExpired):  # the kernel may not let go of one that is inside a driver
            child.communicate(timeout=DYING_S)
        raise DriverBrokenError(
            f"the display driver does not answer: no window within {limit_s:g} s"
        ) from None
    return subprocess.CompletedProcess(command, child.returncode, printed, complaints)


def _end(ended: subprocess.CompletedProcess[str]) -> str:
    """Return how a process ended, in words, with what it complained of: a crash is told first, an error last."""
    lines = ended.stderr.strip().splitlines() or [""]
    if ended.returncode < 0:
        how, line = f"crashed ({signal.Signals(-ended.returncode).name})", lines[0]
    else:
        how, line = f"ended with status {ended.returncode}", lines[-1]
    return f"{how}{line and f': {line}'}"


def _answer(printed: str) -> str:
    """Return the driver that a trial's last line tells of; raises what it tells of instead."""
    word, _, told = printed.strip().rpartition("\n")[2].partition(" ")
    match TrialResult(word):
        case TrialResult.OPENS:
            return told
        case TrialResult.UNAVAILABLE:
            raise DisplayUnavailableError(told)
        case TrialResult.BROKEN:
            raise DriverBrokenError(told)


def main(arguments: Sequence[str]) -> int:
    """Return 0 when it was told on standard output how the trial ended."""
    try:
        if DRIVER_ONLY in arguments:
            driver = display_driver()
        elif IN_COMPOSITOR in arguments:
            driver = try_window()  # a driver that crashes must not take this answer along
        else:
            driver = _show_one_frame()
        told = f"{TrialResult.OPENS} {driver}"
    except DisplayUnavailableError as error:
        told = f"{TrialResult.UNAVAILABLE} {error}"
    except DriverBrokenError as error:
        told = f"{TrialResult.BROKEN} {error}"
    sys.stdout.write(f"{told}\n")
    return 0


def _show_one_frame() -> str:
    with Window(INCH) as window:
        window.show(Scene("trial", window.panel.width_px, window.panel.height_px, (), None), {})
        window.events()
        return window.driver


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
