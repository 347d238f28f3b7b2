"""The database's tables, and the way from every earlier schema to this one."""

import re
import sqlite3
from contextlib import ExitStack, closing
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
# Checked whenever the database is opened; the pictures' pages, too many for that, before each copy of the whole. A
# row whose key was garbled is still a row: where it only stands in the wrong place, the others are read all the same.
SMALL_TABLES = {
    "exhibit_datasets": "integrity_check",
    "faults": "integrity_check",
    "labels": "quick_check",
    "counts": "quick_check",
}
LARGE_CHECKS = ("quick_check", "integrity_check(examples)")
# A schema's number with a flipped bit is larger than that, as a rule.
MOST_SCHEMAS = 255
SMALLEST_BYTES = 512
# What says that the file cannot be used now, or that our own statement is wrong; all else that SQLite meets is damage.
NO_DAMAGE = {
    sqlite3.SQLITE_AUTH,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_MISUSE,
    sqlite3.SQLITE_NOLFS,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_RANGE,
    sqlite3.SQLITE_READONLY,
}


class StoreError(KioskError, OSError):
    """The database cannot be used now, or not by this version."""


class StoreDamagedError(StoreError):
    """The database file was found broken."""


def code_of(error: Exception) -> int | None:
    """Return the kind of SQLite's error: the low byte of its code. None for an error of Python's module for it."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def is_damage(error: Exception) -> bool:
    """Return whether an error says that the file itself is broken, not the disk and not the moment.

    A UnicodeDecodeError is met where SQLite quotes a damaged schema.
    """
    code = code_of(error)
    return isinstance(error, UnicodeDecodeError) if code is None else code not in NO_DAMAGE


def open_database(path: Path) -> sqlite3.Connection:
    """Return a connection to the database in a file, made or brought to this schema in one transaction.

    Every commit is on the disk before it returns. Raises StoreError for a schema newer than this one, and
    StoreDamagedError, sqlite3.DatabaseError or UnicodeDecodeError for a file that is broken or cannot be opened.
    """
    _refuse_no_file(path)
    with ExitStack() as unless_opened:
        connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
        unless_opened.callback(connection.close)
        connection.text_factory = _text
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # removed pictures are overwritten
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA journal_size_limit = {JOURNAL_BYTES}")
        _migrate(connection, path)
        _check_small_tables(connection)
        unless_opened.pop_all()
    return connection


def _text(raw: bytes) -> str:
    """Return text; where a letter is damaged, the row is judged by whoever reads it."""
    return raw.decode("utf-8", "replace")


def _refuse_no_file(path: Path) -> None:
    """Raise StoreDamagedError for what is there but no file, or one that SQLite would take for a read-only one.

    Read before SQLite has the file: whoever closes a file gives up this process's locks on it.
    """
    if path.is_symlink() and not path.exists():
        raise StoreDamagedError("it is a link to nothing")
    if path.exists() and not path.is_file():
        raise StoreDamagedError("it is no file")
    if not path.exists():
        return
    if 0 < path.stat().st_size < SMALLEST_BYTES:  # SQLite would take it for a new one
        raise StoreDamagedError("it is cut off")
    with path.open("rb") as file:
        versions = file.read(20)[18:]
    if any(version not in (1, 2) for version in versions):
        raise StoreDamagedError("its header is of no version of SQLite")


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Run the migrations that a database has not seen, all or none; raises StoreError for a newer schema."""
    seen = _schema(connection, path)
    if _tables(connection) != _expected(seen):
        raise StoreDamagedError("its tables are not those of a kiosk")
    if seen == len(MIGRATIONS):
        return
    try:
        with connection:  # commits, or rolls back
            connection.execute("BEGIN IMMEDIATE")
            for migration in MIGRATIONS[_schema(connection, path) :]:
                for statement in migration:
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    except sqlite3.OperationalError as error:
        if code_of(error) != sqlite3.SQLITE_ERROR:
            raise
        raise StoreError(f"{path}: this kiosk cannot bring it to its schema ({error}); report this") from None


def _schema(connection: sqlite3.Connection, path: Path) -> int:
    """Return the number of a database's schema; raises StoreError where this version does not know it."""
    seen: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if not 0 <= seen <= MOST_SCHEMAS:
        raise StoreDamagedError(f"its schema is number {seen}")
    if seen > len(MIGRATIONS):
        raise StoreError(
            f"{path}: was written by a newer kiosk (schema {seen}, this one knows {len(MIGRATIONS)}); "
            "install the newer version again, or move the file away"
        )
    return seen


def _check_small_tables(connection: sqlite3.Connection) -> None:
    """Raise StoreDamagedError, or what SQLite raises, where a small table's pages are not as they should be."""
    check(connection, *(f"{how}({table})" for table, how in SMALL_TABLES.items()))


def check(connection: sqlite3.Connection, *pragmas: str) -> None:
    """Raise StoreDamagedError, or what SQLite raises, for the first of SQLite's checks that finds anything."""
    for pragma in pragmas:
        (found,) = connection.execute(f"PRAGMA {pragma}").fetchone()
        if found != "ok":
            raise StoreDamagedError(" ".join(str(found).split()))


def _tables(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return the names and statements of all tables and indices that were made by statements."""
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"
    ).fetchall()
    return [(str(name), re.sub(r"\s+", " ", str(sql)).strip()) for name, sql in rows]


def _expected(schema: int) -> list[tuple[str, str]]:
    """Return what a sound database of a schema has."""
    with closing(sqlite3.connect(":memory:")) as made:
        for statement in (statement for migration in MIGRATIONS[:schema] for statement in migration):
            made.execute(statement)
        return _tables(made)
