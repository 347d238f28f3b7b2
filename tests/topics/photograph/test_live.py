"""Taking the picture, as lists of events."""

from kiosk.core.message import Button, CameraFound, JobLost
from kiosk.topics.photograph.messages import (
    LiveJudged,
    MapLive,
    PictureTaken,
    StartLive,
    StickFound,
    StopLive,
    TakePicture,
)
from kiosk.topics.photograph.screens.first_answer import FirstAnswer
from kiosk.topics.photograph.screens.live import Live
from tests.player import ORIGINAL, of, said, screen_of
from tests.topics.photograph.scripted import at_live


def test_the_countdown_never_blocks_and_a_second_press_changes_nothing() -> None:
    playing = at_live()
    playing.answers = False
    playing.touch("shoot")
    playing.touch("shoot")
    playing.wait(2.2)
    assert of(playing, TakePicture) == [TakePicture(1)]
    assert playing.effects[-2:] == [StopLive(), TakePicture(1)]
    playing.touch("shoot")
    playing.wait(3.0)
    assert of(playing, TakePicture) == [TakePicture(1)], "one picture is enough"
    playing.send(PictureTaken(1, ORIGINAL))
    assert isinstance(screen_of(playing), FirstAnswer)


def test_a_picture_that_fails_can_be_tried_again() -> None:
    playing = at_live()
    playing.answers = False
    playing.touch("shoot")
    playing.wait(3.0)
    playing.send(JobLost(1))
    assert playing.effects[-1] == StartLive()
    playing.answers = True
    playing.touch("shoot")
    playing.wait(3.0)
    assert isinstance(screen_of(playing), FirstAnswer)


def test_our_own_pictures_in_the_cameras_place_are_told_and_can_be_taken() -> None:
    playing = at_live()
    playing.send(LiveJudged(ORIGINAL), CameraFound("webcam: there is no /dev/video0"))
    texts = playing.state.context.texts
    assert texts("live.stock") in said(playing)
    assert texts("live.sees") not in said(playing)
    assert texts("hint.empty") not in said(playing)
    playing.send(CameraFound())
    assert texts("live.stock") not in said(playing)
    assert isinstance(screen_of(playing), Live)


def test_the_map_is_off_until_it_is_wanted_and_off_again_for_the_next_picture() -> None:
    playing = at_live()
    assert "map" not in playing.names, "no model has said that it can"
    playing.send(LiveJudged(ORIGINAL, maps=True))
    assert not of(playing, MapLive)
    playing.touch("map")
    assert of(playing, MapLive) == [MapLive(on=True)]
    mapped = playing.state.context.texts("live.mapped")
    assert mapped in said(playing)
    playing.send(LiveJudged(ORIGINAL, maps=True))
    assert mapped in said(playing)
    playing.touch("map")
    assert of(playing, MapLive)[-1] == MapLive(on=False)
    assert mapped not in said(playing)
    while playing.focused != "map":
        playing.press(Button.MORE)
    playing.press(Button.SHUTTER)
    playing.touch("shoot")
    playing.wait(4.0)
    playing.touch("retake")
    assert isinstance(screen_of(playing), Live)
    playing.send(LiveJudged(ORIGINAL, maps=True))
    assert "map" in playing.names
    assert mapped not in said(playing)


def test_a_model_that_has_no_map_takes_it_away() -> None:
    playing = at_live()
    playing.send(LiveJudged(ORIGINAL, maps=True))
    playing.touch("map")
    playing.send(LiveJudged(ORIGINAL))
    assert "map" not in playing.names
    assert playing.state.context.texts("live.mapped") not in said(playing)


def test_where_there_is_a_stick_its_pictures_come_first() -> None:
    playing = at_live()
    playing.send(LiveJudged(ORIGINAL, maps=True))
    playing.touch("map")
    playing.send(StickFound())
    assert "map" in playing.names
    assert "stick" not in playing.names
    playing.touch("map")
    assert "map" not in playing.names
    assert "stick" in playing.names
