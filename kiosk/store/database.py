"""The database file: opened, read and written in whole transactions, and replaced when it is found broken."""

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from kiosk.store.faults import Fault, add_fault
from kiosk.store.schema import StoreDamagedError, StoreError, is_damage, open_database

KEPT_BROKEN = 2
# The log goes first when a file is moved: a new database must never meet the old one's.
FILE_SUFFIXES = ("-wal", "-shm", "")
WAYS_OUT = {
    sqlite3.SQLITE_BUSY: "another kiosk process is writing; try again",
    sqlite3.SQLITE_CANTOPEN: "check its folder",
    sqlite3.SQLITE_FULL: "free some space",
    sqlite3.SQLITE_IOERR: "check the disk",
    sqlite3.SQLITE_READONLY: "check its permissions",
}


class Database:
    """Owns the connection to the database file, and a lock that says the file is in use."""

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        """Open the file, made if need be; one found broken is moved aside with a fault. Raises StoreError."""
        self.path, self._clock = path, clock
        self._lock = _locked(path)
        with ExitStack() as unless_opened:
            unless_opened.callback(os.close, self._lock)
            self._connection = self._opened()
            unless_opened.pop_all()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
        os.close(self._lock)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection for statements that see one state of the database.

        Fetch all rows at once: a cursor that outlives a broken file closes it late, and the new one's log with it.
        Raises StoreError, and StoreDamagedError once the broken file is moved aside and a new one begun.
        """
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection for statements that all take effect, or none; raises as `reading` does."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    def empty_log(self) -> None:
        """Write the log back into the file and cut it to nothing, unless another process is reading."""
        with suppress(sqlite3.OperationalError):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        connection = self._connection
        try:
            with connection:  # commits, or rolls back
                connection.execute(begin)
                yield connection
        except sqlite3.OperationalError as error:
            raise StoreError(self._plain(error)) from None
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            connection.close()
            self._connection = self._begun_anew(str(error))
            raise StoreDamagedError(
                f"{self.path}: was broken ({error}) and is moved aside; import your exhibit datasets again"
            ) from None

    def _opened(self) -> sqlite3.Connection:
        try:
            return open_database(self.path)
        except sqlite3.OperationalError as error:
            raise StoreError(self._plain(error)) from None
        except (sqlite3.DatabaseError, StoreDamagedError) as error:
            return self._begun_anew(str(error))

    def _begun_anew(self, reason: str) -> sqlite3.Connection:
        """Return a connection to a new database that holds the fault; the broken file is beside it.

        Raises StoreError where another process has the file open: its log would be taken from under it.
        """
        now = self._clock()
        aside = self.path.with_name(f"{self.path.name}.broken-{now:%Y%m%dT%H%M%SZ}")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError(
                f"{self.path}: is broken ({reason}) and another kiosk process has it open; close that one"
            ) from None
        for suffix in FILE_SUFFIXES:
            file = self.path.with_name(self.path.name + suffix)
            if file.exists():
                file.replace(aside.with_name(aside.name + suffix))
        self._remove_older_broken()
        connection = open_database(self.path)
        add_fault(
            connection, Fault(now, "store", f"{self.path.name} was broken ({reason}); see {aside.name}")
        )
        fcntl.flock(self._lock, fcntl.LOCK_SH)
        return connection

    def _remove_older_broken(self) -> None:
        broken = sorted(self.path.parent.glob(f"{self.path.name}.broken-*Z"))
        for old in broken[:-KEPT_BROKEN]:
            for suffix in FILE_SUFFIXES:
                old.with_name(old.name + suffix).unlink(missing_ok=True)

    def _plain(self, error: sqlite3.DatabaseError) -> str:
        code: int = getattr(error, "sqlite_errorcode", 0)
        return f"{self.path}: {error}; {WAYS_OUT.get(code & 0xFF, 'move the file away')}"


def _locked(path: Path) -> int:
    """Return a descriptor whose shared lock says that the database beside it is in use; raises StoreError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(
            path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
        )
    except OSError as error:
        raise StoreError(f"{path}: cannot be opened ({error.strerror}); check its folder") from None
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor
