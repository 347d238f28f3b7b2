"""What only the real picamera2 on the real libcamera can show. Run by `run`, beside the camera contract."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from typing import Self

import pytest
from picamera2 import Picamera2

from kiosk.camera.picam import Picam
from kiosk.camera.process.supervisor import CameraChange, CameraSupervisor
from kiosk.errors import CameraStalledError, CameraUnavailableError
from tests.contract.test_camera import until_error
from tests.device.libcamera.virtual_camera import VirtualRig

HOLD = Path(__file__).with_name("hold.py")
PROGRAM = (sys.executable, "-m", "tests.device.libcamera.camera_process")
START_S = 15.0
HANGS_S = 25.0


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualRig]:
    rig = VirtualRig(tmp_path, monkeypatch)
    yield rig
    rig.end()


@pytest.mark.usefixtures("rig")
def test_no_camera_of_a_number_is_a_runtime_error() -> None:
    with pytest.raises(RuntimeError, match="No camera number 7 found"):
        Picamera2(7)


@pytest.mark.usefixtures("rig")
def test_odd_sizes_are_made_even() -> None:
    camera = Picamera2()
    made = camera.create_preview_configuration(main={"format": "BGR888", "size": (801, 601)})
    camera.close()
    assert made["main"]["size"] == (800, 600)


def test_a_busy_camera_is_one_plain_line(rig: VirtualRig) -> None:
    rig.spoil()
    with pytest.raises(
        CameraUnavailableError, match=r"^picam: the camera does not open \([^\n]+\); close other"
    ):
        Picam()


def test_a_hundred_openings_and_stalls_leave_nothing_open(rig: VirtualRig) -> None:
    def once(stalled: bool) -> None:
        with Picam() as camera:
            if stalled:
                rig.stall()
                with pytest.raises(CameraStalledError):
                    until_error(lambda: camera.read(0.05))
                rig.mend()

    for _ in range(3):
        once(stalled=False)
    before = descriptors()
    for number in range(100):
        once(stalled=number % 10 == 0)
    assert descriptors() <= before


@pytest.mark.usefixtures("rig")
def test_a_driver_that_hangs_is_told_in_time() -> None:
    """Only closing has to wait for it, with the interpreter held: so the camera has a process of its own."""
    camera = Picam()
    with held_driver(os.getpid(), 5.0):
        held_s = time.monotonic()
        with pytest.raises(CameraStalledError, match="check the ribbon cable"):
            until_error(lambda: camera.read(0.3))
        told_s = time.monotonic() - held_s
        camera.close()
        closed_s = time.monotonic() - held_s
    assert told_s < 1.5
    print(f"\nhung driver: told after {told_s:.1f} s; closing waited {closed_s - told_s:.1f} s of 5 s")  # noqa: T201
    with Picam() as again:
        assert again.read().rgb.any()


@pytest.mark.usefixtures("rig")
def test_the_exhibit_goes_on_while_a_driver_hangs_and_sees_again() -> None:
    changes: Queue[CameraChange] = Queue()
    with CameraSupervisor("picam", changes.put, program=PROGRAM) as camera, Heartbeat() as heartbeat:
        camera.attend(attended=True)
        assert changes.get(timeout=START_S).state == "opened"
        assert camera.capture().result(2.0).rgb[..., 0].max() > 180
        pid = camera.pid
        assert pid is not None
        before = descriptors()
        with held_driver(pid, HANGS_S):
            held_s = time.monotonic()
            change = changes.get(timeout=HANGS_S)
            told_s = time.monotonic() - held_s
            while changes.get(timeout=HANGS_S).state != "opened":
                continue
            again_s = time.monotonic() - held_s
            assert camera.capture().result(2.0).rgb[..., 0].max() > 180
        assert change.state == "stalled"
        assert camera.pid != pid
        assert descriptors() <= before
        print(  # noqa: T201
            f"\nhung driver: of {HANGS_S:.0f} s the camera process told it after {told_s:.1f} s, a new one was live"
            f" after {again_s:.1f} s; the exhibit's longest pause was {1000 * heartbeat.longest_s:.0f} ms"
        )
        assert again_s < HANGS_S - 5
        assert heartbeat.longest_s < 0.5


@pytest.mark.usefixtures("rig")
@pytest.mark.parametrize("end", [signal.SIGABRT, signal.SIGKILL, signal.SIGSTOP], ids=lambda end: end.name)
def test_a_camera_process_that_ends_gives_the_camera_to_the_next(end: signal.Signals) -> None:
    """SIGABRT is how an assertion of libcamera's ends it."""
    changes: Queue[CameraChange] = Queue()
    with CameraSupervisor("picam", changes.put, program=PROGRAM) as camera:
        camera.attend(attended=True)
        assert changes.get(timeout=START_S).state == "opened"
        assert camera.pid is not None
        os.kill(camera.pid, end)
        assert changes.get(timeout=START_S).state != "opened"
        while changes.get(timeout=START_S).state != "opened":
            continue
        assert camera.capture().result(2.0).rgb[..., 0].max() > 180


class Heartbeat:
    """A thread of the exhibit's that looks at the clock all the time."""

    def __init__(self) -> None:
        self.longest_s = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        last_s = time.monotonic()
        while not self._over.wait(0.01):
            now_s = time.monotonic()
            self.longest_s, last_s = max(self.longest_s, now_s - last_s), now_s


@contextmanager
def held_driver(pid: int, seconds: float) -> Iterator[None]:
    """The threads of libcamera's pipelines in a process stand still, for so long at most."""
    words = [sys.executable, str(HOLD), str(pid), "CameraManager", str(seconds)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as holding:
        assert holding.stdout is not None
        assert holding.stdout.readline().startswith("held ")
        try:
            yield
        finally:
            holding.kill()


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
