"""The card of the vaccine: where none can be given yet, it leads to what has to come first."""

from dataclasses import replace

import pytest

from kiosk.core.context import Card, Context
from kiosk.core.visit import Visit
from kiosk.topics.attack.messages import ToAttack
from kiosk.topics.cards.screen import Cards
from kiosk.topics.teaching.messages import ToTeach
from kiosk.topics.vaccine.messages import ToVaccine
from kiosk.topics.vaccine.topic import offer
from tests.player import PANELS, TEXTS, Player, screen_of
from tests.topics.cards.scripted import at_cards
from tests.topics.teaching.scripted import at_fooled_taught


def at_cards_taught(panel: str = "1280x800") -> Player:
    playing = at_fooled_taught(panel)
    playing.touch("cards")
    return playing


def known(playing: Player) -> tuple[Visit, Context]:
    screen = screen_of(playing)
    assert isinstance(screen, Cards)
    return screen.visit, playing.state.context


def test_without_signs_there_is_no_card() -> None:
    for playing in (at_cards(), at_cards_taught()):
        visit, context = known(playing)
        assert (
            offer(visit, replace(context, own_signs=(), visitor=replace(context.visitor, guests=()))) is None
        )


def test_before_teaching_it_leads_to_teaching() -> None:
    assert offer(*known(at_cards())) == Card(
        "vaccine", "vaccine", ToTeach(waits=True), "vaccine.card_untaught"
    )


def test_after_pictures_were_changed_it_leads_to_teaching() -> None:
    visit, context = known(at_cards_taught())
    lesson = context.lesson.without_example(context.lesson.labels[0].examples[0].number)
    changed = replace(context, visitor=replace(context.visitor, lesson=lesson))
    assert offer(visit, changed) == Card("vaccine", "vaccine", ToTeach(waits=True), "vaccine.card_changed")


def test_a_picture_that_does_not_fool_it_leads_to_the_attack() -> None:
    visit, context = known(at_cards_taught())
    before = replace(visit, shown=0)
    assert offer(before, context) == Card("vaccine", "vaccine", ToAttack(before), "vaccine.card_unfooled")


@pytest.mark.parametrize("panel", PANELS)
def test_where_a_vaccine_can_be_given_it_is_timely(panel: str) -> None:
    playing = at_cards_taught(panel)
    visit, context = known(playing)
    card = Card("vaccine", "vaccine", ToVaccine(visit), "vaccine.card", timely=True)
    assert offer(visit, context) == card
    assert context.cards(visit)[0] == card
    assert playing.names[0] == "card-vaccine"


@pytest.mark.parametrize("words", ["card", "card_untaught", "card_changed", "card_unfooled"])
def test_every_card_has_its_words(words: str) -> None:
    for part in ("", "_idea", "_action"):
        assert TEXTS(f"vaccine.{words}{part}")
