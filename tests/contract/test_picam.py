"""What only the Raspberry Pi's camera does, over the stand-in for picamera2."""

import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.camera.orientation import Orientation
from kiosk.camera.picam import Picam
from kiosk.errors import CameraStalledError, CameraUnavailableError
from tests.contract.picamera2_stand_in import Board, Picamera2, Transform
from tests.contract.rigs import corners_card


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Iterator[Board]:
    board = Board()
    board.install(monkeypatch)
    yield board
    board.test_over.set()
    assert board.held == 0, "a request was never released"


def test_the_stand_in_gives_blue_first_for_rgb888(board: Board) -> None:
    camera = Picamera2()
    camera.configure(camera.create_preview_configuration(main={"format": "RGB888", "size": (4, 2)}))
    camera.start()
    request = camera.capture_request(wait=1.0)
    assert tuple(request.make_array("main")[0, 0]) == board.rgb[::-1]
    request.release()
    with pytest.raises(RuntimeError, match="negative ref_count"):
        request.release()
    camera.close()
    board.held = 0  # by the forbidden second release


def test_the_stand_in_keeps_a_timed_out_job_until_it_is_cancelled(board: Board) -> None:
    camera = Picamera2()
    camera.configure(camera.create_preview_configuration(main={"format": "BGR888", "size": (4, 2)}))
    camera.start()
    board.alive = False
    with pytest.raises(TimeoutError):
        camera.capture_request(wait=0.05)
    stopping = threading.Thread(target=camera.stop)
    stopping.start()
    stopping.join(0.2)
    assert stopping.is_alive(), "behind the job, stop waits for ever"
    camera.cancel_all_and_flush()
    stopping.join(2.0)
    assert not stopping.is_alive()
    camera.close()


def test_the_configuration_is_one_stream_for_us_alone(board: Board) -> None:
    with Picam((800, 600)) as camera:
        assert camera.name == "picam imx708 800x600"
    (config,) = board.configurations
    assert config["main"]["format"] == "BGR888"
    assert (config["raw"], config["lores"], config["display"], config["encode"]) == (None, None, None, None)
    assert (config["buffer_count"], config["queue"]) == (4, False)
    assert config["controls"] == {"FrameDurationLimits": (33_333, 66_667), "AfMode": 2}


def test_controls_the_camera_lacks_are_left_out(board: Board) -> None:
    board.controls = {}
    with Picam() as camera:
        assert camera.read()
    assert board.configurations[0]["controls"] == {}


def test_an_adjusted_size_is_taken_as_it_is(board: Board) -> None:
    board.adjusted_size = (768, 576)
    with Picam((800, 600)) as camera:
        assert camera.read().rgb.shape == (576, 768, 3)
        assert camera.name.endswith("768x576")


@pytest.mark.parametrize(
    "forced", [Transform(), Transform(vflip=True), Transform(hflip=True, transpose=True)]
)
def test_what_the_driver_does_not_turn_is_turned_here(board: Board, forced: Transform) -> None:
    board.adjusted_transform, board.card = forced, corners_card((8, 6))
    with Picam((80, 60), Orientation(180, mirrored=True)) as camera:
        assert np.array_equal(camera.read().rgb, corners_card((80, 60))[::-1])


def test_half_a_turn_and_a_mirror_are_the_sensors_work(board: Board) -> None:
    for orientation in (Orientation(), Orientation(180), Orientation(0, mirrored=True)):
        Picam(orientation=orientation).close()
    flips = [(asked["transform"].hflip, asked["transform"].vflip) for asked in board.configurations]
    assert flips == [(False, False), (True, True), (True, False)]


def test_odd_sizes_are_made_even_as_picamera2_does(board: Board) -> None:
    with Picam((801, 601)) as camera:
        assert camera.read().rgb.shape == (600, 800, 3)
    assert board.configurations[0]["main"]["size"] == (800, 600)


def test_an_adjusted_format_is_refused_and_the_camera_freed(board: Board) -> None:
    board.adjusted_format = "YUYV"
    with pytest.raises(CameraUnavailableError, match="gives YUYV, not RGB"):
        Picam()
    assert not board.busy


def test_requests_are_released_one_by_one(board: Board) -> None:
    with Picam() as camera:
        for _ in range(12):
            camera.read()
            camera.capture()
    assert board.most_held <= 4


def test_the_exposure_and_not_the_arrival_is_the_time_of_a_frame(board: Board) -> None:
    board.period_s = 0.08
    with Picam() as camera:
        pressed_s = time.monotonic()
        frame = camera.capture()
        assert pressed_s <= frame.taken_s <= time.monotonic() - 0.07


def test_after_a_stall_the_camera_is_only_good_for_closing(board: Board) -> None:
    camera = Picam()
    board.alive = False
    with pytest.raises(CameraStalledError):
        camera.read(0.05)
    board.alive = True
    with pytest.raises(CameraUnavailableError, match="stalled; open it again"):
        camera.read(0.05)
    camera.close()
    assert not board.busy


def test_a_camera_dead_from_the_start_is_a_stall_and_freed(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    board.alive = False
    monkeypatch.setattr(Picam.read, "__defaults__", (0.05,))
    with pytest.raises(CameraStalledError, match="ribbon cable"):
        Picam()
    assert not board.busy


@pytest.mark.parametrize(
    "frame",
    [
        np.zeros((6, 8), np.uint16),
        np.zeros((6, 8, 2), np.uint8),
        np.zeros((6, 8, 4), np.uint8),
        np.zeros((0, 0, 3), np.uint8),
    ],
)
def test_an_odd_frame_is_named_and_the_camera_freed(board: Board, frame: NDArray[Any]) -> None:
    board.odd_frame = frame
    shape = "x".join(map(str, frame.shape))
    with pytest.raises(CameraUnavailableError, match=rf"^picam: gives frames of {shape} {frame.dtype}, not"):
        Picam()
    assert not board.busy


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("no"), CancelledError(), MemoryError(), BufferError("odd")]
)
@pytest.mark.parametrize("place", ["configure", "start", "capture_request"])
def test_whatever_goes_wrong_the_camera_is_freed(
    board: Board, monkeypatch: pytest.MonkeyPatch, place: str, error: Exception
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(Picamera2, place, fail)
    known = CameraUnavailableError if not isinstance(error, BufferError) else BufferError
    with pytest.raises(known):
        Picam()
    assert not board.busy


def test_a_stop_that_fails_does_not_keep_the_camera(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    camera = Picam()
    stop, calls = Picamera2.stop, iter([1])

    def fail_once(self: Picamera2) -> None:
        if next(calls, None):
            raise RuntimeError("the driver says no")
        stop(self)

    monkeypatch.setattr(Picamera2, "stop", fail_once)
    camera.close()
    assert not board.busy


def test_failures_after_the_camera_was_had_leave_nothing_open(board: Board) -> None:
    Picam().close()
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    for number in range(20):
        board.fails_once_acquired = number % 2 == 0
        board.adjusted_format = "YUYV"
        with pytest.raises(CameraUnavailableError):
            Picam()
        assert not board.busy
    assert len(list(Path("/proc/self/fd").iterdir())) <= descriptors


@pytest.mark.parametrize("attached", [[], ["/base/scb/pcie/usb@1/camera"]])
def test_no_camera_on_the_ribbon_is_one_plain_line(board: Board, attached: list[str]) -> None:
    board.attached = attached
    with pytest.raises(CameraUnavailableError, match=r"^picam: no camera on the ribbon cable; [^\n]+$"):
        Picam()


def test_a_busy_camera_is_one_plain_line(board: Board) -> None:
    with Picam():
        with pytest.raises(
            CameraUnavailableError, match=r"does not open \(Camera __init__ .*close other programs"
        ):
            Picam()
        assert board.busy


def test_without_picamera2_one_plain_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "picamera2", None)
    with pytest.raises(CameraUnavailableError, match="apt install python3-picamera2"):
        Picam()


def test_importing_the_adapter_loads_no_picamera2() -> None:
    assert "picamera2" not in sys.modules
