"""What waits at either end of the gradient process's queue: of each kind of request only the newest."""

from collections.abc import Callable
from typing import Generic, TypeVar

from kiosk.gradients import protocol

W = TypeVar("W")


class NewestOfEach(Generic[W]):
    """Waiting things, oldest first, of each kind of request (every job is of one kind) at most one.

    It has no lock: threads share it under their own.
    """

    def __init__(self, request_of: Callable[[W], protocol.Request]) -> None:
        """Start empty; `request_of` gives a thing's request, whose kind and job it goes by."""
        self._request_of = request_of
        self._waiting: dict[str, W] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, newest: W) -> W | None:
        """Queue a thing behind all others; return the one of its kind that it pushed out, if there was one."""
        request = self._request_of(newest)
        kind = "Job" if isinstance(request, protocol.Job) else type(request).__name__
        pushed_out = self._waiting.pop(kind, None)
        self._waiting[kind] = newest
        return pushed_out

    def take(self) -> W | None:
        """Return the oldest, which waits no more, or None where nothing waits."""
        return self._waiting.pop(next(iter(self._waiting))) if self._waiting else None

    def drop(self, job: int) -> W | None:
        """Return what waits for a job of that number, which waits no more, or None."""
        for kind, waiting in self._waiting.items():
            if self._request_of(waiting).job == job:
                return self._waiting.pop(kind)
        return None

    def clear(self) -> None:
        """Empty the queue."""
        self._waiting.clear()
