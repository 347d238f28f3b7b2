"""Copies of the database, made once a week: what a broken one is begun anew from."""

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kiosk.device.durable import sync_folder
from kiosk.store.schema import LARGE_CHECKS, StoreError, check

EVERY = timedelta(days=7)
# Left free beside a copy, for what else is written.
SPARE_BYTES = 50_000_000
BLOCK_BYTES = 1 << 20
NEWEST, BEFORE, BEING_MADE = "copy", "copy-before", "copy-unfinished"


def copies(path: Path) -> tuple[Path, ...]:
    """Return the copies of a database that there are, the newest first."""
    named = (path.with_name(f"{path.name}.{suffix}") for suffix in (NEWEST, BEFORE))
    return tuple(copy for copy in named if copy.is_file())


def copied_at(path: Path) -> datetime | None:
    """Return when a database was last copied, None where it never was."""
    for copy in copies(path):
        return datetime.fromtimestamp(copy.stat().st_mtime, UTC)
    return None


def is_due(path: Path, now: datetime) -> bool:
    """Return whether a copy is to be made; one from a time to come was made while the clock was wrong."""
    at = copied_at(path)
    return at is None or not timedelta(0) <= now - at < EVERY


def make_copy(connection: sqlite3.Connection, path: Path, now: datetime) -> None:
    """Copy a database that was found sound in all its pages; the copy before the last one goes.

    Raises StoreError where there is no room, and what SQLite raises.
    """
    if shutil.disk_usage(path.parent).free < 2 * path.stat().st_size + SPARE_BYTES:
        raise StoreError(f"{path}: no room for a copy of it; free some space")
    check(connection, *LARGE_CHECKS)
    new = path.with_name(f"{path.name}.{BEING_MADE}")
    new.unlink(missing_ok=True)
    connection.execute("VACUUM INTO ?", (str(new),))
    os.utime(new, (now.timestamp(), now.timestamp()))
    _sync(new)
    newest = path.with_name(f"{path.name}.{NEWEST}")
    if newest.exists():
        newest.replace(path.with_name(f"{path.name}.{BEFORE}"))
    new.replace(newest)
    sync_folder(path.parent)


def put_back(copy: Path, path: Path) -> None:
    """Put a copy in the database's place; raises OSError. Whether it is sound shows when it is opened."""
    shutil.copyfile(copy, path)
    _sync(path)


def remove_from_copies(path: Path, name_key: str) -> None:
    """Remove a dataset from the copies as well, its pictures overwritten; a copy that cannot be changed goes."""
    with suppress(OSError):  # what a power cut left of one
        path.with_name(f"{path.name}.{BEING_MADE}").unlink(missing_ok=True)
    for copy in copies(path):
        try:
            at = copy.stat().st_mtime
            with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("DELETE FROM exhibit_datasets WHERE name_key = ?", (name_key,))
            os.utime(copy, (at, at))
        except (OSError, sqlite3.Error, UnicodeDecodeError):
            with suppress(OSError):
                copy.unlink()


def overwrite(file: Path) -> None:
    """Overwrite a file with zeros, on the disk by the return; a link is left alone. Raises OSError."""
    if file.is_symlink() or not file.is_file():
        return
    with file.open("r+b") as opened:
        left = file.stat().st_size
        while left > 0:
            left -= opened.write(bytes(min(left, BLOCK_BYTES)))
        opened.flush()
        os.fsync(opened.fileno())


def _sync(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
