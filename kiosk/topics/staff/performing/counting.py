"""What a visit counts is added up, and written to the store when the visit is over."""

import logging
from collections import Counter, deque
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
from kiosk.store.counters import Counts
from kiosk.store.store import Counted, Store
from kiosk.topics.staff.facts import DayCounts
from kiosk.topics.staff.messages import CountsExported, CountsRead, ExportCounts, ReadCounts
from kiosk.topics.staff.performing.plotting import BY_HOUR, at_hour, plotted, seconds_of
from kiosk.vision.reading import one_line

log = logging.getLogger(__name__)

Waiting = dict[date, Counter[str]]
MOST_DAYS = 400


class Counting(Part[Count | ReadCounts | ExportCounts]):
    """Adds up what a visit counts, in memory until it is over; then the store has it.

    What the store cannot take now (a full disk, a lock, an error of the disk) waits in memory, of MOST_DAYS days at the
    most, and is written with the next visit's.
    """

    performs = (Count, ReadCounts, ExportCounts)

    def __init__(self, workshop: Workshop) -> None:
        """Work with what all parts share; a stick may take its time, so it is written in a thread."""
        super().__init__(workshop)
        self._waiting: Waiting = {}
        self._came_back: deque[Waiting] = deque()  # filled by the store's thread
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="counts")

    def perform(self, effect: Count | ReadCounts | ExportCounts) -> None:
        """Begin what an effect asks for."""
        match effect:
            case Count(names, seconds):
                self._add(names, seconds)
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

    def _add(self, names: Sequence[str], seconds: Sequence[tuple[str, int]]) -> None:
        """Count each name once more, some by the hour too, and how long screens were seen."""
        now = datetime.now().astimezone()
        counters = self._waiting.setdefault(now.date(), Counter())
        counters.update([*names, *(at_hour(name, now.hour) for name in names if name in BY_HOUR)])
        for screen, lasted_s in seconds:
            counters[seconds_of(screen)] += lasted_s
        if any(name in ENDINGS for name in names):
            self._write()

    def _write(self) -> None:
        """Write what waits, without waiting for that; what came back from a write that failed is tried again."""
        while self._came_back:
            for day, counters in self._came_back.popleft().items():
                self._waiting.setdefault(day, Counter()).update(counters)
        for day in sorted(self._waiting)[:-MOST_DAYS]:
            log.warning("event=counts_lost day=%s reason=they waited too long", day)
            del self._waiting[day]
        if self._waiting:
            waiting, self._waiting = self._waiting, {}
            written = self._workshop.store.ask(partial(Store.count_days, increments=waiting))
            written.add_done_callback(partial(self._was_written, waiting))
            # Asked for now: when the counts are written, the exhibit may be ending, and its store with it.
            self._workshop.store.ask(Store.copy_if_due).add_done_callback(_complain)

    def _was_written(self, waiting: Waiting, done: "Future[None]") -> None:
        """Take back what could not be written."""
        error = done.exception()
        if error is None:
            self._workshop.store.trouble = ""
            return
        self._came_back.append(waiting)
        log.warning("event=counts_wait reason=%s", error)

    def _read(self) -> "Future[Counted]":
        """Return the promise of all counts, those that waited among them; it may raise StoreError."""
        self._write()
        return self._workshop.store.ask(Store.counted)

    def _tell_counts(self, done: "Future[Counted]") -> None:
        error = done.exception()
        if error is not None:
            self._workshop.jobs.tell(CountsRead((), _said(error)))
            return
        counted = done.result()
        left_out = f"Damaged and left out: {counted.left_out} of the counts." if counted.left_out else ""
        self._workshop.jobs.tell(
            CountsRead(day_counts(counted.days, today()), left_out, plotted(counted.days, today()))
        )

    def _export(self, counts: "Future[Counted]") -> str:
        """Return the name of the file with all counts on a stick; raises KioskError where there is none."""
        sticks = mounted_sticks(self._workshop.settings.staff.sticks, self._workshop.places)
        return export_counts(sticks, counts.result().days, datetime.now().astimezone()).name

    def _tell_export(self, done: "Future[str]") -> None:
        if done.cancelled():
            return
        error = done.exception()
        told = CountsExported(done.result()) if error is None else CountsExported("", _said(error))
        self._workshop.jobs.tell(told)


def today() -> date:
    """Return the day where the exhibit stands."""
    return datetime.now().astimezone().date()


def day_counts(counts: Counts, day: date) -> tuple[DayCounts, ...]:
    """Return each counter with what it had on a day, and in all."""
    here, everything = counts.get(day, {}), Counter[str]()
    for counted in counts.values():
        everything.update(counted)
    return tuple(DayCounts(name, here.get(name, 0), total) for name, total in sorted(everything.items()))


def _complain(done: "Future[bool]") -> None:
    error = done.exception()
    if error is not None:
        log.warning("event=no_copy_of_the_store reason=%s", error)


def _said(error: BaseException) -> str:
    """Return why something could not be done, in one line; a fault of this program is also logged."""
    if not isinstance(error, KioskError):
        log.error("event=counting_failed", exc_info=error)
    return one_line(error)
