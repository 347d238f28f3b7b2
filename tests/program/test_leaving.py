"""Visitors who walk away, come back, start again: what is asked, what stops, what is forgotten."""

from collections.abc import Callable

import pytest

from kiosk.core.context import IdleTimes
from kiosk.core.message import Button, ButtonDown, ButtonUp, Forget, ForgetPicture, JobLost, Touched
from kiosk.core.scene import Ring
from kiosk.core.staff import CORNER_HOLD_S, StaffFacts
from kiosk.topics.attack.messages import StepJudged
from kiosk.topics.attack.screens.attack import Attack
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.attract.screens.forgotten import Forgotten
from kiosk.topics.photograph.messages import StartLive
from kiosk.topics.photograph.screens.live import Live
from kiosk.topics.staff.screens.pin import Pin
from tests.player import FLAMINGO, Player, of, player, screen_of, shown_keys
from tests.topics.attack.scripted import (
    at_attack,
    at_choose,
    at_fooled,
    at_quiet,
    attack_of,
    judged,
    last_step,
)
from tests.topics.datasets.scripted import MANY, TOOLS, at_keeping
from tests.topics.explain.scripted import at_explain
from tests.topics.photograph.scripted import at_live


def is_asked(playing: Player) -> bool:
    """Whether the question stands whether the visitor is still there."""
    return playing.scene.name == "idle"


@pytest.mark.parametrize("start", [at_live, at_choose, at_attack, at_fooled, at_explain])
def test_a_visitor_who_walks_away_is_forgotten(start: Callable[[], Player]) -> None:
    playing = start()
    fresh = player()
    playing.wait(40.0)
    assert is_asked(playing)
    assert not of(playing, Forget)
    playing.wait(26.0)
    assert isinstance(screen_of(playing), Attract)
    assert len(of(playing, Forget)) == 1
    assert playing.state.input.focused is None
    assert playing.state.input.pressed is None
    assert type(playing.state.screen) is type(fresh.state.screen)
    assert not isinstance(screen_of(playing), Forgotten)


def test_any_sign_of_life_goes_on_where_it_was_and_presses_nothing() -> None:
    for sign in (Touched(640, 400), ButtonDown(Button.MORE), ButtonDown(Button.SHUTTER)):
        playing = at_quiet()
        screen = playing.state.screen
        playing.wait(50.0)
        assert is_asked(playing)
        playing.send(sign, ButtonUp(Button.SHUTTER))
        assert playing.state.screen == screen
        playing.wait(39.0)
        assert playing.state.screen == screen
        playing.wait(2.0)
        assert is_asked(playing)


def test_the_idle_times_are_the_staffs() -> None:
    playing = at_fooled()
    playing.state = playing.state.with_context(idle=IdleTimes(quiet_s=90.0, countdown_s=10.0))
    playing.wait(88.0)
    assert isinstance(screen_of(playing), Attack)
    playing.wait(7.0)
    assert is_asked(playing)
    ring = next(item for item in playing.scene.items if isinstance(item, Ring))
    assert ring.share == pytest.approx(0.5, abs=0.1)
    playing.wait(6.0)
    assert isinstance(screen_of(playing), Forgotten)


def test_walking_away_mid_job_drops_what_comes_late() -> None:
    playing = at_attack()
    playing.answers = False
    playing.touch("fool")
    job = last_step(playing)
    playing.wait(45.0)
    playing.send(StepJudged(job, judged(1, FLAMINGO)))
    assert is_asked(playing)
    assert attack_of(playing).visit.shown == 1, "a screen left alone still hears its own news"
    late = last_step(playing)
    playing.wait(30.0)
    assert isinstance(screen_of(playing), Attract)
    before = playing.state
    playing.send(StepJudged(late, judged(2, FLAMINGO)), JobLost(late))
    assert playing.state == before


def test_start_again_ends_the_visit_visibly() -> None:
    playing = at_fooled()
    playing.touch("again")
    assert isinstance(screen_of(playing), Forgotten)
    playing.wait(2.0)
    assert of(playing, Forget)
    assert "adversarial" not in shown_keys(playing)
    playing.wait(3.0)
    assert isinstance(screen_of(playing), Attract)


def test_a_hurried_visitor_ends_the_wipe_but_not_the_forgetting() -> None:
    playing = at_fooled()
    playing.touch("again")
    assert not of(playing, Forget)
    playing.touch("anywhere")
    assert isinstance(screen_of(playing), Live)
    assert playing.effects[-2:] == [Forget(), StartLive()]


def test_a_new_picture_forgets_the_old_one_first() -> None:
    playing = at_fooled()
    playing.touch("cards")
    playing.touch("retake")
    assert isinstance(screen_of(playing), Live)
    assert playing.effects[-2:] == [ForgetPicture(), StartLive()]


def test_what_staff_open_takes_the_place_of_a_visit_that_they_broke_off() -> None:
    playing = at_keeping(datasets=MANY)
    playing.touch(f"set-{TOOLS.name}")
    playing.touch("open")
    assert playing.effects[-2:] == [ForgetPicture(), StartLive(judging=False)]


def test_staff_who_come_while_the_picture_dissolves_keep_nothing_from_being_forgotten() -> None:
    playing = at_fooled()
    playing.send(Touched(2, 2, finger=3))
    playing.wait(CORNER_HOLD_S - 0.5)
    playing.state = playing.state.with_context(staff=StaffFacts(pin_chosen=True))
    playing.touch("again")
    assert isinstance(screen_of(playing), Forgotten)
    playing.wait(1.0)
    assert isinstance(screen_of(playing), Pin)
    assert len(of(playing, Forget)) == 1
