"""The camera process, real, and killed, stopped, hung and aborted: the exhibit goes on and sees again."""

import logging
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from kiosk.camera.base import Camera, Frame
from kiosk.camera.exhibit_camera import ExhibitCamera, Sight
from kiosk.camera.orientation import Orientation
from kiosk.camera.process.child import CameraProcess
from kiosk.camera.process.messages import Open
from kiosk.camera.process.pauses import Patience, Pauses
from kiosk.camera.process.server import CameraServer
from kiosk.camera.process.slots import SLOTS
from kiosk.camera.process.supervisor import CameraChange, CameraSupervisor
from kiosk.errors import CameraError
from kiosk.gradients.process import GradientProcess
from kiosk.settings.sections import GradientSettings
from tests.figures.figure import at_most, few_of

pytestmark = pytest.mark.timed

STAND_IN = (sys.executable, "-m", "tests.process.camera_stand_in")
HASTY = Patience(
    frame_s=0.6, open_s=4.0, close_s=0.5, first_pause_s=0.1, longest_pause_s=0.4, longest_pause_alone_s=0.4
)
LIMIT_S = 15.0
AGAIN_S = 3.0  # from the next attempt to the picture
UI_FRAME_S = 1 / 30


class Bench:
    """A camera process before a stand-in for a device, whose mood is in our hand."""

    def __init__(self, folder: Path, patience: Patience = HASTY) -> None:
        self.mood_file = folder / "mood"
        self.be("well")
        self.changes: list[CameraChange] = []
        spec = f"pictures:{self.mood_file}"
        self.camera = CameraSupervisor(spec, self.changes.append, patience=patience, program=STAND_IN)

    def be(self, mood: str) -> None:
        """Change the camera's mood."""
        new = self.mood_file.with_suffix(".new")
        new.write_text(mood, "utf-8")
        new.replace(self.mood_file)

    def until(self, true: Callable[[], object], what: str, limit_s: float = LIMIT_S) -> float:
        """Return after how many seconds a condition held."""
        since_s = time.monotonic()
        while not true():
            assert time.monotonic() - since_s < limit_s, f"never {what}: {self.changes[-4:]}"
            time.sleep(0.005)
        return time.monotonic() - since_s

    def live(self, limit_s: float = LIMIT_S) -> float:
        """Return after how many seconds there is a newer frame than now."""
        before = self.camera.newest()
        than = 0 if before is None else before.id
        return self.until(
            lambda: (frame := self.camera.newest()) is not None and frame.id > than, "a newer frame", limit_s
        )

    def lost(self, limit_s: float = LIMIT_S) -> float:
        """Return after how many seconds there was no frame any more."""
        return self.until(lambda: self.camera.newest() is None, "lost", limit_s)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    with bench.camera:
        bench.live()
        yield bench


class Screen:
    """A frame loop beside it all, as the exhibit's: how late its frames are."""

    def __init__(self, camera: CameraSupervisor) -> None:
        self._camera = camera
        self._over = threading.Event()
        self.times_s: list[float] = []
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self._over.is_set():
            since_s = time.monotonic()
            frame = self._camera.newest()
            if frame is not None:
                frame.rgb[:, 100:700].max()  # it looks at every pixel, as a painter does
            self.times_s.append(time.monotonic() - since_s)
            self._over.wait(UI_FRAME_S)
            late_s = time.monotonic() - since_s - UI_FRAME_S
            self.times_s[-1] += max(0.0, late_s - self.times_s[-1])

    def __enter__(self) -> "Screen":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def p99_ms(self) -> float:
        """The time that 99 of 100 frames take at most."""
        return float(np.percentile(self.times_s, 99)) * 1e3


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - the listing's own counts with each


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def killed(bench: Bench) -> None:
    assert bench.camera.pid is not None
    os.kill(bench.camera.pid, signal.SIGKILL)


def stopped(bench: Bench) -> None:
    assert bench.camera.pid is not None
    os.kill(bench.camera.pid, signal.SIGSTOP)


MOODS = ("holds read", "holds close", "aborts", "stalled", "unplugged")


@pytest.mark.parametrize(
    "trouble", [killed, stopped, *MOODS], ids=lambda trouble: getattr(trouble, "__name__", trouble)
)
def test_whatever_becomes_of_it_the_exhibit_goes_on_and_sees_again(
    bench: Bench, trouble: str | Callable[[Bench], None]
) -> None:
    pid = bench.camera.pid
    with Screen(bench.camera) as screen:
        if isinstance(trouble, str):
            bench.be(trouble)
        else:
            trouble(bench)
        bench.lost()
        assert bench.changes[-1].state in ("stalled", "unavailable")
        began_s = time.monotonic()
        with pytest.raises(CameraError):  # the shutter is answered at once meanwhile
            bench.camera.capture().result(0.1)
        assert time.monotonic() - began_s < 0.1
        bench.be("well")
        took_s = bench.live()
    assert took_s < HASTY.close_s + HASTY.killed_s + HASTY.longest_pause_s + AGAIN_S
    assert screen.p99_ms <= 33
    if trouble not in ("stalled", "unplugged"):
        assert bench.camera.pid != pid, "it was begun anew"
        assert pid is not None
        assert is_gone(pid)
    assert bench.camera.capture().result(LIMIT_S).rgb.any()


def test_a_shutter_that_was_pressed_as_it_died_is_answered(bench: Bench) -> None:
    stopped(bench)
    promise = bench.camera.capture()
    with pytest.raises(CameraError, match="its process gave no frame in its time"):
        promise.result(HASTY.frame_s + 1.0)


def test_no_frame_is_torn_however_fast_it_is_written(bench: Bench) -> None:
    """Each frame has one colour; a frame that is kept keeps it, while hundreds of others are written."""
    bench.be("fast")
    kept: list[tuple[Frame, int]] = []
    seen = set[int]()
    due_s = time.monotonic() + LIMIT_S
    while len(seen) <= 100 and time.monotonic() < due_s:
        frame = bench.camera.newest()
        if frame is None or frame.id in seen:
            continue
        seen.add(frame.id)
        assert not frame.rgb.flags.writeable
        assert frame.rgb.min() == frame.rgb.max(), "two frames in one"
        kept = [*kept[-2:], (frame, int(frame.rgb[0, 0, 0]))]
        for before, colour in kept:
            assert before.rgb.max() == before.rgb.min() == colour, "written to while it was looked at"
    assert len(seen) > 100


def test_nothing_old_stays_in_the_shared_memory(bench: Bench) -> None:
    """A visitor who has gone is written over within as many frames as there are slots, and one."""
    for _ in range(SLOTS + 1):
        bench.live()
    taken = bench.camera.capture().result(LIMIT_S)
    for _ in range(SLOTS + 1):
        bench.live()
    newest = bench.camera.newest()
    assert newest is not None
    memory = newest.rgb.base._memory  # type: ignore[union-attr]
    colours = set(memory[:: newest.rgb.nbytes // 4].tolist())
    assert len(colours) >= SLOTS - 1
    assert int(taken.rgb[0, 0, 0]) not in colours


def test_frames_that_are_kept_by_mistake_do_not_freeze_it(bench: Bench) -> None:
    """With every slot kept there is no frame; the process is begun anew, with other memory."""
    kept: list[Frame] = []
    since_s = time.monotonic()
    while len({id(frame.rgb) for frame in kept}) < 12 and time.monotonic() - since_s < LIMIT_S:
        frame = bench.camera.newest()
        if frame is not None and all(frame.id != one.id for one in kept):
            kept.append(frame)
        time.sleep(0.005)
    assert len(kept) == 12, "more than it has slots"
    assert all(frame.rgb.min() == frame.rgb.max() for frame in kept)


def test_a_picture_that_was_taken_is_its_own(bench: Bench) -> None:
    pressed_s = time.monotonic()
    taken = bench.camera.capture().result(LIMIT_S)
    assert taken.taken_s >= pressed_s
    colour = taken.rgb[0, 0, 0]
    for _ in range(8):
        bench.live()
    assert (taken.rgb == colour).all()
    assert taken.rgb.flags.owndata


def test_starting_again_and_again_costs_no_memory_and_no_descriptor(bench: Bench) -> None:
    counts = []
    for _ in range(4):
        killed(bench)
        bench.lost()
        bench.live()
        counts.append(descriptors())
    assert len(set(counts)) == 1, counts
    assert bench.camera.starts == 5


def test_a_listener_that_fails_costs_no_camera(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench(tmp_path)
    bench.camera.close()

    def fail(change: CameraChange) -> None:
        bench.changes.append(change)
        raise RuntimeError(change.reason)

    bench.be("away")
    spec = f"pictures:{bench.mood_file}"
    with CameraSupervisor(spec, fail, patience=HASTY, program=STAND_IN) as bench.camera:
        bench.until(lambda: bench.changes and bench.changes[-1].failures >= 2, "two attempts")
        killed(bench)
        bench.until(lambda: bench.camera.starts == 2, "another process")
        bench.be("well")
        bench.live()
    assert "event=camera_change_not_heard" in caplog.text


@pytest.mark.parametrize(
    "start",
    [lambda: CameraProcess(STAND_IN), lambda: GradientProcess(GradientSettings())],
    ids=["camera", "gradients"],
)
def test_one_that_cannot_be_started_leaves_no_folder(
    start: Callable[[], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    next_one = os.dup(0)
    os.close(next_one)
    resource.setrlimit(resource.RLIMIT_NOFILE, (next_one, limits[1]))
    try:
        with pytest.raises(OSError, match="Too many open files"):
            start()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert [*tmp_path.iterdir()] == []


def test_it_ends_with_the_exhibit(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.live()
    pid = bench.camera.pid
    assert pid is not None
    before = time.monotonic()
    bench.camera.close()
    assert time.monotonic() - before < 2.0
    assert is_gone(pid)


@pytest.mark.parametrize("mood", ["well", "holds read"])
def test_it_ends_soon_after_an_exhibit_that_was_killed(tmp_path: Path, mood: str) -> None:
    bench = Bench(tmp_path)
    bench.camera.close()
    script = (
        "import sys, time; from pathlib import Path; from tests.process.test_camera_process import Bench\n"
        "bench = Bench(Path(sys.argv[1])); bench.live(); bench.be(sys.argv[2]); time.sleep(0.3)\n"
        "print(bench.camera.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path), mood], stdout=subprocess.PIPE, text=True
    ) as exhibit:
        assert exhibit.stdout is not None
        pid = int(exhibit.stdout.readline())
        assert not is_gone(pid)
        exhibit.kill()
        bench.until(lambda: is_gone(pid), "the end of the camera process", 2.0)


def test_one_that_hangs_in_the_kernel_is_left_behind_and_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in for state D: it is stopped, and no signal reaches it."""
    pid = bench.camera.pid
    assert pid is not None
    real_kill = CameraProcess.kill
    monkeypatch.setattr(CameraProcess, "kill", lambda self, _grace_s: self.ended(0.0) is not None)
    stopped(bench)
    bench.lost()
    assert "switch the exhibit off and on at the plug" in bench.changes[-1].reason
    bench.live()
    assert bench.camera.pid != pid
    assert not is_gone(pid)
    monkeypatch.setattr(CameraProcess, "kill", real_kill)
    os.kill(pid, signal.SIGKILL)
    bench.until(lambda: is_gone(pid), "its end at last")


def test_a_camera_that_does_not_open_is_tried_again_for_ever_in_one_process(bench: Bench) -> None:
    bench.be("away")
    killed(bench)
    bench.until(lambda: bench.changes[-1].failures >= 4, "four attempts")
    starts = bench.camera.starts
    bench.until(lambda: bench.changes[-1].failures >= 6, "more attempts")
    assert bench.camera.starts == starts
    assert "plug it in" in bench.changes[-1].reason
    bench.be("odd error")
    bench.until(lambda: "ZeroDivisionError" in bench.changes[-1].reason, "an error of a library's")
    bench.be("well")
    assert bench.live() < HASTY.longest_pause_s + AGAIN_S


def test_pauses_are_short_while_somebody_is_there() -> None:
    pauses = Pauses(Patience())
    for _ in range(20):
        pauses.failed(100.0)
    assert pauses.left_s(100.0, attended=False) == 30.0
    assert pauses.left_s(100.0, attended=True) == 2.0
    assert pauses.left_s(131.0, attended=False) == 0
    pauses.at_once()
    assert pauses.left_s(100.0, attended=False) == 0


def test_who_comes_does_not_wait_for_the_long_pause(tmp_path: Path) -> None:
    patience = Patience(first_pause_s=30.0)
    bench = Bench(tmp_path, patience)
    with bench.camera:
        bench.live()
        bench.be("unplugged")
        bench.lost()
        bench.be("well")
        time.sleep(0.5)
        assert bench.camera.newest() is None
        bench.camera.attend(attended=True)
        assert bench.live() < AGAIN_S


class Watched:
    """The exhibit's camera with the real program: what is told of it."""

    def __init__(self, spec: str, stock: Path) -> None:
        self.told: list[Sight] = []
        patience = Patience(first_pause_s=0.2, longest_pause_alone_s=0.4)
        self.camera = ExhibitCamera(spec, stock, self.told.append, patience=patience)

    def until(self, true: Callable[[], object], what: str) -> None:
        due_s = time.monotonic() + LIMIT_S
        while not true():
            assert time.monotonic() < due_s, f"never {what}: {self.told}"
            time.sleep(0.01)

    def sees(self, colour: int, fault: str = "") -> None:
        """Wait for a picture, and for the word that comes right after it."""
        self.until(
            lambda: (
                (frame := self.camera.newest()) is not None and abs(int(frame.rgb[300, 400, 0]) - colour) < 9
            ),
            f"a picture of {colour}",
        )
        self.until(lambda: self.told and self.told[-1].sees and self._is_told(fault), "told")

    def _is_told(self, fault: str) -> bool:
        told = self.told[-1].fault
        return fault in told if fault else not told


@pytest.fixture
def stock(tmp_path: Path) -> Path:
    folder = tmp_path / "stock"
    folder.mkdir()
    Image.new("RGB", (640, 480), (200, 200, 200)).save(folder / "own.png")
    return folder


def film(path: Path) -> None:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30.0, (800, 600))
    for _ in range(400):
        writer.write(np.full((600, 800, 3), 60, np.uint8))
    writer.release()


def test_our_own_pictures_are_told_as_a_fault_until_the_camera_comes(tmp_path: Path, stock: Path) -> None:
    """A camera that was away when the exhibit started: shown as missing, looked for, and used once it is there."""
    node = tmp_path / "video.avi"
    watched = Watched(f"webcam:{node}", stock)
    with watched.camera:
        watched.sees(200, f"there is no {node}")
        watched.camera.orient(Orientation(90))
        assert watched.camera.capture().result(LIMIT_S).rgb.shape == (600, 800, 3), "ours stay upright"
        film(node.with_suffix(".new.avi"))
        node.with_suffix(".new.avi").rename(node)
        watched.sees(60)
        frame = watched.camera.newest()
        assert frame is not None
        assert frame.rgb.shape == (800, 600, 3), "turned, as was asked for while it was away"
        assert len(watched.camera.pids) == 1, "the process with our own pictures is gone"


def test_pictures_that_were_asked_for_are_no_fault(stock: Path) -> None:
    watched = Watched(f"pictures:{stock}", stock)
    with watched.camera:
        watched.sees(200)
        assert watched.told == [Sight(sees=True)]


def test_a_turned_camera_is_opened_again_without_being_told_as_lost(stock: Path) -> None:
    watched = Watched(f"pictures:{stock}", stock)
    with watched.camera:
        watched.sees(200)
        watched.camera.orient(Orientation(270, mirrored=True))
        watched.until(
            lambda: (frame := watched.camera.newest()) is not None and frame.rgb.shape == (800, 600, 3),
            "turned",
        )
        assert watched.told == [Sight(sees=True)]


def test_the_process_starts_without_what_it_does_not_need() -> None:
    script = (
        "import sys; import kiosk.commands.camera; "
        "print(sorted({'torch', 'onnxruntime', 'pygame', 'pydantic', 'onnx'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "[]"


@pytest.mark.slow
def test_a_hundred_restarts_leave_the_frame_loop_and_the_memory_alone(tmp_path: Path) -> None:
    """Killed, stopped, aborted, held and stalled by turns; times from the next attempt, as the exhibit waits."""
    bench = Bench(tmp_path)
    again_s, held, resident = [], [], []
    with bench.camera:
        bench.camera.attend(attended=True)
        bench.live()
        with Screen(bench.camera) as screen:
            for turn in range(100):
                trouble = (killed, stopped, "aborts", "holds close", "holds read")[turn % 5]
                starts = bench.camera.starts
                if isinstance(trouble, str):
                    bench.be(trouble)
                else:
                    trouble(bench)
                bench.lost()
                bench.be("well")
                bench.until(lambda before=starts: bench.camera.starts > before, "the next attempt")  # type: ignore[misc]
                again_s.append(bench.live())
                held.append(descriptors())
                resident.append(int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096 / 2**20)
    at_most("camera, 100 restarts: p99 of the frame loop", screen.p99_ms, 33, " ms")
    at_most("camera, 100 restarts: longest way back from the next attempt", max(again_s), AGAIN_S, " s")
    at_most("camera, 100 restarts: descriptors more than after ten", max(held) - held[9], 0)
    at_most("camera, 100 restarts: memory more than after ten", max(resident[-10:]) - resident[9], 2.0, " MB")


@pytest.mark.slow
def test_thousands_of_frames_are_whole(bench: Bench) -> None:
    bench.be("fast")
    seen, torn, last = 0, 0, -1
    while seen < 5000:
        frame = bench.camera.newest()
        if frame is not None and frame.id != last:
            last = frame.id
            seen += 1
            torn += int(frame.rgb.min() != frame.rgb.max())
    few_of("camera: torn frames, written as fast as they go", torn, seen, 0)


def test_an_exhibit_that_ends_with_something_unread_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    def no_camera(_: Open) -> Camera:
        raise AssertionError("none is asked for")

    ours, theirs = socket.socketpair()
    with theirs:
        theirs.sendall(b"news that nobody takes")
        ours.close()
        server = CameraServer(theirs, no_camera)
        server.listen()
    assert server.ended
    assert [told for told in caplog.records if told.levelno >= logging.WARNING] == []
