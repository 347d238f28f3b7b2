"""qemu's monitor: commands in JSON over a socket, and what it tells unasked."""

import json
import socket
import time
from pathlib import Path
from typing import Any

LIMIT_S = 120.0


class QmpError(RuntimeError):
    """qemu refused a command, or says nothing more."""


class Qmp:
    """Owns the one connection that qemu takes; keeps the events that it tells in between."""

    def __init__(self, path: Path, limit_s: float = LIMIT_S) -> None:
        """Connect; raises OSError while nobody listens."""
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(limit_s)
        try:
            self._socket.connect(str(path))
        except OSError:
            self._socket.close()
            raise
        self._rest = b""
        self._events: list[dict[str, Any]] = []
        self._next()
        self("qmp_capabilities")

    def __call__(self, command: str, **arguments: Any) -> Any:
        """Return qemu's answer to a command; raises QmpError where it refuses it."""
        asked = {"execute": command, "arguments": arguments}
        self._socket.sendall(json.dumps(asked).encode() + b"\n")
        while "event" in (told := self._next()):
            self._events.append(told)
        if "error" in told:
            raise QmpError(f"{command}: {told['error']['desc']}")
        return told["return"]

    def event(self, name: str, limit_s: float) -> dict[str, Any]:
        """Return what it tells with the next event of a name; raises QmpError when that does not come in time."""
        due_s = time.monotonic() + limit_s
        while True:
            for told in self._events:
                if told["event"] == name:
                    self._events.remove(told)
                    return dict(told.get("data", {}))
            left_s = due_s - time.monotonic()
            if left_s <= 0:
                raise QmpError(f"no event {name} within {limit_s:g} s")
            before_s = self._socket.gettimeout()
            self._socket.settimeout(left_s)
            try:
                self._events.append(self._next())
            except TimeoutError:
                continue
            finally:
                self._socket.settimeout(before_s)

    def forget_events(self) -> None:
        """Drop what it told until now."""
        self("query-status")
        self._events.clear()

    def monitor(self, line: str) -> None:
        """Give a command of the older monitor; raises QmpError with what it answers, which is nothing when it obeys."""
        if told := self("human-monitor-command", **{"command-line": line}).strip():
            raise QmpError(f"{line}: {told}")

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _next(self) -> dict[str, Any]:
        while b"\n" not in self._rest:
            part = self._socket.recv(65536)
            if not part:
                raise QmpError("qemu has ended")
            self._rest += part
        line, _, self._rest = self._rest.partition(b"\n")
        return dict(json.loads(line))
