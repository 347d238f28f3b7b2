"""The keeper of a closed exhibit, with stand-ins for systemctl and setterm, and a pipe for a touch screen."""

import os
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.device.closed_signs import MARK, WISH
from tests.device.units import SYSTEMD

EVENT = struct.Struct("llHHi")
TOUCH, MOVE = (1, 0x14A, 1), (3, 0x35, 400)
PATIENCE_S = 20.0
RUN_IT = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import keep_closed as keeper
keeper.RUN, keeper.INPUTS, keeper.CONSOLE = (Path(sys.argv[2]) / name for name in ("run", "input", "console"))
keeper.LOOK_EVERY_S = 0.1
sys.exit(keeper.main())
"""
SYSTEMCTL = """#!/bin/sh
echo "$@" >>"$CALLS"
[ "$1" != show ] || echo "Sat 2026-11-28 09:45:00 CET"
"""


class Keeper:
    """A keeper that runs in a folder, what it asked for, and the touch screen."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.calls = folder, folder / "calls"
        for name in ("run", "input", "bin"):
            (folder / name).mkdir()
        (folder / "console").touch()
        (folder / "bin" / "systemctl").write_text(SYSTEMCTL, "ascii")
        (folder / "bin" / "setterm").write_text('#!/bin/sh\necho setterm "$@" >>"$CALLS"\n', "ascii")
        for program in (folder / "bin").iterdir():
            program.chmod(0o755)
        os.mkfifo(folder / "input" / "event0")
        self._screen = os.open(folder / "input" / "event0", os.O_RDWR)
        path = f"{folder / 'bin'}:{os.environ['PATH']}"
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUN_IT, SYSTEMD / "lib", folder],
            env=os.environ | {"PATH": path, "CALLS": str(self.calls)},
        )

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._screen)

    def asked(self, line: str) -> int:
        """How often it asked for that."""
        return self.asked_all.splitlines().count(line)

    @property
    def asked_all(self) -> str:
        """All that it asked for, a line each."""
        return self.calls.read_text("ascii") if self.calls.exists() else ""

    def hand(self, *event: int) -> None:
        os.write(self._screen, EVENT.pack(0, 0, *event))

    def until(self, true: Callable[[], bool], what: str) -> None:
        due_s = time.monotonic() + PATIENCE_S
        while not true():
            assert time.monotonic() < due_s, f"never {what}: {self.asked_all}"
            time.sleep(0.05)


START, STOP = "--no-block start kiosk.service", "stop kiosk.service kiosk-out-of-order.service"


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    keeper = Keeper(tmp_path)
    try:
        keeper.until(lambda: "setterm" in keeper.asked_all, "dark")
        yield keeper
    finally:
        keeper.close()


def test_it_goes_dark_and_tells_when_it_opens(keeper: Keeper) -> None:
    assert keeper.asked(STOP) == 1
    assert keeper.asked("setterm --term linux --powersave powerdown --blank force") == 1
    assert (keeper.folder / "run" / MARK).read_text("ascii") == "2026-11-28 09:45:00\n"


def test_a_touch_wakes_it_once_and_the_exhibits_wish_darkens_it_again(keeper: Keeper) -> None:
    keeper.hand(*MOVE)
    time.sleep(0.5)
    assert keeper.asked(START) == 0, "no finger came down"
    keeper.hand(*TOUCH)
    keeper.until(lambda: keeper.asked(START) == 1, "woken")
    assert keeper.asked("reset-failed kiosk.service") == 1, "however often a night"
    keeper.hand(*TOUCH)
    (keeper.folder / "run" / WISH).touch()
    keeper.until(lambda: keeper.asked(STOP) == 2, "dark again")
    assert not (keeper.folder / "run" / WISH).exists()
    assert keeper.asked(START) == 1

    def touched_awake() -> bool:
        keeper.hand(*TOUCH)  # again and again: what comes while it darkens is not heard
        return keeper.asked(START) == 2

    keeper.until(touched_awake, "woken again")


def test_it_ends_when_staff_open(keeper: Keeper) -> None:
    (keeper.folder / "run" / MARK).unlink()
    assert keeper.process.wait(PATIENCE_S) == 0
    assert keeper.asked(STOP) == 1
