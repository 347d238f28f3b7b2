"""The Raspberry Pi's camera through picamera2, which the system's package manager installs, not pip."""

import importlib
import logging
import time
from types import TracebackType
from typing import Any, Self

from kiosk.camera.base import FRAME_WAIT_S, Frame
from kiosk.camera.orientation import UPRIGHT, Orientation, upright
from kiosk.errors import CameraError, CameraStalledError, CameraUnavailableError

_log = logging.getLogger(__name__)

# libcamera names formats as little-endian words, so the bytes of "BGR888" lie in memory as red, green, blue.
_RGB_IN_MEMORY = "BGR888"
# One buffer with us, never fewer than two with the camera, and one to spare.
_BUFFERS = 4
# 30 frames a second where there is light, 15 in a dark gallery.
_FRAME_DURATION_US = (33_333, 66_667)
# picamera2 is of whatever version the system has and documents no errors; its source raises these.
_LIBRARY_ERRORS = (AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError)
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
        try:
            self._left_to_do = self._start(size, orientation)
            height, width = self.read().rgb.shape[:2]
            self._name = f"picam {self._picam2.camera_properties.get('Model', '')} {width}x{height}"
        except CameraError:
            self.close()
            raise
        except _LIBRARY_ERRORS as error:
            self.close()
            raise CameraUnavailableError(
                f"picam: the camera does not start ({error}); check its cable"
            ) from error

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
        """Free the camera. May block in a wedged driver: let the capture thread call it."""
        if self._lost == _CLOSED:
            return
        self._lost = _CLOSED
        try:
            self._picam2.stop()
            self._picam2.close()
        except _LIBRARY_ERRORS as error:
            _log.warning("camera=picam closing failed error=%s", error)

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
        self._picam2.configure(wanted)
        given = self._picam2.camera_configuration()
        if given["main"]["format"] != _RGB_IN_MEMORY:
            raise CameraUnavailableError(
                f"picam: this camera gives {given['main']['format']}, not RGB; try it as a webcam"
            )
        self._picam2.start()
        # The driver may have turned down what was asked, or turned the picture by itself.
        return _done(given["transform"]).undone().then(orientation)

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
            rgb = upright(request.make_array("main"), self._left_to_do)
            taken_s = _exposed_s(request.get_metadata())
        finally:
            request.release()
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
        # With no camera the constructor would fail with a bare IndexError.
        camera = None if number is None else picamera2.Picamera2(camera_num=number)
    except _LIBRARY_ERRORS as error:
        raise CameraUnavailableError(
            f"picam: the camera does not open ({error}); close other programs that use it"
        ) from error
    if camera is None:
        raise CameraUnavailableError(
            "picam: no camera on the ribbon cable; switch off, push it in, switch on"
        )
    return camera


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
