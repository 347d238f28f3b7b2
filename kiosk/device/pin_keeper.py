"""Who keeps the staff's PIN: on a desk the exhibit itself, on a device the system, out of the exhibit's reach."""

import json
import logging
from pathlib import Path
from typing import Protocol

from kiosk.device.root_service import Answer, RootService, RootServiceError
from kiosk.device.staff_pin import PIN_FILE, PinFileError, PinTried, StaffPin
from kiosk.errors import BadArgumentError

log = logging.getLogger(__name__)


class PinKeeper(Protocol):
    """Keeps a PIN; every call raises PinFileError where it cannot be read or asked for."""

    @property
    def chosen(self) -> bool:
        """Return whether there is a PIN."""

    @property
    def wait_s(self) -> float:
        """Return how long to wait before the next try is looked at."""

    def attempt(self, pin: str) -> PinTried:
        """Return whether this is the PIN."""

    def choose(self, pin: str, old: str) -> None:
        """Make this the PIN, if `old` is the present one, or there is none; raises BadArgumentError, WriteError."""


def pin_keeper(state_folder: Path, service: RootService) -> PinKeeper:
    """Return who keeps the PIN on this machine; raises PinFileError for a file that is damaged."""
    if not service.there:
        return StaffPin(state_folder)
    return RootPinKeeper(state_folder, service)


class RootPinKeeper:
    """The PIN that the system keeps. One that an earlier exhibit kept itself is handed over, and removed here."""

    def __init__(self, state_folder: Path, service: RootService) -> None:
        """Take the service; it is asked anew each time, so that one that was away for a while is no matter."""
        self._file = state_folder / PIN_FILE
        self._service = service

    @property
    def chosen(self) -> bool:
        """Return whether there is a PIN."""
        chosen = self._ask("pin").flag("chosen")
        if self._file.exists():
            chosen = self._hand_over(chosen)
        return chosen

    @property
    def wait_s(self) -> float:
        """Return how long to wait before the next try is looked at."""
        return self._ask("pin").number("wait_s")

    def attempt(self, pin: str) -> PinTried:
        """Return whether this is the PIN."""
        answer = self._ask("try", pin=pin)
        return PinTried(answer.flag("right"), answer.number("wait_s"))

    def choose(self, pin: str, old: str) -> None:
        """Make this the PIN, if `old` is the present one, or there is none."""
        try:
            answer = self._service.ask("choose", pin=pin, old=old)
        except RootServiceError as error:
            raise PinFileError(str(error)) from None
        if answer.text("fault"):
            raise BadArgumentError(answer.text("fault"))

    def _hand_over(self, chosen: bool) -> bool:
        """Return whether there is a PIN once the file here is gone: who takes the exhibit must not find its hash."""
        if not chosen:
            try:
                record = json.loads(self._file.read_bytes())
            except (OSError, ValueError, RecursionError):
                record = None
            self._ask("adopt", record=record)
        try:
            self._file.unlink(missing_ok=True)
        except OSError as error:  # tried again at the next start
            log.warning("event=pin_file_not_removed reason=%s", error)
        else:
            log.info("event=pin_handed_over")
        return True

    def _ask(self, what: str, **fields: object) -> Answer:
        try:
            answer = self._service.ask(what, **fields)
        except RootServiceError as error:
            raise PinFileError(str(error)) from None
        if answer.text("fault"):
            raise PinFileError(answer.text("fault"))
        return answer
