"""The two signs that the exhibit is closed: for repair, by staff, and after hours, by the clock.

The one for repair is a file in the state folder, so that a restart does not open it. For the other systemd's
`keep_closed` leaves a mark with when the exhibit opens next. It takes the mark away at the opening, and so may staff,
on the screen: then the exhibit is open until the next closing.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kiosk.device.durable import WriteError, replace_files, sync_folder
from kiosk.device.health import HERE, Places

SIGN_FILE = "closed-for-repair"
# In /run/kiosk: systemd/lib/keep_closed.py sets the one, and waits for the other.
MARK, WISH = "closed", "go-dark"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def is_closed(state_folder: Path) -> bool:
    """Return whether the sign hangs there."""
    return (state_folder / SIGN_FILE).exists()


def mark_closed(state_folder: Path, closed: bool) -> None:
    """Hang the sign up, or take it down; raises WriteError, after which a restart finds it as it was."""
    if closed:
        replace_files(state_folder, {SIGN_FILE: b"closed by staff, on the screen\n"})
        return
    try:
        (state_folder / SIGN_FILE).unlink(missing_ok=True)
        sync_folder(state_folder)
    except OSError as error:
        raise WriteError(
            f"{state_folder / SIGN_FILE}: cannot be removed ({error.strerror}); remove it by hand"
        ) from None


@dataclass(frozen=True)
class Closing:
    """When it opens next: the time, and the weekday where that is not today; nothing where nobody knows."""

    opens: str = ""
    day: str = ""


def closing(now: datetime, places: Places = HERE) -> Closing | None:
    """Return when it opens next, None while it is open."""
    try:
        told = (places.run / "kiosk" / MARK).read_text("utf-8", "replace").strip()
    except OSError:
        return None
    try:
        opens = datetime.fromisoformat(told)
    except ValueError:
        return Closing()
    day = "" if opens.date() == now.date() else WEEKDAYS[opens.weekday()]
    return Closing(f"{opens.hour}:{opens.minute:02}", day)


def open_now(places: Places = HERE) -> None:
    """Take the mark away; raises WriteError where it stays."""
    mark = places.run / "kiosk" / MARK
    try:
        mark.unlink(missing_ok=True)
    except OSError as error:
        raise WriteError(f"{mark}: cannot be removed ({error.strerror}); it opens by itself") from None


def wish_for_dark(places: Places = HERE) -> None:
    """Ask for the screen to be switched off again: nobody is here. Raises OSError."""
    (places.run / "kiosk" / WISH).touch()
