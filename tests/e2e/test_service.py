"""The exhibit as a service: what systemd hears of it, on a socket that stands in for systemd's."""

import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from kiosk.device.running import MARK_FILE, is_running
from kiosk.device.state_folder import StateFolder
from tests.e2e.exhibit_driver import Display, Exhibit, until
from tests.e2e.own_state import copy_of
from tests.e2e.test_exhibit import not_black

INTERVAL_S, HANG_AFTER_S = 2.0, 3.0


class Systemd:
    """Owns a notify socket, and notes when it hears what."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.heard: list[tuple[float, str]] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while message := self._socket.recv(4096):
            at_s = time.monotonic()
            self.heard += [(at_s, line) for line in message.decode().split("\n")]

    def lines(self, beginning: str) -> list[str]:
        """What was heard so far that begins so."""
        return [line for _, line in self.heard if line.startswith(beginning)]

    def last_s(self, wanted: str) -> float:
        """When that was heard last."""
        return max(at_s for at_s, line in self.heard if line == wanted)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as goodbye:
            goodbye.sendto(b"", str(self.path))
        self._thread.join()
        self._socket.close()


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[Systemd]:
    """Somebody who listens."""
    with Systemd(tmp_path / "notify") as systemd:
        yield systemd


@pytest.fixture
def own_state(state: StateFolder, tmp_path: Path) -> StateFolder:
    """A state folder for the exhibit to leave its mark in."""
    return copy_of(state, tmp_path / "state")


def opened(display: Display, state: StateFolder, systemd: Systemd, settings: str = "") -> Exhibit:
    """An exhibit that systemd has started with a watchdog."""
    folder = systemd.path.parent
    environment = {
        "NOTIFY_SOCKET": str(systemd.path),
        "WATCHDOG_USEC": str(int(INTERVAL_S * 1e6)),
        "KIOSK_SETTINGS": str(folder / "kiosk.toml"),  # what the gradient process reads
    }
    return Exhibit(display, state.path, folder, state.stock, settings, environment)


def test_it_is_ready_once_a_frame_is_on_the_screen_and_says_when_it_ends(
    display: Display, own_state: StateFolder, systemd: Systemd
) -> None:
    blank = display.pixels()
    assert blank.max() == 0
    with opened(display, own_state, systemd) as exhibit:
        exhibit.wait(lambda: systemd.lines("READY=1"), "READY=1")
        not_black(exhibit.pixels())
        assert is_running(own_state.path)
        exhibit.wait(lambda: any("model ready" in line for line in systemd.lines("STATUS=")), "its status")
        assert systemd.lines("STOPPING=1") == []
        assert exhibit.terminate()[0] == 0
        until(lambda: systemd.lines("STOPPING=1"), "STOPPING=1")
        assert len(systemd.lines("READY=1")) == 1
        assert not is_running(own_state.path)


def test_a_frame_loop_that_hangs_is_not_heard_of_within_one_interval(
    display: Display, own_state: StateFolder, systemd: Systemd
) -> None:
    with opened(display, own_state, systemd, f"debug.hang_after_s = {HANG_AFTER_S}") as exhibit:
        exhibit.wait(lambda: systemd.lines("READY=1"), "READY=1")
        hung_s = systemd.last_s("READY=1") + HANG_AFTER_S  # at the latest
        exhibit.wait(
            lambda: time.monotonic() > systemd.last_s("WATCHDOG=1") + 2 * INTERVAL_S, "the pings stop"
        )
        assert len(systemd.lines("WATCHDOG=1")) >= 2
        assert systemd.last_s("WATCHDOG=1") <= hung_s + INTERVAL_S
        assert exhibit.abort() == -signal.SIGABRT
    trace = (own_state.path / MARK_FILE).read_text("utf-8")
    assert trace.startswith("Fatal Python error: Aborted")
    assert "kiosk/commands/exhibit.py" in trace, "where it hung is kept for the next start"


def test_a_bad_settings_file_is_left_out_and_told_and_nothing_else(
    display: Display, own_state: StateFolder, systemd: Systemd
) -> None:
    with opened(display, own_state, systemd, "idle.quite_s = 3") as exhibit:
        exhibit.wait(
            lambda: any("gradient process ready" in line for line in systemd.lines("STATUS=")),
            "the gradient process, which reads the same file",
        )
        not_black(exhibit.pixels())
        assert "unknown key idle.quite_s; did you mean quiet_s?" in systemd.lines("STATUS=")[-1]
        assert "unknown key idle.quite_s" in exhibit.errors
        assert exhibit.terminate()[0] == 0
