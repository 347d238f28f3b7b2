"""The database file: opened, read and written in whole transactions, and replaced when it is found broken."""

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from kiosk.store.copies import copies, is_due, make_copy, overwrite, put_back
from kiosk.store.counters import raise_counts, readable_counts
from kiosk.store.faults import Fault, add_fault, read_faults
from kiosk.store.schema import (
    LARGE_CHECKS,
    StoreDamagedError,
    StoreError,
    check,
    code_of,
    is_damage,
    open_database,
)
from kiosk.vision.reading import one_line

KEPT_BROKEN = 2
SHOWN = 100  # letters of a reason, so that what became of it has room on the line
# The log goes first when a file is moved: a new database must never meet the old one's.
FILE_SUFFIXES = ("-wal", "-shm", "")
Identity = tuple[int, int]  # of a file: its device and inode
WAYS_OUT = {
    sqlite3.SQLITE_BUSY: "another kiosk process is writing; try again",
    sqlite3.SQLITE_CANTOPEN: "check its folder",
    sqlite3.SQLITE_FULL: "free some space",
    sqlite3.SQLITE_IOERR: "check the disk",
    sqlite3.SQLITE_READONLY: "check its permissions",
}


class Database:
    """Owns the connection to the database file, and a lock that says the file is in use.

    The connection is given up after an error of the disk, and when the file was taken away or replaced by somebody
    else; the next transaction opens what is there then.
    """

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        """Open the file, made if need be; one found broken is moved aside with a fault. Raises StoreError."""
        self.path, self._clock = path, clock
        self._connection: sqlite3.Connection | None = None
        self._opened_file: Identity | None = None
        self._opened_log: Identity | None = None
        before = _lock_file(path).exists()
        self._lock = _locked(path)
        with ExitStack() as unless_opened:
            unless_opened.callback(os.close, self._lock)
            self._open_first(before=before)
            unless_opened.pop_all()

    def close(self) -> None:
        """Close the file."""
        self._disconnect()
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
        with suppress(sqlite3.OperationalError, StoreError):
            self._connected().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def note(self, line: str) -> None:
        """Note a fault, unless the same one is kept already: what is found at each reading is told once."""
        with suppress(StoreError), self.writing() as connection:
            if all(fault.line != line for fault in read_faults(connection)):
                add_fault(connection, Fault(self._clock(), "store", line))

    def remove_set_aside(self) -> tuple[str, ...]:
        """Return the names of the files that were set aside as broken, now overwritten and gone.

        Raises StoreError naming one that stays.
        """
        files = sorted(self.path.parent.glob(f"{self.path.name}.broken-*Z*"))
        for file in files:
            try:
                overwrite(file)
                file.unlink(missing_ok=True)
            except OSError as error:
                raise StoreError(
                    f"{file}: may hold these pictures too and cannot be removed ({error.strerror}); remove it by hand"
                ) from None
        return tuple(file.name for file in files)

    def copy_if_due(self) -> bool:
        """Return whether the week's copy was made now; raises as `reading` does, also where there is no room for it."""
        now = self._clock()
        if not is_due(self.path, now):
            return False
        with self._judged():
            make_copy(self._connected(), self.path, now)
        return True

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        connection = self._connected()
        with self._judged(), connection:  # commits, or rolls back
            connection.execute(begin)
            yield connection

    @contextmanager
    def _judged(self) -> Iterator[None]:
        """Turn what SQLite raises in here into what it means: damage, trouble with the disk, or a fault of ours."""
        try:
            yield
        except StoreDamagedError as error:
            raise self._replaced(str(error)) from None
        except StoreError:
            raise
        except OSError as error:
            raise StoreError(f"{self.path}: {error.strerror}; check the disk") from None
        except (sqlite3.Error, UnicodeDecodeError) as error:
            if is_damage(error) or (isinstance(error, sqlite3.IntegrityError) and self._is_broken()):
                raise self._replaced(one_line(error)) from None
            if not isinstance(error, sqlite3.OperationalError):
                raise
            if code_of(error) in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN):
                self._disconnect()
            raise StoreError(self._plain(error)) from None

    def _is_broken(self) -> bool:
        """Return whether a row that does not fit is the file's fault."""
        try:
            check(self._connected(), "quick_check", "integrity_check")
        except (StoreDamagedError, sqlite3.DatabaseError, UnicodeDecodeError):
            return True
        return False

    def _replaced(self, reason: str) -> StoreDamagedError:
        """Return what to raise once the broken file is moved aside and another is in its place; raises StoreError."""
        self._disconnect()
        begun = self._begin_anew(reason)
        return StoreDamagedError(f"{self.path}: was broken ({reason}) and is moved aside; {begun}")

    # ---- opening

    def _connected(self) -> sqlite3.Connection:
        """Return the connection to the file that is there now, opened if need be; raises StoreError."""
        taken_away = (
            self._connection is not None and _identity(self.path, self._opened_file) != self._opened_file
        )
        if taken_away:
            self._let_go()
        if self._connection is None:
            self._open()
            if taken_away:
                self._note(f"{self.path.name} was removed or replaced while the exhibit had it open")
        if self._connection is None:
            raise StoreError(f"{self.path}: cannot be opened; check the disk")
        return self._connection

    def _open_first(self, *, before: bool) -> None:
        """Open the file; where there was one `before`, it is told when it is gone, and an empty one is a broken one."""
        gone = before and _identity(self.path, (0, 0)) is None and not self.path.is_symlink()
        if before and self.path.is_file() and self.path.stat().st_size == 0:
            self._begin_anew("it was empty")
        else:
            self._connected()
        if gone:
            self._note(f"{self.path.name} was gone; a new one was begun")

    def _open(self) -> None:
        try:
            self._use(open_database(self.path))
        except StoreDamagedError as error:
            self._begin_anew(str(error))
        except (sqlite3.Error, UnicodeDecodeError) as error:
            if not is_damage(error):
                raise StoreError(self._plain(error)) from None
            self._begin_anew(one_line(error))
        except StoreError:
            raise
        except OSError as error:
            raise StoreError(f"{self.path}: cannot be opened ({error.strerror}); check the disk") from None

    def _use(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._opened_file = _identity(self.path, None)
        self._opened_log = _identity(self._log, None)

    @property
    def _log(self) -> Path:
        return self.path.with_name(f"{self.path.name}-wal")

    def _let_go(self) -> None:
        """Give up a file that is not in its place any more, what was written last brought into it.

        Its log, which stays behind, would be taken for that of the file that is there now.
        """
        with suppress(sqlite3.Error):
            if self._connection is not None:
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self._disconnect()
        if self._opened_log is not None and _identity(self._log, None) == self._opened_log:
            with suppress(OSError):
                self._log.unlink()
                self.path.with_name(f"{self.path.name}-shm").unlink(missing_ok=True)

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()

    # ---- beginning anew

    def _begin_anew(self, reason: str) -> str:
        """Return, in words, what is in the broken file's place: the newest sound copy, or an empty database.

        The broken file is beside it, and a fault in it says so. Raises StoreError where another process has the file
        open (its log would be taken from under it), and where the disk fails.
        """
        now = self._clock()
        aside = self.path.with_name(f"{self.path.name}.broken-{now:%Y%m%dT%H%M%SZ}")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError(
                f"{self.path}: is broken ({reason}) and another kiosk process has it open; close that one"
            ) from None
        try:
            self._move(aside)
            self._remove_older_broken()
            begun = (self._from_copy() or self._from_nothing()) + self._read_out(aside)
        except StoreError:
            raise
        except OSError as error:
            raise StoreError(
                f"{self.path}: is broken ({reason}) and cannot be moved ({error.strerror})"
            ) from None
        except sqlite3.Error as error:
            raise StoreError(self._plain(error)) from None
        finally:
            fcntl.flock(self._lock, fcntl.LOCK_SH)
        self._note(f"{self.path.name} was broken ({reason[:SHOWN]}); see {aside.name}; {begun}")
        return begun

    def _move(self, aside: Path) -> None:
        for suffix in FILE_SUFFIXES:
            file = self.path.with_name(self.path.name + suffix)
            if os.path.lexists(file):
                file.replace(aside.with_name(aside.name + suffix))

    def _from_copy(self) -> str:
        """Return which copy is used now, nothing where there is no sound one."""
        for copy in copies(self.path):
            at = datetime.fromtimestamp(copy.stat().st_mtime, UTC)
            try:
                put_back(copy, self.path)
                connection = open_database(self.path)
            except (OSError, sqlite3.Error, UnicodeDecodeError):
                self._remove_unsound()
                continue
            try:
                check(connection, *LARGE_CHECKS)
            except (OSError, sqlite3.Error, UnicodeDecodeError):
                connection.close()
                self._remove_unsound()
                continue
            self._use(connection)
            return f"what was kept by {at:%d %B %Y} is back"
        return ""

    def _read_out(self, broken: Path) -> str:
        """Return what is said of the counts that could still be read in the broken file, once they are kept again."""
        counts = readable_counts(broken, self._clock().date())
        if not counts or self._connection is None:
            return ""
        with self._connection:
            raise_counts(self._connection, counts)
        return f"; what could be read of its counts ({len(counts)} days) is kept"

    def _remove_unsound(self) -> None:
        for suffix in FILE_SUFFIXES:
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    def _from_nothing(self) -> str:
        """Return that an empty database is used now; raises StoreError."""
        try:
            self._use(open_database(self.path))
        except sqlite3.Error as error:
            raise StoreError(self._plain(error)) from None
        return "counting begins anew; import your exhibit datasets again"

    def _note(self, line: str) -> None:
        """Note a fault for staff; a disk that is full tells of itself."""
        if self._connection is not None:
            with suppress(sqlite3.Error), self._connection:
                add_fault(self._connection, Fault(self._clock(), "store", line))

    def _remove_older_broken(self) -> None:
        broken = sorted(self.path.parent.glob(f"{self.path.name}.broken-*Z"))
        for old in broken[:-KEPT_BROKEN]:
            for suffix in FILE_SUFFIXES:
                with suppress(OSError):  # one that is a folder stays
                    old.with_name(old.name + suffix).unlink(missing_ok=True)

    def _plain(self, error: Exception) -> str:
        return f"{self.path}: {one_line(error)}; {WAYS_OUT.get(code_of(error) or 0, 'move the file away')}"


def _identity(file: Path, unknown: Identity | None) -> Identity | None:
    """Return which file is there, None where there is none, `unknown` where the disk does not say."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    except OSError:
        return unknown
    return found.st_dev, found.st_ino


def _lock_file(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")


def _locked(path: Path) -> int:
    """Return a descriptor whose shared lock says that the database beside it is in use; raises StoreError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK
        descriptor = os.open(_lock_file(path), flags, 0o600)
    except OSError as error:
        raise StoreError(f"{path}: cannot be opened ({error.strerror}); check its folder") from None
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor
