"""Pictures and clips played as a camera: sizes, turning, holding, looping, and faults on demand."""

import time
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kiosk.camera.pictures import Faults, PictureCamera
from kiosk.camera.stills import fit
from kiosk.errors import CameraStalledError, CameraUnavailableError

COLOURS = {"a": (200, 0, 0), "b": (0, 200, 0), "c": (0, 0, 200)}
LIMIT_S = 3.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, colour in COLOURS.items():
        Image.new("RGB", (64, 48), colour).save(tmp_path / f"{name}.png")
    return tmp_path


def test_pictures_come_by_name_held_for_their_time_and_again(folder: Path) -> None:
    shown: list[str] = []
    with PictureCamera(folder, rate=200.0, hold_s=0.05, size=None) as camera:
        first = camera.read()
        frame = first
        while frame.taken_s - first.taken_s < 0.4:
            frame = camera.read()
            name = next(name for name, colour in COLOURS.items() if tuple(frame.rgb[0, 0]) == colour)
            shown += [name] if not shown or shown[-1] != name else []
    assert "".join(shown[:6]) == "abcabc"
    assert len(shown) <= 9


def test_frames_keep_the_rate_and_a_late_reader_gets_the_newest(folder: Path) -> None:
    faults = Faults()
    with PictureCamera(folder, rate=50.0, faults=faults) as camera:
        first = camera.read()
        faults.stall()
        with pytest.raises(CameraStalledError):
            camera.read(0.1)
        faults.mend()
        frame = camera.read()
        assert time.monotonic() - frame.taken_s < 0.05
        assert (frame.taken_s - first.taken_s) / 0.02 == pytest.approx(
            round((frame.taken_s - first.taken_s) / 0.02), abs=1e-3
        )


def test_every_frame_has_the_one_size_and_the_centre_square_of_its_picture(tmp_path: Path) -> None:
    for name, size in (("1wide", (400, 100)), ("2tall", (100, 400)), ("3small", (30, 20))):
        picture = Image.new("RGB", size, (250, 250, 250))
        side = min(size)
        left, top = (size[0] - side) // 2, (size[1] - side) // 2
        picture.paste((250, 0, 0), (left, top, left + side, top + side))
        picture.save(tmp_path / f"{name}.png")
    with PictureCamera(tmp_path, rate=100.0, hold_s=0.05, size=(160, 120)) as camera:
        for _ in range(30):
            rgb = camera.read().rgb
            assert rgb.shape == (120, 160, 3)
            assert np.all(rgb[:, 22:138, 0] > 200)
            assert np.all(rgb[4:-4, 24:136, 1] < 60)


@given(
    height=st.integers(1, 90),
    width=st.integers(1, 90),
    frame_h=st.integers(2, 60),
    frame_w=st.integers(2, 60),
)
@settings(max_examples=60, deadline=None)
def test_fit_fills_the_centre_square_of_any_picture(
    height: int, width: int, frame_h: int, frame_w: int
) -> None:
    fitted = fit(np.full((height, width, 3), 9, np.uint8), (frame_w, frame_h))
    side = min(frame_h, frame_w)
    top, left = (frame_h - side) // 2, (frame_w - side) // 2
    assert fitted.shape == (frame_h, frame_w, 3)
    assert fitted.flags.c_contiguous
    assert np.all(fitted[top : top + side, left : left + side] == 9)


def test_a_picture_is_turned_as_its_exif_says(tmp_path: Path) -> None:
    picture = Image.new("RGB", (60, 40), (0, 0, 200))
    picture.paste((200, 0, 0), (0, 0, 60, 20))  # red above blue, as stored
    exif = picture.getexif()
    exif[0x0112] = 6  # turn a quarter clockwise to look at it
    picture.save(tmp_path / "turned.jpg", exif=exif, quality=95)
    with PictureCamera(tmp_path, size=None) as camera:
        rgb = camera.read().rgb
    assert rgb.shape == (60, 40, 3)
    assert rgb[30, 35, 0] > 150
    assert rgb[30, 5, 2] > 150


def test_own_sizes_are_kept_on_request(tmp_path: Path) -> None:
    Image.new("RGB", (31, 17)).save(tmp_path / "odd.png")
    with PictureCamera(tmp_path, size=None) as camera:
        assert camera.read().rgb.shape == (17, 31, 3)


def test_broken_and_foreign_files_are_passed_over(folder: Path) -> None:
    (folder / "0broken.jpg").write_bytes(b"no picture at all")
    (folder / "0cut.png").write_bytes((folder / "a.png").read_bytes()[:60])
    (folder / "readme.txt").write_text("hello")
    (folder / ".a.png").write_bytes(b"")
    with PictureCamera(folder, size=None) as camera:
        assert tuple(camera.read().rgb[0, 0]) == COLOURS["a"]


@pytest.mark.parametrize("content", ["missing", "empty", "broken", "not a video"])
def test_a_folder_without_pictures_is_one_plain_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "pictures"
    if content != "missing":
        path.mkdir()
    if content == "broken":
        (path / "a.jpg").write_bytes(b"no picture at all")
    if content == "not a video":
        path = path / "notes.mp4"
        path.write_text("no film at all")
    with pytest.raises(CameraUnavailableError) as caught:
        PictureCamera(path)
    line = str(caught.value)
    assert line.startswith("pictures: ")
    assert str(path) in line
    assert "\n" not in line


def test_pictures_that_vanish_are_a_lost_camera(folder: Path) -> None:
    with PictureCamera(folder, rate=200.0, hold_s=0.01) as camera:
        for file in folder.iterdir():
            file.unlink()
        with pytest.raises(CameraUnavailableError, match="no picture in"):
            [camera.read() for _ in range(200)]


def test_a_clip_plays_at_its_own_speed_and_loops(tmp_path: Path) -> None:
    clip = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(clip), cv2.VideoWriter.fourcc(*"MJPG"), 50.0, (32, 32))
    for level in (40, 120, 200):
        writer.write(np.full((32, 32, 3), level, np.uint8))
    writer.release()
    with PictureCamera(clip, rate=50.0, size=None) as camera:
        levels = [round(int(camera.read().rgb[0, 0, 0]) / 40) * 40 for _ in range(12)]
    changes = sum(before != after for before, after in pairwise(levels))
    assert set(levels) == {40, 120, 200}
    assert changes >= 9


def test_slow_is_slow_and_mending_ends_it(folder: Path) -> None:
    faults = Faults()
    with PictureCamera(folder, rate=100.0, faults=faults) as camera:
        camera.read()
        faults.slow(5.0)
        first, second = camera.read(), camera.read()
        assert second.taken_s - first.taken_s == pytest.approx(0.2)
        with pytest.raises(CameraStalledError):
            camera.read(0.05)
        faults.mend()
        assert camera.read(0.1).id > second.id


def test_wrong_size_changes_the_frames_and_nothing_else(folder: Path) -> None:
    faults = Faults()
    with PictureCamera(folder, faults=faults) as camera:
        faults.wrong_size((321, 241))
        assert camera.read().rgb.shape == (241, 321, 3)
        faults.mend()
        assert camera.read().rgb.shape == (600, 800, 3)


def test_reading_costs_little(folder: Path) -> None:
    Image.effect_noise((3000, 2000), 60).convert("RGB").save(folder / "d.jpg")
    with PictureCamera(folder, rate=1000.0, hold_s=0.01) as camera:
        began_s = time.thread_time()
        for _ in range(60):
            camera.read()
        assert (time.thread_time() - began_s) / 60 < 0.005
