"""What only the real picamera2 on the real libcamera can show. Run by `run`, beside the camera contract."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from picamera2 import Picamera2

from kiosk.camera.picam import Picam
from kiosk.errors import CameraStalledError, CameraUnavailableError
from tests.contract.test_camera import until_error
from tests.device.libcamera.virtual_camera import VirtualRig

HOLD = Path(__file__).with_name("hold.py")


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
    words = [sys.executable, str(HOLD), str(Path("/proc/self").resolve().name), "CameraManager", "5"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as holding:
        assert holding.stdout is not None
        assert holding.stdout.readline().startswith("held ")
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


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
