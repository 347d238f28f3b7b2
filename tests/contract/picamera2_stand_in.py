# ruff: noqa: ARG002, B006 - the signatures are the real ones
"""A picamera2 without a board: it keeps the rules of the real one (0.3.38), above all the unpleasant ones.

- Format names are little-endian words: "RGB888" gives arrays of B, G, R, and "BGR888" of R, G, B.
- With no camera of that number, and with a busy one, the constructor is a RuntimeError, and leaves a pipe behind.
- libcamera may adjust what was configured, the transform too. Odd sizes are made even, foreign controls RuntimeErrors.
- The sensor's read-out is the one nearest to the size asked for, be it the picture's: not the one that shows most.
- A dead frontend raises nothing: a capture waits for its `wait`, then TimeoutError, and its job stays queued.
  A later `stop` then waits behind that job for ever, unless cancel_all_and_flush came first.
- No more than `buffer_count` requests exist: who does not release starves. Releasing twice is a RuntimeError.
- With queue=True a capture may give a frame older than the call; flush=True waits for a newer exposure.
"""

import itertools
import os
import sys
import threading
import time
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.contract.sensors import CAMERA_MODULE_3, ReadOut

EXPOSURE_S = 0.004
_ORDER = {"BGR888": (0, 1, 2), "RGB888": (2, 1, 0)}


@dataclass(frozen=True)
class Transform:
    """libcamera.Transform: the flips come before the transposition."""

    rotation: int = 0
    hflip: bool = False
    vflip: bool = False
    transpose: bool = False

    def of(self, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        flipped = rgb[:: -1 if self.vflip else 1, :: -1 if self.hflip else 1]
        return np.ascontiguousarray(flipped.transpose(1, 0, 2) if self.transpose else flipped)


class Board:
    """The hardware: what hangs on the ribbon cable, and what a test does to it."""

    def __init__(self, rgb: tuple[int, int, int] = (200, 30, 20), period_s: float = 0.01) -> None:
        self.rgb = rgb
        self.card: NDArray[np.uint8] = np.full((1, 1, 3), rgb, np.uint8)
        self.period_s = period_s
        self.attached = ["/base/soc/i2c0mux/i2c@1/imx708@1a"]
        self.sensor = CAMERA_MODULE_3
        self.odd_frame: NDArray[Any] | None = None
        self.controls: dict[str, tuple[int, int, int]] = {
            "FrameDurationLimits": (0, 0, 0),
            "AfMode": (0, 2, 0),
        }
        self.adjusted_size: tuple[int, int] | None = None
        self.adjusted_format: str | None = None
        self.adjusted_transform: Transform | None = None
        self.alive = True
        self.busy = False
        self.fails_once_acquired = False
        self.held = 0
        self.most_held = 0
        self.test_over = threading.Event()
        self.configurations: list[dict[str, Any]] = []

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Put picamera2, with this board under it, where `import picamera2` finds it."""
        picamera2, libcamera = ModuleType("picamera2"), ModuleType("libcamera")
        monkeypatch.setattr(Picamera2, "board", self, raising=False)
        monkeypatch.setattr(picamera2, "Picamera2", Picamera2, raising=False)
        modes = SimpleNamespace(AfModeEnum=SimpleNamespace(Continuous=2))
        monkeypatch.setattr(libcamera, "controls", modes, raising=False)
        monkeypatch.setattr(libcamera, "Transform", Transform, raising=False)
        monkeypatch.setitem(sys.modules, "picamera2", picamera2)
        monkeypatch.setitem(sys.modules, "libcamera", libcamera)


class CompletedRequest:
    """One finished frame in a camera buffer."""

    def __init__(self, camera: "Picamera2", exposed_s: float) -> None:
        self._camera = camera
        self._uses = 1
        self._exposed_s = exposed_s

    def make_array(self, name: str) -> NDArray[np.uint8]:
        if self._camera.board.odd_frame is not None:
            return self._camera.board.odd_frame
        config = self._camera.camera_configuration()
        seen = cv2.resize(self._camera.board.card, config[name]["size"], interpolation=cv2.INTER_NEAREST)
        turned = config["transform"].of(np.asarray(seen, np.uint8))
        return np.ascontiguousarray(turned[..., _ORDER[config[name]["format"]]])

    def get_metadata(self) -> dict[str, Any]:
        ended_s = self._exposed_s + EXPOSURE_S
        return {"SensorTimestamp": int(ended_s * 1e9), "ExposureTime": int(EXPOSURE_S * 1e6)}

    def release(self) -> None:
        self._uses -= 1
        if self._uses < 0:
            raise RuntimeError("CompletedRequest: lock now has negative ref_count")
        self._camera.recycle()

    def exposed_after(self, flush_ns: int) -> bool:
        return self._exposed_s * 1e9 >= flush_ns


class Picamera2:
    """The camera, with one thread in the place of libcamera's and of the event loop's."""

    board: ClassVar[Board]

    @staticmethod
    def global_camera_info() -> list[dict[str, Any]]:
        attached = Picamera2.board.attached
        return [
            {"Id": name, "Num": place, "Model": Picamera2.board.sensor.model}
            for place, name in enumerate(attached)
        ]

    def __init__(
        self, camera_num: int = 0, verbose_console: Any = None, tuning: Any = None, allocator: Any = None
    ) -> None:
        self.notifyme_r, self.notifyme_w = os.pipe2(os.O_NONBLOCK)
        self.notifymeread = os.fdopen(self.notifyme_r, "rb")
        self.is_open = False
        if camera_num >= len(self.board.attached):
            raise RuntimeError(f"No camera number {camera_num} found")
        self.camera = SimpleNamespace(release=self._release)
        if self.board.busy:
            raise RuntimeError("Camera __init__ sequence did not complete.")
        self.board.busy = self.is_open = True
        if self.board.fails_once_acquired:
            raise RuntimeError("Camera __init__ sequence did not complete.")
        self._config: dict[str, Any] = {}
        self._read_out: ReadOut | None = None
        self._lock = threading.Condition()
        self._jobs: list[tuple[int, Future[CompletedRequest]]] = []
        self._completed: list[CompletedRequest] = []
        self._in_camera = 0
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()

    @property
    def camera_properties(self) -> dict[str, Any]:
        return {"Model": self.board.sensor.model, "PixelArraySize": self.board.sensor.pixels}

    @property
    def camera_controls(self) -> dict[str, tuple[Any, Any, Any]]:
        told: dict[str, tuple[Any, Any, Any]] = dict(self.board.controls)
        if self._read_out is not None and told:
            shortest_us = int(1e6 / self._read_out.fps)
            told["FrameDurationLimits"] = (shortest_us, 100_000_000, shortest_us)
            told["ScalerCrop"] = ((0, 0, 64, 64), self._read_out.crop, self._read_out.crop)
        return told

    def create_preview_configuration(
        self,
        main: Any = {},
        lores: Any = None,
        raw: Any = {},
        transform: Any = Transform(),
        colour_space: Any = None,
        buffer_count: int = 4,
        controls: Any = {},
        display: str | None = "main",
        encode: str | None = "main",
        queue: bool = True,
        sensor: Any = {},
        use_case: str = "preview",
    ) -> dict[str, Any]:
        for key in main:
            if key not in {"format", "size", "stride", "preserve_ar"}:
                raise ValueError(f"Bad key {key!r}")
        whole = {"format": "XBGR8888", "size": (640, 480)} | main
        whole["size"] = tuple(side - side % 2 for side in whole["size"])
        names = locals() | {"main": whole}
        del names["self"], names["key"], names["whole"]
        return names

    def configure(self, camera_config: Any = None) -> None:
        main = camera_config["main"]  # the real one writes into it as well
        if main["size"][0] % 2 or main["size"][1] % 2:
            raise RuntimeError("width and height should be even")
        self._read_out = self.board.sensor.nearest(
            (camera_config["sensor"] or {}).get("output_size", main["size"])
        )
        for control in camera_config["controls"]:
            if control not in self.board.controls:
                raise RuntimeError(f"Control {control} is not advertised by libcamera")
        main["size"] = self.board.adjusted_size or main["size"]
        main["format"] = self.board.adjusted_format or main["format"]
        main["stride"] = main["size"][0] * 3
        transform = self.board.adjusted_transform or camera_config["transform"]
        self._config = {**camera_config, "main": main, "transform": transform}
        self.board.configurations.append(self._config)

    def camera_configuration(self) -> dict[str, Any]:
        return self._config

    def start(self, config: Any = None, show_preview: Any = False) -> None:
        if not self._config:
            raise RuntimeError("Camera has not been configured")
        self._in_camera = self._config["buffer_count"]
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="picamera2 stand-in", daemon=True)
        self._thread.start()

    def capture_request(self, wait: Any = None, signal_function: Any = None, flush: Any = None) -> Any:
        since_ns = time.monotonic_ns() if flush is True else (flush or 0)
        job: Future[CompletedRequest] = Future()
        with self._lock:
            self._jobs.append((since_ns, job))
            self._run_jobs()
        return job.result(None if wait is None or wait is True else wait)

    def cancel_all_and_flush(self) -> None:
        with self._lock:
            for _, job in self._jobs:
                job.set_exception(CancelledError())
            self._jobs.clear()
            self._lock.notify_all()

    def stop(self) -> None:
        if self._thread is None:
            return
        with self._lock:
            while self._jobs and not self.board.test_over.is_set():  # behind a job that only a frame can end
                self._lock.wait(0.05)
            for request in self._completed:
                request.release()
            self._completed.clear()
        self._stopping.set()
        self._thread.join()
        self._thread = None

    def close(self) -> None:
        if not self.is_open:
            return
        self.stop()
        self._release()
        self.is_open = False
        self.notifymeread.close()
        os.close(self.notifyme_w)

    def _release(self) -> None:
        self.board.busy = False

    def recycle(self) -> None:
        with self._lock:
            self._in_camera += 1
            self.board.held -= 1

    def _run(self) -> None:
        for _ in itertools.count():
            exposed_s = time.monotonic()
            if self._stopping.wait(self.board.period_s):
                return
            with self._lock:
                if self.board.alive and self._in_camera:
                    self._in_camera -= 1
                    self.board.held += 1
                    self._completed.append(CompletedRequest(self, exposed_s))
                    self._run_jobs()
                    keep = 1 if self._config["queue"] and self._config["buffer_count"] > 1 else 0
                    while len(self._completed) > keep:
                        self._completed.pop(0).release()

    def _run_jobs(self) -> None:
        while self._jobs:
            since_ns, job = self._jobs[0]
            while self._completed and not self._completed[0].exposed_after(since_ns):
                self._completed.pop(0).release()
            if not self._completed:
                return
            self._jobs.pop(0)
            self.board.most_held = max(self.board.most_held, self.board.held)
            job.set_result(self._completed.pop(0))
            self._lock.notify_all()
