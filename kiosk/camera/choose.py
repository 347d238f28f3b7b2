"""Which camera: the one named on the command line or in the settings, or the first that works."""

from pathlib import Path

from kiosk.camera.base import Camera
from kiosk.camera.gstreamer import VIDEO_NODES, GstreamerCamera, attached_sensors
from kiosk.camera.orientation import UPRIGHT, Orientation
from kiosk.camera.picam import Picam
from kiosk.camera.pictures import PictureCamera
from kiosk.camera.webcam import Webcam
from kiosk.errors import BadArgumentError, CameraError, CameraUnavailableError

CHOICES = "auto, picam, webcam[:DEVICE], gstreamer[:PIPELINE] or pictures:DIR"
TEGRA_INPUT = "vi-output"  # so the kernel calls what a Jetson reads its ribbon cameras with


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


def open_camera(spec: str, orientation: Orientation = UPRIGHT) -> Camera:
    """Return the camera that `spec` names, open; `auto` takes the first of `candidates` that opens.

    May block in a driver: it belongs into the camera process.

    Raises:
        BadArgumentError: there is no such spec.
        CameraError: none opened; one plain line.
    """
    kind, _ = check_spec(spec)
    if kind != "auto":
        return _open(spec, orientation)
    failures: list[str] = []
    for candidate in candidates():
        try:
            return _open(candidate, orientation)
        except CameraError as error:
            failures.append(str(error))
    raise CameraUnavailableError("camera: none works: " + "; ".join(failures))


def candidates(nodes: Path = VIDEO_NODES) -> tuple[str, ...]:
    """Return what `auto` tries, in its order: GStreamer too where a Jetson's kernel found a camera on its ribbon."""
    jetson = TEGRA_INPUT in attached_sensors(nodes)
    return ("picam", "gstreamer", "webcam") if jetson else ("picam", "webcam")


def _open(spec: str, orientation: Orientation) -> Camera:
    kind, rest = check_spec(spec)
    if kind == "picam":
        return Picam(orientation=orientation)
    if kind == "webcam":
        return Webcam(rest, orientation=orientation)
    if kind == "gstreamer":
        return (
            GstreamerCamera(rest, orientation=orientation)
            if rest
            else GstreamerCamera(orientation=orientation)
        )
    return PictureCamera(Path(rest).expanduser(), orientation=orientation)
