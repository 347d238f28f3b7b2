"""A submitted job, the ways it can end, and the queue in which only the newest waits."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from kiosk.errors import KioskError
from kiosk.gradients import protocol


class JobLostError(KioskError):
    """The gradient process crashed, hung or was killed; the job may be tried again."""


class JobCancelledError(KioskError):
    """The job was cancelled, or a newer one took its place."""


class JobRefusedError(KioskError):
    """The gradient process says that the job cannot be done, and why."""


class Answer(Future[Any]):
    """A job's answer to come, with the job's number, by which it can be cancelled."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


@dataclass(frozen=True)
class PendingJob:
    """A request on its way to its one end. `read` turns its reply into the answer; `on_part` hears a stream."""

    request: protocol.LoadModel | protocol.Job | protocol.Forget | protocol.Ping
    deadline_s: float
    read: Callable[[Any], Any]
    on_part: Callable[[Any], None] | None
    answer: Answer

    @property
    def kind(self) -> str:
        """Return the kind of which only the newest waits."""
        return "Job" if isinstance(self.request, protocol.Job) else type(self.request).__name__

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
        self._jobs: dict[str, PendingJob] = {}

    def add(self, job: PendingJob) -> None:
        """Let a job wait in the place of an older one of its kind."""
        with self._lock:
            replaced = self._jobs.pop(job.kind, None)
            self._jobs[job.kind] = job
        if replaced is not None:
            replaced.fail(JobCancelledError("a newer job took its place"))

    def take(self) -> PendingJob | None:
        """Return the oldest waiting job, or None."""
        with self._lock:
            return self._jobs.pop(next(iter(self._jobs))) if self._jobs else None

    def cancel(self, number: int) -> bool:
        """Return whether a job of that number was waiting; it has ended then."""
        with self._lock:
            kind = next((kind for kind, job in self._jobs.items() if job.request.job == number), None)
            cancelled = self._jobs.pop(kind) if kind is not None else None
        if cancelled is not None:
            cancelled.fail(JobCancelledError("the job was cancelled"))
        return cancelled is not None

    def fail_all(self, error: KioskError) -> None:
        """End every waiting job."""
        while (job := self.take()) is not None:
            job.fail(error)
