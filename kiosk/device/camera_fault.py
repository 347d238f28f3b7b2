"""Why the running exhibit's camera is away, kept in the state folder: what the self-test beside it goes by."""

import logging
from pathlib import Path

log = logging.getLogger(__name__)

FAULT_FILE = "camera-fault.txt"


def mark_camera_fault(folder: Path, fault: str) -> None:
    """Keep why the camera is away, or that it is there again; a folder that cannot be written keeps nothing.

    Not synced: it is of use only as long as the exhibit runs.
    """
    try:
        if fault:
            (folder / FAULT_FILE).write_text(f"{fault}\n", "utf-8")
        else:
            (folder / FAULT_FILE).unlink(missing_ok=True)
    except OSError as error:
        log.warning("event=camera_fault_not_kept reason=%s", error)


def camera_fault(folder: Path) -> str:
    """Return why the camera of the exhibit that runs on a state folder is away, empty where it is there."""
    try:
        return (folder / FAULT_FILE).read_text("utf-8", "replace").strip()
    except OSError:
        return ""
