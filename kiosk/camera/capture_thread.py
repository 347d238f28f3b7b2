"""The capture thread: owns the camera, keeps the newest frame, and opens the camera again when it is lost."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

from kiosk.camera.base import FRAME_WAIT_S, Camera, Frame, NewestFrame
from kiosk.errors import CameraError, CameraStalledError, CameraUnavailableError

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CameraChange:
    """What became of the camera, and why in one plain line.

    `stuck`: a call into the driver has not come back in its time. The thread goes on waiting for it, since a
    second call would only get stuck behind it; if it never comes back, only a new start of the program helps.
    """

    state: Literal["opened", "stalled", "unavailable"]
    reason: str
    stuck: bool = False


@dataclass(frozen=True)
class Patience:
    """How long the capture thread waits for what. Units: seconds."""

    frame_s: float = FRAME_WAIT_S
    # A camera keeps its own limit on a frame; this much later it has broken its word.
    overrun_s: float = 1.0
    # `auto` may try a dead camera or two, each with its own limit, before one that works.
    open_s: float = 20.0
    close_s: float = 3.0
    first_retry_s: float = 0.5
    longest_retry_s: float = 30.0
    # A camera that lasted this long has recovered: the pauses between attempts start again from the first.
    steady_s: float = 10.0
    join_s: float = 2.0


class CaptureThread:
    """A camera kept open by threads of its own; only `close` ever waits, with a limit.

    `open_camera` is called again after every loss, with growing pauses. `on_change` is called once a change,
    on a thread of this object: it should only pass the change on, and must not call `close`.

    Two threads: one makes every call into the driver, and may hang there; the other watches it by the clock.
    """

    def __init__(
        self,
        open_camera: Callable[[], Camera],
        on_change: Callable[[CameraChange], None],
        patience: Patience | None = None,
    ) -> None:
        self._open_camera = open_camera
        self._on_change = on_change
        self._patience = Patience() if patience is None else patience
        self._slot = NewestFrame("camera")
        self._changed = threading.Condition()
        self._closing = False
        self._again = False  # staff want the camera opened again, now
        self._session: _Session | None = None
        self._reported = CameraChange("unavailable", "camera: not open yet; wait a moment")
        self._watcher = threading.Thread(target=self._watch, name="camera watch", daemon=True)
        self._watcher.start()

    def newest(self) -> Frame | None:
        """Return the newest frame, or None while there is no camera. Shared with other readers, hence read-only."""
        return self._slot.newest()

    def capture(self) -> Future[Frame]:
        """Return the shutter: the promise of a frame exposed after this call, or of a CameraError; kept soon."""
        promise: Future[Frame] = Future()
        promise.set_running_or_notify_cancel()  # not to be cancelled, so that it can always be kept
        with self._changed:
            if self._session is None or not self._session.ask(promise):
                promise.set_exception(CameraUnavailableError(self._reported.reason))
        return promise

    def reopen(self) -> None:
        """Close the camera and open it again, without waiting out a pause; one whose driver hangs stays as it is."""
        with self._changed:
            self._again = True
            if self._session is not None:
                self._session.stop(awaited=True)
            self._changed.notify_all()

    def close(self) -> None:
        """Close the camera and end the threads, unless a driver holds one up too long."""
        deadline_s = time.monotonic() + self._patience.join_s
        with self._changed:
            self._closing = True
            self._changed.notify_all()
            session = self._session
        self._watcher.join(self._patience.join_s)
        if session is not None:
            session.join(max(0.0, deadline_s - time.monotonic()))
            if session.is_alive():
                _log.warning("camera left behind: its driver does not return")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _watch(self) -> None:
        """One session after another, until closed."""
        retry_s = self._patience.first_retry_s
        while (session := self._begin()) is not None:
            self._lose(session, self._follow(session))
            if session.lasted_s >= self._patience.steady_s or self._again:
                retry_s = self._patience.first_retry_s
            with self._changed:
                self._changed.wait_for(lambda: self._closing or self._again, retry_s)
                self._again = False
            retry_s = min(2 * retry_s, self._patience.longest_retry_s)

    def _begin(self) -> "_Session | None":
        with self._changed:
            if self._closing:
                return None
            self._session = _Session(self._open_camera, self._slot, self._changed, self._patience)
            self._session.start()
            return self._session

    def _follow(self, session: "_Session") -> CameraError:
        """Return why the session ended; reports on the way that it opened, and that it is stuck."""
        while True:
            with self._changed:
                self._changed.wait_for(
                    lambda: self._closing or session.error is not None or self._is_news(session),
                    session.left_s,
                )
                closing, error = self._closing, session.error
            if closing:
                session.stop()
                return CameraUnavailableError("camera: closed")
            if error is not None:
                return error
            if self._is_news(session):
                self._report(CameraChange("opened", session.camera_name))
            elif session.left_s == 0:
                session.stop()
                stuck = CameraStalledError(
                    "camera: its driver does not answer; if it stays so, start the program again"
                )
                self._lose(session, stuck, stuck=True)

    def _is_news(self, session: "_Session") -> bool:
        return session.live and self._reported.state != "opened"

    def _lose(self, session: "_Session", error: CameraError, *, stuck: bool = False) -> None:
        """End every look at a camera that is gone."""
        session.disappoint(error)
        self._slot.clear()
        if not self._closing:
            state: Literal["stalled", "unavailable"] = (
                "stalled" if isinstance(error, CameraStalledError) else "unavailable"
            )
            self._report(CameraChange(state, str(error), stuck))

    def _report(self, change: CameraChange) -> None:
        """Tell a change; a retry that fails as the one before is none."""
        with self._changed:
            if change == self._reported:
                return
            self._reported = change
        _log.info("camera state=%s stuck=%s reason=%s", change.state, change.stuck, change.reason)
        self._on_change(change)


class _Session(threading.Thread):
    """One camera from its opening to its closing: the only thread that calls into the driver.

    `changed` is the lock of all that the watcher reads here, notified when the camera opens and at the end.
    """

    def __init__(
        self,
        open_camera: Callable[[], Camera],
        slot: NewestFrame,
        changed: threading.Condition,
        patience: Patience,
    ) -> None:
        super().__init__(name="camera", daemon=True)
        self.error: CameraError | None = None
        self.live = False
        self.camera_name = ""
        self.lasted_s = 0.0
        self._open_camera = open_camera
        self._slot = slot
        self._changed = changed
        self._patience = patience
        self._stopping = self._awaited = False
        self._asked: list[Future[Frame]] = []
        self._deadline_s = time.monotonic() + patience.open_s

    @property
    def left_s(self) -> float | None:
        """Return how long the call into the driver may still take; None when it is not waited for any more."""
        given_up = self._stopping and not self._awaited
        return None if given_up else max(0.0, self._deadline_s - time.monotonic())

    def stop(self, *, awaited: bool = False) -> None:
        """Close the camera as soon as the driver comes back; `awaited`: which it still has to do in its time."""
        with self._changed:
            self._stopping, self.live, self._awaited = True, False, awaited

    def ask(self, promise: Future[Frame]) -> bool:
        """Return whether there is a camera that will keep, or break, the promise."""
        with self._changed:
            if self.live:
                self._asked.append(promise)
            return self.live

    def disappoint(self, error: CameraError) -> None:
        """Break all promises not yet kept."""
        with self._changed:
            for promise in self._asked:
                promise.set_exception(error)
            self._asked = []

    def run(self) -> None:
        """Use the camera to its end: the one place where any error at all becomes a lost camera."""
        try:
            self._use_camera()
            error: CameraError = CameraStalledError("camera: closed; opening it again")
        except CameraError as failure:
            error = failure
        except Exception as fault:  # noqa: BLE001 - the boundary of this thread; the only one in this package
            _log.exception("camera fault")
            error = CameraUnavailableError(f"camera: a fault in this program ({fault!r}); see the log")
        with self._changed:
            self.error, self.live = error, False
            self._changed.notify_all()

    def _use_camera(self) -> None:
        camera = self._open_camera()
        opened_s = time.monotonic()
        try:
            with self._changed:
                if not self._stopping:
                    self._slot.clear()
                    self.camera_name, self.live = camera.name, True
                    self._changed.notify_all()
            while not self._stopping:
                self._next_frame(camera)
        finally:
            self.lasted_s = time.monotonic() - opened_s
            self._deadline_s = time.monotonic() + self._patience.close_s
            camera.close()

    def _next_frame(self, camera: Camera) -> None:
        self._deadline_s = time.monotonic() + self._patience.frame_s + self._patience.overrun_s
        with self._changed:
            promises = tuple(self._asked)
        frame = camera.capture(self._patience.frame_s) if promises else camera.read(self._patience.frame_s)
        with self._changed:
            if self._stopping:
                return
            frame.rgb.flags.writeable = False  # from here on several threads look at it
            frame = self._slot.put(frame.rgb, frame.taken_s)
            for promise in promises:
                promise.set_result(frame)
            self._asked = self._asked[len(promises) :]
