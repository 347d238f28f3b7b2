"""What went wrong, as staff read it later; the newest few hundred are kept."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

KEPT = 500
LONGEST_LINE = 300


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that went wrong: when, in which part of the exhibit, and one line for staff."""

    at_utc: datetime
    kind: str
    line: str


def add_fault(connection: sqlite3.Connection, fault: Fault) -> None:
    """Add a fault, its words on one line, and let the oldest go."""
    line = " ".join(fault.line.split())[:LONGEST_LINE]
    connection.execute(
        "INSERT INTO faults (at_utc, kind, line) VALUES (?, ?, ?)",
        (fault.at_utc.isoformat(), fault.kind, line),
    )
    connection.execute("DELETE FROM faults WHERE id <= (SELECT max(id) FROM faults) - ?", (KEPT,))


def read_faults(connection: sqlite3.Connection) -> tuple[Fault, ...]:
    """Return the faults that are kept, the newest first; of one whose time is damaged the line stays."""
    rows = connection.execute("SELECT at_utc, kind, line FROM faults ORDER BY id DESC").fetchall()
    return tuple(Fault(time_in(at_utc), str(kind), str(line)) for at_utc, kind, line in rows)


def time_in(text: object) -> datetime:
    """Return a time as it was written, or the beginning of 1970 where it is damaged."""
    try:
        at = datetime.fromisoformat(str(text))
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return datetime.fromtimestamp(0, UTC)
