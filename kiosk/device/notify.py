"""What the exhibit tells systemd: that it is ready, how it is, and that its frame loop still turns.

The protocol is one datagram to the socket that NOTIFY_SOCKET names (sd_notify(3)); without one nothing is said.
"""

import logging
import os
import socket
from collections.abc import Mapping
from types import TracebackType
from typing import Self

log = logging.getLogger(__name__)

# sd_watchdog_enabled(3) asks for one at least every half interval; a third leaves room for one late frame.
PINGS_AN_INTERVAL = 3


class ServiceNotifier:
    """Owns the datagram socket to the service manager; every method is cheap and never waits."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        """Read NOTIFY_SOCKET and WATCHDOG_USEC.

        WATCHDOG_PID is not looked at: where a compositor starts the exhibit it is the compositor's, and the unit
        says NotifyAccess=all.
        """
        address = socket_address(environment)
        self._socket: socket.socket | None = None
        self._ping_every_s = watchdog_s(environment) / PINGS_AN_INTERVAL
        self._pinged_s = float("-inf")
        self._ready = False
        self._status = ""
        if address:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self._socket.setblocking(False)
            self._address = address

    def alive(self, now_s: float, status: str) -> None:
        """Say what is due, with each frame and while there is no screen: READY=1 once, STATUS=, WATCHDOG=1 in time."""
        due: list[str] = []
        if not self._ready:
            due.append("READY=1")
        if status != self._status:
            due.append(f"STATUS={status}")
        if self._ping_every_s and now_s - self._pinged_s >= self._ping_every_s:
            due.append("WATCHDOG=1")
        if due and self._send("\n".join(due)):
            self._ready, self._status = True, status
            self._pinged_s = now_s if "WATCHDOG=1" in due else self._pinged_s

    def close(self) -> None:
        """Say STOPPING=1 and close the socket."""
        self._send("STOPPING=1")
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _send(self, message: str) -> bool:
        """Return whether the message went out; one that did not is said again with the next frame."""
        if self._socket is None:
            return True
        try:
            self._socket.sendto(message.encode(), self._address)
        except OSError as error:
            log.info("event=notify_failed reason=%s", error)
            return False
        return True


def socket_address(environment: Mapping[str, str]) -> str:
    """Return the address of systemd's socket, empty where there is none; a leading @ means an abstract one."""
    given = environment.get("NOTIFY_SOCKET", "")
    return "\0" + given[1:] if given.startswith("@") else given


def watchdog_s(environment: Mapping[str, str]) -> float:
    """Return the watchdog's interval in seconds, 0 where there is no watchdog."""
    given = environment.get("WATCHDOG_USEC", "")
    return int(given) / 1e6 if given.isdecimal() else 0.0
