"""The shield as lists of events."""

import pytest

from kiosk.core.message import DropJob, JobAdvanced, JobLost
from kiosk.topics.cards.screen import Cards
from kiosk.topics.shield.messages import Ballot, RaiseShield
from tests.player import ESPRESSO, FLAMINGO, PANELS, of, said, screen_of, shown_keys
from tests.topics.cards.scripted import at_card
from tests.topics.shield.scripted import OTHER, at_shield


@pytest.mark.parametrize("panel", PANELS)
def test_copies_of_both_pictures_vote_by_themselves(panel: str) -> None:
    playing = at_shield(panel)
    (raised,) = of(playing, RaiseShield)
    assert (raised.step, raised.lie) == (4, FLAMINGO)
    assert {"shield-original", "shield-adversarial"} <= set(shown_keys(playing))
    assert "espresso: 97 of 100" in said(playing)
    assert "espresso: 100 of 100" in said(playing), "the control stands beside it"


@pytest.mark.parametrize(
    ("ballot", "words"),
    [
        (Ballot(ESPRESSO, 97, 0, 100, 19.0), "The shield held."),
        (Ballot(FLAMINGO, 90, 90, 100, 15.0), "The lie won the vote too: flamingo."),
        (OTHER, "The lie lost. But now most of them say cup."),
    ],
)
def test_what_the_vote_came_to_is_told_as_it_is(ballot: Ballot, words: str) -> None:
    playing = at_shield(adversarial=ballot)
    told = " ".join(said(playing))
    assert words in told
    assert ("Too few agree" in told) == (ballot.radius_255 == 0)
    assert "price: 120 looks, 4 of 68 right answers" in told.lower(), "what it costs is never left out"


def test_a_vote_shows_how_far_it_is_and_how_long_it_takes() -> None:
    playing = at_card("shield")
    playing.answers = False
    playing.wait(0.2)
    assert "It begins …" in said(playing)
    playing.wait(2.0)
    playing.send(JobAdvanced(of(playing, RaiseShield)[-1].job, 0.5))
    assert "Still 2 seconds …" in said(playing)
    playing.touch("vote")
    assert len(of(playing, RaiseShield)) == 1, "one vote at a time"


def test_leaving_stops_the_vote_and_one_that_is_lost_can_be_cast_again() -> None:
    playing = at_card("shield")
    playing.answers = False
    playing.wait(0.2)
    playing.send(JobLost(of(playing, RaiseShield)[-1].job))
    assert any("got lost" in words for words in said(playing))
    playing.touch("retry")
    last = of(playing, RaiseShield)[-1].job
    playing.touch("back")
    assert playing.effects[-1] == DropJob(last)
    assert isinstance(screen_of(playing), Cards)
