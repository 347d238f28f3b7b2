"""Counters, one row a day and name: damaged rows are told apart, and sound ones read out of a broken file."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

Counts = dict[date, dict[str, int]]
FIRST_DAY = date(2025, 1, 1)
MOST_A_DAY = 1_000_000  # no counter of an exhibit goes so far; one that does in a broken file is damage


def counter_in(day: object, name: object, count: object) -> tuple[date, str, int] | None:
    """Return a row of the counts, None for one that is damaged."""
    if not (isinstance(day, str) and isinstance(name, str) and isinstance(count, int)):
        return None
    if not name.isprintable() or "\ufffd" in name:
        return None
    try:
        return date.fromisoformat(day), name, count
    except ValueError:
        return None


def add_counts(connection: sqlite3.Connection, increments: Mapping[date, Mapping[str, int]]) -> None:
    """Add to the counters of some days."""
    _upsert(connection, increments, "count + excluded.count")


def raise_counts(connection: sqlite3.Connection, counts: Counts) -> None:
    """Let no counter be below what it was counted to elsewhere."""
    _upsert(connection, counts, "max(count, excluded.count)")


def _upsert(connection: sqlite3.Connection, counts: Mapping[date, Mapping[str, int]], met: str) -> None:
    connection.executemany(
        f"INSERT INTO counts VALUES (?, ?, ?) ON CONFLICT (day, name) DO UPDATE SET count = {met}",  # noqa: S608 - one of the two above
        ((day.isoformat(), name, by) for day, counters in counts.items() for name, by in counters.items()),
    )


def readable_counts(broken: Path, today: date) -> Counts:
    """Return what can still be read of the counts in a broken file, as far as it is plausible."""
    counts: Counts = {}
    if not broken.is_file():
        return counts
    # Without a log it can be read and nothing is put beside it.
    how = "mode=ro" if broken.with_name(f"{broken.name}-wal").exists() else "immutable=1"
    with (
        suppress(sqlite3.Error, UnicodeDecodeError, OSError),
        closing(sqlite3.connect(f"file:{quote(str(broken))}?{how}", uri=True)) as connection,
    ):
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        for row in connection.execute("SELECT day, name, count FROM counts"):
            counter = counter_in(*row)
            if counter is None:
                continue
            day, name, count = counter
            if FIRST_DAY <= day <= today + timedelta(days=1) and 0 < count <= MOST_A_DAY:
                counts.setdefault(day, {})[name] = count
    return counts
