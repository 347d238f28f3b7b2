"""What a visit counts is added up, and written to the store when the visit is over."""

import logging
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime
from functools import partial
from typing import assert_never

from kiosk.core.message import ENDINGS, Count
from kiosk.device.usb_stick import export_counts, mounted_sticks
from kiosk.errors import KioskError
from kiosk.perform.part import Part
from kiosk.perform.workshop import Workshop
from kiosk.store.schema import StoreError
from kiosk.store.store import Store
from kiosk.topics.staff.facts import DayCounts
from kiosk.topics.staff.messages import CountsExported, CountsRead, ExportCounts, ReadCounts

log = logging.getLogger(__name__)

Counts = dict[date, dict[str, int]]


class Counting(Part[Count | ReadCounts | ExportCounts]):
    """Adds up what a visit counts, in memory until it is over; then the store has it.

    A store that cannot be opened or written costs counts, and nothing else.
    """

    performs = (Count, ReadCounts, ExportCounts)

    def __init__(self, workshop: Workshop) -> None:
        """Work with what all parts share; a stick may take its time, so it is written in a thread."""
        super().__init__(workshop)
        self._waiting: Counter[str] = Counter()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="counts")

    def perform(self, effect: Count | ReadCounts | ExportCounts) -> None:
        """Begin what an effect asks for."""
        match effect:
            case Count(names):
                self._add(names)
            case ReadCounts():
                self._read().add_done_callback(self._tell_counts)
            case ExportCounts():
                self._thread.submit(self._export, self._read()).add_done_callback(self._tell_export)
            case _:
                assert_never(effect)

    def forget_picture(self) -> None:
        """Drop nothing: no picture is kept here."""

    def forget(self) -> None:
        """Drop nothing: nothing of a visitor is kept here."""

    def close(self) -> None:
        """Write what waits, and end the thread."""
        self._write()
        self._thread.shutdown(cancel_futures=True)

    def _add(self, names: Sequence[str]) -> None:
        """Count each name once more."""
        self._waiting.update(names)
        if any(name in ENDINGS for name in names):
            self._write()

    def _write(self) -> None:
        """Write what waits, without waiting for that."""
        if self._waiting:
            waiting, self._waiting = self._waiting, Counter()
            written = self._workshop.store.ask(partial(Store.count, day=today(), increments=waiting))
            written.add_done_callback(_complain)

    def _read(self) -> "Future[Counts]":
        """Return the promise of all counts, those that waited among them; it may raise StoreError."""
        self._write()
        return self._workshop.store.ask(Store.counts)

    def _tell_counts(self, done: "Future[Counts]") -> None:
        error = done.exception()
        if error is None:
            self._workshop.jobs.tell(CountsRead(day_counts(done.result(), today())))
        elif isinstance(error, KioskError):
            self._workshop.jobs.tell(CountsRead((), str(error)))
        else:
            log.error("event=reading_counts_failed", exc_info=error)

    def _export(self, counts: "Future[Counts]") -> str:
        """Return the name of the file with all counts on a stick; raises KioskError where there is none."""
        sticks = mounted_sticks(self._workshop.settings.staff.sticks, self._workshop.places)
        return export_counts(sticks, counts.result(), datetime.now().astimezone()).name

    def _tell_export(self, done: "Future[str]") -> None:
        if done.cancelled():
            return
        error = done.exception()
        if error is None:
            self._workshop.jobs.tell(CountsExported(done.result()))
        elif isinstance(error, KioskError):
            self._workshop.jobs.tell(CountsExported("", str(error)))
        else:
            log.error("event=exporting_counts_failed", exc_info=error)


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
