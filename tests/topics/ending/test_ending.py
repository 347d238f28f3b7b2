"""What to take home, as lists of events."""

import pytest

from kiosk.topics.cards.screen import Cards
from kiosk.topics.ending.facts import PAGES
from tests.player import PANELS, TEXTS, said, screen_of
from tests.topics.ending.drawn import at_ending


@pytest.mark.parametrize("panel", PANELS)
def test_each_page_says_two_sentences_and_the_last_leads_back_to_the_cards(panel: str) -> None:
    playing = at_ending(panel)
    for name, _ in PAGES:
        assert {TEXTS(f"ending.{name}"), TEXTS(f"ending.{name}_more")} <= set(said(playing))
        playing.touch("on")
    assert isinstance(screen_of(playing), Cards)


def test_back_leads_one_page_back() -> None:
    playing = at_ending(page=2)
    playing.touch("back")
    assert TEXTS("ending.helps") in said(playing)
    playing.touch("back")
    playing.touch("back")
    assert isinstance(screen_of(playing), Cards)
