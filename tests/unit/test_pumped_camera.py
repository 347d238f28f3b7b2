"""A blocking driver behind the pump, and the two backends made of it."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.camera.gstreamer import JETSON_SIZE, GstreamerCamera, attached_sensors, command, jetson_source
from kiosk.camera.orientation import UPRIGHT, Orientation
from kiosk.camera.pump import PumpedCamera
from kiosk.camera.webcam import Webcam, find_webcam
from kiosk.errors import BadArgumentError, CameraError, CameraStalledError, CameraUnavailableError

LIMIT_S = 3.0


class Driver:
    """Gives the frames it is told to: each frame's pixels are its number."""

    def __init__(self) -> None:
        self.ready = threading.Semaphore(0)
        self.number = 0
        self.opening_error: CameraError | None = None
        self.released = 0
        self.gone = False

    def open(self) -> None:
        if self.opening_error is not None:
            raise self.opening_error

    def grab(self) -> NDArray[np.uint8] | None:
        if not self.ready.acquire(timeout=0.02):
            if self.gone:
                raise CameraUnavailableError("driver: gone; plug it in")
            return None
        self.number += 1
        return np.full((2, 2, 3), self.number, np.uint8)

    def release(self) -> None:
        self.released += 1


@pytest.fixture
def driver() -> Iterator[Driver]:
    driver = Driver()
    yield driver
    assert driver.released == 1


def test_the_shutter_lets_the_frames_in_flight_pass(driver: Driver) -> None:
    driver.ready.release()
    with PumpedCamera("driver", driver, in_flight=2, open_wait_s=LIMIT_S) as camera:
        assert camera.read().rgb[0, 0, 0] == 1
        driver.ready.release(2)
        with pytest.raises(CameraStalledError):
            camera.capture(0.1)
        assert camera.read().rgb[0, 0, 0] == 3
        threading.Timer(0.05, driver.ready.release, [3]).start()
        assert camera.capture(LIMIT_S).rgb[0, 0, 0] == 6


def test_a_driver_that_opens_but_gives_nothing_has_not_opened(driver: Driver) -> None:
    with pytest.raises(CameraStalledError, match=r"driver: no frame for 0\.1 s"):
        PumpedCamera("driver", driver, in_flight=0, open_wait_s=0.1)


def test_a_driver_that_does_not_open_says_why(driver: Driver) -> None:
    driver.opening_error = CameraUnavailableError("driver: busy; close the other program")
    with pytest.raises(CameraUnavailableError, match="driver: busy"):
        PumpedCamera("driver", driver, in_flight=0, open_wait_s=LIMIT_S)


def test_the_last_frame_is_still_given_before_the_error(driver: Driver) -> None:
    driver.ready.release(3)
    driver.gone = True
    with PumpedCamera("driver", driver, in_flight=0, open_wait_s=LIMIT_S) as camera:
        shown: list[int] = []
        with pytest.raises(CameraUnavailableError, match="gone"):
            shown.extend(int(camera.read(LIMIT_S).rgb[0, 0, 0]) for _ in range(4))
        assert shown[-1] == 3


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_of_ours_is_a_lost_camera(driver: Driver) -> None:
    driver.opening_error = ZeroDivisionError("oops")  # type: ignore[assignment]
    with pytest.raises(CameraUnavailableError, match="a fault in this program"):
        PumpedCamera("driver", driver, in_flight=0, open_wait_s=LIMIT_S)


def test_the_first_camera_on_usb_is_found_by_its_lasting_name(tmp_path: Path) -> None:
    node = tmp_path / "video7"
    node.touch()
    by_id = tmp_path / "by-id"
    by_id.mkdir()
    (by_id / "usb-Some_Camera-video-index0").symlink_to(node)
    (by_id / "usb-Some_Camera-video-index1").touch()
    assert find_webcam(by_id=by_id).resolve() == node


def test_no_webcam_is_one_plain_line(tmp_path: Path) -> None:
    with pytest.raises(CameraUnavailableError, match=r"^webcam: there is no /dev/video73; plug"):
        Webcam("73")
    if not Path("/dev/video0").exists():
        with pytest.raises(CameraUnavailableError, match=r"^webcam: there is no /dev/video0; plug"):
            find_webcam(by_id=tmp_path)


def test_what_is_no_camera_does_not_open(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(CameraUnavailableError, match="does not open as a camera"):
        Webcam(str(tmp_path / "notes.txt"))
    capfd.readouterr()  # OpenCV's own warnings


@pytest.mark.parametrize(
    "frame",
    [
        np.zeros((48, 64), np.uint16),
        np.zeros((48, 64), np.uint8),
        np.zeros((48, 64, 2), np.uint8),
        np.zeros((48, 64, 4), np.uint8),
        np.zeros((48, 64, 3), np.float32),
        np.zeros((0, 0, 3), np.uint8),
        None,
    ],
    ids=lambda frame: "none" if frame is None else f"{frame.shape} {frame.dtype}",
)
def test_odd_frames_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, frame: NDArray[Any]) -> None:
    """Raw infra-red and grey cameras, drivers that ignore what was set, and a first frame with nothing in it."""
    node = tmp_path / "video0"
    node.touch()
    driver = DriverThatGives(frame)
    monkeypatch.setattr(cv2, "VideoCapture", lambda: driver)
    what = "NoneType" if frame is None else f"{'x'.join(map(str, frame.shape))} {frame.dtype}"
    with pytest.raises(CameraUnavailableError) as caught:
        Webcam(str(node))
    assert str(caught.value) == (
        f"webcam: {node}: gives frames of {what}, not height x width x 3 uint8; use another camera"
    )
    assert driver.released == 1


def test_a_frame_that_opencv_cannot_read_is_one_plain_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    node = tmp_path / "video0"
    node.touch()
    driver = DriverThatGives(cv2.error("corrupt JPEG"))
    monkeypatch.setattr(cv2, "VideoCapture", lambda: driver)
    with pytest.raises(CameraUnavailableError, match=r"gives frames that cannot be read [^\n]+; plug"):
        Webcam(str(node))
    assert driver.released == 1


class DriverThatGives:
    """cv2.VideoCapture on a driver that gives one thing, or raises it."""

    def __init__(self, gives: object) -> None:
        self.gives = gives
        self.released = 0

    def open(self, *_: object) -> bool:
        return True

    def read(self) -> tuple[bool, object]:
        if isinstance(self.gives, Exception):
            raise self.gives
        return True, self.gives

    def release(self) -> None:
        self.released += 1


def test_a_whole_video_file_is_a_webcam_that_is_unplugged_at_its_end(tmp_path: Path) -> None:
    clip = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(clip), cv2.VideoWriter.fourcc(*"MJPG"), 30.0, (64, 48))
    for _ in range(5):
        writer.write(np.full((48, 64, 3), (20, 30, 200), np.uint8))
    writer.release()
    with Webcam(str(clip)) as camera:
        assert camera.name == f"webcam {clip} 64x48"
        reds: list[int] = []
        with pytest.raises(CameraUnavailableError, match="gives no more frames"):
            reds.extend(int(camera.read().rgb[0, 0, 0]) for _ in range(6))
        assert min(reds) > 150


@pytest.mark.skipif(
    shutil.which("gst-launch-1.0") is None, reason="NOT TESTED: apt install gstreamer1.0-tools"
)
def test_what_the_pipeline_prints_does_not_get_into_the_frames() -> None:
    chatter = (
        "videotestsrc is-live=true pattern=white ! video/x-raw,width=64,height=48,framerate=60/1 ! tee name=t"
    )
    with GstreamerCamera(f"{chatter} t. ! queue ! fakesink dump=true t. ! queue", (64, 48)) as camera:
        for _ in range(10):
            assert camera.read(LIMIT_S).rgb.min() > 230


@pytest.mark.skipif(
    shutil.which("gst-launch-1.0") is None, reason="NOT TESTED: apt install gstreamer1.0-tools"
)
def test_a_pipeline_that_fails_gives_its_own_reason_and_leaves_nothing_open() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for source, reason in (("nosuchelement", "no element"), ("videotestsrc num-buffers=0", "said nothing")):
        with pytest.raises(CameraUnavailableError, match=f"the pipeline ended: .*{reason}"):
            GstreamerCamera(source, (64, 48))
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_the_jetson_pipeline_ends_in_rgb_on_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/gst-launch-1.0")
    words = command(*jetson_source(JETSON_SIZE, UPRIGHT))
    assert words[:3] == ["/usr/bin/gst-launch-1.0", "--quiet", "nvarguscamerasrc"]
    assert "video/x-raw(memory:NVMM),width=1920,height=1080,framerate=30/1,format=NV12" in words
    assert words[-2:] == ["!", "fdsink"]
    assert any(word.startswith("video/x-raw,format=RGB,width=960,height=540") for word in words)


def test_the_jetson_turns_and_mirrors_in_hardware() -> None:
    source, size = jetson_source(JETSON_SIZE, Orientation(90))
    assert size == (540, 960)
    assert "nvvidconv flip-method=3 ! video/x-raw,format=BGRx,width=540,height=960" in source
    source, size = jetson_source(JETSON_SIZE, Orientation(0, mirrored=True))
    assert size == (960, 540)
    assert "nvvidconv flip-method=4 " in source


def test_a_jetson_sees_all_that_its_sensor_does(tmp_path: Path) -> None:
    """What is read out is the whole width of an IMX477; of an IMX219 at that size it would be the middle."""
    for number, name in enumerate(("vi-output, imx219 9-0010", "vivid")):
        (tmp_path / f"video{number}").mkdir()
        (tmp_path / f"video{number}" / "name").write_text(f"{name}\n")
    source, size = jetson_source(JETSON_SIZE, UPRIGHT, attached_sensors(tmp_path))
    assert size == (720, 540)
    assert "width=1640,height=1232,framerate=30/1" in source
    source, size = jetson_source(JETSON_SIZE, UPRIGHT, "vi-output, imx477 9-001a")
    assert size == JETSON_SIZE
    assert "width=1920,height=1080,framerate=30/1" in source
    assert attached_sensors(tmp_path / "none") == ""


def test_without_gstreamer_one_plain_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(
        CameraUnavailableError, match=r"^gstreamer: there is no gst-launch-1.0 here; apt install"
    ):
        GstreamerCamera("videotestsrc", (320, 240))


@pytest.mark.parametrize(
    ("source", "size"), [("", (320, 240)), ("a 'b", (320, 240)), ("videotestsrc", (322, 240))]
)
def test_a_pipeline_that_cannot_be_used_is_a_bad_argument(source: str, size: tuple[int, int]) -> None:
    with pytest.raises(BadArgumentError, match=r"^gstreamer: "):
        command(source, size)
