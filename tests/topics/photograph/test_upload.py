"""A picture from a USB stick in place of a photograph, as lists of events."""

import pytest

from kiosk.core.message import Button, CameraLost, DropJob, Forget, ForgetPicture, JobLost
from kiosk.errors import LeftOut
from kiosk.topics.faults.screens.no_camera import NoCamera
from kiosk.topics.photograph.messages import (
    ListUploads,
    PictureTaken,
    StartLive,
    StickFound,
    StickLost,
    StopLive,
    TakeUpload,
    UploadSeen,
    UploadsLeftOut,
    UploadsListed,
)
from kiosk.topics.photograph.screens.first_answer import FirstAnswer
from kiosk.topics.photograph.screens.live import Live
from kiosk.topics.photograph.screens.upload import PAGE, Upload
from tests.player import ORIGINAL, Player, of, player, said, screen_of, shown_keys
from tests.topics.photograph.scripted import PhotographScript, at_live, at_upload


def upload_of(playing: Player) -> Upload:
    screen = screen_of(playing)
    assert isinstance(screen, Upload)
    return screen


def test_the_stick_is_offered_only_while_there_is_one() -> None:
    playing = at_live()
    assert playing.find("stick") is None
    playing.send(StickFound())
    assert playing.find("stick") is not None
    assert playing.focused == "shoot"
    playing.send(StickLost())
    assert playing.find("stick") is None


def test_without_a_camera_a_stick_will_do() -> None:
    playing = player()
    playing.send(CameraLost("unplugged"), StickFound())
    playing.touch("anywhere")
    assert isinstance(screen_of(playing), NoCamera)
    playing.touch("stick")
    playing.wait(0.2)
    playing.touch("pick-2")
    assert isinstance(screen_of(playing), FirstAnswer)
    playing.touch("retake")
    assert isinstance(screen_of(playing), NoCamera)


def test_a_picture_is_taken_by_touch() -> None:
    playing = at_upload()
    assert of(playing, StopLive)
    assert of(playing, ListUploads)[-1].start == 0
    assert set(shown_keys(playing)) == {f"upload-{n}" for n in range(PAGE)}
    playing.touch("pick-7")
    assert of(playing, TakeUpload)[-1].number == 7
    screen = screen_of(playing)
    assert isinstance(screen, FirstAnswer)
    assert screen.answer == ORIGINAL


def test_a_picture_is_taken_by_buttons() -> None:
    playing = at_upload(uploads=20)
    assert playing.focused == "pick-0"
    playing.press(Button.LESS)
    playing.press(Button.LESS)
    playing.press(Button.SHUTTER)
    assert of(playing, TakeUpload)[-1].number == 2


def test_pages_go_on_to_the_end_and_back_again() -> None:
    playing = at_upload(uploads=30)
    assert playing.find("earlier") is None
    starts = [0]
    while playing.find("later") is not None:
        playing.touch("later")
        playing.wait(0.2)
        starts.append(of(playing, ListUploads)[-1].start)
    assert starts == [0, 12, 24]
    assert len(upload_of(playing).seen) == 6
    playing.touch("pick-5")
    assert of(playing, TakeUpload)[-1].number == 29
    playing = at_upload(uploads=30)
    playing.touch("later")
    playing.wait(0.2)
    playing.touch("earlier")
    playing.wait(0.2)
    assert of(playing, ListUploads)[-1].start == 0
    assert upload_of(playing).seen == tuple(range(12))


def test_pictures_can_be_taken_before_all_were_looked_at() -> None:
    playing = player()
    playing.send(StickFound())
    playing.touch("anywhere")
    playing.answers = False
    playing.touch("stick")
    playing.wait(0.1)
    listing = of(playing, ListUploads)[-1].job
    assert "Looking at the stick …" in said(playing)
    assert playing.focused == "back"
    playing.send(UploadSeen(listing, 3), UploadSeen(listing, 5))
    assert playing.focused == "pick-0"
    playing.touch("pick-1")
    taken = of(playing, TakeUpload)[-1]
    assert taken.number == 5, "the second that could be read is the fifth on the stick"
    playing.send(PictureTaken(taken.job, ORIGINAL))
    assert isinstance(screen_of(playing), FirstAnswer)
    assert DropJob(listing) in playing.effects


def test_one_that_cannot_be_read_is_said_kindly() -> None:
    playing = at_upload()
    playing.answers = False
    playing.touch("pick-1")
    playing.touch("pick-2")
    assert len(of(playing, TakeUpload)) == 1, "one at a time"
    playing.send(JobLost(of(playing, TakeUpload)[-1].job))
    assert "I cannot read that one. Pick another." in said(playing)
    playing.answers = True
    playing.touch("pick-2")
    assert isinstance(screen_of(playing), FirstAnswer)


def test_a_stick_that_is_pulled_out_is_said_and_the_camera_is_still_there() -> None:
    playing = at_upload()
    playing.send(StickLost())
    assert "The USB stick is gone." in said(playing)
    assert playing.focused == "back"
    assert [name for name in playing.names if name.startswith("pick")] == []
    playing.touch("back")
    assert isinstance(screen_of(playing), Live)
    assert playing.effects[-2:] == [ForgetPicture(), StartLive()], "what was seen of the stick is forgotten"


def test_a_stick_that_comes_back_is_looked_at_anew() -> None:
    playing = at_upload(uploads=30)
    playing.touch("later")
    playing.wait(0.2)
    playing.send(StickLost())
    playing.wait(0.2)
    playing.script(PhotographScript).uploads = 2
    playing.send(StickFound())
    playing.wait(0.2)
    assert of(playing, ListUploads)[-1].start == 0
    assert upload_of(playing).seen == (0, 1)


def test_a_stick_without_a_picture_that_can_be_read() -> None:
    playing = at_upload(uploads=0)
    assert "There is no picture here that I can read." in said(playing)
    assert playing.focused == "back"


@pytest.mark.parametrize("name", ["back", "again", "later"])
def test_nobody_waits_for_a_page_that_was_left(name: str) -> None:
    playing = at_upload()
    playing.answers = False
    playing.touch("later")
    playing.wait(0.1)
    listing = of(playing, ListUploads)[-1].job
    if name == "later":
        playing.send(UploadsListed(listing, 24))
        playing.touch("later")
        playing.send(UploadSeen(listing, 12))
        assert upload_of(playing).seen == ()
        return
    playing.touch(name)
    assert DropJob(listing) in playing.effects


def test_walking_away_from_a_stick_forgets_it() -> None:
    playing = at_upload()
    playing.wait(70.0)
    assert isinstance(playing.effects[-1], Forget)


def test_what_was_passed_over_is_said_with_number_and_reason() -> None:
    playing = at_upload(uploads=3, left_out=((LeftOut.TOO_LARGE, 2), (LeftOut.NO_PICTURE, 1)))
    assert "3 left out: 2 too large, 1 not a picture." in said(playing)


def test_where_nothing_can_be_read_it_says_what_to_do() -> None:
    playing = at_upload(uploads=0, left_out=((LeftOut.RAW, 14),))
    assert "There is no picture here that I can read." in said(playing)
    assert "14 left out: 14 raw (save as JPEG)." in said(playing)


def test_what_was_passed_over_is_counted_page_by_page_while_they_are_read() -> None:
    playing = at_upload()
    job = playing.state.context.next_job
    playing.answers = False
    playing.touch("later")
    playing.wait(0.1)
    playing.send(UploadsLeftOut(job, LeftOut.DAMAGED), UploadsLeftOut(job, LeftOut.DAMAGED))
    playing.send(UploadsLeftOut(job - 1, LeftOut.DAMAGED), UploadsLeftOut(job, LeftOut.TOO_SLOW))
    assert upload_of(playing).left_out == ((LeftOut.TOO_SLOW, 1), (LeftOut.DAMAGED, 2))
    assert "3 left out: 2 damaged, 1 took me too long." in said(playing)


def test_every_reason_has_its_words() -> None:
    for why in LeftOut:
        assert "1 left out: 1 " in " ".join(said(at_upload(left_out=((why, 1),))))
