"""Which camera: the one named on the command line or in the settings, or the first that works."""

import logging
from dataclasses import dataclass
from pathlib import Path

from kiosk.camera.base import Camera
from kiosk.camera.gstreamer import GstreamerCamera
from kiosk.camera.picam import Picam
from kiosk.camera.pictures import Faults, PictureCamera
from kiosk.camera.webcam import Webcam
from kiosk.errors import BadArgumentError, CameraError, CameraUnavailableError

_log = logging.getLogger(__name__)

CHOICES = "auto, picam, webcam[:DEVICE], gstreamer[:PIPELINE] or pictures:DIR"


@dataclass(frozen=True)
class Choice:
    """The spec of the camera that opened, and one plain line for each tried before it, in that order."""

    spec: str
    failures: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "; ".join((f"camera: {self.spec}", *self.failures))


class CameraChoice:
    """What opens the kiosk's camera, again and again: made for the capture thread.

    `auto` is decided once: a camera that comes loose during a visit is waited for, not replaced by pictures.

    Raises:
        BadArgumentError: at once, when there is no such spec.
    """

    def __init__(self, spec: str, stock: Path | None = None, faults: Faults | None = None) -> None:
        check_spec(spec)
        self._spec = spec
        self._stock = stock
        self._faults = faults
        self._made: Choice | None = None

    @property
    def made(self) -> Choice | None:
        """Return what was chosen and why, once a camera has opened; for the staff screen, from any thread."""
        return self._made

    def __call__(self) -> Camera:
        """Return a camera, open."""
        camera, choice = open_camera(
            self._spec if self._made is None else self._made.spec, self._stock, self._faults
        )
        if self._made is None:
            self._made = choice
            _log.info("%s", choice)
        return camera


def check_spec(spec: str) -> tuple[str, str]:
    """Return the kind of camera that `spec` names, and what follows the colon.

    Raises:
        BadArgumentError: it names none.
    """
    kind, _, rest = spec.partition(":")
    takes_rest = {"auto": False, "picam": False, "webcam": True, "gstreamer": True, "pictures": True}
    if kind not in takes_rest or (rest and not takes_rest[kind]) or (kind == "pictures" and not rest):
        raise BadArgumentError(f"camera: {spec!r} is not a camera; use {CHOICES}")
    return kind, rest


def open_camera(spec: str, stock: Path | None = None, faults: Faults | None = None) -> tuple[Camera, Choice]:
    """Return the camera that `spec` names, open, and how it was chosen.

    `auto` takes the first that opens of picam, webcam and the pictures in `stock`, if there is such a folder.
    `faults` are those of a picture camera. May block in a driver: let the capture thread call it.

    Raises:
        BadArgumentError: there is no such spec.
        CameraError: none opened; one plain line.
    """
    kind, _ = check_spec(spec)
    if kind != "auto":
        return _open(spec, faults), Choice(spec)
    failures: list[str] = []
    for candidate in ("picam", "webcam", *(() if stock is None else (f"pictures:{stock}",))):
        try:
            return _open(candidate, faults), Choice(candidate, tuple(failures))
        except CameraError as error:
            failures.append(str(error))
    raise CameraUnavailableError("camera: none works: " + "; ".join(failures))


def _open(spec: str, faults: Faults | None) -> Camera:
    kind, rest = check_spec(spec)
    if kind == "picam":
        return Picam()
    if kind == "webcam":
        return Webcam(rest)
    if kind == "gstreamer":
        return GstreamerCamera(rest) if rest else GstreamerCamera()
    return PictureCamera(Path(rest).expanduser(), faults=faults)
