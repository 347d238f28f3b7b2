"""What every camera backend keeps, whatever hangs behind it."""

import gc
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.camera.orientation import TURNS, Orientation
from kiosk.camera.process.link import Arrived, CameraLink
from kiosk.camera.process.messages import Capture, Closed, Lost, Open, Opened
from kiosk.camera.process.server import CameraServer
from kiosk.errors import CameraError, CameraStalledError, CameraUnavailableError
from tests.contract.rigs import RATE, RIGS, Rig

# Generous on a busy machine, and far below a visitor's patience.
LIMIT_S = 3.0
Told = TypeVar("Told", Opened, Arrived, Lost, Closed)


@pytest.fixture(params=RIGS)
def rig(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    before = set(threading.enumerate())
    rig = RIGS[request.param](tmp_path, monkeypatch)
    yield rig
    rig.end()
    for thread in set(threading.enumerate()) - before:
        thread.join(LIMIT_S)
        assert not thread.is_alive(), f"{thread.name} outlived its camera"


def until_error(take: Callable[[], object]) -> None:
    """Takes frames until that fails: some may still be on their way."""
    began_s = time.monotonic()
    while time.monotonic() - began_s < LIMIT_S:
        take()


def test_frames_are_contiguous_rgb_bytes_with_growing_ids_and_times(rig: Rig) -> None:
    with rig.open() as camera:
        frames = [camera.read() for _ in range(5)]
    for frame in frames:
        assert frame.rgb.dtype == np.uint8
        assert frame.rgb.ndim == 3
        assert frame.rgb.shape[2] == 3
        assert frame.rgb.flags.c_contiguous
        assert frame.taken_s <= time.monotonic()
    assert all(later.id > earlier.id for earlier, later in pairwise(frames))
    assert all(later.taken_s > earlier.taken_s for earlier, later in pairwise(frames))


def test_a_red_card_is_red(rig: Rig) -> None:
    with rig.open() as camera:
        for frame in (camera.read(), camera.capture()):
            red, green, blue = frame.rgb[frame.rgb.shape[0] // 2, frame.rgb.shape[1] // 2]
            assert red > 180
            assert green < 60
            assert blue < 60


def test_every_camera_turns_and_mirrors_alike(rig: Rig) -> None:
    rig.show_corners()
    with rig.open() as camera:
        plain = camera.read().rgb
    for orientation in (Orientation(turned, mirrored) for turned in TURNS for mirrored in (False, True)):
        with rig.open(orientation) as camera:
            frame = camera.read().rgb
            height, width = frame.shape[:2]
            assert camera.name.endswith(f" {width}x{height}") or "pictures" in camera.name
        wanted = np.rot90(plain, -orientation.turned // 90)
        wanted = wanted[:, ::-1] if orientation.mirrored else wanted
        assert frame.flags.c_contiguous
        assert _difference(frame, wanted) < 8, orientation
        assert all(_difference(frame, other) > 20 for other in _turned_otherwise(wanted)), "a poor card"


def _difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    assert one.shape == other.shape
    return float(np.abs(one.astype(int) - other).mean())


def _turned_otherwise(picture: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], ...]:
    """The other pictures of this shape: upside down, and both mirrored."""
    return picture[::-1, ::-1], picture[::-1], picture[:, ::-1]


def test_writing_into_a_frame_leaves_the_next_alone(rig: Rig) -> None:
    with rig.open() as camera:
        for _ in range(6):  # more than any backend has buffers
            frame = camera.read()
            assert frame.rgb[..., 0].max() > 180
            frame.rgb[:] = 0


def test_a_frame_kept_is_not_overwritten_by_the_next(rig: Rig) -> None:
    with rig.open() as camera:
        kept = [camera.read() for _ in range(3)]
        for frame in kept:
            frame.rgb[:] = frame.id
        for _ in range(6):
            camera.read()
        assert all(np.all(frame.rgb == frame.id) for frame in kept)


def test_the_shutter_is_never_older_than_the_press(rig: Rig) -> None:
    with rig.open() as camera:
        for _ in range(5):
            seen_s = camera.read().taken_s
            while (pressed_s := time.monotonic()) < seen_s + 1.5 / RATE:
                continue  # until an older frame than the press lies ready
            assert camera.capture().taken_s >= pressed_s


def test_ids_grow_over_reads_and_shutters_alike(rig: Rig) -> None:
    with rig.open() as camera:
        ids = [camera.read().id, camera.capture().id, camera.capture().id, camera.read().id]
    assert ids == sorted(set(ids))


@pytest.mark.parametrize("shot", ["read", "capture"])
def test_a_stalled_camera_says_so_in_bounded_time(rig: Rig, shot: str) -> None:
    with rig.open() as camera:
        rig.stall()
        began_s = time.monotonic()
        with pytest.raises(CameraStalledError, match=r"no frame for 0\.3 s"):
            until_error(lambda: getattr(camera, shot)(0.3))
        closing_s = time.monotonic()
    assert closing_s - began_s < LIMIT_S
    assert time.monotonic() - closing_s < 2.0


def test_a_stalled_camera_can_be_opened_again(rig: Rig) -> None:
    camera = rig.open()
    rig.stall()
    with pytest.raises(CameraError):
        until_error(lambda: camera.read(0.3))
    camera.close()
    rig.mend()
    with rig.open() as again:
        assert again.read().rgb.any()


def test_an_unplugged_camera_is_unavailable_until_it_is_plugged_in(rig: Rig) -> None:
    with rig.open() as camera:
        rig.unplug()
        with pytest.raises(CameraError):
            until_error(lambda: camera.read(0.3))
    with pytest.raises(CameraUnavailableError) as caught:
        rig.open()
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) > 20
    rig.mend()
    with rig.open() as again:
        assert again.read().rgb.any()


def test_many_openings_that_fail_leave_nothing_open(rig: Rig) -> None:
    rig.open().close()
    rig.spoil()
    descriptors = _descriptors()
    threads = threading.active_count()
    for _ in range(20):
        with pytest.raises(CameraUnavailableError):
            rig.open()
    assert _descriptors() <= descriptors
    assert threading.active_count() <= threads


def _descriptors() -> int:
    gc.collect()  # what went with the last exception's frames
    return len(list(Path("/proc/self/fd").iterdir()))


class Served:
    """A camera process's work on threads of the test, and the exhibit's end of its connection."""

    def __init__(self, rig: Rig) -> None:
        ours, theirs = socket.socketpair()
        self._theirs = theirs
        self._told = deque[Opened | Arrived | Lost | Closed]()
        self.link = CameraLink(ours)
        self.server = CameraServer(theirs, lambda _: rig.open())
        self._threads = [threading.Thread(target=work) for work in (self.server.listen, self.server.serve)]
        for thread in self._threads:
            thread.start()

    def say(self, command: Open | Capture) -> None:
        self.link.say(command)
        while self.link.send():
            continue

    def next(self, kind: type[Told], true: Callable[[Told], object] = lambda _: True) -> Told:
        """The next news of a kind."""
        due_s = time.monotonic() + LIMIT_S
        while time.monotonic() < due_s:
            self.link.send()
            if not self._told:
                self._told += self.link.receive()
            while self._told:
                news = self._told.popleft()
                if isinstance(news, kind) and true(news):
                    return news
        raise AssertionError(f"never {kind.__name__}")

    def end(self) -> None:
        self.link.close()
        for thread in self._threads:
            thread.join(LIMIT_S)
        self._theirs.close()


def test_the_camera_process_brings_every_camera_back(rig: Rig) -> None:
    served = Served(rig)
    try:
        served.say(Open("pictures:rig", 0, False))
        assert served.next(Opened).name
        assert served.next(Arrived).rgb.any()
        served.say(Capture(7))
        assert served.next(Arrived, lambda arrived: 7 in arrived.captures).rgb[..., 0].max() > 180
        rig.unplug()
        assert "\n" not in served.next(Lost).reason
        served.next(Closed)
        rig.mend()
        served.say(Open("pictures:rig", 0, False))
        served.next(Opened)
        assert served.next(Arrived).rgb.any()
    finally:
        served.end()


def test_closing_twice_is_fine_and_reading_afterwards_is_not(rig: Rig) -> None:
    camera = rig.open()
    camera.close()
    camera.close()
    with pytest.raises(CameraUnavailableError, match="open it again"):
        camera.read()
    with pytest.raises(CameraUnavailableError, match="open it again"):
        camera.capture()


def test_a_closed_camera_is_free_for_the_next(rig: Rig) -> None:
    for _ in range(3):
        with rig.open() as camera:
            assert camera.name
            assert "\n" not in camera.name
