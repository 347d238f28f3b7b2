"""A submitted job, the ways it can end, and the queue in which only the newest waits."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from kiosk.errors import KioskError
from kiosk.gradients import protocol
from kiosk.gradients.newest import NewestOfEach


class JobLostError(KioskError):
    """The gradient process crashed, hung or was killed; the job may be tried again."""


class JobCancelledError(KioskError):
    """The job was cancelled, or a newer one took its place."""


class JobRefusedError(KioskError):
    """The gradient process says that the job cannot be done, and why."""


class Promise(Future[Any]):
    """A job's answer to come, with the job's number, by which it can be cancelled."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


@dataclass(frozen=True)
class PendingJob:
    """A request on its way to its one end. `read` turns its reply into the answer; `on_part` hears a stream."""

    request: protocol.LoadModel | protocol.Job | protocol.ForgetVisitor | protocol.Ping
    deadline_s: float
    read: Callable[[Any], Any]
    on_part: Callable[[Any], None] | None
    answer: Promise

    def succeed(self, result: Any) -> None:
        """Give the answer; a caller that cancelled its future hears nothing."""
        if self.answer.set_running_or_notify_cancel():
            self.answer.set_result(result)

    def fail(self, error: KioskError) -> None:
        """Raise an error in the answer's place."""
        if self.answer.set_running_or_notify_cancel():
            self.answer.set_exception(error)


class WaitingJobs:
    """The jobs not sent yet, oldest first, shared between threads; a new one ends the waiting one of its kind."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs = NewestOfEach[PendingJob](lambda job: job.request)
        self._closed: KioskError | None = None

    def add(self, job: PendingJob) -> None:
        """Queue a job in the place of an older one of its kind."""
        with self._lock:
            closed = self._closed
            replaced = self._jobs.put(job) if closed is None else None
        if closed is not None:
            job.fail(closed)
        if replaced is not None:
            replaced.fail(JobCancelledError("a newer job took its place"))

    def take(self) -> PendingJob | None:
        """Return the oldest waiting job, or None."""
        with self._lock:
            return self._jobs.take()

    def cancel(self, number: int) -> bool:
        """Return whether a job of that number was waiting; it has ended then."""
        with self._lock:
            cancelled = self._jobs.drop(number)
        if cancelled is not None:
            cancelled.fail(JobCancelledError("the job was cancelled"))
        return cancelled is not None

    def close(self, error: KioskError) -> None:
        """End every waiting job, and each that is added from now on."""
        with self._lock:
            self._closed = error
        self.fail_all(error)

    def fail_all(self, error: KioskError) -> None:
        """End every waiting job."""
        while (job := self.take()) is not None:
            job.fail(error)
