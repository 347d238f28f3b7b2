"""The card of the dice: there is always noise to compare with."""

from dataclasses import replace

import pytest

from kiosk.core.context import Card
from kiosk.topics.cards.screen import Cards
from kiosk.topics.dice.messages import ToDice
from kiosk.topics.dice.topic import offer
from tests.player import PANELS, TEXTS, screen_of
from tests.topics.cards.scripted import at_cards


def test_it_is_always_offered_and_never_timely() -> None:
    playing = at_cards()
    screen, context = screen_of(playing), playing.state.context
    assert isinstance(screen, Cards)
    for visit in (screen.visit, replace(screen.visit, shown=0)):
        for known in (context, replace(context, own_signs=())):
            assert offer(visit, known) == Card("dice", "dice", ToDice(visit), "dice.card")


@pytest.mark.parametrize("panel", PANELS)
def test_its_card_stands_before_what_takes_longer(panel: str) -> None:
    playing = at_cards(panel)
    assert playing.names[0] == "card-dice"


def test_it_has_its_words() -> None:
    for part in ("", "_idea", "_action"):
        assert TEXTS(f"dice.card{part}")
