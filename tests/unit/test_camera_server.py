"""The camera process' end of its connection: whose a slot of the shared memory is."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pytest

from kiosk.camera.base import FRAME_WAIT_S, Frame
from kiosk.camera.process.messages import FrameReady, News, Open, Release, Slots
from kiosk.camera.process.server import CameraServer
from kiosk.camera.process.slots import SLOTS
from kiosk.device.camera_fault import FAULT_FILE, CameraFaultFile, camera_fault
from kiosk.wire.messages import Incoming, encode

WAIT_S = 10.0


class GrowingCamera:
    """A camera that can be made to give larger frames."""

    name = "a growing camera"

    def __init__(self) -> None:
        self.side = 8

    def read(self, timeout_s: float = FRAME_WAIT_S) -> Frame:
        del timeout_s
        time.sleep(0.005)
        return Frame(np.zeros((self.side, self.side, 3), np.uint8), 1, time.monotonic())

    def capture(self, timeout_s: float = FRAME_WAIT_S) -> Frame:
        return self.read(timeout_s)

    def close(self) -> None:
        """Nothing is open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def heard(link: socket.socket) -> Iterator[News]:
    """Yield what the process tells; the descriptors that come with it are closed."""
    incoming = Incoming(News)
    while True:
        received, descriptors, _, _ = socket.recv_fds(link, 1 << 16, 4)
        for descriptor in descriptors:
            os.close(descriptor)
        if not received:
            return
        yield from incoming.feed(received)


def test_a_slot_of_the_memory_before_is_given_back_too_late_to_free_one_that_is_looked_at() -> None:
    ours, theirs = socket.socketpair()
    camera = GrowingCamera()
    server = CameraServer(theirs, lambda _wanted: camera)
    threads = [threading.Thread(target=run, daemon=True) for run in (server.listen, server.serve)]
    with ours, theirs:
        ours.settimeout(WAIT_S)
        for thread in threads:
            thread.start()
        ours.sendall(encode(Open("any", 0, False)))
        told = heard(ours)
        memory: list[int] = []
        lent: list[int] = []
        while len(memory) < 2 or len(lent) < SLOTS:
            match next(told):
                case Slots(_, _, number):
                    memory.append(number)
                    lent.clear()
                case FrameReady(slot):
                    lent.append(slot)
                    if len(memory) == 1 and len(lent) == SLOTS:
                        camera.side = 16
        assert sorted(lent) == [*range(SLOTS)], "the exhibit has every slot"
        ours.sendall(encode(Release((0,), memory[0])))
        ours.settimeout(0.6)
        with pytest.raises(TimeoutError):
            next(told)
        ours.settimeout(WAIT_S)
        ours.sendall(encode(Release((3,), memory[1])))
        again = next(heard(ours))
        assert isinstance(again, FrameReady)
        assert again.slot == 3
    for thread in threads:
        thread.join(WAIT_S)
        assert not thread.is_alive()


def test_who_tells_of_the_camera_does_not_wait_for_the_disk(tmp_path: Path) -> None:
    place = tmp_path / FAULT_FILE
    os.mkfifo(place)  # a disk that does not answer: writing waits until somebody reads
    with closing(CameraFaultFile(tmp_path)) as file:
        since_s = time.monotonic()
        file.mark("camera: unplugged")
        assert time.monotonic() - since_s < 0.2
        assert place.read_text("utf-8") == "camera: unplugged\n"
        file.mark("")
    assert camera_fault(tmp_path) == ""
    assert not place.exists()
