"""The Raspberry Pi's camera through picamera2, which the system's package manager installs, not pip."""

import gc
import importlib
import logging
import os
import time
from concurrent.futures import CancelledError
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

from kiosk.camera.base import FRAME_WAIT_S, Frame
from kiosk.camera.checked import checked
from kiosk.camera.orientation import UPRIGHT, Orientation, upright
from kiosk.camera.sensor_mode import SensorMode, best, is_good, sizes_to_ask_for
from kiosk.errors import CameraError, CameraStalledError, CameraUnavailableError

_log = logging.getLogger(__name__)

# libcamera names formats as little-endian words, so the bytes of "BGR888" lie in memory as red, green, blue.
_RGB_IN_MEMORY = "BGR888"
# One buffer with us, never fewer than two with the camera, and one to spare.
_BUFFERS = 4
# 30 frames a second where there is light, 15 in a dark gallery.
_FRAME_DURATION_US = (33_333, 66_667)
# picamera2 is of whatever version the system has and documents no errors; its source raises these.
_LIBRARY_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    CancelledError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
_CLOSED = "this camera was closed"


class Picam:
    """The first camera on the board's ribbon cable, at about `size` before it is turned: libcamera may adjust it.

    picamera2 never raises when a cable comes loose: a capture without a time limit waits for ever. So every
    capture has one, and once it has passed this camera is fit only to be closed.
    """

    def __init__(self, size: tuple[int, int] = (800, 600), orientation: Orientation = UPRIGHT) -> None:
        self._frames = 0
        self._lost = ""
        self._picam2 = _open_first()
        with ExitStack() as undo:  # whatever goes wrong, the camera is free for the next attempt
            undo.callback(self.close)
            try:
                self._left_to_do = self._start(size, orientation)
                height, width = self.read().rgb.shape[:2]
                self._name = f"picam {self._picam2.camera_properties.get('Model', '')} {width}x{height}"
            except CameraError:
                raise
            except _LIBRARY_ERRORS as error:
                raise CameraUnavailableError(
                    f"picam: the camera does not start ({error}); check its cable"
                ) from error
            undo.pop_all()

    @property
    def name(self) -> str:
        """Return the sensor and the size of the frames, which libcamera settled on."""
        return self._name

    def read(self, timeout_s: float = FRAME_WAIT_S) -> Frame:
        """Return the next frame; see Camera.read."""
        return self._take(timeout_s, flush=None)

    def capture(self, timeout_s: float = FRAME_WAIT_S) -> Frame:
        """Return the first frame whose exposure began after this call; see Camera.capture."""
        return self._take(timeout_s, flush=True)

    def close(self) -> None:
        """Free the camera. May block in a wedged driver: it belongs into the camera process."""
        if self._lost == _CLOSED:
            return
        self._lost = _CLOSED
        try:
            try:
                self._picam2.stop()
            finally:
                self._picam2.close()
        except _LIBRARY_ERRORS as error:
            _log.warning("camera=picam closing failed error=%s", error)
        # Its objects hold each other, and three descriptors a camera.
        self._picam2 = None
        gc.collect()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self, size: tuple[int, int], orientation: Orientation) -> Orientation:
        """Start the camera; return what is left to be done to its pictures in software."""
        libcamera = importlib.import_module("libcamera")
        offered = self._picam2.camera_controls
        controls: dict[str, Any] = {}
        if "FrameDurationLimits" in offered:
            controls["FrameDurationLimits"] = _FRAME_DURATION_US
        if "AfMode" in offered:  # only Camera Module 3 has a lens that moves
            controls["AfMode"] = libcamera.controls.AfModeEnum.Continuous
        wanted = self._picam2.create_preview_configuration(
            main={"format": _RGB_IN_MEMORY, "size": size},
            transform=libcamera.Transform(**_flips(orientation)),
            raw=None,  # a raw stream costs contiguous memory, which a Pi 4 is short of
            buffer_count=_BUFFERS,
            controls=controls,
            display=None,
            encode=None,
            queue=False,  # a queue would answer with a frame older than the question
        )
        self._configure(wanted)
        given = self._picam2.camera_configuration()
        if given["main"]["format"] != _RGB_IN_MEMORY:
            raise CameraUnavailableError(
                f"picam: this camera gives {given['main']['format']}, not RGB; try it as a webcam"
            )
        self._picam2.start()
        # The driver may have turned down what was asked, or turned the picture by itself.
        return _done(given["transform"]).undone().then(orientation)

    def _configure(self, wanted: dict[str, Any]) -> None:
        """Configure the camera so that it shows all that its sensor sees; one that tells nothing of it, as it likes."""
        pixels = self._picam2.camera_properties.get("PixelArraySize")
        if (
            pixels is None or wanted["sensor"] is None
        ):  # picamera2 sets the latter for a camera that is not a board's
            self._picam2.configure(wanted)
            return
        tried: list[SensorMode] = []
        for output_size in sizes_to_ask_for(pixels, wanted["main"]["size"]):
            tried.append(self._read_out(wanted, output_size))
            if is_good(tried[-1], pixels):
                return
        chosen = best(tuple(tried), pixels)
        _log.warning("camera=picam sensor=%sx%s has no good read-out, using %s", *pixels, chosen)
        if chosen != tried[-1]:
            self._read_out(wanted, chosen.output_size)

    def _read_out(self, wanted: dict[str, Any], output_size: tuple[int, int]) -> SensorMode:
        """Return the read-out that came of asking for one of `output_size`."""
        main = dict(wanted["main"])  # picamera2 writes into it what came of it
        self._picam2.configure({**wanted, "main": main, "sensor": {"output_size": output_size}})
        told = self._picam2.camera_controls
        _, (_, _, *view), _ = told.get("ScalerCrop", (None, (0, 0, *output_size), None))
        shortest_us = told.get("FrameDurationLimits", _FRAME_DURATION_US)[0]
        return SensorMode(output_size, (view[0], view[1]), 1e6 / max(1, shortest_us))

    def _take(self, timeout_s: float, flush: bool | None) -> Frame:
        if self._lost:
            raise CameraUnavailableError(f"picam: {self._lost}; open it again")
        try:
            request = self._picam2.capture_request(wait=timeout_s, flush=flush)
        except TimeoutError as error:
            self._lost = "this camera stalled"
            # The job is still queued, and would hold up the stop that must come next.
            self._picam2.cancel_all_and_flush()
            raise CameraStalledError(
                f"picam: no frame for {timeout_s:g} s; check the ribbon cable"
            ) from error
        except _LIBRARY_ERRORS as error:
            raise CameraUnavailableError(
                f"picam: the camera failed ({error!r}); check the ribbon cable"
            ) from error
        try:
            rgb = checked(request.make_array("main"), "picam")
            taken_s = _exposed_s(request.get_metadata())
        except CameraError:
            raise
        except _LIBRARY_ERRORS as error:
            raise CameraUnavailableError(
                f"picam: no picture in a frame ({error!r}); open it again"
            ) from error
        finally:
            request.release()
        rgb = upright(rgb, self._left_to_do)
        self._frames += 1
        return Frame(rgb, self._frames, taken_s)


def _open_first() -> Any:
    """Return the picamera2 object of the first camera that is not on USB."""
    try:
        picamera2 = importlib.import_module("picamera2")
    except (ImportError, ValueError, OSError) as error:  # ValueError: built for another numpy
        raise CameraUnavailableError(
            f"picam: picamera2 does not load ({error}); apt install python3-picamera2, in a venv made"
            " with --system-site-packages"
        ) from error
    try:
        attached = picamera2.Picamera2.global_camera_info()
        number = next((place for place, camera in enumerate(attached) if "/usb" not in camera["Id"]), None)
        camera = None if number is None else _opened(picamera2.Picamera2, number)
    except _LIBRARY_ERRORS as error:
        raise CameraUnavailableError(
            f"picam: the camera does not open ({error}); close other programs that use it"
        ) from error
    if camera is None:
        raise CameraUnavailableError(
            "picam: no camera on the ribbon cable; switch off, push it in, switch on"
        )
    return camera


def _opened(picamera2_class: Any, number: int) -> Any:
    """Return picamera2's camera of that number.

    Made in two steps: when the second fails, as that of a busy camera does, there is something to close.
    """
    picam2 = picamera2_class.__new__(picamera2_class)
    with ExitStack() as undo:
        undo.callback(_clear_away, picam2)
        picam2.__init__(camera_num=number)
        undo.pop_all()
    return picam2


def _clear_away(picam2: Any) -> None:
    """Close what a picamera2 object holds whose making failed: its own `close` closes nothing of that."""
    reader = getattr(picam2, "notifymeread", None)
    if reader is not None:
        reader.close()
        os.close(picam2.notifyme_w)
    if getattr(picam2, "is_open", False):
        picam2.is_open = False  # before it is given up, it would try to close itself
        picam2.camera.release()


def _flips(orientation: Orientation) -> dict[str, bool]:
    """Return the flips by which a sensor does it all, or none where they cannot: no driver turns by 90 degrees."""
    if orientation.turned in (90, 270):
        return {"hflip": False, "vflip": False}
    over = orientation.turned == 180
    return {"hflip": over != orientation.mirrored, "vflip": over}


def _done(transform: Any) -> Orientation:
    """Return what a libcamera.Transform does: its flips, then its transposition, a turn clockwise and a mirror."""
    done = Orientation(mirrored=bool(transform.hflip))
    if transform.vflip:
        done = done.then(Orientation(180, mirrored=True))
    return done.then(Orientation(90, mirrored=True)) if transform.transpose else done


def _exposed_s(metadata: dict[str, Any]) -> float:
    """Return when the exposure began, in seconds of time.monotonic(), by the same reckoning as picamera2's flush."""
    ended_ns = metadata.get("SensorTimestamp")
    if ended_ns is None:
        return time.monotonic()
    return float(ended_ns - 1000 * metadata.get("ExposureTime", 0)) / 1e9
