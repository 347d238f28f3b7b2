"""Keeps the exhibit closed and its screen dark after hours; a touch or a button shows the screen that says so.

systemd runs it, as root, with the device's own Python. The exhibit wishes for the dark again when nobody is left at it,
and takes the mark away when staff open it: then this ends, and so it does at the opening, with kiosk-closed.service.
"""

from __future__ import annotations

import os
import select
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

RUN = Path("/run/kiosk")
MARK, WISH = "closed", "go-dark"  # kiosk/device/closed_signs.py knows them too
INPUTS = Path("/dev/input")
CONSOLE = Path("/dev/tty1")
LOOK_EVERY_S = 2.0
# One that does not come up is "out of order", in the middle of the night: dark again.
LONGEST_START_S = 300.0
EVENT = struct.Struct("llHHi")  # struct input_event: time, type, code, value
KEY, DOWN = 1, 1  # a touch that begins is a key as well: BTN_TOUCH


def next_opening() -> str:
    """Return when kiosk-open.timer opens it next, as 2026-11-28 09:45:00; nothing where it does not."""
    asked = ["systemctl", "show", "--property=NextElapseUSecRealtime", "--value", "kiosk-open.timer"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split()  # noqa: S603 - its own words
    return " ".join(told[1:3])  # after the weekday, before the zone


class Hands:
    """Owns what is open of the input devices: those that are there, also when they come later."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, int] = {}

    def pressed(self, wait_s: float) -> bool:
        """Return whether anything was pressed or touched within a while."""
        for device in self._folder.glob("event*"):
            if device.name not in self._open:
                try:
                    self._open[device.name] = os.open(device, os.O_RDONLY | os.O_NONBLOCK)
                except OSError:  # gone again
                    continue
        ready, _, _ = select.select([*self._open.values()], [], [], wait_s)
        return any([value == DOWN for found in ready for value in self._keys(found)])  # noqa: C419 - all are read

    def _keys(self, found: int) -> Iterator[int]:
        """Yield the values of the keys that a device tells of; one that was unplugged is let go of."""
        try:
            read = os.read(found, EVENT.size * 256)
        except BlockingIOError:
            return
        except OSError:
            read = b""
        if not read:
            os.close(found)
            self._open = {name: other for name, other in self._open.items() if other != found}
        for _, _, kind, _, value in EVENT.iter_unpack(read[: len(read) // EVENT.size * EVENT.size]):
            if kind == KEY:
                yield value


def systemctl(*arguments: str) -> int:
    """Return the exit status of systemctl."""
    return subprocess.run(["systemctl", *arguments], check=False).returncode  # noqa: S603, S607 - its own words


def go_dark() -> None:
    """End the exhibit, and what stands in its place, and switch the screen off, its light too."""
    systemctl("stop", "kiosk.service", "kiosk-out-of-order.service")
    switch_off = ["setterm", "--term", "linux", "--powersave", "powerdown", "--blank", "force"]
    try:
        with CONSOLE.open() as console:
            subprocess.run(switch_off, stdin=console, check=False)  # noqa: S603 - its own words
    except OSError as error:
        sys.stderr.write(f"the screen stays lit: {error}\n")


def show() -> None:
    """Start the exhibit, which says that it is closed; however often it was woken already."""
    systemctl("reset-failed", "kiosk.service")
    systemctl("--no-block", "start", "kiosk.service")


def set_mark(mark: Path) -> None:
    """Write when it opens; anew, since the folder is the exhibit's, which might have put a link there."""
    mark.unlink(missing_ok=True)
    with os.fdopen(os.open(mark, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "w") as file:
        file.write(f"{next_opening()}\n")


def main() -> int:
    """Return 0 once the exhibit is open again."""
    mark, wish = RUN / MARK, RUN / WISH
    set_mark(mark)
    go_dark()
    hands, shown_s = Hands(INPUTS), None
    hands.pressed(0.0)  # what was pressed before
    while mark.exists():
        pressed = hands.pressed(LOOK_EVERY_S)
        failed = shown_s is not None and time.monotonic() - shown_s > LONGEST_START_S
        if wish.exists() or (failed and systemctl("is-active", "--quiet", "kiosk.service")):
            wish.unlink(missing_ok=True)
            if mark.exists():
                go_dark()
                hands.pressed(0.0)
            shown_s = None
        elif pressed and shown_s is None and mark.exists():
            shown_s = time.monotonic()
            show()
    wish.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
