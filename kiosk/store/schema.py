"""The database's tables, and the way from every earlier schema to this one."""

import sqlite3
from contextlib import ExitStack
from pathlib import Path

from kiosk.errors import KioskError

BUSY_S = 5.0
# What was written back is cut to this, or a large import would leave its size beside the database for good.
JOURNAL_BYTES = 4 * 2**20

Migration = tuple[str, ...]
# A schema's number is how many of these it has seen (SQLite's user_version). Never change one: add the next.
MIGRATIONS: tuple[Migration, ...] = (
    (
        """
        CREATE TABLE exhibit_datasets (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            name_key TEXT NOT NULL UNIQUE,
            created_utc TEXT NOT NULL,
            backbone TEXT,
            head_npz BLOB,
            head_settings TEXT,
            CHECK ((head_npz IS NULL) = (head_settings IS NULL))
        ) STRICT
        """,
        """
        CREATE TABLE labels (
            dataset INTEGER NOT NULL REFERENCES exhibit_datasets ON DELETE CASCADE,
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            icon TEXT NOT NULL,
            PRIMARY KEY (dataset, position)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE examples (
            id INTEGER PRIMARY KEY,
            dataset INTEGER NOT NULL,
            label INTEGER NOT NULL,
            burst INTEGER NOT NULL,
            png BLOB NOT NULL,
            embedding BLOB,
            FOREIGN KEY (dataset, label) REFERENCES labels ON DELETE CASCADE
        ) STRICT
        """,
        "CREATE INDEX examples_of_label ON examples (dataset, label)",
        """
        CREATE TABLE counts (
            day TEXT NOT NULL,
            name TEXT NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (day, name)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE faults (
            id INTEGER PRIMARY KEY,
            at_utc TEXT NOT NULL,
            kind TEXT NOT NULL,
            line TEXT NOT NULL
        ) STRICT
        """,
    ),
)
# Checked whenever the database is opened; the pictures' pages, too many for that, when they are read.
SMALL_TABLES = ("exhibit_datasets", "labels", "counts", "faults")
DAMAGE_CODES = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class StoreError(KioskError, OSError):
    """The database cannot be used now, or not by this version."""


class StoreDamagedError(StoreError):
    """The database file was found broken."""


def is_damage(error: sqlite3.Error) -> bool:
    """Return whether an error says that the file itself is broken; the low byte of SQLite's codes is the kind."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in DAMAGE_CODES


def open_database(path: Path) -> sqlite3.Connection:
    """Return a connection to the database in a file, made or brought to this schema in one transaction.

    Every commit is on the disk before it returns. Raises StoreError for a schema newer than this one, and
    sqlite3.DatabaseError for a file that is broken or cannot be opened.
    """
    with ExitStack() as unless_opened:
        connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
        unless_opened.callback(connection.close)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # removed pictures are overwritten
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA journal_size_limit = {JOURNAL_BYTES}")
        _migrate(connection, path)
        _check_small_tables(connection)
        unless_opened.pop_all()
    return connection


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Run the migrations that a database has not seen, all or none; raises StoreError for a newer schema."""
    if _schema(connection, path) == len(MIGRATIONS):
        return
    with connection:  # commits, or rolls back
        connection.execute("BEGIN IMMEDIATE")
        for migration in MIGRATIONS[_schema(connection, path) :]:
            for statement in migration:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _schema(connection: sqlite3.Connection, path: Path) -> int:
    """Return the number of a database's schema; raises StoreError where this version does not know it."""
    seen: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if seen > len(MIGRATIONS):
        raise StoreError(
            f"{path}: was written by a newer kiosk (schema {seen}, this one knows {len(MIGRATIONS)}); "
            "install the newer version again, or move the file away"
        )
    return seen


def _check_small_tables(connection: sqlite3.Connection) -> None:
    """Raise StoreDamagedError, or what SQLite raises, where a small table's pages are not as they should be."""
    for table in SMALL_TABLES:
        (found,) = connection.execute(f"PRAGMA quick_check({table})").fetchone()
        if found != "ok":
            raise StoreDamagedError(" ".join(found.split()))
