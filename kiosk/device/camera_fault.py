"""Why the running exhibit's camera is away, kept in the state folder: what the self-test beside it goes by."""

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

log = logging.getLogger(__name__)

FAULT_FILE = "camera-fault.txt"


class CameraFaultFile:
    """Owns the thread that keeps it: who tells of the camera does not wait for the disk."""

    def __init__(self, folder: Path) -> None:
        """Keep it in a state folder."""
        self._folder = folder
        self._thread = ThreadPoolExecutor(1, "camera fault")

    def mark(self, fault: str) -> None:
        """Keep soon why the camera is away, or (empty) that it is there again; in the order of the calls."""
        self._thread.submit(mark_camera_fault, self._folder, fault)

    def close(self) -> None:
        """End the thread, after what was to be kept; no more may be."""
        self._thread.shutdown()


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
