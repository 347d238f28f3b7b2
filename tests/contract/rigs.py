"""Test rigs: every camera backend that runs without a board, facing a red card, its cable in our hand."""

import os
import shutil
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Protocol

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from kiosk.camera.base import Camera
from kiosk.camera.gstreamer import GstreamerCamera
from kiosk.camera.orientation import UPRIGHT, Orientation
from kiosk.camera.picam import Picam
from kiosk.camera.pictures import Faults, PictureCamera
from kiosk.camera.webcam import Webcam
from tests.contract.picamera2_stand_in import Board

RED = (210, 25, 30)
RATE = 60.0


class Rig(Protocol):
    """One backend before a red card."""

    def open(self, orientation: Orientation = UPRIGHT) -> Camera: ...

    def show_corners(self) -> None:
        """Hold up another card, for the next opening: one that tells how it was turned and mirrored."""
        ...

    def stall(self) -> None: ...

    def unplug(self) -> None: ...

    def spoil(self) -> None:
        """Let the next opening fail after the device was found: by a program that has it, or by junk in a file."""
        ...

    def mend(self) -> None: ...

    def end(self) -> None: ...


def red_card(size: tuple[int, int] = (320, 240)) -> NDArray[np.uint8]:
    """A picture of one red."""
    return np.full((size[1], size[0], 3), RED, np.uint8)


def corners_card(size: tuple[int, int] = (320, 240)) -> NDArray[np.uint8]:
    """A picture with another colour in each corner."""
    corners = np.array([[RED, (20, 180, 40)], [(30, 40, 190), (230, 230, 230)]], np.uint8)
    return np.asarray(cv2.resize(corners, size, interpolation=cv2.INTER_NEAREST), np.uint8)


def clip(path: Path, card: NDArray[np.uint8], frames: int = 20) -> Path:
    """A short video of the card at `path`."""
    height, width = card.shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30.0, (width, height))
    for _ in range(frames):
        writer.write(np.ascontiguousarray(card[..., ::-1]))
    writer.release()
    return path


class PicturesRig:
    """`pictures:` over a folder with one red picture."""

    def __init__(self, folder: Path, _: pytest.MonkeyPatch) -> None:
        self.path = folder
        self.faults = Faults()
        self.card = folder / "card.png"
        Image.fromarray(red_card((640, 480))).save(self.card)

    def open(self, orientation: Orientation = UPRIGHT) -> Camera:
        return PictureCamera(self.path, rate=RATE, faults=self.faults, orientation=orientation)

    def show_corners(self) -> None:
        Image.fromarray(corners_card((640, 480))).save(self.card)

    def stall(self) -> None:
        self.faults.stall()

    def unplug(self) -> None:
        self.faults.unplug()

    def spoil(self) -> None:
        (self.path if self.path.is_file() else self.card).write_bytes(b"junk")

    def mend(self) -> None:
        self.faults.mend()

    def end(self) -> None:
        pass


class ClipRig(PicturesRig):
    """`pictures:` over a video file."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(folder, monkeypatch)
        self.path = clip(folder / "card.avi", red_card())

    def show_corners(self) -> None:
        clip(self.path, corners_card())


class WebcamRig:
    """`webcam:` on a video file that is played at a camera's pace, again and again."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.node = clip(folder / "card.avi", red_card())
        self.drawer = folder / "unplugged.avi"
        self.film_player = cv2.VideoCapture
        monkeypatch.setattr(DriverStandIn, "rig", self, raising=False)
        monkeypatch.setattr(cv2, "VideoCapture", DriverStandIn)
        self.stalled = False
        self.test_over = threading.Event()

    def open(self, orientation: Orientation = UPRIGHT) -> Camera:
        return Webcam(str(self.node), orientation=orientation)

    def show_corners(self) -> None:
        clip(self.node, corners_card())

    def stall(self) -> None:
        self.stalled = True

    def unplug(self) -> None:
        self.node.rename(self.drawer)

    def spoil(self) -> None:
        self.node.write_bytes(b"junk")

    def mend(self) -> None:
        self.stalled = False
        if self.drawer.exists():
            self.drawer.rename(self.node)

    def end(self) -> None:
        self.test_over.set()


class DriverStandIn:
    """cv2.VideoCapture on a camera's driver: paced, blocking while stalled, failing once unplugged.

    Not a subclass: OpenCV's own types crash the interpreter when inherited from.
    """

    rig: ClassVar[WebcamRig]

    def __init__(self) -> None:
        self._film = self.rig.film_player()

    def open(self, name: str, backend: int) -> bool:
        return self._film.open(name, backend)

    def read(self) -> tuple[bool, Any]:
        self.rig.test_over.wait(1 / RATE)
        while self.rig.stalled and not self.rig.test_over.is_set():
            self.rig.test_over.wait(0.05)
        if not self.rig.node.exists():
            return False, None
        found, bgr = self._film.read()
        if not found:
            self._film.set(cv2.CAP_PROP_POS_FRAMES, 0)
            found, bgr = self._film.read()
        return found, bgr

    def release(self) -> None:
        self._film.release()


class GstreamerRig:
    """`gstreamer:` on GStreamer's own test picture."""

    def __init__(self, _: Path, __: pytest.MonkeyPatch) -> None:
        if shutil.which("gst-launch-1.0") is None:
            pytest.skip(
                "NOT TESTED: the GStreamer camera; apt install gstreamer1.0-tools gstreamer1.0-plugins-base"
            )
        self._card = f"videotestsrc is-live=true pattern=solid-color foreground-color={_argb(RED)}"
        self.source = f"{self._card} ! video/x-raw,width=320,height=240,framerate=60/1"
        self._plugged_in = self.source

    def open(self, orientation: Orientation = UPRIGHT) -> Camera:
        return GstreamerCamera(self.source, (320, 240), orientation=orientation)

    def show_corners(self) -> None:
        self.source = (
            "videotestsrc is-live=true pattern=smpte ! video/x-raw,width=320,height=240,framerate=60/1"
        )

    def stall(self) -> None:
        self._signal(signal.SIGSTOP)

    def unplug(self) -> None:
        self.source = "filesrc location=/nonexistent/camera ! decodebin"
        self._signal(signal.SIGKILL)

    def spoil(self) -> None:
        self.source = "videotestsrc num-buffers=0"

    def mend(self) -> None:
        self.source = self._plugged_in

    def end(self) -> None:
        assert not gstreamer_children()

    def _signal(self, number: int) -> None:
        for pid in gstreamer_children():
            os.kill(pid, number)


def _argb(rgb: tuple[int, int, int]) -> int:
    return 0xFF000000 | rgb[0] << 16 | rgb[1] << 8 | rgb[2]


def gstreamer_children() -> list[int]:
    """The process ids of our gst-launch children, dead but unreaped ones included."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, rest = stat.read_text().split(" (", 1)
        except OSError:
            continue  # it ended while we looked
        program, fields = rest.rsplit(") ", 1)
        if program.startswith("gst-launch") and int(fields.split()[1]) == os.getpid():
            found.append(int(pid))
    return found


class PicamRig:
    """`picam` over the stand-in for picamera2."""

    def __init__(self, _: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.board = Board(RED, 1 / RATE)
        self._attached = tuple(self.board.attached)
        self.board.install(monkeypatch)

    def open(self, orientation: Orientation = UPRIGHT) -> Camera:
        return Picam(orientation=orientation)

    def show_corners(self) -> None:
        self.board.card = corners_card()

    def stall(self) -> None:
        self.board.alive = False

    def unplug(self) -> None:
        self.board.alive = False
        self.board.attached = []

    def spoil(self) -> None:
        self.board.busy = True

    def mend(self) -> None:
        self.board.alive = True
        self.board.attached = list(self._attached)

    def end(self) -> None:
        self.board.test_over.set()


RIGS: dict[str, Callable[[Path, pytest.MonkeyPatch], Rig]] = {
    "pictures-folder": PicturesRig,
    "pictures-video": ClipRig,
    "webcam-file": WebcamRig,
    "gstreamer-testsrc": GstreamerRig,
    "picam-stand-in": PicamRig,
}
