"""Back leads to what was there, on every screen; nothing that somebody made is lost by one touch."""

from dataclasses import fields
from typing import TYPE_CHECKING, Any, cast

import pytest

from kiosk.core.message import Forget
from kiosk.core.screen import Screen, StaffScreen, VisitScreen
from kiosk.program.leaving import AGAIN, FORGET, STAY
from kiosk.topics.attack.screens.attack import Attack
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.attract.screens.forgotten import Forgotten
from kiosk.topics.cards.screen import Cards
from kiosk.topics.explain.screens.explain import Explain
from tests.golden.test_scene import STATES
from tests.player import Player, of, said, screen_of, spelled
from tests.topics.attack.scripted import at_fooled
from tests.topics.teaching.scripted import at_trained

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

# What is under way, or is there again a moment later.
UNDER_WAY = {
    *(
        "job",
        "running",
        "remembered",
        "wanted",
        "lost",
        "failed",
        "before",
        "stale",
        "burst",
        "name",
        "quieting",
    ),
    *("drawn", "judged", "painted", "answer", "shares"),
}
# They are left for good: a new picture, the end, what makes a screen new.
FOR_GOOD = ("again", "back", "retake", "try", "anywhere", "corner", "attack", "start", "done")


def made(screen: Screen) -> dict[str, Any]:
    """What a screen shows that somebody made or chose: all but its times and what is under way."""
    names = [field.name for field in fields(cast("DataclassInstance", screen))]
    return {
        name: getattr(screen, name) for name in names if not name.endswith("_s") and name not in UNDER_WAY
    }


def visits() -> list[str]:
    """The states of a visit."""
    return [name for name, state in STATES.items() if isinstance(state("1280x800").state.screen, VisitScreen)]


def left(playing: Player, name: str) -> bool:
    """Press a control; whether that led to another screen of the visit, from which there is a way back."""
    before = type(playing.state.screen)
    playing.touch(name)
    playing.wait(0.5)
    after = playing.state.screen
    return type(after) is not before and isinstance(after, VisitScreen) and playing.find("back") is not None


@pytest.mark.parametrize("name", visits())
def test_back_leads_to_the_screen_it_came_from_as_it_was(name: str) -> None:
    began = STATES[name]("1280x800")
    began.wait(4.0)  # it comes to rest
    for control in began.scene.controls:
        if control.name in FOR_GOOD or control.off:
            continue
        playing = Player(began.state)
        here = playing.state
        if not left(playing, spelled(control.id)) or not playing.state.trail:
            continue
        assert type(playing.state.trail[-1]) is type(here.screen) or here.screen.passing, control.id
        visitor = playing.state.visitor
        playing.touch("back")
        playing.wait(0.5)
        assert playing.state.visitor == visitor, control.id
        if here.screen.passing:
            continue
        assert made(screen_of(playing)) == made(here.screen), control.id


def test_back_from_the_cards_leads_to_the_maps_where_those_led_there() -> None:
    playing = at_fooled()
    playing.touch("noise")
    playing.touch("back")
    before = screen_of(playing)
    playing.touch("why")
    playing.touch("cards")
    playing.touch("card-dice")
    playing.touch("back")
    assert isinstance(screen_of(playing), Cards)
    playing.touch("back")
    assert isinstance(screen_of(playing), Explain)
    playing.touch("back")
    assert isinstance(screen_of(playing), Attack)
    assert made(screen_of(playing)) == made(before)


def test_another_lie_by_mistake_loses_nothing() -> None:
    playing = at_fooled()
    before = screen_of(playing)
    playing.touch("cards")
    playing.touch("back")
    playing.touch("why")
    playing.touch("back")
    playing.touch("other")
    playing.touch("back")
    assert made(screen_of(playing)) == made(before)


def test_start_again_asks_where_something_was_taught_and_stay_keeps_it() -> None:
    playing = at_trained()
    before = playing.state
    playing.touch(AGAIN)
    assert playing.scene.name == "leaving"
    assert playing.primary == STAY
    assert "Then your pictures and all you taught it are gone." in said(playing)
    playing.touch(STAY)
    assert (playing.state.screen, playing.state.visitor) == (before.screen, before.visitor)
    assert not of(playing, Forget)
    playing.touch(AGAIN)
    playing.touch(FORGET)
    assert isinstance(screen_of(playing), Forgotten)
    playing.wait(6.0)
    assert isinstance(screen_of(playing), Attract)
    assert of(playing, Forget) == [Forget()]


def test_start_again_is_one_touch_where_nothing_was_taught() -> None:
    playing = at_fooled()
    playing.touch(AGAIN)
    assert isinstance(screen_of(playing), Forgotten)


def test_a_visitor_who_walks_away_from_the_question_is_forgotten_too() -> None:
    playing = at_trained()
    playing.touch(AGAIN)
    playing.wait(76.0)
    assert "If not, your pictures and all you taught it will be forgotten." in said(playing)
    playing.wait(30.0)
    assert isinstance(screen_of(playing), Attract)
    assert not playing.state.leaving
    assert of(playing, Forget) == [Forget()]


@pytest.mark.parametrize("name", STATES)
def test_every_screen_of_a_visit_answers_start_again(name: str) -> None:
    playing = STATES[name]("1280x800")
    playing.wait(1.0)
    screen = playing.state.screen
    if not isinstance(screen, VisitScreen) or playing.find(AGAIN) is None:
        asked = playing.scene.name in ("idle", "leaving")
        assert asked or isinstance(screen, StaffScreen) or not playing.state.visitor.has_taught
        return
    playing.start_again()
    assert not isinstance(screen_of(playing), VisitScreen)
