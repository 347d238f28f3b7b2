"""Guesses as lists of events, and the day's count of them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kiosk.core.scene import Picture
from kiosk.perform.jobs import Jobs
from kiosk.topics.cards.screen import Cards
from kiosk.topics.spot.messages import CountGuess, GuessCounted, ToSpot
from kiosk.topics.spot.performing import GuessCounting
from kiosk.topics.spot.screen import Spot
from kiosk.topics.spot.topic import offer, spot
from tests.player import PANELS, of, said, screen_of
from tests.topics.cards.scripted import at_cards
from tests.topics.spot.scripted import at_spot


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("right", [True, False])
def test_a_guess_is_told_at_once_and_counted(panel: str, right: bool) -> None:
    playing = at_spot(panel)
    assert not any("It says" in words for words in said(playing)), "nothing gives it away"
    playing = at_spot(panel, right=right)
    told = " ".join(said(playing))
    assert ("Yes, that is the one!" if right else "No, it is the other one.") in told
    assert f"Today {4 + right} of 10 guesses were right." in told
    assert "It says flamingo" in told
    assert "It says espresso" in told
    assert playing.counts["spot_right" if right else "spot_wrong"] == 1
    assert of(playing, CountGuess) == [CountGuess(right)]
    playing.touch("cards")
    assert isinstance(screen_of(playing), Cards)


def test_the_noise_is_now_left_now_right() -> None:
    playing = at_cards()
    screen, context = screen_of(playing), playing.state.context
    assert isinstance(screen, Cards)
    opened = [spot(ToSpot(screen.visit), replace(context, next_job=job)).screen for job in (6, 7)]
    sides = []
    for shown in opened:
        assert isinstance(shown, Spot)
        keys = [item.key for item in shown.view(context).items if isinstance(item, Picture)]
        assert keys[shown.noisy] == "adversarial"
        sides.append(shown.noisy)
    assert sorted(sides) == [0, 1]


def test_without_noise_there_is_nothing_to_spot() -> None:
    playing = at_cards()
    screen = screen_of(playing)
    assert isinstance(screen, Cards)
    assert offer(screen.visit, playing.state.context) is not None
    assert offer(replace(screen.visit, shown=0), playing.state.context) is None


class Shop:
    """The one thing that counting needs of a workshop."""

    def __init__(self) -> None:
        self.jobs = Jobs()


def test_a_days_guesses_are_counted_and_the_next_day_begins_anew() -> None:
    days = [date(2026, 11, 27)]
    shop: Any = Shop()
    counting = GuessCounting(shop, lambda: days[-1])
    for right in (True, False, True):
        counting.perform(CountGuess(right))
    days.append(date(2026, 11, 28))
    counting.perform(CountGuess(False))
    assert [*shop.jobs.take()] == [
        GuessCounted(1, 1),
        GuessCounted(1, 2),
        GuessCounted(2, 3),
        GuessCounted(0, 1),
    ]
