"""The database of what outlives a visit."""

import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from kiosk.errors import KioskError
from kiosk.store.store import Store
from kiosk.topics.datasets.performing.kept_lesson import Unpacked
from tests.fuzz.kind import Kind, SilentLossError
from tests.unit.kept_datasets import taught

NOW = datetime(2026, 7, 28, 9, 0, tzinfo=UTC)
DAYS, COUNTERS = 28, ("attacks", "ended_by_idle", "visits")
NAMES = ("Pets", "shapes")


@cache
def databases() -> Sequence[bytes]:
    """Return a database with counts alone, and one with two datasets."""
    return [_database(datasets=False), _database(datasets=True)]


def _database(*, datasets: bool) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "kiosk.sqlite"
        with Store(file, clock=lambda: NOW) as store:
            for day in range(DAYS):
                store.count(date(2026, 1, 1) + timedelta(day), dict.fromkeys(COUNTERS, day + 1))
            for name in NAMES if datasets else ():
                store.save_dataset(taught(name, each=2))
        return file.read_bytes()


def read_database(content: bytes, folder: Path) -> None:
    """Open a damaged database as the exhibit does, read all of it, and count a visit in it."""
    there = folder / "state"
    shutil.rmtree(there, ignore_errors=True)
    there.mkdir()
    file = there / "kiosk.sqlite"
    file.write_bytes(content)
    (there / ".kiosk.sqlite.lock").touch()  # of the exhibit that wrote it
    told: list[str] = []
    try:
        with Store(file, clock=lambda: NOW) as store:
            missing = _missing(store, told, datasets=2 * len(content) > sum(map(len, databases())))
            _ask(store, told)
            told += [fault.line for fault in store.faults()]
    except KioskError as error:
        told.append(str(error))
        missing = "everything"
    assert all(len(line.splitlines()) == 1 for line in told)
    if missing and not told:
        raise SilentLossError(f"gone, and nobody is told: {missing}")
    if any("newer kiosk" in line for line in told):
        return
    if any("cannot bring it to its schema" in line for line in told):
        raise AssertionError(f"no counting any more: {told}")


def _missing(store: Store, told: list[str], *, datasets: bool) -> str:
    """Return what is not there any more."""
    try:
        rows = sum(len(counters) for counters in store.counts().values())
        names = {summary.name for summary in store.dataset_summaries()}
    except KioskError as error:
        told.append(str(error))
        return "what was being read"
    if rows < DAYS * len(COUNTERS):
        return f"{DAYS * len(COUNTERS) - rows} counts"
    return "a dataset" if datasets and len(names) < len(NAMES) else ""


def _ask(store: Store, told: list[str]) -> None:
    """Read each dataset, then count a visit: after a file that was found broken, in the new one."""
    try:
        for summary in store.dataset_summaries():
            Unpacked.of(store.dataset(summary.name))
    except KioskError as error:
        told.append(str(error))
    try:
        store.count(NOW.date(), {"visits": 1})
    except KioskError as error:
        told.append(str(error))
        store.count(NOW.date(), {"visits": 1})
    counted = store.counts().get(NOW.date(), {}).get("visits", 0)
    if counted < 1:
        raise SilentLossError("a visit was counted, and is not there")


KINDS = (Kind("database", databases, read_database, (KioskError,)),)
