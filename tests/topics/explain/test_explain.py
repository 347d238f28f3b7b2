"""Asking why, as lists of events."""

import pytest

from kiosk.core.message import Button, JobLost
from kiosk.core.scene import Words
from kiosk.topics.cards.screen import Cards
from kiosk.topics.explain.facts import Page
from kiosk.topics.explain.messages import DrawContrast, DrawMaps, DrawPushes
from kiosk.topics.explain.screens.explain import Explain
from kiosk.topics.explain.screens.explain_view import KEYS
from tests.player import CUP, ESPRESSO, FLAMINGO, Player, of, said, screen_of, shown_keys
from tests.topics.attack.scripted import at_attack, at_fooled
from tests.topics.explain.drawn import STATES
from tests.topics.explain.scripted import at_explain, at_page


def says(playing: Player, words: str) -> bool:
    """Whether that can be read on the screen."""
    return any(words in text for text in said(playing))


def test_one_lost_map_is_said_and_drawn_again_on_request() -> None:
    playing = at_fooled()
    playing.answers = False
    playing.touch("why")
    playing.wait(0.3)
    job = of(playing, DrawContrast)[-1]
    assert job == DrawContrast(job.job, FLAMINGO, ESPRESSO, 4)
    playing.send(JobLost(job.job))
    assert playing.focused == "retry"
    assert set(shown_keys(playing)) == {"original", "adversarial"}
    playing.answers = True
    playing.touch("retry")
    playing.wait(0.3)
    assert set(shown_keys(playing)) == {"contrast-original", "contrast-adversarial"}


def test_each_picture_has_its_own_answer_and_the_sum_of_its_squares() -> None:
    playing = at_explain()
    assert says(playing, "Before: espresso 92\u00a0%")
    assert says(playing, "After: flamingo")
    assert says(playing, "espresso by 8.7")
    assert says(playing, "flamingo by 7.3")
    assert says(playing, "Sum: squares +7.9, head start \u22120.6, all +7.3.")


def test_squares_that_are_a_linearisation_say_so() -> None:
    playing = STATES["explain-guess"]("1280x800")
    assert says(playing, "The squares are a close guess.")
    assert not says(playing, "head start")


@pytest.mark.parametrize("panel", ["800x480", "1280x800", "720x1280"])
def test_every_page_is_one_press_away_by_buttons_too(panel: str) -> None:
    playing = at_explain(panel)
    for page in (Page.ALONE, Page.CONTRAST, Page.REASON, Page.CONTRAST):
        while playing.focused != f"page-{page}":
            playing.press(Button.MORE)
        playing.press(Button.SHUTTER)
        playing.wait(0.3)
        screen = screen_of(playing)
        assert isinstance(screen, Explain)
        assert screen.page is page
        assert set(shown_keys(playing)) == set(KEYS[page])


def test_one_answer_alone_never_stands_over_a_per_cent_of_its_own() -> None:
    """A map says nothing of how likely its label is: flamingo may shine where it has 0 %."""
    playing = at_page(Page.ALONE)
    assert of(playing, DrawMaps)[-1].label == FLAMINGO
    assert " 0 %" not in " ".join(said(playing))
    assert says(playing, "Before: espresso 92\u00a0%")


def test_an_answer_that_won_is_never_said_to_have_no_sign() -> None:
    playing = STATES["explain-alone-dark"]("1280x800")
    words = [item.text for item in playing.scene.items if isinstance(item, Words)]
    assert words.count("no sign of it here") == 1, "flamingo did not win the first picture"
    assert words.count("It won: others lost more.") == 1, "but it won the second"


def test_the_reason_stands_beside_dice_with_this_pictures_numbers() -> None:
    playing = at_page(Page.REASON)
    effect = of(playing, DrawPushes)[-1]
    assert (effect.label, effect.against, effect.step) == (FLAMINGO, ESPRESSO, 4)
    assert says(playing, "82 of 100 dots")
    assert says(playing, "50 of 100 dots")
    assert says(playing, "49,012 dots moved, each by 4 of 255 shades at most.")
    assert says(playing, "The pushes add up to +16.0. Dice noise adds up to +0.2.")


def test_a_tapped_bars_answer_is_weighed_against_the_first() -> None:
    playing = at_fooled()
    playing.touch(f"bar-original-{CUP}")
    playing.wait(0.3)
    assert of(playing, DrawContrast)[-1].label == CUP
    assert of(playing, DrawContrast)[-1].against == ESPRESSO


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
    assert playing.find(f"page-{Page.REASON}") is None
