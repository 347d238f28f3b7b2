"""What systemd hears, on a socket such as it opens."""

import socket
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from kiosk.device.notify import ServiceNotifier, watchdog_s

INTERVAL_US = "3000000"


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    """A datagram socket, and nobody's messages on it yet."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.setblocking(False)
        yield listening


def heard(systemd: socket.socket) -> list[str]:
    lines: list[str] = []
    while True:
        try:
            lines += systemd.recv(4096).decode().split("\n")
        except BlockingIOError:
            return lines


def environment(systemd: socket.socket) -> dict[str, str]:
    return {"NOTIFY_SOCKET": systemd.getsockname(), "WATCHDOG_USEC": INTERVAL_US, "WATCHDOG_PID": "1"}


def test_nothing_is_said_before_a_frame_is_shown(systemd: socket.socket) -> None:
    with ServiceNotifier(environment(systemd)) as service:
        assert heard(systemd) == []
        service.alive(100.0, "waking up")
        assert heard(systemd) == ["READY=1", "STATUS=waking up", "WATCHDOG=1"]


def test_ready_is_said_once_and_a_status_when_it_changes(systemd: socket.socket) -> None:
    with ServiceNotifier(environment(systemd)) as service:
        for now_s, status in ((0.0, "a"), (0.1, "a"), (0.2, "b"), (0.3, "b")):
            service.alive(now_s, status)
        lines = heard(systemd)
        assert lines.count("READY=1") == 1
        assert [line for line in lines if line.startswith("STATUS=")] == ["STATUS=a", "STATUS=b"]


def test_pings_come_more_often_than_twice_an_interval_and_no_more_than_needed(
    systemd: socket.socket,
) -> None:
    with ServiceNotifier(environment(systemd)) as service:
        pinged_s = []
        for frame in range(300):
            service.alive(frame / 30, "")
            if "WATCHDOG=1" in heard(systemd):
                pinged_s.append(frame / 30)
    gaps_s = [later - earlier for earlier, later in pairwise(pinged_s)]
    assert max(gaps_s) <= 3.0 / 2
    assert min(gaps_s) > 0.5


def test_the_end_is_said(systemd: socket.socket) -> None:
    with ServiceNotifier(environment(systemd)) as service:
        service.alive(0.0, "")
        heard(systemd)
    assert heard(systemd) == ["STOPPING=1"]


def test_without_a_watchdog_nothing_is_pinged(systemd: socket.socket) -> None:
    with ServiceNotifier({"NOTIFY_SOCKET": systemd.getsockname()}) as service:
        service.alive(0.0, "")
        assert "WATCHDOG=1" not in heard(systemd)


def test_an_abstract_address_is_understood() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("")  # the kernel chooses an abstract name
        name = listening.getsockname()[1:].decode()
        with ServiceNotifier({"NOTIFY_SOCKET": f"@{name}"}) as service:
            service.alive(0.0, "")
        assert listening.recv(100) == b"READY=1"


def test_what_could_not_be_said_is_said_with_a_later_frame(tmp_path: Path) -> None:
    with ServiceNotifier({"NOTIFY_SOCKET": str(tmp_path / "notify")}) as service:
        service.alive(0.0, "fine")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
            listening.bind(str(tmp_path / "notify"))
            service.alive(0.1, "fine")
            assert listening.recv(100) == b"READY=1\nSTATUS=fine"


def test_without_systemd_nothing_happens() -> None:
    with ServiceNotifier({}) as service:
        service.alive(0.0, "fine")


@pytest.mark.parametrize(("given", "seconds"), [("20000000", 20.0), ("", 0.0), ("soon", 0.0), ("-5", 0.0)])
def test_the_interval_is_in_microseconds(given: str, seconds: float) -> None:
    assert watchdog_s({"WATCHDOG_USEC": given}) == seconds
