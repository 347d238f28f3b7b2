"""A stick with anything on it: what can be read is shown, the rest is counted, and nothing stays after a visitor."""

import os
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from kiosk.core.message import CameraFound, Forget, JobLost
from kiosk.device.state_folder import StateFolder
from kiosk.errors import LeftOut
from kiosk.settings.sections import UploadSettings
from kiosk.topics.photograph.messages import (
    ListUploads,
    PictureTaken,
    TakeUpload,
    UploadSeen,
    UploadsLeftOut,
    UploadsListed,
)
from kiosk.topics.photograph.performing import uploads
from tests.brought import empty_scans, scene, slow
from tests.process.rehearsal import QUICK, Rehearsal
from tests.process.test_decoder import decoders

pytestmark = pytest.mark.timed

FULL_S, HURRIED_S = 0.4, 0.1
LONGEST_FRAME_S = 0.1


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where sticks appear."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="module")
def shared_rehearsal(state: StateFolder, media: Path) -> Iterator[Rehearsal]:
    settings = QUICK.model_copy(update={"upload": UploadSettings(folders=(media,))})
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DECODER_OF", str(os.getpid()))
        rehearsal = Rehearsal(state, f"pictures:{state.stock}", settings)
        with rehearsal.performer:
            rehearsal.until(lambda: bool(rehearsal.all(CameraFound)), "a camera")
            yield rehearsal


@pytest.fixture
def rehearsal(shared_rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch) -> Rehearsal:
    monkeypatch.setattr(uploads, "LIMIT_S", FULL_S)
    monkeypatch.setattr(uploads, "HURRIED_S", HURRIED_S)
    shared_rehearsal.do(Forget())
    shared_rehearsal.look()
    shared_rehearsal.heard.clear()
    return shared_rehearsal


@pytest.fixture
def stick(media: Path) -> Iterator[Path]:
    folder = media / "stick"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


def picture(path: Path) -> None:
    Image.fromarray(scene(300, 300)).save(path)


def reading() -> int:
    """Return how many processes read pictures, but for the camera's."""
    return len(decoders()) - 1


def left_out(rehearsal: Rehearsal) -> Counter[LeftOut]:
    counts: Counter[LeftOut] = Counter()
    for event in rehearsal.all(UploadsLeftOut):
        counts[event.why] += event.count
    return counts


def test_what_is_left_out_is_told_with_its_reason(rehearsal: Rehearsal, stick: Path) -> None:
    for name in ("a.png", "z.png"):
        picture(stick / name)
    (stick / "bomb.png").write_bytes(b"")
    (stick / "cut.png").write_bytes((stick / "a.png").read_bytes()[:200])
    (stick / "IMG_1.CR3").write_bytes(bytes(100))
    (stick / "IMG_2.DNG").write_bytes(bytes(100))
    (stick / "scans.jpg").write_bytes(empty_scans(800, 600, 200))
    Image.new("1", (9_000, 9_000)).save(stick / "huge.png")
    with (stick / "sparse.tif").open("wb") as file:
        file.truncate(2**32)
    os.mkfifo(stick / "pipe.png")
    rehearsal.ask(ListUploads(rehearsal.job(), 0, 12), UploadsListed)
    assert len(rehearsal.all(UploadSeen)) == 2
    assert left_out(rehearsal) == {
        LeftOut.TOO_LARGE: 2,
        LeftOut.RAW: 2,
        LeftOut.TOO_SLOW: 1,
        LeftOut.NO_PICTURE: 1,
        LeftOut.CUT_OFF: 1,
    }, "a pipe is no file that somebody brought"
    assert reading() == 0


def test_slow_ones_do_not_hold_up_the_good_ones_for_long(rehearsal: Rehearsal, stick: Path) -> None:
    for number in range(6):
        (stick / f"0{number}.jpg").write_bytes(slow())
    picture(stick / "9.png")
    began_s = time.monotonic()
    listing = rehearsal.job()
    rehearsal.do(ListUploads(listing, 0, 12))
    frames: list[float] = []
    while not rehearsal.all(UploadsListed):
        before_s = time.monotonic()
        rehearsal.look()
        frames.append(time.monotonic() - before_s)
        assert time.monotonic() - began_s < 10
        time.sleep(0.005)
    assert time.monotonic() - began_s < 2 * FULL_S + 4 * HURRIED_S + 1.5, "the later ones are hurried"
    assert max(frames) < LONGEST_FRAME_S
    assert len(rehearsal.all(UploadSeen)) == 1
    assert left_out(rehearsal) == {LeftOut.TOO_SLOW: 6}
    assert reading() == 0


def test_forgetting_ends_what_is_being_read(
    rehearsal: Rehearsal, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LIMIT_S", 5.0)
    (stick / "a.jpg").write_bytes(slow())
    rehearsal.do(ListUploads(rehearsal.job(), 0, 12))
    rehearsal.until(lambda: reading() == 2, "a picture that is being read")
    began_s = time.monotonic()
    rehearsal.do(Forget())
    assert time.monotonic() - began_s < LONGEST_FRAME_S
    rehearsal.until(lambda: reading() == 0, "an end")
    assert time.monotonic() - began_s < 1
    rehearsal.look()
    assert not rehearsal.all(UploadsLeftOut)
    assert not rehearsal.all(UploadsListed)


def test_a_picture_is_taken_while_the_page_is_still_read(
    rehearsal: Rehearsal, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LIMIT_S", 5.0)
    picture(stick / "a.png")
    (stick / "b.jpg").write_bytes(slow())
    picture(stick / "c.png")
    listing = rehearsal.job()
    rehearsal.do(ListUploads(listing, 0, 12))
    rehearsal.next(UploadSeen)
    began_s = time.monotonic()
    assert rehearsal.ask(TakeUpload(rehearsal.job(), 0), PictureTaken)
    assert time.monotonic() - began_s < 2
    (listed,) = rehearsal.all(UploadsListed)
    assert listed.following == 1, "the page goes on with the one that was being read"
    assert reading() == 0


def test_more_files_than_anybody_looks_at_are_counted(
    rehearsal: Rehearsal, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_FILES", 3)
    for number in range(5):
        picture(stick / f"{number}.png")
    rehearsal.ask(ListUploads(rehearsal.job(), 0, 12), UploadsListed)
    assert len(rehearsal.all(UploadSeen)) == 3
    assert left_out(rehearsal) == {LeftOut.TOO_MANY: 2}


def test_a_picture_that_is_none_any_more_is_lost(rehearsal: Rehearsal, stick: Path) -> None:
    picture(stick / "a.png")
    rehearsal.ask(ListUploads(rehearsal.job(), 0, 12), UploadsListed)
    (stick / "a.png").write_bytes(slow())
    lost = rehearsal.ask(TakeUpload(rehearsal.job(), 0), JobLost)
    assert "a.png" not in lost.reason
