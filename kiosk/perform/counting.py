"""The counts' part: adds up what a visit counts, and writes it to the store when the visit is over."""

import logging
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

from kiosk.core.staff import DayCounts
from kiosk.counting import ENDINGS
from kiosk.store.schema import StoreError
from kiosk.store.store import Store

log = logging.getLogger(__name__)

Counts = dict[date, dict[str, int]]


class Counting:
    """Owns the thread that the store belongs to; what is counted waits in memory until a visit is over.

    A store that cannot be opened or written costs counts, and nothing else.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._waiting: Counter[str] = Counter()
        self._store: Store | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")

    def close(self) -> None:
        """Write what waits, close the store and end the thread."""
        self.write()
        self._thread.submit(self._close_store)
        self._thread.shutdown()

    def add(self, names: Sequence[str]) -> None:
        """Count each name once more; only the frame loop's thread calls this."""
        if names:
            self._waiting.update(names)
            if any(name in ENDINGS for name in names):
                self.write()

    def write(self) -> None:
        """Let what waits be written; nobody waits for that."""
        if self._waiting:
            waiting, self._waiting = self._waiting, Counter()
            self._thread.submit(self._write, today(), waiting).add_done_callback(_complain)

    def read(self) -> "Future[Counts]":
        """Return the promise of all counts, those that waited among them; it may raise StoreError."""
        self.write()
        return self._thread.submit(self._read)

    def _write(self, day: date, waiting: Counter[str]) -> None:
        self._opened().count(day, waiting)

    def _read(self) -> Counts:
        return self._opened().counts()

    def _opened(self) -> Store:
        """Return the store, opened in its thread when it is first needed."""
        if self._store is None:
            self._store = Store(self._database)
        return self._store

    def _close_store(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None


def today() -> date:
    """Return the day where the exhibit stands."""
    return datetime.now().astimezone().date()


def day_counts(counts: Counts, day: date) -> tuple[DayCounts, ...]:
    """Return each counter with what it had on a day, and in all."""
    here, everything = counts.get(day, {}), Counter[str]()
    for counted in counts.values():
        everything.update(counted)
    return tuple(DayCounts(name, here.get(name, 0), total) for name, total in sorted(everything.items()))


def _complain(done: "Future[None]") -> None:
    error = done.exception()
    if isinstance(error, StoreError):
        log.warning("event=counts_lost reason=%s", error)
    elif error is not None:
        log.error("event=counting_failed", exc_info=error)
