"""What went wrong, as staff read it later; the newest few hundred are kept."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

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
    """Return the faults that are kept, the newest first."""
    rows = connection.execute("SELECT at_utc, kind, line FROM faults ORDER BY id DESC").fetchall()
    return tuple(Fault(datetime.fromisoformat(at_utc), kind, line) for at_utc, kind, line in rows)
