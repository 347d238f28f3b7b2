"""What kiosk-update.service runs as root: it keeps the staff's PIN, and installs what they ask for with it.

The exhibit, and only its user, asks over a socket that systemd passes: a line of JSON each way. It may try a PIN,
change it with the present one, look at what a stick offers, and have that installed with the PIN typed anew.
"""

from __future__ import annotations

import json
import os
import socket
import sys

from device_release import Device
from root_pin import PinRefused, RootPin
from signed_release import Refused
from stick_install import StickInstall, log

PASSED_DESCRIPTOR = 3  # sd_listen_fds(3)
IDLE_S = 60.0
PATIENCE_S = 5.0
LONGEST_REQUEST = 10_000
Answer = dict[str, object]


class UpdateService:
    """Answers one request after the other."""

    def __init__(self, device: Device, sticks: StickInstall | None = None) -> None:
        """Read the PIN's file, if there is one."""
        self._pin = RootPin(device.make_private())
        self._sticks = sticks or StickInstall(device)

    @property
    def busy(self) -> bool:
        """Return whether something is being installed."""
        return self._sticks.busy

    def answer(self, request: dict[str, object]) -> Answer:
        """Return the answer to a request."""
        asked = request.get("ask")
        pin = str(request.get("pin", ""))
        try:
            if asked == "pin":
                return {"chosen": self._pin.chosen, "wait_s": self._pin.wait_s, "fault": self._pin.fault}
            if asked == "try":
                return self._tried(pin)
            if asked == "choose":
                return self._choose(pin, str(request.get("old", "")))
            if asked == "adopt":
                self._pin.adopt(request.get("record"))
                log("the PIN that the exhibit kept is kept here now")
                return {"fault": ""}
            if asked == "look":
                return self._sticks.look()
            if asked == "install":
                return self._install(pin, str(request.get("seen", "")), older=request.get("older") is True)
        except (PinRefused, Refused) as refusal:
            log(f"refused to {asked}: {refusal}")
            return {"fault": str(refusal)}
        return {"fault": "The exhibit asks for something that its update service does not know."}

    def _tried(self, pin: str) -> Answer:
        right = self._pin.attempt(pin)
        if not right:
            log(f"a wrong PIN; the next is looked at in {self._pin.wait_s:.0f} s")
        return {"right": right, "wait_s": self._pin.wait_s, "fault": self._pin.fault}

    def _choose(self, pin: str, old: str) -> Answer:
        if self._pin.chosen:
            tried = self._tried(old)
            if tried["right"] is not True:
                return {**tried, "fault": tried["fault"] or "That was not the present PIN."}
        self._pin.choose(pin)
        log("the staff's PIN was chosen")
        return {"fault": ""}

    def _install(self, pin: str, seen: str, *, older: bool) -> Answer:
        tried = self._tried(pin)
        if tried["right"] is True:
            self._sticks.begin(seen, older=older)
        return {**tried, **self._sticks.look()}


def serve(listener: socket.socket, service: UpdateService, idle_s: float = IDLE_S) -> None:
    """Answer until nobody has asked for a while and nothing is being installed; systemd starts it again."""
    listener.settimeout(idle_s)
    while True:
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            if service.busy:
                continue
            return
        with connection:
            connection.settimeout(PATIENCE_S)
            try:
                connection.sendall(json.dumps(_answered(connection, service)).encode() + b"\n")
            except OSError as error:
                log(f"the exhibit did not wait for its answer: {error}")


def _answered(connection: socket.socket, service: UpdateService) -> Answer:
    """Return the answer to what a connection asks; the exhibit may have been taken, so nothing is expected of it."""
    try:
        with connection.makefile("rb") as lines:
            request = json.loads(lines.readline(LONGEST_REQUEST))
    except (OSError, ValueError, RecursionError) as error:
        return {"fault": f"That was no request ({type(error).__name__})."}
    if not isinstance(request, dict):
        return {"fault": "That was no request."}
    try:
        return service.answer(request)
    except Exception as error:  # noqa: BLE001  # the boundary of this process: it goes on answering
        log(f"a request failed: {error!r}")
        return {"fault": f"The update service failed ({type(error).__name__}); its journal says why."}


def main() -> None:
    """Serve the socket that systemd passed."""
    os.umask(0o022)
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        sys.exit("update_service: kiosk-update.socket starts this")
    with socket.socket(fileno=PASSED_DESCRIPTOR) as listener:
        serve(listener, UpdateService(Device()))


if __name__ == "__main__":
    main()
