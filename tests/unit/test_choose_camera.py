"""Which camera is chosen, and what is said about those that were not."""

from pathlib import Path

import pytest
from PIL import Image

from kiosk.camera import choose
from kiosk.camera.base import Camera
from kiosk.camera.choose import CameraChoice, Choice, check_spec, open_camera
from kiosk.camera.pictures import Faults, PictureCamera
from kiosk.errors import BadArgumentError, CameraStalledError, CameraUnavailableError


@pytest.fixture
def stock(tmp_path: Path) -> Path:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    return tmp_path


@pytest.fixture(autouse=True)
def no_camera(monkeypatch: pytest.MonkeyPatch) -> None:
    def picam() -> Camera:
        raise CameraUnavailableError("picam: no camera on the ribbon cable")

    def webcam(_: str) -> Camera:
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
    for call in (check_spec, open_camera, CameraChoice):
        with pytest.raises(BadArgumentError, match=r"use auto, picam, webcam\[:DEVICE\], gstreamer"):
            call(spec)


def test_auto_says_what_it_chose_and_why(stock: Path) -> None:
    camera, choice = open_camera("auto", stock)
    with camera:
        assert camera.read().rgb.shape == (600, 800, 3)
    assert choice == Choice(
        f"pictures:{stock}", ("picam: no camera on the ribbon cable", "webcam: no frame for 8 s")
    )
    assert str(choice) == (
        f"camera: pictures:{stock}; picam: no camera on the ribbon cable; webcam: no frame for 8 s"
    )


def test_auto_without_any_camera_is_one_line_with_every_reason(tmp_path: Path) -> None:
    with pytest.raises(CameraUnavailableError) as caught:
        open_camera("auto", tmp_path / "nowhere")
    line = str(caught.value)
    assert line.startswith("camera: none works: picam: no camera")
    assert "webcam: no frame" in line
    assert "pictures: there is no" in line
    with pytest.raises(CameraUnavailableError, match="none works"):
        open_camera("auto")


def test_auto_prefers_picam_then_webcam(stock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "Webcam", lambda _: PictureCamera(stock))
    camera, choice = open_camera("auto", stock)
    camera.close()
    assert choice.spec == "webcam"
    monkeypatch.setattr(choose, "Picam", lambda: PictureCamera(stock))
    camera, choice = open_camera("auto", stock)
    camera.close()
    assert choice == Choice("picam")


def test_the_choice_stays_when_the_camera_is_opened_again(
    stock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = Faults()
    choice = CameraChoice("auto", stock, faults)
    before = choice.made
    choice().close()
    assert before is None
    assert choice.made is not None
    assert choice.made.spec == f"pictures:{stock}"
    monkeypatch.setattr(choose, "Picam", lambda: pytest.fail("the choice is made"))
    choice().close()
    faults.unplug()
    with pytest.raises(CameraUnavailableError, match="unplugged"):
        choice()
