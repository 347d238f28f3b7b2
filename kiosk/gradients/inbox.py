"""What waits for the gradient process's computing thread."""

import threading

from kiosk.errors import KioskError
from kiosk.gradients.newest import NewestOfEach
from kiosk.gradients.protocol import ForgetVisitor, Job, LoadModel

Queued = LoadModel | ForgetVisitor | Job


class CancelledError(KioskError):
    """The job in flight is not wanted any more."""


class Inbox:
    """One request in flight; of each kind (load, forget, job) at most one waits: the newest."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting = NewestOfEach[Queued](lambda request: request)
        self._cancelled: set[int] = set()
        self._closed = False
        self.busy: int | None = None

    def put(self, request: Queued) -> int | None:
        """Return the job that this request pushed out, if one of its kind was waiting."""
        with self._changed:
            pushed_out = self._waiting.put(request)
            self._changed.notify()
        return pushed_out.job if pushed_out else None

    def take(self) -> Queued | None:
        """Return the oldest waiting request once there is one, None when the inbox is closed."""
        with self._changed:
            self.busy = None
            self._cancelled.clear()
            self._changed.wait_for(lambda: len(self._waiting) > 0 or self._closed)
            request = None if self._closed else self._waiting.take()
            self.busy = request.job if request else None
            return request

    def cancel(self, job: int) -> bool:
        """Return whether the job was still waiting; the one in flight is told to stop at its next check."""
        with self._changed:
            was_waiting = self._waiting.drop(job) is not None
            if not was_waiting and job == self.busy:
                self._cancelled.add(job)
            return was_waiting

    def check(self, job: int) -> None:
        """Raise CancelledError where the job in flight was cancelled or the inbox was closed."""
        with self._changed:
            if self._closed or job in self._cancelled:
                raise CancelledError(f"job {job} was cancelled")

    def close(self) -> None:
        """End the computing thread's wait, and the job in flight at its next check."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify()
