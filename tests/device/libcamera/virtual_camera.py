"""For pytest -p: the camera contract's one rig is the real picamera2, on the virtual camera of the real libcamera.

picamera2 and libcamera stay as they are installed. What is supplied is what a PC lacks below them: a display library's
names, a raw stream, a sensor that flips, an image processor that gives RGB (the virtual camera gives NV12), exposure
times, and a pace.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from kiosk.camera.base import Camera
from kiosk.camera.orientation import UPRIGHT, Orientation
from kiosk.camera.picam import Picam
from tests.contract import rigs

CONFIGURATION = Path("/usr/share/libcamera/pipeline/virtual/virtual.yaml")
CAMERA = """%YAML 1.1
---
"{name}":
  supported_formats:
  - width: 800
    height: 600
    frame_rates: [30, 60]
  frames:
    path: "{card}"
  location: "CameraLocationBack"
  model: "virtual"
"""
EXPOSURE_US = 4000
PACE_S = 1 / rigs.RATE


class VirtualRig:
    """`picam` over the real picamera2."""

    delivers = True  # whether frames still come from the sensor

    def __init__(self, folder: Path, _: pytest.MonkeyPatch) -> None:
        self.card = folder / "card.jpg"
        self._others: list[Any] = []
        VirtualRig.delivers = True
        self._show(rigs.red_card((800, 600)))
        plug_in(self.card)

    def open(self, orientation: Orientation = UPRIGHT) -> Camera:
        return Picam(orientation=orientation)

    def show_corners(self) -> None:
        self._show(rigs.corners_card((800, 600)))
        look_anew()

    def stall(self) -> None:
        VirtualRig.delivers = False

    def unplug(self) -> None:
        VirtualRig.delivers = False
        plug_in(
            self.card, "/base/usb@1/other"
        )  # never none: libcamera's virtual pipeline would not look again

    def spoil(self) -> None:
        from picamera2 import Picamera2

        self._others.append(Picamera2())  # another program has it

    def mend(self) -> None:
        VirtualRig.delivers = True
        plug_in(self.card)

    def end(self) -> None:
        for other in self._others:
            other.close()

    def _show(self, card: NDArray[np.uint8]) -> None:
        Image.fromarray(card).save(self.card, quality=95)


def plug_in(card: Path, name: str = "Virtual0") -> None:
    """Let there be one camera, before which the card is held."""
    wanted = CAMERA.format(name=name, card=card)
    if not CONFIGURATION.exists() or CONFIGURATION.read_text() != wanted:
        CONFIGURATION.write_text(wanted)
        look_anew()


def look_anew() -> None:
    """Have libcamera look for cameras again: the virtual pipeline tells no news of them."""
    from picamera2 import Picamera2

    Picamera2._cm._cms = None


def pytest_configure() -> None:
    """Supply what lies below picamera2, and take the contract's other rigs away."""
    supply()
    rigs.RIGS.clear()
    rigs.RIGS["picamera2-on-libcamera"] = VirtualRig


def supply() -> None:
    """Supply what lies below picamera2 to this process."""
    sys.modules.setdefault("pykms", _display_names())
    supply_raw_stream()
    supply_processor()
    supply_exposure()
    supply_pace()


def _display_names() -> ModuleType:
    """A module for pictures on a screen, of which picamera2 only makes a table when it is imported."""
    names = ModuleType("pykms")
    names.PixelFormat = type("Names", (), {"__getattr__": lambda _, name: name})()  # type: ignore[attr-defined]
    return names


def supply_raw_stream() -> None:
    """picamera2 asks every camera for its raw formats; this one has none."""
    from picamera2 import picamera2

    def raw_modes(self: Any) -> list[dict[str, Any]]:
        formats = self.camera.generate_configuration([picamera2.VIEWFINDER]).at(0).formats
        return [
            {"format": str(form), "size": (size.width, size.height)}
            for form in formats.pixel_formats
            for size in formats.sizes(form)
        ]

    picamera2.Picamera2._get_raw_modes = raw_modes


def supply_processor() -> None:
    """NV12 becomes RGB here instead of in a board's image processor: its two planes share a buffer."""
    import libcamera
    from picamera2 import picamera2, request
    from picamera2.allocators import dmaallocator

    def two_planes(planes: Any) -> Any:
        luminance, colour = planes[0], libcamera.FrameBuffer.Plane()
        length = luminance.length * 2 // 3
        colour.fd, colour.offset, colour.length = luminance.fd, length, luminance.length - length
        luminance.length = length
        return libcamera.FrameBuffer([luminance, colour])

    dmaallocator.libcamera = SimpleNamespace(FrameBuffer=two_planes)
    two_planes.Plane = libcamera.FrameBuffer.Plane  # type: ignore[attr-defined]
    real: Callable[[Any], dict[str, Any]] = picamera2.Picamera2.camera_configuration

    def configuration(self: Any) -> dict[str, Any]:
        told = real(self)
        return {**told, "main": {**told["main"], "format": "BGR888"}} if told else told

    def make_array(self: Any, name: str) -> NDArray[np.uint8]:
        width, height = self.config[name]["size"]
        planes = self.make_buffer(name)[: width * height * 3 // 2].reshape(height * 3 // 2, width)
        rgb = np.asarray(cv2.cvtColor(planes, cv2.COLOR_YUV2RGB_NV12), np.uint8)
        flips = self.config["transform"]  # the virtual camera says that it flips, and does not; a sensor does
        return np.ascontiguousarray(rgb[:: -1 if flips.vflip else 1, :: -1 if flips.hflip else 1])

    picamera2.Picamera2.camera_configuration = configuration
    request.CompletedRequest.make_array = make_array


def supply_exposure() -> None:
    """A board's metadata always tell the exposure; picamera2's flush reckons with it."""
    from picamera2 import request

    real: Callable[[Any], dict[str, Any]] = request.CompletedRequest.get_metadata
    request.CompletedRequest.get_metadata = lambda self: {"ExposureTime": EXPOSURE_US} | real(self)


def supply_pace() -> None:
    """The virtual camera completes a request at once: a thousand a second. A stalled sensor completes none."""
    from picamera2 import picamera2

    real: Callable[..., None] = picamera2.CameraManager.handle_request

    def handle_request(self: Any, flushid: Any = None) -> None:
        time.sleep(PACE_S)
        if VirtualRig.delivers or flushid is not None:
            real(self, flushid)

    picamera2.CameraManager.handle_request = handle_request
