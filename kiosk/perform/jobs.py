"""What happened and is to be told to the frame loop, and the jobs that a screen still waits for."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kiosk.core.message import Event, JobLost
from kiosk.gradients.jobs import Promise


@dataclass(frozen=True)
class _Item:
    """An event to tell, what to do first, and the job that must still be wanted for both, and after both if `more`."""

    event: Event | None
    put: Callable[[], None] | None
    job: int | None
    more: bool = False


class Jobs:
    """Told by any thread, taken by the frame loop's; a job is answered once, and not at all if it was dropped."""

    def __init__(self) -> None:
        self._items: deque[_Item] = deque()
        self.wanted: dict[int, Promise | None] = {}

    def tell(self, event: Event, put: Callable[[], None] | None = None, job: int | None = None) -> None:
        """Report an event; `put` runs just before, in the frame loop's thread, if the job is still wanted."""
        self._items.append(_Item(event, put, job))

    def tell_so_far(self, event: Event, job: int, put: Callable[[], None] | None = None) -> None:
        """Report an event of a job that does not end it; `put` runs just before, as with `tell`."""
        self._items.append(_Item(event, put, job, more=True))

    def go_on(self, job: int, put: Callable[[], None]) -> None:
        """Continue a job in the frame loop's thread, if it is still wanted."""
        self._items.append(_Item(None, put, job, more=True))

    def want(self, job: int, promise: Promise | None = None) -> None:
        """Wait for a job, which the gradient process may have by now."""
        self.wanted[job] = promise

    def lose(self, job: int, error: BaseException) -> None:
        """Report that a job failed."""
        self.tell(JobLost(job, str(error)), job=job)

    def drop(self, job: int) -> Promise | None:
        """Wait for a job no longer; returns what the gradient process still has of it."""
        return self.wanted.pop(job, None)

    def take(self) -> Iterator[Event]:
        """Yield what happened; its pictures are there by then."""
        while self._items:
            item = self._items.popleft()
            if item.job is not None and item.job not in self.wanted:
                continue
            if item.job is not None and not item.more:
                del self.wanted[item.job]
            if item.put is not None:
                item.put()
            if item.event is not None:
                yield item.event
