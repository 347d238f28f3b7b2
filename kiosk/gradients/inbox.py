"""What waits for the gradient process's computing thread."""

import threading

from kiosk.errors import KioskError
from kiosk.gradients.protocol import Forget, Job, LoadModel

Queued = LoadModel | Forget | Job


class CancelledError(KioskError):
    """The job in flight is not wanted any more."""


class Inbox:
    """One request in flight; of each kind (load, forget, job) at most one waits: the newest."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: dict[str, Queued] = {}
        self._cancelled: set[int] = set()
        self._closed = False
        self.busy: int | None = None

    def put(self, request: Queued) -> int | None:
        """Return the job that this request pushed out, if one of its kind was waiting."""
        kind = type(request).__name__ if isinstance(request, LoadModel | Forget) else "Job"
        with self._changed:
            pushed_out = self._waiting.pop(kind, None)
            self._waiting[kind] = request
            self._changed.notify()
        return pushed_out.job if pushed_out else None

    def take(self) -> Queued | None:
        """Return the oldest waiting request once there is one, None when the inbox is closed."""
        with self._changed:
            self.busy = None
            self._cancelled.clear()
            self._changed.wait_for(lambda: self._waiting or self._closed)
            if self._closed:
                return None
            request = self._waiting.pop(next(iter(self._waiting)))
            self.busy = request.job
            return request

    def cancel(self, job: int) -> bool:
        """Return whether the job was still waiting; the one in flight is told to stop at its next check."""
        with self._changed:
            kind = next((kind for kind, request in self._waiting.items() if request.job == job), None)
            if kind is not None:
                del self._waiting[kind]
            elif job == self.busy:
                self._cancelled.add(job)
            return kind is not None

    def check(self, job: int) -> None:
        """Raise CancelledError where the job in flight was cancelled or nobody is there any more."""
        with self._changed:
            if self._closed or job in self._cancelled:
                raise CancelledError(f"job {job} was cancelled")

    def close(self) -> None:
        """End the computing thread's wait, and the job in flight at its next check."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify()
