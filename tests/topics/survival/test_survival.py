"""A lie on paper as lists of events."""

from dataclasses import replace

import pytest

from kiosk.core.health import Health, Phase
from kiosk.core.message import DropJob, GradientsChanged, JobLost
from kiosk.core.scene import Colour, Dot
from kiosk.topics.cards.screen import Cards
from kiosk.topics.survival.messages import MakeProof, ProofAdvanced, ProofMade, SeeViews
from kiosk.topics.survival.screens.survival import Survival
from kiosk.topics.survival.topic import offer
from tests.player import FLAMINGO, PANELS, Player, of, said, screen_of, shown_keys
from tests.topics.cards.scripted import turned_to
from tests.topics.survival.scripted import at_survival, at_survivor


def lamps(playing: Player, colour: Colour) -> int:
    return sum(
        isinstance(item, Dot) and item.filled and item.colour is colour for item in playing.scene.items
    )


def told(playing: Player, words: str) -> bool:
    return any(words in text for text in said(playing))


@pytest.mark.parametrize("panel", PANELS)
def test_the_hidden_lie_dies_a_lamp_for_each_look(panel: str) -> None:
    playing = at_survival(panel)

    (asked,) = of(playing, SeeViews)
    assert (asked.step, asked.lie, asked.views) == (4, FLAMINGO, 24)
    assert told(playing, "On paper the lie dies: 0 of 24 looks fall for it.")
    assert lamps(playing, Colour.LIE) == 0
    assert lamps(playing, Colour.TRUTH) == 20
    assert lamps(playing, Colour.MUTE) == 4
    assert playing.focused == "make"


@pytest.mark.parametrize("panel", PANELS)
def test_one_made_for_paper_lives_and_is_compared_with_the_hidden_one(panel: str) -> None:
    playing = at_survivor(panel)

    assert [asked.lie for asked in of(playing, MakeProof)] == [FLAMINGO]
    assert [asked.step for asked in of(playing, SeeViews)] == [4, None]
    assert told(playing, "This lie lives on paper: 23 of 24 looks fall for it.")
    assert told(playing, "Hidden noise: 0 of 24")
    assert told(playing, "Noise made for paper: 23 of 24")
    assert lamps(playing, Colour.LIE) == 23
    assert playing.focused == "take"


def test_while_it_is_made_the_picture_grows_and_the_meter_tells() -> None:
    playing = at_survival()
    playing.answers = False
    playing.touch("make")
    job = of(playing, MakeProof)[-1].job
    playing.send(ProofAdvanced(job, 0.4, 5 / 12))

    assert told(playing, "5 of 12 last looks fall for it.")
    assert {"proof", "view"} <= set(shown_keys(playing))
    assert lamps(playing, Colour.LIE) == 5
    assert playing.find("make") is None


def test_it_can_be_cancelled_and_made_again() -> None:
    playing = at_survival()
    playing.answers = False
    playing.touch("make")
    job = of(playing, MakeProof)[-1].job
    playing.touch("cancel")
    assert playing.effects[-1] == DropJob(job)
    playing.touch("make")
    assert of(playing, MakeProof)[-1].job != job


def test_a_picture_that_holds_out_is_told_as_it_is() -> None:
    playing = at_survival()
    playing.answers = False
    playing.touch("make")
    playing.send(ProofMade(of(playing, MakeProof)[-1].job, fooled=False))

    assert told(playing, "This picture holds out")
    assert playing.focused == "make"


@pytest.mark.parametrize("lose", ["job", "process"])
def test_what_is_lost_can_be_tried_again(lose: str) -> None:
    playing = at_survival()
    playing.answers = False
    playing.touch("make")
    lost = (
        GradientsChanged(Health(Phase.LOST)) if lose == "process" else JobLost(of(playing, MakeProof)[-1].job)
    )
    playing.send(lost)

    assert told(playing, "The camera slipped.")
    playing.answers = True
    playing.send(GradientsChanged(Health(Phase.READY)))
    playing.touch("make")
    playing.wait(0.5)
    assert told(playing, "This lie lives on paper")


def test_back_stops_the_looks_and_leads_to_the_cards() -> None:
    playing = turned_to("survival")
    playing.answers = False
    playing.touch("card-survival")
    playing.wait(0.3)
    job = of(playing, SeeViews)[-1].job
    playing.touch("back")

    assert playing.effects[-1] == DropJob(job)
    assert isinstance(screen_of(playing), Cards)


def test_it_is_not_offered_where_nothing_fools_or_the_lie_is_blocked() -> None:
    playing = at_survival()
    screen = screen_of(playing)
    assert isinstance(screen, Survival)
    context = playing.state.context
    assert offer(screen.visit, context) is not None
    assert offer(replace(screen.visit, shown=0), context) is None
    unread = replace(context.own_labels, blocked=frozenset({FLAMINGO}))
    assert offer(screen.visit, replace(context, own_labels=unread)) is None
