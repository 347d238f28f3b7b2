"""What it says first, and whether the visitor finds that right: a beat, one press, a count, and its words later on."""

import pytest

from kiosk.core.message import Button
from kiosk.core.scene import Picture, Plate, Words
from kiosk.core.visit import Rating
from kiosk.topics.attack.screens.attack import Attack
from kiosk.topics.attack.screens.choose import Choose
from kiosk.topics.photograph.screens.first_answer import BEAT_S, FirstAnswer
from kiosk.topics.photograph.screens.live import Live
from tests.player import FLAMINGO, PANELS, Player, player, said, screen_of
from tests.topics.photograph.scripted import at_first_answer, at_live
from tests.topics.teaching.scripted import at_trained


def at_wall(rating: Rating) -> Player:
    playing = at_first_answer()
    playing.touch(f"rate-{rating.value}")
    return playing


def test_the_shutter_shuts_as_the_picture_is_taken() -> None:
    playing = at_live()
    playing.answers = False
    playing.touch("shoot")
    playing.wait(2.9)
    picture = next(item.box for item in playing.scene.items if isinstance(item, Picture))
    blades = [item.box for item in playing.scene.items if isinstance(item, Plate)]
    assert sum(blade.h for blade in blades) == picture.h, "it is shut until there is an answer"


def test_the_shutter_opens_on_the_picture_and_the_answer_comes_after_a_beat() -> None:
    playing = at_first_answer(told=False)
    blades = [item.box.h for item in playing.scene.items if isinstance(item, Plate)]
    assert len(blades) == 2
    playing.wait(0.1)
    assert max(item.box.h for item in playing.scene.items if isinstance(item, Plate)) < max(blades)
    assert "espresso" not in said(playing)
    assert not [name for name in playing.names if name.startswith("rate")]
    playing.wait(BEAT_S)
    assert not [item for item in playing.scene.items if isinstance(item, Plate)]
    assert "espresso" in said(playing)
    assert [name for name in playing.names if name.startswith("rate")] == [
        "rate-right", "rate-nearly", "rate-wrong", "rate-unsure",
    ]  # fmt: skip


@pytest.mark.parametrize("panel", PANELS)
def test_the_answer_is_the_largest_on_the_screen(panel: str) -> None:
    scene = at_first_answer(panel).scene
    words = sorted((item for item in scene.items if isinstance(item, Words)), key=lambda item: item.size_px)
    assert words[-1].text == "espresso"


@pytest.mark.parametrize("rating", Rating)
def test_one_press_is_counted_and_leads_to_the_wall_of_lies(rating: Rating) -> None:
    playing = at_wall(rating)
    screen = screen_of(playing)
    assert isinstance(screen, Choose)
    assert screen.visit.rated is rating
    verdicts = {name: count for name, count in playing.counts.items() if name.startswith("verdict")}
    assert verdicts == {f"verdict_{rating.value}": 1}


def test_a_wrong_answer_is_never_told_as_the_truth_later_on() -> None:
    playing = at_wall(Rating.WRONG)
    assert "It said espresso. That is wrong." in said(playing)
    playing.touch(f"label-{FLAMINGO}")
    assert "It said, wrongly:" in said(playing)
    playing.touch("fool")
    playing.wait(1.0)
    playing.touch("other")
    assert "It said espresso. That is wrong." in said(playing), "another lie does not make it right"


def test_one_that_is_nearly_right_is_told_so() -> None:
    assert "It said espresso. That is nearly right." in said(at_wall(Rating.NEARLY))


def test_from_attract_to_fooled_are_five_presses_by_a_finger_or_one_button() -> None:
    """Nobody has to move the light: what it stands on is the way on, and says nothing of the machine."""
    touched = player()
    for name, then_s in (("anywhere", 0.1), ("shoot", 3.1), ("rate-right", 0.1), (f"label-{FLAMINGO}", 0.1)):
        touched.touch(name)
        touched.wait(then_s)
    touched.touch("fool")
    pressed = player()
    for then_s in (0.1, 3.1, 0.1, 0.1, 0.1):
        pressed.press(Button.SHUTTER)
        pressed.wait(then_s)
    for playing in (touched, pressed):
        playing.wait(1.0)
        screen = screen_of(playing)
        assert isinstance(screen, Attack)
        assert screen.visit.fools
    assert pressed.counts["verdict_unsure"] == 1


def test_what_a_visitor_taught_is_no_figure_of_the_exhibits_own() -> None:
    playing = at_trained(labels=3)
    playing.touch("try")
    playing.touch("shoot")
    playing.wait(3.1)
    playing.touch("rate-wrong")
    assert isinstance(screen_of(playing), Choose)
    assert not [name for name in playing.counts if name.startswith("verdict")]


def test_another_picture_can_be_taken_at_once() -> None:
    playing = at_first_answer(told=False)
    assert isinstance(screen_of(playing), FirstAnswer)
    playing.touch("retake")
    assert isinstance(screen_of(playing), Live)
    assert not [name for name in playing.counts if name.startswith("verdict")]
