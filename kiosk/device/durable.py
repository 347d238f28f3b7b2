"""Files that are there whole or not at all, also after a power cut."""

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from kiosk.errors import KioskError

STAGING = ".staging-"
ABANDONED_S = 3600.0


class WriteError(KioskError, OSError):
    """A folder that cannot be written, or is full."""


def replace_files(folder: Path, contents: Mapping[str, bytes], *, mode: int | None = None) -> list[Path]:
    """Return the paths of files written to a folder, made if need be; on any failure none of them is touched.

    All are staged and synced beside their places before the first is renamed. `mode` are their permissions, else
    what the process gives. Raises WriteError.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(folder)
        staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=folder))
    except OSError as error:
        raise WriteError(f"{folder}: cannot be written ({error.strerror}); name another folder") from None
    try:
        for name, content in contents.items():
            with (staging / name).open("wb") as file:
                if mode is not None:
                    os.fchmod(file.fileno(), mode)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        paths = [folder / name for name in contents]
        for path in paths:
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, f"{path.name} is a folder")
        for path in paths:
            (staging / path.name).replace(path)
        sync_folder(folder)
    except OSError as error:
        raise WriteError(
            f"{folder}: nothing was written ({error.strerror}); free some space or name another"
        ) from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return paths


def _remove_abandoned(folder: Path) -> None:
    """Remove what a power cut left half staged; a staging that is young may be at work."""
    for staging in folder.glob(f"{STAGING}*"):
        if time.time() - staging.stat().st_mtime > ABANDONED_S:
            shutil.rmtree(staging, ignore_errors=True)


def require_writable(folder: Path) -> None:
    """Raise WriteError for a folder that is not writable, or could not be made: before a long run, not after it."""
    nearest = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=nearest):
            return
    except OSError as error:
        raise WriteError(f"{folder}: cannot be written ({error.strerror}); name another folder") from None


def replace_link(link: Path, target: Path) -> None:
    """Point a symbolic link at a target beside it, in one atomic step."""
    staged = link.with_name(f".{link.name}.{os.getpid()}")
    try:
        staged.unlink(missing_ok=True)
        staged.symlink_to(target)
        staged.replace(link)
        sync_folder(link.parent)
    except OSError as error:
        staged.unlink(missing_ok=True)
        raise WriteError(f"{link}: cannot be replaced ({error.strerror}); move it out of the way") from None


def sync_folder(folder: Path) -> None:
    """Make a folder's renames survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
