"""What runs in the camera process: one camera at a time, its frames into shared memory, its news to the exhibit."""

import logging
import socket
import threading
from collections.abc import Callable

from kiosk.camera.base import FRAME_WAIT_S, Camera, Frame
from kiosk.camera.process.messages import (
    Capture,
    Close,
    Closed,
    Command,
    FrameReady,
    Lost,
    News,
    Open,
    Opened,
    Release,
    Slots,
)
from kiosk.camera.process.slots import WrittenSlots
from kiosk.errors import CameraError, CameraStalledError
from kiosk.wire.messages import Incoming, ProtocolError, encode

log = logging.getLogger(__name__)

RECEIVE_BYTES = 1 << 16
# When the exhibit has every slot, a frame is dropped; it looks at a frame for a few hundredths of a second.
SLOT_WAIT_S = 0.2


class CameraServer:
    """Serves one connection until it ends. Two threads: `serve` is the only one that calls into a driver."""

    def __init__(self, connection: socket.socket, open_camera: Callable[[Open], Camera]) -> None:
        self._connection = connection
        self._open_camera = open_camera
        self._changed = threading.Condition()
        self._wanted: Open | None = None
        self._closing = self._ended = False
        self._captures: list[int] = []
        self._slots: WrittenSlots | None = None
        self._memory = 0  # how many there were: a slot of an earlier one may be given back late

    @property
    def ended(self) -> bool:
        """Return whether the exhibit is gone, or wants no more of this process."""
        return self._ended

    def listen(self) -> None:
        """Take the exhibit's commands until it is gone; for a thread of its own."""
        incoming = Incoming(Command)
        try:
            while received := self._connection.recv(RECEIVE_BYTES):
                for command in incoming.feed(received):
                    self._take(command)
        except ConnectionError as error:  # it is gone, and had not read all that it was told
            log.info("event=camera_connection_lost reason=%s", error)
        except (OSError, ProtocolError) as error:
            log.warning("event=camera_connection_lost reason=%s", error)
        with self._changed:
            self._ended = self._closing = True
            self._changed.notify_all()

    def serve(self) -> None:
        """Open one camera after another, as the exhibit commands, until it is gone."""
        try:
            while (wanted := self._next_wanted()) is not None:
                self._use(wanted)
                self._tell(Closed())
        except OSError as error:  # the exhibit does not hear any more
            log.info("event=camera_connection_lost reason=%s", error)
        finally:
            if self._slots is not None:
                self._slots.close()

    def _take(self, command: Command) -> None:
        with self._changed:
            match command:
                case Open():
                    self._wanted, self._closing = command, False
                case Close():
                    self._wanted, self._closing = None, True
                case Capture(number):
                    self._captures.append(number)
                case Release(slots, memory):
                    for slot in slots:
                        if self._slots is not None and memory == self._memory:
                            self._slots.release(slot)
            self._changed.notify_all()

    def _next_wanted(self) -> Open | None:
        with self._changed:
            self._changed.wait_for(lambda: self._wanted is not None or self._ended)
            wanted, self._wanted = self._wanted, None
            self._captures = []
            return None if self._ended else wanted

    def _use(self, wanted: Open) -> None:
        """Use a camera to its end. The boundary of the driver: whatever it raises is told, and the camera closed."""
        try:
            camera = self._open_camera(wanted)
        except Exception as error:  # noqa: BLE001 - what a driver or its library raises is documented nowhere
            self._tell(_lost(error))
            return
        try:
            self._tell(Opened(camera.name))
            while not self._closing:
                self._pass_on(camera)
        except ConnectionError:  # the exhibit is gone
            raise
        except Exception as error:  # noqa: BLE001 - as above
            self._tell(_lost(error))
        finally:
            camera.close()

    def _pass_on(self, camera: Camera) -> None:
        """Pass the next frame on: the newest, or one that was asked for."""
        with self._changed:
            captures = tuple(self._captures)
        frame = camera.capture(FRAME_WAIT_S) if captures else camera.read(FRAME_WAIT_S)
        if not self._closing:
            self._send(frame, captures)

    def _send(self, frame: Frame, captures: tuple[int, ...]) -> None:
        """Copy a frame into a slot, the one copy there is, and hand that over; where none is free it is dropped."""
        with self._changed:
            if self._slots is None or frame.rgb.nbytes > self._slots.slot_bytes:
                self._renew(frame.rgb.nbytes)
            slots = self._slots
            assert slots is not None  # noqa: S101 - for mypy
            slot = slots.write(frame.rgb)
            if slot is None:
                self._changed.wait(SLOT_WAIT_S)
                slot = slots.write(frame.rgb)
            if slot is None:
                return
            self._captures = self._captures[len(captures) :]
        height, width = frame.rgb.shape[:2]
        self._tell(FrameReady(slot, height, width, frame.taken_s, captures))

    def _renew(self, slot_bytes: int) -> None:
        """Make slots that are large enough; the exhibit looks at the old ones as long as it likes."""
        old, self._slots = self._slots, WrittenSlots(slot_bytes)
        if old is not None:
            old.close()
        self._memory += 1
        message = encode(Slots(self._slots.count, slot_bytes, self._memory))
        socket.send_fds(self._connection, [message], [self._slots.descriptor])

    def _tell(self, news: News) -> None:
        self._connection.sendall(encode(news))


def _lost(error: Exception) -> Lost:
    """Return what is told of an error: a camera's own in its words, any other with its type, and logged."""
    if isinstance(error, CameraError):
        return Lost("stalled" if isinstance(error, CameraStalledError) else "unavailable", str(error))
    log.error("event=camera_fault", exc_info=error)
    return Lost("unavailable", f"camera: its driver failed ({error!r:.200}); check its cable")
