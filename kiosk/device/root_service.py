"""What the exhibit asks of the system's own service, which may do what the exhibit may not.

`kiosk-update.service` (systemd/lib/update_service.py) keeps the staff's PIN where the exhibit's user cannot read it,
and installs a release from a USB stick once staff typed the PIN for it. On a desk there is no such service.
"""

import json
import socket
from dataclasses import dataclass
from pathlib import Path

from kiosk.errors import KioskError

PATIENCE_S = 10.0
LONGEST_ANSWER = 100_000
SILENT = (
    "The update service does not answer. Restart the device; if that does not help, push the release again."
)


class RootServiceError(KioskError):
    """The service is there but does not answer, or answers nonsense."""


@dataclass(frozen=True)
class Answer:
    """An answer: fields by name, taken only where they are of the kind that is expected."""

    fields: dict[str, object]

    def text(self, name: str) -> str:
        """Return a text, empty where there is none."""
        found = self.fields.get(name)
        return found if isinstance(found, str) else ""

    def number(self, name: str) -> float:
        """Return a number, 0 where there is none."""
        found = self.fields.get(name)
        return float(found) if isinstance(found, int | float) else 0.0

    def flag(self, name: str) -> bool:
        """Return whether a field says yes."""
        return self.fields.get(name) is True


@dataclass(frozen=True)
class RootService:
    """The service behind a socket's path. Its calls may take a second: not for the frame loop's thread."""

    place: Path

    @property
    def there(self) -> bool:
        """Return whether this machine has the service: a desk has none."""
        return self.place.is_socket()

    def ask(self, what: str, **fields: object) -> Answer:
        """Return the answer to a request; raises RootServiceError."""
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(PATIENCE_S)
                connection.connect(str(self.place))
                connection.sendall(json.dumps({"ask": what, **fields}).encode() + b"\n")
                with connection.makefile("rb") as lines:
                    answer = json.loads(lines.readline(LONGEST_ANSWER))
        except (OSError, ValueError, RecursionError):
            raise RootServiceError(SILENT) from None
        if not isinstance(answer, dict):
            raise RootServiceError(SILENT)
        return Answer(answer)
