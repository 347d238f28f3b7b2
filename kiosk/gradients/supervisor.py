"""The thread that owns the gradient process: starts it, feeds it, watches its deadlines, starts it again."""

import logging
import math
import selectors
import socket
import threading
import time
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

from kiosk.gradients import protocol
from kiosk.gradients.jobs import (
    JobCancelledError,
    JobLostError,
    JobRefusedError,
    PendingJob,
    Promise,
    WaitingJobs,
)
from kiosk.gradients.process import GradientProcess
from kiosk.gradients.protocol import Incoming, ProtocolError, Response
from kiosk.settings.sections import GradientSettings

log = logging.getLogger(__name__)

CONNECT_EVERY_S = 0.02
LOOK_EVERY_S = 0.25
# A killed process closes its socket a moment before it can be asked how it ended.
ENDING_GRACE_S = 0.5
# No caller waits for the answer to the first ping: it tells early which process to kill if that one hangs.
NOBODYS_JOB = -1


class Status(Enum):
    """How far the gradient process is.

    LOST: started again in a moment. RESTING: it did not start, and is tried again from time to time, for ever.
    UNUSABLE: it cannot run on this board.
    """

    STARTING = "starting"
    LOADING = "loading"
    READY = "ready"
    LOST = "lost"
    RESTING = "resting"
    UNUSABLE = "unusable"


class _LostError(Exception):
    """The process or its connection is gone or silent; the message says how."""


class _RestingError(_LostError):
    """It does not start; what keeps it from starting may pass."""


class _UnusableError(_LostError):
    """It cannot run on this board: to start it again would end the same way."""


class Supervisor:
    """Keeps one gradient process alive and carries jobs to it, one in flight; never blocks its callers."""

    def __init__(
        self,
        settings: GradientSettings,
        load: protocol.LoadModel,
        model: Path,
        external: Path | None,
        on_status: Callable[[Status, str], None],
    ) -> None:
        self._settings, self._load, self._model = settings, load, model
        self._external, self._on_status = external, on_status
        self._waiting = WaitingJobs()
        self._to_cancel: set[int] = set()
        self._in_flight: PendingJob | None = None
        self._due_s = 0.0
        self._outgoing = bytearray()
        self._back_off_s = settings.first_back_off_s
        self._failed_starts = 0
        self._rests = 0  # in a row; while there are any, a new attempt is nobody's news until it succeeds
        self._closing = threading.Event()
        self._again = threading.Event()  # end this process, or the wait for the next; also set by close
        self._wake_out, self._wake_in = socket.socketpair()
        self._wake_out.setblocking(False)
        self._wake_in.setblocking(False)
        self.process: GradientProcess | None = None
        self._thread = threading.Thread(target=self._run, name="gradients", daemon=True)
        self._thread.start()

    def submit(self, job: PendingJob) -> None:
        """Queue a job for the process; it ends a waiting one of its kind."""
        self._waiting.add(job)
        in_flight = self._in_flight
        loading = in_flight is not None and in_flight.request is self._load
        if isinstance(job.request, protocol.ForgetVisitor) and not loading:  # a job holds a visitor's picture
            self._due_s = min(self._due_s, time.monotonic() + self._settings.forget_deadline_s)
        self._wake()

    def cancel(self, number: int) -> None:
        """End a waiting job, or ask the process to end the one in flight before its next gradient."""
        if not self._waiting.cancel(number):
            self._to_cancel.add(number)
            self._wake()

    def restart(self) -> None:
        """End the process, so that it is started again; one that was given up is given another chance."""
        self._again.set()
        self._wake()

    def close(self) -> None:
        """End the process and lose what is pending."""
        self._closing.set()
        self._again.set()
        self._wake()
        self._thread.join()
        self._wake_out.close()
        self._wake_in.close()

    def _wake(self) -> None:
        try:
            self._wake_in.send(b"\0")
        except OSError:  # full, so that it wakes up anyway, or closed
            log.debug("event=already_woken")

    def _run(self) -> None:
        """Live through one process after another. A process boundary: this thread must not end before close."""
        while not self._closing.is_set():
            try:
                self._generation()
            except _UnusableError as unusable:
                self._give_up(Status.UNUSABLE, f"the gradient process cannot run here: {unusable}")
                continue
            except _RestingError as resting:
                self._rest(f"the gradient process does not start: {resting}")
                continue
            except _LostError as lost:
                self._mourn(f"the gradient process was lost: {lost}")
            except Exception:
                log.exception("event=supervisor_failed")
                self._mourn("the gradient process was lost: its supervisor failed")
            self._pause()
        self._lose("the gradient process was closed")
        self._waiting.close(JobLostError("the gradient process was closed; try again"))

    def _generation(self) -> None:
        """Start a process, load the model, carry jobs; raises _LostError when it is over before close."""
        self._tell_progress(Status.STARTING)
        self._again.clear()
        if self._closing.is_set():
            self._again.set()  # close may have come just before the line above
        self._failed_starts += 1  # until its model is loaded
        with GradientProcess(self._settings, self._external) as process:
            self.process = process
            try:
                with self._connected(process) as connection, selectors.DefaultSelector() as selector:
                    self._converse(process, connection, selector)
            except (OSError, ProtocolError) as error:
                reason = process.ended(ENDING_GRACE_S) or str(error)
                process.kill()
                raise self._loss(process, reason) from None
            except _RestingError:
                process.kill()
                raise
            except _LostError as lost:
                process.kill()
                raise self._loss(process, str(lost)) from None

    def _loss(self, process: GradientProcess, reason: str) -> _LostError:
        """Return what a loss means: the process is started again, at once or later, or can never become ready here.

        PyTorch built for a newer processor ends by SIGILL while it is imported.
        """
        if self._failed_starts == 0 or self._again.is_set():
            return _LostError(reason)
        if process.met_unknown_instruction:
            return _UnusableError(f"{reason} while starting; this PyTorch is made for another processor")
        if self._failed_starts >= self._settings.failed_starts:
            return _RestingError(f"it failed {self._failed_starts} times in a row ({reason})")
        return _LostError(reason)

    def _connected(self, process: GradientProcess) -> socket.socket:
        due_s = time.monotonic() + self._settings.load_deadline_s
        while not self._again.wait(CONNECT_EVERY_S):
            connection = process.connect()
            if connection is not None:
                connection.setblocking(False)
                return connection
            ended = process.ended()
            if ended is not None:
                raise _LostError(ended)
            if time.monotonic() > due_s:
                raise self._late()
        raise _LostError("it was to start again")

    def _converse(
        self, process: GradientProcess, connection: socket.socket, selector: selectors.BaseSelector
    ) -> None:
        incoming = Incoming(Response)
        self._outgoing.clear()
        process.greet(connection, protocol.encode(protocol.Ping(NOBODYS_JOB)), self._model)
        self._send(
            PendingJob(
                self._load, self._settings.load_deadline_s, lambda _: None, None, Promise(self._load.job)
            )
        )
        self._tell_progress(Status.LOADING)
        selector.register(self._wake_out, selectors.EVENT_READ)
        selector.register(connection, selectors.EVENT_READ)
        while not self._again.is_set():
            writing = selectors.EVENT_WRITE if self._outgoing else 0
            selector.modify(connection, selectors.EVENT_READ | writing)
            for key, events in selector.select(LOOK_EVERY_S):
                if key.fileobj is self._wake_out:
                    self._wake_out.recv(4096)
                    continue
                if events & selectors.EVENT_WRITE:
                    del self._outgoing[: connection.send(self._outgoing)]
                if events & selectors.EVENT_READ:
                    self._receive(process.receive(connection), incoming)
            self._send_next()
            if self._in_flight and time.monotonic() > self._due_s:
                if self._in_flight.request is self._load:
                    raise self._late()
                raise _LostError(f"no answer to {type(self._in_flight.request).__name__} in time")
        if not self._closing.is_set():
            raise _LostError("it was to start again")

    def _late(self) -> _RestingError:
        """Return what to say; how a process of systemd's ended, or that it ends again and again, is not seen here."""
        reason = (
            f"it was not ready within {self._settings.load_deadline_s:g} s; "
            "on a slow board set gradients.load_deadline_s higher"
        )
        where = "; its log says more: journalctl --unit=kiosk-gradients" if self._external else ""
        return _RestingError(f"{reason}{where}")

    def _receive(self, received: bytes, incoming: Incoming) -> None:
        if not received:
            raise ConnectionResetError("it closed the connection")
        for reply in incoming.feed(received):
            self._settle(reply)

    def _send_next(self) -> None:
        if self._in_flight is None:
            self._to_cancel.clear()
            job = self._waiting.take()
            if job is not None and not job.answer.cancelled():
                self._send(job)
        elif self._in_flight.request.job in self._to_cancel:
            self._to_cancel.clear()
            self._outgoing += protocol.encode(protocol.Cancel(self._in_flight.request.job))

    def _send(self, job: PendingJob) -> None:
        try:
            self._outgoing += protocol.encode(job.request)
        except ProtocolError as error:
            job.fail(JobRefusedError(f"the job is too large to send: {error}"))
            return
        self._due_s = time.monotonic() + job.deadline_s
        self._in_flight = job

    def _settle(self, reply: Response) -> None:
        """Bring a reply to its job; one whose job is over is stale and dropped."""
        job = self._in_flight
        if job is None or reply.job != job.request.job:
            log.debug("event=stale_reply kind=%s", type(reply).__name__)
            return
        match reply:
            case protocol.Iterate() | protocol.EpochDone() | protocol.Advanced():
                self._due_s = time.monotonic() + job.deadline_s
                if job.on_part:
                    job.on_part(reply)
                return
            case protocol.Cancelled():
                job.fail(JobCancelledError("the job was cancelled"))
            case protocol.Refused() if job.request is self._load:
                raise _LostError(f"it refused the model ({reply.reason})")
            case protocol.Refused():
                job.fail(JobRefusedError(reply.reason))
            case protocol.Loaded():
                self._failed_starts = self._rests = 0
                self._on_status(Status.READY, "")
            case _:
                job.succeed(_read(job, reply))
                self._back_off_s = self._settings.first_back_off_s
        self._in_flight = None

    def _mourn(self, reason: str) -> None:
        if self._closing.is_set():
            return
        log.warning("event=gradient_process_lost reason=%s restart_in_s=%.1f", reason, self._back_off_s)
        self._lose(f"{reason}; try again")
        self._on_status(Status.LOST, reason)

    def _tell_progress(self, status: Status) -> None:
        """Tell how far a start is, unless it is an attempt after a rest: those are quiet."""
        if not self._rests:
            self._on_status(status, "")

    def _rest(self, reason: str) -> None:
        """Start no process for a while, then try again: quietly, and for ever."""
        self._rests += 1
        every = f"{self._settings.rest_s / 60:.3g} minutes"
        self._give_up(
            Status.RESTING,
            f"{reason}; tried again every {every}, {self._rests} so far",
            self._settings.rest_s,
        )

    def _give_up(self, status: Status, reason: str, for_s: float = math.inf) -> None:
        """Start no process, and lose every job at once, until that time is over, or asked to try again, or closed."""
        log.warning("event=gradient_process_%s reason=%s", status.value, reason)
        self._on_status(status, reason)
        until_s = time.monotonic() + for_s
        self._lose(reason)
        while not self._again.wait(max(0.0, min(LOOK_EVERY_S, until_s - time.monotonic()))):
            self._lose(reason)
            if time.monotonic() >= until_s:
                return
        self._failed_starts = self._rests = 0

    def _lose(self, reason: str) -> None:
        error = JobLostError(reason)
        job, self._in_flight = self._in_flight, None
        if job is not None:
            job.fail(error)
        self._waiting.fail_all(error)

    def _pause(self) -> None:
        """Wait before the next start, twice as long each time until a job succeeds; jobs meanwhile just wait."""
        if not self._closing.is_set() and not self._again.wait(self._back_off_s):
            self._back_off_s = min(2 * self._back_off_s, self._settings.longest_back_off_s)


def _read(job: PendingJob, reply: Response) -> Any:
    """Return what a reply says to its job; raises ProtocolError where it answers another kind of question."""
    try:
        return job.read(reply)
    except (AttributeError, TypeError, ValueError) as error:
        raise ProtocolError(f"{type(reply).__name__} does not answer {type(job.request).__name__}") from error
