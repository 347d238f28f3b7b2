"""The counts' part: adds up what a visit counts, and writes it to the store when the visit is over."""

import logging
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import date, datetime
from functools import partial

from kiosk.core.staff import DayCounts
from kiosk.counting import ENDINGS
from kiosk.perform.records import Records
from kiosk.store.schema import StoreError
from kiosk.store.store import Store

log = logging.getLogger(__name__)

Counts = dict[date, dict[str, int]]


class Counting:
    """Keeps what is counted in memory until a visit is over.

    A store that cannot be opened or written costs counts, and nothing else.
    """

    def __init__(self, records: Records) -> None:
        self._records = records
        self._waiting: Counter[str] = Counter()

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
            self._records.ask(partial(Store.count, day=today(), increments=waiting)).add_done_callback(
                _complain
            )

    def read(self) -> "Future[Counts]":
        """Return the promise of all counts, those that waited among them; it may raise StoreError."""
        self.write()
        return self._records.ask(Store.counts)


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
