"""A fault while it lasts: what the screen shows meanwhile, how long that is, what ends it, whether anything was lost.

Each one is a row of the table of faults that a run leaves in dist/machine, with a picture beside it.
"""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.device.machine.guest import Guest
from tests.device.machine.machine import Machine
from tests.figures import figure

PICTURES = Path(__file__).resolve().parents[3] / "dist" / "machine" / "faults"
FAULT = "fault: "  # what its figure's name begins with
CELL = " | "
DRAWN_WITHIN_S = 5.0
HEADING = ("fault", "what the screen showed", "how long", "lost", "how it came back", "picture")
# What staff and visitors left on the card. Counts only grow; a release is changed by who changes it.
READ = """
import hashlib, json, sqlite3
from pathlib import Path

def content(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest() if Path(path).is_file() else ""

lines = Path("/etc/kiosk/environment").read_text().splitlines()
environment = dict(line.split("=", 1) for line in lines if "=" in line)
state = Path(environment["KIOSK_STATE"])
file = state / "kiosk.sqlite"
database = sqlite3.connect(f"file:{file}?mode=ro", uri=True) if file.exists() else None

def one(asked, otherwise=0):
    return database.execute(asked).fetchone()[0] if database else otherwise

print(json.dumps({
    "release": Path("/opt/kiosk/current").resolve().name,
    "settings": content("/etc/kiosk/kiosk.toml") + content(state / "staff.toml"),
    "the staff PIN": content("/opt/kiosk/private/staff-pin.json"),
    "the model": sorted((str(file), file.stat().st_size) for file in (state / "models").rglob("*") if file.is_file()),
    "the database": one("pragma integrity_check", "ok"),
    "datasets": one("select count(*) from exhibit_datasets"),
    "visits": one("select coalesce(sum(count), 0) from counts where name = 'visits'"),
}))
"""
COUNTED = "visits"


def belongings(guest: Guest) -> dict[str, Any]:
    """Return what is on the card that must not be lost."""
    return dict(json.loads(guest.run("/opt/kiosk/current/.venv/bin/python -", given=READ.encode())))


def lost(before: dict[str, Any], now: dict[str, Any], changed: frozenset[str] = frozenset()) -> list[str]:
    """Return the names of what is not as it was, but for what was to be changed."""
    return [
        name
        for name, value in before.items()
        if name not in changed and (now[name] < value if name == COUNTED else now[name] != value)
    ]


@dataclass
class Fault:
    """One fault, from the moment before it."""

    machine: Machine
    what: str
    began_s: float = field(default_factory=time.monotonic)
    shown: str = ""
    came_back: str = ""
    lasted_s: float = 0.0

    @property
    def picture(self) -> Path:
        """Where its picture is kept."""
        return PICTURES / f"{re.sub('[^a-z0-9]+', '-', self.what.lower()).strip('-')}.png"

    def strikes(self) -> None:
        """It begins now, rather than when it was prepared."""
        self.began_s = time.monotonic()

    def shows(self, words: str) -> None:
        """Keep what the screen shows now; the words are what a person would say that it shows.

        What is told is drawn some seconds later there: they do not count.
        """
        time.sleep(DRAWN_WITHIN_S)
        self.began_s += DRAWN_WITHIN_S
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.machine.save_picture(self.picture)
        self.shown = words

    def ends(self, how: str) -> None:
        """It is over: the exhibit serves again."""
        self.lasted_s = time.monotonic() - self.began_s
        self.came_back = how


@contextmanager
def fault(machine: Machine, what: str, changed: frozenset[str] = frozenset()) -> Iterator[Fault]:
    """Yield a fault that is to strike; afterwards nothing may be lost, and its row is told."""
    before = belongings(machine.guest)
    found = Fault(machine, what)
    yield found
    assert found.came_back, f"{what}: nothing says how it came back"
    missing = lost(before, belongings(found.machine.guest), changed)
    cells = (
        found.shown or "the exhibit, as before",
        f"{found.lasted_s:.0f} s",
        ", ".join(missing) or "nothing",
        found.came_back,
        found.picture.name if found.shown else "",
    )
    figure.record(FAULT + what, CELL.join(cells), "nothing lost", not missing)


def table(rows: list[tuple[str, str]]) -> str:
    """Return the table of faults, from the names and figures that a run kept."""
    lines = [HEADING, ("---",) * len(HEADING)]
    lines += [(name.removeprefix(FAULT), *told.split(CELL)) for name, told in rows if name.startswith(FAULT)]
    return "".join(f"| {CELL.join(line)} |\n" for line in lines)
