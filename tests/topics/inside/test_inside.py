"""The look inside as lists of events."""

from dataclasses import replace

import pytest

from kiosk.core.health import Health, Phase
from kiosk.core.message import DropJob, JobLost, Lifted, Touched
from kiosk.topics.cards.screen import Cards
from kiosk.topics.inside.messages import LookInside
from kiosk.topics.inside.topic import offer
from tests.player import PANELS, of, said, screen_of, shown_keys
from tests.topics.cards.scripted import at_card, at_cards
from tests.topics.inside.scripted import at_inside


@pytest.mark.parametrize("panel", PANELS)
def test_it_shows_the_last_stage_and_how_the_noise_grew(panel: str) -> None:
    playing = at_inside(panel)
    assert [look.step for look in of(playing, LookInside)] == [4]
    told = " ".join(said(playing)).replace("\u00a0", " ")
    assert "The noise grows on its way: from 2 % to 72 %." in told
    assert "Dice noise, as big, ends at 14 %." in told, "the control stands beside it"
    assert {"inside-5-original-0", "inside-5-adversarial-2"} <= set(shown_keys(playing))


def test_any_stage_can_be_touched_and_buttons_go_round() -> None:
    playing = at_inside()
    plot = playing.control("stage").box
    playing.rest()
    playing.send(Touched(plot.x + round(plot.w * 2.5 / 6), plot.y + 9), Lifted())
    assert "inside-2-original-0" in shown_keys(playing)
    playing.touch("next")
    assert "inside-3-original-0" in shown_keys(playing)
    for _ in range(3):
        playing.touch("next")
    assert "inside-0-original-0" in shown_keys(playing)


def test_it_is_offered_where_there_is_noise_and_something_to_follow_it() -> None:
    playing = at_cards()
    screen, context = screen_of(playing), playing.state.context
    assert isinstance(screen, Cards)
    assert offer(screen.visit, context) is not None
    assert offer(replace(screen.visit, shown=0), context) is None
    away = replace(context, gradients=Health(Phase.LOST, reason="it cannot be used"))
    assert offer(screen.visit, away) is None


def test_a_lost_look_can_be_tried_again_and_leaving_stops_it() -> None:
    playing = at_card("inside")
    playing.answers = False
    playing.wait(0.2)
    playing.send(JobLost(of(playing, LookInside)[-1].job))
    assert any("got lost" in words for words in said(playing))
    playing.touch("retry")
    last = of(playing, LookInside)[-1].job
    playing.touch("back")
    assert playing.effects[-1] == DropJob(last)
    assert isinstance(screen_of(playing), Cards)
