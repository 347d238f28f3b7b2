"""The sign that the exhibit is closed for repair: a file in the state folder, so that a restart does not open it."""

from pathlib import Path

from kiosk.device.durable import WriteError, replace_files, sync_folder

SIGN_FILE = "closed-for-repair"


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
