"""The exhibit's mark in the state folder: that it runs, and how it ended when it ended badly.

A short summary of the last crash stays there, since the system's log may be in memory only: what went wrong and
where, never a value, so never a picture.
"""

import errno
import faulthandler
import fcntl
import logging
import os
import stat
import traceback
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from kiosk.device.durable import WriteError, replace_files
from kiosk.errors import KioskError
from kiosk.vision.reading import read_small_file

log = logging.getLogger(__name__)

MARK_FILE = "exhibit-runs"
CRASH_FILE = "last-crash.txt"
LONGEST_TRACE_BYTES = 2**16
PACKAGE = Path(__file__).parents[1]


class Running:
    """Owns the mark while the exhibit runs; an error that ends it is written down on its way out.

    The mark is a shared lock on a file. Into the same file Python's fault handler writes where the program was
    when a signal ends it, such as the watchdog's SIGABRT; the next start makes a summary of that.
    A state folder that cannot be written keeps no exhibit from opening.
    """

    def __init__(self, state_folder: Path) -> None:
        self._folder = state_folder
        self._mark: IO[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._mark = _opened(self._folder / MARK_FILE, os.O_RDWR | os.O_APPEND | os.O_CREAT)
        except OSError as error:
            log.warning("event=no_running_mark reason=%s", error)
            return self
        if _locked(self._mark, fcntl.LOCK_EX):  # no other's: what is in there is from a run that is over
            self._mark.seek(0)
            trace = self._mark.read(LONGEST_TRACE_BYTES).decode("utf-8", "replace")
            self._mark.truncate(0)
            if trace.strip():
                _keep(self._folder, summary_of_trace(trace, _now()))
        fcntl.flock(self._mark, fcntl.LOCK_SH)
        faulthandler.enable(self._mark)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            _keep(self._folder, summary_of_error(error, _now()))
        if self._mark is not None:
            faulthandler.disable()
            self._mark.close()


def is_running(state_folder: Path) -> bool:
    """Return whether an exhibit runs on a state folder."""
    try:
        with _opened(state_folder / MARK_FILE, os.O_RDONLY) as mark:
            return not _locked(mark, fcntl.LOCK_EX)
    except OSError:
        return False


def last_crash(state_folder: Path) -> str | None:
    """Return the summary of the last crash, its first line alone worth showing; None where there was none."""
    try:
        return read_small_file(state_folder / CRASH_FILE).decode("utf-8", "replace").strip() or None
    except OSError:
        return None


def forget_crash(state_folder: Path) -> None:
    """Remove the summary of the last crash, once it was read."""
    (state_folder / CRASH_FILE).unlink(missing_ok=True)


def summary_of_error(error: BaseException, at: datetime) -> str:
    """Return what is kept of an error: its type, the places it came through, version and time.

    Of other errors than our own the message is left out: it may quote the values it was about.
    """
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"  {_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in reversed(frames)]
    said = f": {error}" if isinstance(error, KioskError) else ""
    where = f" in {places[0].strip()}" if places else ""
    return "\n".join([f"{type(error).__name__}{said}{where}, {_when(at)}", *places, ""])


def summary_of_trace(trace: str, found_at: datetime) -> str:
    """Return what is kept of a fault handler's trace, which holds places only."""
    lines = [line.strip() for line in trace.splitlines() if line.strip()]
    where = next((line for line in lines if line.startswith("File ")), "an unknown place")
    return "\n".join(
        [f"{lines[0]} in {where}, before {_when(found_at)}", *(f"  {line}" for line in lines), ""]
    )


def _keep(folder: Path, summary: str) -> None:
    try:
        replace_files(folder, {CRASH_FILE: summary.encode()})
    except WriteError as error:
        log.warning("event=crash_not_kept reason=%s", error)


def _opened(file: Path, how: int) -> IO[bytes]:
    """Return a file that is opened without waiting; raises OSError where something else is in its place."""
    descriptor = os.open(file, how | os.O_NONBLOCK | os.O_CLOEXEC, 0o644)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "is no ordinary file", str(file))
    return os.fdopen(descriptor, "rb" if how == os.O_RDONLY else "a+b")


def _locked(mark: IO[bytes], how: int) -> bool:
    """Return whether the lock was free; it is held until the file is closed or locked otherwise."""
    try:
        fcntl.flock(mark, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _short(file: str) -> str:
    """Return a file's path from the package on, others by their name alone."""
    path = Path(file)
    return str(path.relative_to(PACKAGE.parent)) if path.is_relative_to(PACKAGE) else path.name


def _now() -> datetime:
    return datetime.now(UTC)


def _when(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC, kiosk {version('kiosk')}"
