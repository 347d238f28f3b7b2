"""Asking why, as lists of events."""

from kiosk.core.message import Button, JobLost
from kiosk.topics.cards.screen import Cards
from kiosk.topics.explain.messages import DrawMaps
from tests.player import ESPRESSO, of, screen_of, shown_keys
from tests.topics.attack.scripted import at_attack, at_fooled
from tests.topics.explain.scripted import at_explain


def test_one_lost_map_is_said_and_drawn_again_on_request() -> None:
    playing = at_fooled()
    playing.answers = False
    playing.touch("why")
    playing.wait(0.3)
    job = of(playing, DrawMaps)[-1]
    playing.send(JobLost(job.job))
    assert playing.focused == "retry"
    playing.answers = True
    playing.touch("retry")
    playing.wait(0.3)
    assert playing.find("map") is not None
    playing.touch("map")
    shown = set(shown_keys(playing))
    assert shown == {"original", "adversarial"}
    playing.touch("map")
    shown = set(shown_keys(playing))
    assert shown == {"gradcam-original", "gradcam-adversarial"}


def test_more_to_try_is_the_next_action_once_it_was_fooled_and_asked_why() -> None:
    playing = at_explain()
    assert playing.focused == "cards"
    playing.press(Button.SHUTTER)
    assert isinstance(screen_of(playing), Cards)


def test_without_noise_there_is_nothing_more_to_try() -> None:
    playing = at_attack()
    playing.touch(f"bar-original-{ESPRESSO}")
    assert playing.focused == "other"
    assert playing.find("cards") is None
