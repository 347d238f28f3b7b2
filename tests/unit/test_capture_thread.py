"""The capture thread: newest frame, lost cameras, retries, the shutter, and a prompt end."""

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from types import TracebackType
from typing import Self

import numpy as np
import pytest

from kiosk.camera.base import Camera, Frame, NewestFrame
from kiosk.camera.capture_thread import CameraChange, CaptureThread, Patience
from kiosk.errors import CameraError, CameraStalledError, CameraUnavailableError

LIMIT_S = 3.0
HASTY = Patience(
    frame_s=0.25,
    overrun_s=0.25,
    open_s=0.3,
    close_s=0.3,
    first_retry_s=0.02,
    longest_retry_s=0.08,
    join_s=0.6,
)


class Bench:
    """Cameras made of nothing: frames come when the test says so, and so do faults."""

    def __init__(self) -> None:
        self.slot = NewestFrame("bench camera")
        self.feeding = True
        self.reads_begun = 0
        self.opening_fault: Exception | None = None
        self.hang = threading.Event()
        self.hang.set()
        self.hang_closing = threading.Event()
        self.hang_closing.set()
        self.opened_s: list[float] = []
        self.open_now = 0
        self.most_open = 0
        self.changes: list[CameraChange] = []
        self.changed = threading.Condition()

    def open(self) -> Camera:
        self.opened_s.append(time.monotonic())
        self.hang.wait(LIMIT_S)
        if self.opening_fault is not None:
            raise self.opening_fault
        self.open_now += 1
        self.most_open = max(self.most_open, self.open_now)
        return BenchCamera(self)

    def shoot(self) -> None:
        exposed_s = time.monotonic() - 0.04  # what arrives now was exposed a little before
        self.slot.put(np.full((2, 2, 3), 7, np.uint8), exposed_s)

    def has_taken(self, frames: int) -> bool:
        """Whether the thread came back for another frame after so many."""
        return self.reads_begun > frames

    def note(self, change: CameraChange) -> None:
        with self.changed:
            self.changes.append(change)
            self.changed.notify_all()

    def wait_for(self, *states: str) -> CameraChange:
        """The change that came last of the first few, which must be `states`."""
        with self.changed:
            self.changed.wait_for(lambda: len(self.changes) >= len(states), LIMIT_S)
            assert tuple(change.state for change in self.changes[: len(states)]) == states
            return self.changes[len(states) - 1]


class BenchCamera:
    name = "bench"

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._read_id = bench.slot.last_id

    def read(self, timeout_s: float = 1.5) -> Frame:
        self._bench.reads_begun += 1
        frame = self._bench.slot.wait(self._read_id + 1, timeout_s)
        self._read_id = frame.id
        return Frame(frame.rgb.copy(), frame.id, frame.taken_s)

    def capture(self, timeout_s: float = 1.5) -> Frame:
        pressed_s = time.monotonic()
        while (frame := self.read(timeout_s)).taken_s < pressed_s:
            continue
        return frame

    def close(self) -> None:
        self._bench.hang_closing.wait(LIMIT_S)
        self._bench.open_now -= 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@pytest.fixture
def bench() -> Iterator[Bench]:
    before = set(threading.enumerate())
    bench = Bench()
    yield bench
    bench.hang.set()
    bench.hang_closing.set()
    for thread in set(threading.enumerate()) - before:
        thread.join(LIMIT_S)
        assert not thread.is_alive(), f"{thread.name} outlived its test"


@pytest.fixture
def running(bench: Bench) -> Iterator[Bench]:
    """A bench on which frames come by themselves, 100 a second, while `bench.feeding`."""
    over = threading.Event()

    def run() -> None:
        while not over.wait(0.01):
            if bench.feeding:
                bench.shoot()

    feeder = threading.Thread(target=run)
    feeder.start()
    yield bench
    over.set()
    feeder.join()


def eventually(happened: Callable[[], bool]) -> None:
    """Returns as soon as it happened; fails when it has not within the limit."""
    deadline_s = time.monotonic() + LIMIT_S
    while not happened():
        assert time.monotonic() < deadline_s, "it did not happen"
        threading.Event().wait(0.005)


def newer(thread: CaptureThread, than_id: int) -> Frame:
    """Return the newest frame as soon as its id is above `than_id`."""
    deadline_s = time.monotonic() + LIMIT_S
    while (frame := thread.newest()) is None or frame.id <= than_id:
        assert time.monotonic() < deadline_s, "no newer frame came"
        threading.Event().wait(0.005)
    return frame


def test_the_newest_frame_wins(bench: Bench) -> None:
    with CaptureThread(bench.open, bench.note, Patience(frame_s=1.0)) as thread:
        bench.wait_for("opened")
        for number in range(1, 6):
            bench.shoot()
            eventually(partial(bench.has_taken, number))
        frame = thread.newest()
        assert frame is not None
        assert frame.id == 5
        assert thread.newest() is frame


def test_frames_shared_between_threads_cannot_be_written(running: Bench) -> None:
    with CaptureThread(running.open, running.note, HASTY) as thread:
        frame = newer(thread, 0)
        with pytest.raises(ValueError, match="read-only"):
            frame.rgb[0, 0, 0] = 1


def test_waiting_for_a_newer_frame_tells_late_from_gone(bench: Bench) -> None:
    bench.shoot()
    frame = bench.slot.wait(1, LIMIT_S)
    with pytest.raises(CameraStalledError, match=r"no frame for 0\.01 s"):
        bench.slot.wait(frame.id + 1, 0.01)
    bench.slot.fail(CameraUnavailableError("bench: pulled out; plug it in"))
    with pytest.raises(CameraUnavailableError, match="pulled out"):
        bench.slot.wait(frame.id + 1, LIMIT_S)


def test_a_stall_is_reported_and_the_camera_opened_again(running: Bench) -> None:
    with CaptureThread(running.open, running.note, HASTY) as thread:
        before = newer(thread, 0)
        running.feeding = False
        stalled = running.wait_for("opened", "stalled")
        assert "no frame for 0.25 s" in stalled.reason
        assert not stalled.stuck
        running.feeding = True
        running.wait_for("opened", "stalled", "opened")
        assert newer(thread, before.id).id > before.id
    assert running.most_open == 1
    assert running.open_now == 0


def test_a_lost_camera_leaves_no_old_frame_behind(bench: Bench) -> None:
    with CaptureThread(bench.open, bench.note, HASTY) as thread:
        bench.wait_for("opened")
        bench.shoot()
        newer(thread, 0)
        bench.wait_for("opened", "stalled")
        assert thread.newest() is None


def test_retries_slow_down_to_a_limit_and_are_reported_once(bench: Bench) -> None:
    bench.opening_fault = CameraUnavailableError("bench: no camera; plug one in")
    with CaptureThread(bench.open, bench.note, HASTY):
        eventually(lambda: len(bench.opened_s) >= 6)
        assert [change.reason for change in bench.changes] == ["bench: no camera; plug one in"]
    pauses = np.diff(bench.opened_s)
    assert all(pauses[:5] >= [0.02, 0.04, 0.08, 0.08, 0.08])
    assert pauses[1] < LIMIT_S


def test_a_camera_that_lasted_is_retried_at_once_again(bench: Bench) -> None:
    patience = Patience(frame_s=0.05, first_retry_s=0.01, longest_retry_s=60.0, steady_s=0.02)
    with CaptureThread(bench.open, bench.note, patience):
        eventually(
            lambda: len(bench.opened_s) >= 6
        )  # without starting over, the fifth pause is beyond the limit
    assert max(np.diff(bench.opened_s)) < 1.0


def test_a_camera_plugged_in_later_is_found(running: Bench) -> None:
    running.opening_fault = CameraUnavailableError("bench: no camera; plug one in")
    with CaptureThread(running.open, running.note, HASTY) as thread:
        running.wait_for("unavailable")
        assert thread.newest() is None
        running.feeding = False
        running.opening_fault = None
        running.wait_for("unavailable", "opened")
        running.shoot()
        assert newer(thread, 0).id == 1


def test_an_opening_that_hangs_hangs_nobody_else(running: Bench) -> None:
    running.hang.clear()
    with CaptureThread(running.open, running.note, HASTY) as thread:
        began_s = time.monotonic()
        assert thread.newest() is None
        with pytest.raises(CameraUnavailableError, match="not open yet"):
            thread.capture().result(0)
        assert time.monotonic() - began_s < 0.1
        assert running.wait_for("stalled").stuck
        assert len(running.opened_s) == 1, "a second call would only get stuck behind the first"
        running.hang.set()
        back = running.wait_for("stalled", "stalled", "opened")
        assert not back.stuck
        assert newer(thread, 0)
    assert running.most_open == 1
    assert running.open_now == 0


def test_a_camera_is_opened_again_when_staff_ask_for_it(running: Bench) -> None:
    with CaptureThread(running.open, running.note, HASTY) as thread:
        running.wait_for("opened")
        thread.reopen()
        running.wait_for("opened", "stalled", "opened")
        assert newer(thread, 0)
        assert len(running.opened_s) == 2
    assert running.most_open == 1, "the first is closed before the second is opened"


def test_asking_for_it_ends_a_long_pause(bench: Bench) -> None:
    patience = Patience(frame_s=0.05, first_retry_s=60.0, longest_retry_s=60.0)
    bench.opening_fault = CameraUnavailableError("bench: no camera; plug one in")
    with CaptureThread(bench.open, bench.note, patience) as thread:
        bench.wait_for("unavailable")
        bench.opening_fault = None
        thread.reopen()
        bench.wait_for("unavailable", "opened")


def test_a_driver_that_hangs_while_it_is_to_be_opened_again_is_reported(bench: Bench) -> None:
    bench.hang_closing.clear()
    with CaptureThread(bench.open, bench.note, HASTY) as thread:
        bench.shoot()
        bench.wait_for("opened")
        thread.reopen()
        assert bench.wait_for("opened", "stalled").stuck
        bench.hang_closing.set()
        bench.shoot()
        bench.wait_for("opened", "stalled", "stalled", "opened")


def test_a_closing_that_hangs_is_reported(bench: Bench) -> None:
    bench.hang_closing.clear()
    with CaptureThread(bench.open, bench.note, HASTY):
        assert bench.wait_for("opened", "stalled").stuck
        bench.hang_closing.set()
        assert not bench.wait_for("opened", "stalled", "stalled").stuck


def test_a_fault_of_ours_is_a_lost_camera_and_not_a_dead_thread(running: Bench) -> None:
    running.opening_fault = ZeroDivisionError("oops")
    with CaptureThread(running.open, running.note, HASTY) as thread:
        assert "a fault in this program (ZeroDivisionError('oops'))" in running.wait_for("unavailable").reason
        running.opening_fault = None
        running.wait_for("unavailable", "opened")
        assert newer(thread, 0)


def test_the_shutter_gives_a_frame_younger_than_the_press(running: Bench) -> None:
    with CaptureThread(running.open, running.note, HASTY) as thread:
        newer(thread, 0)
        for _ in range(5):
            pressed_s = time.monotonic()
            promises = [thread.capture() for _ in range(3)]
            for promise in promises:
                assert promise.result(LIMIT_S).taken_s >= pressed_s


def test_a_press_before_the_stall_is_answered_with_the_reason(bench: Bench) -> None:
    with CaptureThread(bench.open, bench.note, HASTY) as thread:
        bench.wait_for("opened")
        promise = thread.capture()
        assert not promise.cancel()
        with pytest.raises(CameraStalledError, match="no frame"):
            promise.result(LIMIT_S)


def test_a_press_without_a_camera_is_answered_at_once(bench: Bench) -> None:
    bench.opening_fault = CameraUnavailableError("bench: no camera; plug one in")
    with CaptureThread(bench.open, bench.note, HASTY) as thread:
        bench.wait_for("unavailable")
        with pytest.raises(CameraUnavailableError, match="plug one in"):
            thread.capture().result(0)
    with pytest.raises(CameraError):
        thread.capture().result(0)


@pytest.mark.parametrize("trouble", ["none", "stalled", "opening hangs", "between retries"])
def test_closing_is_prompt_whatever_the_camera_does(bench: Bench, trouble: str) -> None:
    patience = Patience(frame_s=0.3, open_s=5.0, first_retry_s=60.0, join_s=0.6)
    if trouble == "opening hangs":
        bench.hang.clear()
    if trouble == "between retries":
        bench.opening_fault = CameraUnavailableError("bench: no camera; plug one in")
    thread = CaptureThread(bench.open, bench.note, patience)
    if trouble in {"none", "stalled"}:
        bench.wait_for("opened")
    if trouble == "none":
        bench.shoot()
    if trouble == "between retries":
        bench.wait_for("unavailable")
    began_s = time.monotonic()
    thread.close()
    thread.close()
    assert time.monotonic() - began_s < 1.4
    if trouble != "opening hangs":
        assert bench.open_now == 0
    assert thread.newest() is None
