"""The exhibit's camera: the real one, and our own pictures in its place for as long as it is away, as a fault."""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from kiosk.camera.base import Frame
from kiosk.camera.choose import check_spec
from kiosk.camera.orientation import UPRIGHT, Orientation
from kiosk.camera.process.child import PROGRAM
from kiosk.camera.process.pauses import Patience
from kiosk.camera.process.supervisor import CameraChange, CameraSupervisor

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sight:
    """What the exhibit sees with: its camera, our own pictures in its place, or nothing.

    `fault` is why the camera is away, empty while it is there.
    """

    sees: bool
    fault: str = ""


class ExhibitCamera:
    """The camera that `spec` names, looked for for ever, each in a process of its own; nothing here ever waits long.

    While a camera is away that was never there, or did not come back at once, the pictures in `stock` are shown in its
    place, and told as a fault; pictures that were asked for as the camera are none. `on_change` is called for every
    change, on a thread of this object.
    """

    def __init__(
        self,
        spec: str,
        stock: Path | None,
        on_change: Callable[[Sight], None],
        orientation: Orientation = UPRIGHT,
        patience: Patience | None = None,
        program: Sequence[str] = PROGRAM,
    ) -> None:
        """Begin to look for it; raises BadArgumentError where there is no such spec."""
        kind, _ = check_spec(spec)
        self._stock = None if kind == "pictures" or stock is None or not stock.is_dir() else stock
        self._on_change, self._patience, self._program = on_change, patience, program
        self._lock = threading.RLock()
        self._attended = self._closed = False
        self._told: Sight | None = None
        self._fault = "camera: not open yet; wait a moment"
        self._stand_in: CameraSupervisor | None = None
        with self._lock:  # its first change is not told before it is here
            self._real = CameraSupervisor(spec, self._real_changed, orientation, patience, program)

    @property
    def pids(self) -> tuple[int, ...]:
        """Return the camera processes: that of the camera, then that of the pictures in its place."""
        stand_in = self._stand_in
        pids = (self._real.pid, None if stand_in is None else stand_in.pid)
        return tuple(pid for pid in pids if pid is not None)

    @property
    def stands_in(self) -> bool:
        """Return whether our own pictures are shown in the camera's place."""
        return self._stand_in is not None

    def newest(self) -> Frame | None:
        """Return the newest frame, read-only, or None where there is none; not to be kept: copy what is."""
        return self._source.newest()

    def capture(self) -> Future[Frame]:
        """Return the shutter: the promise of a frame exposed after this call, or of a CameraError; kept soon."""
        return self._source.capture()

    def reopen(self) -> None:
        """Close the camera and open it again, without waiting out a pause."""
        self._real.reopen()

    def orient(self, orientation: Orientation) -> None:
        """Turn and mirror the camera's picture like this; our own pictures stay upright."""
        self._real.orient(orientation)

    def attend(self, *, attended: bool) -> None:
        """Say whether somebody is there; a camera that is away is looked for at once, and more often."""
        if attended != self._attended:
            self._attended = attended
            self._real.attend(attended=attended)

    def close(self) -> None:
        """End its processes, unless the kernel holds one up."""
        with self._lock:
            self._closed = True
            stand_in = self._stand_in
        if stand_in is not None:
            stand_in.stop()
        self._real.close()
        if stand_in is not None:
            stand_in.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def _source(self) -> CameraSupervisor:
        return self._stand_in or self._real

    def _real_changed(self, change: CameraChange) -> None:
        """Show our own pictures when the camera did not come (back), and no longer when it has."""
        with self._lock:
            gone = None
            if change.state == "opened":
                gone, self._stand_in, self._fault = self._stand_in, None, ""
                self._tell(Sight(sees=True))
            else:
                self._fault = change.reason
                wanted = change.failures > 0 and self._stock is not None and not self._closed
                if wanted and self._stand_in is None:
                    self._stand_in = self._begun_stand_in()
                shown = self._stand_in is not None and self._stand_in.newest() is not None
                self._tell(Sight(shown, change.reason))
        if gone is not None:
            gone.stop()

    def _begun_stand_in(self) -> CameraSupervisor | None:
        """Return our own pictures; None while the system has no thread or socket for them: the next failure asks."""
        spec = f"pictures:{self._stock}"
        try:
            return CameraSupervisor(
                spec, self._stand_in_changed, patience=self._patience, program=self._program
            )
        except (OSError, RuntimeError) as error:
            log.warning("event=no_stand_in reason=%s", error)
            return None

    def _stand_in_changed(self, change: CameraChange) -> None:
        with self._lock:
            if self._stand_in is not None and self._fault:
                self._tell(Sight(change.state == "opened", self._fault))

    def _tell(self, sight: Sight) -> None:
        """Tell a change; an attempt that fails as the one before is none."""
        if sight != self._told:
            self._told = sight
            self._on_change(sight)
