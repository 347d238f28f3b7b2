"""Covered squares as lists of events."""

import pytest

from kiosk.core.message import Button, DropJob, JobLost
from kiosk.topics.cards.screen import Cards
from kiosk.topics.cover.facts import ACROSS
from kiosk.topics.cover.messages import CoversSwept, CoverTile, SweepCovers
from kiosk.topics.explain.messages import DrawMaps
from tests.player import ESPRESSO, FLAMINGO, PANELS, of, said, screen_of, shown_keys
from tests.topics.cover.scripted import KEY_TILE, at_cover, at_swept, touch_tile


@pytest.mark.parametrize("panel", PANELS)
def test_any_square_can_be_covered_by_a_finger(panel: str) -> None:
    playing = at_cover(panel)
    for tile in (0, 20, ACROSS**2 - 1):
        touch_tile(playing, tile)
    assert [look.tile for look in of(playing, CoverTile)] == [0, 20, ACROSS**2 - 1]
    assert "covered" in shown_keys(playing)
    told = " ".join(said(playing)).replace("\u00a0", " ")
    assert "It is still espresso: 92 % before, 80 % now." in told


def test_the_square_that_it_needs_is_told() -> None:
    playing = at_cover(tile=KEY_TILE)
    assert any("That square was the key! Now it says cup." in words for words in said(playing))


def test_buttons_cover_one_square_after_another() -> None:
    playing = at_cover(tile=3)
    assert playing.focused == "tile"
    playing.press(Button.SHUTTER)
    playing.press(Button.SHUTTER)
    assert [look.tile for look in of(playing, CoverTile)] == [3, 4, 5]


@pytest.mark.parametrize("panel", PANELS)
def test_all_of_them_are_tried_for_the_answer_of_that_picture_and_grad_cam_is_beside(panel: str) -> None:
    playing = at_swept(panel)
    (swept,) = of(playing, SweepCovers)
    assert (swept.step, swept.label) == (0, ESPRESSO)
    assert [asked.label for asked in of(playing, DrawMaps)] == [ESPRESSO]
    assert shown_keys(playing) == ["cover-map", "gradcam-original"]
    assert any("Bright squares matter most for espresso." in words for words in said(playing))
    playing.touch("other")
    assert "adversarial" in shown_keys(playing)
    playing.touch("sweep")
    playing.wait(0.5)
    assert of(playing, SweepCovers)[-1].step == 4
    assert of(playing, DrawMaps)[-1].label == FLAMINGO
    assert shown_keys(playing) == ["cover-map", "gradcam-adversarial"]
    touch_tile(playing, 5)
    assert shown_keys(playing) == ["covered"]


def test_the_map_of_the_squares_stays_where_grad_cam_is_lost() -> None:
    playing = at_cover()
    playing.answers = False
    playing.touch("sweep")
    playing.send(CoversSwept(of(playing, SweepCovers)[-1].job, (0.5,) * ACROSS**2))
    playing.wait(0.2)
    playing.send(JobLost(of(playing, DrawMaps)[-1].job))
    assert "cover-map" in shown_keys(playing)
    assert any("Grad-CAM got lost" in words for words in said(playing))
    playing.answers = True
    playing.touch("retry")
    playing.wait(0.2)
    assert shown_keys(playing) == ["cover-map", "gradcam-original"]


def test_leaving_stops_it_and_a_lost_look_can_be_tried_again() -> None:
    playing = at_cover()
    playing.answers = False
    playing.touch("sweep")
    playing.send(JobLost(of(playing, SweepCovers)[-1].job))
    assert any("got lost" in words for words in said(playing))
    playing.touch("retry")
    last = of(playing, SweepCovers)[-1].job
    playing.touch("back")
    assert playing.effects[-1] == DropJob(last)
    assert isinstance(screen_of(playing), Cards)
