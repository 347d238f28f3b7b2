"""The thread that keeps one camera process alive: starts it, hears it, watches it by the clock, starts it again."""

import logging
import selectors
import socket
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Literal, Self

from kiosk.camera.base import Frame, NewestFrame
from kiosk.camera.orientation import UPRIGHT, Orientation
from kiosk.camera.process.child import PROGRAM, CameraProcess
from kiosk.camera.process.link import Arrived, CameraLink
from kiosk.camera.process.messages import Capture, Close, Closed, Lost, Open, Opened
from kiosk.camera.process.pauses import Patience, Pauses
from kiosk.errors import CameraError, CameraStalledError, CameraUnavailableError
from kiosk.wire.messages import ProtocolError

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.25
# What one process may fail to open: a library may lose a little with each, which ends with its process.
ATTEMPTS_A_PROCESS = 15
# Processes that hang in the kernel and cannot be killed; with so many no further one is started.
MOST_LEFT_BEHIND = 3


@dataclass(frozen=True)
class CameraChange:
    """What became of the camera, in one plain line: its name once it is open, else why there is none.

    `failures`: attempts in a row that failed, 0 for a camera that was just lost.
    """

    state: Literal["opened", "stalled", "unavailable"]
    reason: str
    failures: int = 0


class _Phase(Enum):
    """What the camera process is doing, as the exhibit knows it."""

    STARTING = "did not start"
    OPENING = "did not open the camera"
    LIVE = "gave no frame"
    CLOSING = "did not close the camera"
    IDLE = "is idle"


class _HungError(Exception):
    """The process does not answer in its time; the message says to what."""


class CameraSupervisor:
    """Keeps a camera open in a process of its own, whatever that does; only `close` ever waits, with a limit.

    `on_change` is called on a thread of this object for every change, once: it should only pass it on.
    """

    def __init__(
        self,
        spec: str,
        on_change: Callable[[CameraChange], None],
        orientation: Orientation = UPRIGHT,
        patience: Patience | None = None,
        program: Sequence[str] = PROGRAM,
    ) -> None:
        self._spec, self._orientation = spec, orientation
        self._on_change = on_change
        self._patience = Patience() if patience is None else patience
        self._program = program
        self._pauses = Pauses(self._patience)
        self._slot = NewestFrame("camera")
        self._lock = threading.Lock()  # of all that callers on other threads change
        self._captures: dict[int, Future[Frame]] = {}
        self._to_ask: list[int] = []
        self._asked = 0
        self._live = self._attended = self._again = self._quietly = self._closing = False
        self._reported = CameraChange("unavailable", "camera: not open yet; wait a moment")
        self._phase, self._due_s, self._opened_s = _Phase.STARTING, 0.0, 0.0
        self._attempts = 0
        self._left_behind: list[CameraProcess] = []
        self.pid: int | None = None
        self.starts = 0
        self._wake_out, self._wake_in = socket.socketpair()
        self._wake_out.setblocking(False)
        self._wake_in.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)
        self._thread.start()

    def newest(self) -> Frame | None:
        """Return the newest frame, read-only, or None while there is no camera; not to be kept: copy what is."""
        return self._slot.newest()

    def capture(self) -> Future[Frame]:
        """Return the shutter: the promise of a frame exposed after this call, or of a CameraError; kept soon."""
        promise: Future[Frame] = Future()
        promise.set_running_or_notify_cancel()  # not to be cancelled, so that it can always be kept
        with self._lock:
            if not self._live:
                promise.set_exception(CameraUnavailableError(self._reported.reason))
                return promise
            self._asked += 1
            self._captures[self._asked] = promise
            self._to_ask.append(self._asked)
        self._wake()
        return promise

    def attend(self, *, attended: bool) -> None:
        """Say whether somebody is there, who should not wait long for the camera; then it is looked for at once."""
        if attended and not self._attended:
            self._pauses.at_once()
        self._attended = attended
        self._wake()

    def orient(self, orientation: Orientation) -> None:
        """Open the camera again so that its picture is turned and mirrored like this."""
        if orientation != self._orientation:
            self._orientation, self._quietly = orientation, True
            self._again = True
            self._pauses.at_once()
            self._wake()

    def reopen(self) -> None:
        """Close the camera and open it again, without waiting out a pause."""
        self._quietly = False
        self._pauses.at_once()
        self._again = True
        self._wake()

    def stop(self) -> None:
        """Begin to end the process, without waiting for that."""
        self._closing = True
        self._wake()

    def close(self) -> None:
        """End the process, unless the kernel holds it up."""
        self.stop()
        self._thread.join(self._patience.join_s + self._patience.killed_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _wake(self) -> None:
        try:
            self._wake_in.send(b"\0")
        except OSError:  # full, so that it wakes up anyway, or closed
            return

    def _run(self) -> None:
        """Live through one process after another. A thread's boundary: it must not end before `close`."""
        while not self._closing:
            try:
                self._generation()
            except (OSError, _HungError) as error:
                self._fail(CameraStalledError(f"camera: its process {error}; it is begun anew"))
            except Exception:
                log.exception("event=camera_supervisor_failed")
                self._fail(CameraStalledError("camera: a fault in this program; see the log"))
            self._rest()
        self._end_captures(CameraUnavailableError("camera: closed"))
        self._slot.clear()
        for process in self._left_behind:
            process.ended(0.1)
        self._wake_out.close()
        self._wake_in.close()

    def _generation(self) -> None:
        """Start a process and follow it to its end; raises what its end was, unless it was wanted."""
        self._left_behind = [process for process in self._left_behind if process.ended() is None]
        if len(self._left_behind) >= MOST_LEFT_BEHIND:
            raise _HungError("hangs in the kernel")
        self.starts += 1
        self._attempts, self._again = 0, False
        process = CameraProcess(self._program)
        self.pid = process.pid
        link: CameraLink | None = None
        try:
            self._enter(_Phase.STARTING, self._patience.start_s)
            link = CameraLink(self._accepted(process))
            self._open(link)
            self._converse(link)
        except OSError as error:
            raise _HungError(process.ended(self._patience.killed_s) or f"was lost ({error})") from None
        except ProtocolError as error:
            raise _HungError(f"sent {error}") from None
        finally:
            if link is not None:
                link.close()  # which ends the process in good order
            self._end(process)

    def _end(self, process: CameraProcess) -> None:
        """End a process: in good order where its camera is not known to hang, and for certain."""
        orderly = self._phase in (_Phase.IDLE, _Phase.LIVE) and time.monotonic() < self._due_s
        if orderly and process.ended(min(self._patience.close_s, self._patience.join_s)) is not None:
            return
        if not process.kill(self._patience.killed_s):
            log.error("event=camera_process_left_behind pid=%d", process.pid)
            self._left_behind.append(process)

    def _accepted(self, process: CameraProcess) -> socket.socket:
        """Return the connection to a process that has just been started."""
        with selectors.DefaultSelector() as selector:
            selector.register(process.listener, selectors.EVENT_READ)
            while not self._closing:
                if selector.select(LOOK_EVERY_S) and (connection := process.accept()) is not None:
                    return connection
                self._watch_clock()
                ended = process.ended()
                if ended is not None:
                    raise _HungError(ended)
        raise _HungError("is to end")

    def _converse(self, link: CameraLink) -> None:
        """Carry commands and news until the process is to end."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake_out, selectors.EVENT_READ)
            selector.register(link.connection, selectors.EVENT_READ)
            wanted = selectors.EVENT_READ
            while not self._closing:
                self._command(link)
                before, wanted = wanted, selectors.EVENT_READ | (selectors.EVENT_WRITE if link.send() else 0)
                if wanted != before:
                    selector.modify(link.connection, wanted)
                for key, events in selector.select(self._look_s()):
                    if key.fileobj is self._wake_out:
                        self._wake_out.recv(4096)
                        continue
                    if events & selectors.EVENT_READ:
                        self._hear(link)
                self._watch_clock()
                if self._phase is _Phase.IDLE and self._attempts >= ATTEMPTS_A_PROCESS:
                    return

    def _look_s(self) -> float:
        """Return for how long there may be nothing to do."""
        left_s = self._due_s - time.monotonic()
        if self._phase is _Phase.IDLE:
            left_s = self._pauses.left_s(time.monotonic(), attended=self._attended)
        return max(0.0, min(left_s, LOOK_EVERY_S))

    def _command(self, link: CameraLink) -> None:
        """Say what is due: a capture, an end for the sake of a new beginning, the next attempt."""
        with self._lock:
            asked, self._to_ask = self._to_ask, []
        for number in asked:
            link.say(Capture(number))
        if self._again and self._phase is _Phase.LIVE:
            self._again = False
            link.say(Close())
            self._reopen()
            self._enter(_Phase.CLOSING, self._patience.close_s)
        elif (
            self._phase is _Phase.IDLE and self._pauses.left_s(time.monotonic(), attended=self._attended) == 0
        ):
            self._open(link)

    def _open(self, link: CameraLink) -> None:
        self._again = False
        self._attempts += 1
        link.say(Open(self._spec, self._orientation.turned, self._orientation.mirrored))
        self._enter(_Phase.OPENING, self._patience.open_s)

    def _hear(self, link: CameraLink) -> None:
        """Take what the process tells."""
        for news in link.receive():
            match news:
                case Opened(name):
                    self._attempts, self._opened_s = 0, time.monotonic()
                    self._slot.clear()
                    with self._lock:
                        self._live = True
                    self._enter(_Phase.LIVE, self._patience.frame_s)
                    self._report(CameraChange("opened", name))
                case Arrived():
                    if self._phase is _Phase.LIVE:
                        self._due_s = time.monotonic() + self._patience.frame_s
                        self._put(news)
                case Lost(state, reason):
                    kind = CameraStalledError if state == "stalled" else CameraUnavailableError
                    self._fail(kind(reason))
                    self._enter(_Phase.CLOSING, self._patience.close_s)
                case Closed():
                    self._enter(_Phase.IDLE, float("inf"))

    def _put(self, arrived: Arrived) -> None:
        """Make a frame the newest, and keep the promises of it with a copy: those are held for long."""
        frame = self._slot.put(arrived.rgb, arrived.taken_s)
        with self._lock:
            promises = [self._captures.pop(number, None) for number in arrived.captures]
        for promise in filter(None, promises):
            copy = frame.rgb.copy()
            copy.flags.writeable = False
            promise.set_result(Frame(copy, frame.id, frame.taken_s))

    def _enter(self, phase: _Phase, limit_s: float) -> None:
        self._phase, self._due_s = phase, time.monotonic() + limit_s

    def _watch_clock(self) -> None:
        if time.monotonic() > self._due_s:
            raise _HungError(f"{self._phase.value} in its time")

    def _reopen(self) -> None:
        """Give the open camera up; where that is only for another turn, nobody need hear of it."""
        again = CameraStalledError("camera: closed; opening it again")
        if self._quietly:
            with self._lock:
                self._live = False
            self._end_captures(again)
        else:
            self._fail(again)
        self._quietly = False
        self._pauses.at_once()

    def _fail(self, error: CameraError) -> None:
        """End every look at a camera that is gone, and tell why."""
        if self._closing:
            return
        now_s = time.monotonic()
        lasted_s = now_s - self._opened_s if self._live else 0.0
        if not (self._phase is _Phase.CLOSING and not self._live):  # that attempt was told already
            self._pauses.failed(now_s, lasted_s)
        failures = 0 if self._live else self._pauses.failures
        with self._lock:
            self._live = False
        self._end_captures(error)
        self._slot.clear()
        state: Literal["stalled", "unavailable"] = (
            "stalled" if isinstance(error, CameraStalledError) else "unavailable"
        )
        plug = (
            "; it hangs in the kernel: switch the exhibit off and on at the plug" if self._left_behind else ""
        )
        self._report(CameraChange(state, f"{error}{plug}", failures))

    def _end_captures(self, error: CameraError) -> None:
        """Break all promises not yet kept."""
        with self._lock:
            promises, self._captures, self._to_ask = list(self._captures.values()), {}, []
        for promise in promises:
            promise.set_exception(type(error)(str(error)))

    def _report(self, change: CameraChange) -> None:
        """Tell a change, once. A boundary: whatever the listener raises, this thread must go on."""
        with self._lock:
            if change == self._reported:
                return
            self._reported = change
        log.info(
            "event=camera state=%s starts=%d failures=%d reason=%s",
            change.state,
            self.starts,
            change.failures,
            change.reason,
        )
        try:
            self._on_change(change)
        except Exception:  # a listener's fault is no reason to be without a camera
            log.exception("event=camera_change_not_heard")

    def _rest(self) -> None:
        """Wait until the next process is due; poll(2) takes no descriptor, of which there may be none left."""
        with selectors.PollSelector() as selector:
            selector.register(self._wake_out, selectors.EVENT_READ)
            while not self._closing:
                left_s = self._pauses.left_s(time.monotonic(), attended=self._attended)
                if left_s == 0:
                    return
                if selector.select(min(left_s, LOOK_EVERY_S)):
                    self._wake_out.recv(4096)
