"""The staff's corner is on every screen; whoever only leans on it comes back to what was there."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from kiosk.core.message import Forget, ForgetPicture
from kiosk.core.screen import Screen, StaffScreen, VisitScreen
from kiosk.core.staff import CORNER_HOLD_S
from kiosk.program.state import State
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.staff.screens.health import StaffHealth
from kiosk.topics.staff.screens.pin import QUIET_S, Pin
from tests.player import Player, of, screen_of, topic_modules
from tests.topics.attack.scripted import at_attack
from tests.topics.staff.scripted import PIN, with_staff

HELD = CORNER_HOLD_S + 0.1
DRAWN = {name: state for module in topic_modules("drawn") for name, state in module.STATES.items()}


@cache
def drawn() -> dict[str, State]:
    """Every screen as it is drawn for its goldens, on the smallest panel."""
    return {name: draw("800x480").state for name, draw in DRAWN.items()}


def kinds() -> Iterator[tuple[type[Screen], State]]:
    """One state of each kind of screen."""
    seen: set[type[Screen]] = set()
    for state in drawn().values():
        if type(state.screen) not in seen:
            seen.add(type(state.screen))
            yield type(state.screen), state


def staffed(state: State) -> Player:
    """A screen of an exhibit whose staff have a PIN, with all that is asked for answered."""
    return Player(state.with_context(staff=replace(state.context.staff, pin_chosen=True)))


def test_it_is_on_every_screen_whatever_lies_there() -> None:
    missing = []
    for name, state in drawn().items():
        playing = staffed(state)
        playing.hold_corner(HELD)
        behind = isinstance(state.screen, StaffScreen)
        if not isinstance(screen_of(playing), StaffScreen if behind else Pin):
            missing.append(name)
    assert missing == []


@pytest.mark.parametrize("way_out", ["leave", "quiet"])
def test_whoever_only_leaned_on_it_comes_back_to_what_was_there(way_out: str) -> None:
    met = 0
    for kind, state in kinds():
        if not issubclass(kind, VisitScreen):
            continue
        playing = staffed(state)
        playing.hold_corner(HELD)
        (here,) = playing.state.trail[-1:]  # a touch may also have pressed what lies there
        visitor = playing.state.visitor
        playing.effects.clear()
        playing.counts.clear()
        if way_out == "leave":
            playing.touch("leave")
        else:
            playing.wait(QUIET_S + 0.2)
        assert type(screen_of(playing)) is type(here), kind
        assert screen_of(playing).picture == here.picture
        assert playing.state.visitor == visitor
        assert not of(playing, Forget)
        assert not here.picture or not of(playing, ForgetPicture)
        assert not [name for name in playing.counts if name.startswith("ended") or name == "visits"]
        met += 1
    assert met > 15


def test_staff_who_know_the_pin_end_the_visit_and_its_picture() -> None:
    playing = with_staff(at_attack())
    playing.counts.clear()
    playing.hold_corner(HELD)
    assert not of(playing, Forget)
    playing.type_pin(PIN)
    assert isinstance(screen_of(playing), StaffHealth)
    assert len(of(playing, Forget)) == 1
    assert playing.counts["ended_by_staff"] == 1
    playing.touch("leave")
    assert isinstance(screen_of(playing), Attract)
    assert len(of(playing, Forget)) == 1
