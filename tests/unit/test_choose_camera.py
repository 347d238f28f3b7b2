"""Which camera is chosen, and what is said about those that were not."""

from pathlib import Path

import pytest
from PIL import Image

from kiosk.camera import choose
from kiosk.camera.base import Camera
from kiosk.camera.choose import candidates, check_spec, open_camera
from kiosk.camera.orientation import UPRIGHT, Orientation
from kiosk.camera.pictures import PictureCamera
from kiosk.errors import BadArgumentError, CameraStalledError, CameraUnavailableError


@pytest.fixture(autouse=True)
def no_camera(monkeypatch: pytest.MonkeyPatch) -> None:
    def picam(orientation: Orientation) -> Camera:
        del orientation
        raise CameraUnavailableError("picam: no camera on the ribbon cable")

    def webcam(_: str, orientation: Orientation) -> Camera:
        del orientation
        raise CameraStalledError("webcam: no frame for 8 s")

    monkeypatch.setattr(choose, "Picam", picam)
    monkeypatch.setattr(choose, "Webcam", webcam)


@pytest.mark.parametrize(
    ("spec", "kind", "rest"),
    [
        ("auto", "auto", ""),
        ("picam", "picam", ""),
        ("webcam", "webcam", ""),
        ("webcam:/dev/video2", "webcam", "/dev/video2"),
        (
            "gstreamer:v4l2src device=/dev/video0 ! jpegdec",
            "gstreamer",
            "v4l2src device=/dev/video0 ! jpegdec",
        ),
        ("pictures:C:/odd", "pictures", "C:/odd"),
    ],
)
def test_specs_that_name_a_camera(spec: str, kind: str, rest: str) -> None:
    assert check_spec(spec) == (kind, rest)


@pytest.mark.parametrize("spec", ["", "kinect", "pictures", "pictures:", "picam:1", "auto:x", "Webcam"])
def test_any_other_spec_is_a_bad_argument_that_names_the_choices(spec: str) -> None:
    for call in (check_spec, open_camera):
        with pytest.raises(BadArgumentError, match=r"use auto, picam, webcam\[:DEVICE\], gstreamer"):
            call(spec)


def test_auto_without_any_camera_is_one_line_with_every_reason() -> None:
    with pytest.raises(CameraUnavailableError) as caught:
        open_camera("auto")
    line = str(caught.value)
    assert line == "camera: none works: picam: no camera on the ribbon cable; webcam: no frame for 8 s"


def test_auto_tries_a_jetsons_own_camera_where_its_kernel_found_one(tmp_path: Path) -> None:
    assert candidates(tmp_path) == ("picam", "webcam")
    for number, name in enumerate(("USB 2.0 Camera", "vi-output, imx219 9-0010")):
        node = tmp_path / f"video{number}" / "name"
        node.parent.mkdir()
        node.write_text(f"{name}\n", "utf-8")
    assert candidates(tmp_path) == ("picam", "gstreamer", "webcam")


def test_auto_takes_the_first_that_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.new("RGB", (8, 8), (200, 0, 0)).save(tmp_path / "a.png")
    hung: list[Orientation] = []

    def webcam(_: str, orientation: Orientation) -> Camera:
        hung.append(orientation)
        return PictureCamera(tmp_path, orientation=orientation)

    monkeypatch.setattr(choose, "Webcam", webcam)
    for wanted in (UPRIGHT, Orientation(90, mirrored=True)):
        with open_camera("auto", wanted) as camera:
            assert camera.read().rgb.shape[:2] == ((600, 800) if wanted is UPRIGHT else (800, 600))
    assert hung == [UPRIGHT, Orientation(90, mirrored=True)]
