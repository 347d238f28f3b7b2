"""Visits in which something goes wrong, or in which the visitor goes away."""

from collections.abc import Callable

import pytest

from kiosk.core.effects import DrawMaps, DropJob, Forget, ForgetPicture, RunStep, StartLive, StopLive
from kiosk.core.events import (
    ButtonDown,
    ButtonUp,
    CameraFound,
    CameraLost,
    GradientsChanged,
    JobLost,
    ModelChanged,
    PictureTaken,
    StepJudged,
    Tick,
    Touched,
)
from kiosk.core.model import Button, Health, Phase
from kiosk.dispatch import StillThere
from kiosk.screens.attack import Attack
from kiosk.screens.attract import Attract
from kiosk.screens.choose import Choose
from kiosk.screens.faults import NoCamera, NoModel
from kiosk.screens.idle import Forgotten
from kiosk.screens.live import Live
from tests.driver import (
    FLAMINGO,
    ORIGINAL,
    Player,
    at_attack,
    at_choose,
    at_explain,
    at_fooled,
    at_live,
    attack_of,
    judged,
    last_step,
    of,
    player,
    said,
    screen_of,
    shown_keys,
)


def test_a_picture_that_fails_can_be_tried_again() -> None:
    playing = at_live()
    playing.answers = False
    playing.touch("shoot")
    playing.wait(3.0)
    playing.send(JobLost(1))
    assert playing.effects[-1] == StartLive()
    playing.answers = True
    playing.touch("shoot")
    playing.wait(3.0)
    assert isinstance(screen_of(playing), Choose)


def test_stale_replies_change_nothing() -> None:
    playing = at_attack()
    playing.answers = False
    playing.touch("fool")
    before = playing.state
    playing.send(StepJudged(999, judged(1, FLAMINGO)), JobLost(999), PictureTaken(999, ORIGINAL))
    assert playing.state == before
    playing.touch("less")  # stops it
    job = last_step(playing)
    assert playing.effects[-1] == DropJob(job)
    before = playing.state
    playing.send(StepJudged(job, judged(1, FLAMINGO)))
    assert playing.state == before


def test_a_lost_job_is_said_and_can_be_tried_again() -> None:
    playing = at_attack()
    playing.answers = False
    playing.touch("fool")
    playing.send(JobLost(last_step(playing), "worker died"))
    assert attack_of(playing).lost
    assert playing.state.texts("attack.lost") in said(playing)
    playing.answers = True
    playing.touch("fool")
    playing.wait(4.0)
    assert attack_of(playing).visit.shown == 4
    assert not attack_of(playing).lost


def test_a_lost_process_drops_the_step_and_fool_it_waits_for_the_next() -> None:
    playing = at_attack()
    playing.answers = False
    playing.touch("fool")
    job = last_step(playing)
    playing.send(GradientsChanged(Health(Phase.LOST)))
    assert playing.effects[-1] == DropJob(job)
    playing.touch("fool")
    playing.touch("fool")
    assert last_step(playing) == job, "nothing is asked of a process that is not there"
    assert attack_of(playing).remembered == "fool"
    playing.answers = True
    playing.send(GradientsChanged(Health(Phase.WARMING, 0.5)), GradientsChanged(Health(Phase.READY)))
    playing.wait(1.0)
    assert attack_of(playing).visit.shown == 4


def test_one_press_is_remembered_while_it_warms() -> None:
    playing = at_attack(ready=False)
    playing.send(GradientsChanged(Health(Phase.WARMING, 0.2)))
    fool = playing.control("fool")
    assert fool.progress == pytest.approx(0.2)
    for _ in range(3):
        playing.touch("fool")
    assert not of(playing, RunStep)
    playing.answers = False
    playing.send(GradientsChanged(Health(Phase.READY)))
    assert len(of(playing, RunStep)) == 1
    assert attack_of(playing).remembered == ""


def test_presses_while_busy_collapse_to_one() -> None:
    playing = at_attack()
    playing.answers = False
    for _ in range(4):
        playing.touch("more")
    assert len(of(playing, RunStep)) == 1
    playing.send(StepJudged(last_step(playing), judged(1, FLAMINGO)))
    assert len(of(playing, RunStep)) == 2
    playing.send(StepJudged(last_step(playing), judged(2, FLAMINGO)))
    assert len(of(playing, RunStep)) == 2
    assert attack_of(playing).visit.shown == 2


def test_one_lost_map_is_said_and_drawn_again_on_request() -> None:
    playing = at_fooled()
    playing.answers = False
    playing.touch("why")
    playing.wait(0.3)
    job = of(playing, DrawMaps)[-1]
    playing.send(JobLost(job.job))
    assert playing.scene.lit == "retry"
    playing.answers = True
    playing.touch("retry")
    playing.wait(0.3)
    assert playing.scene.control("map") is not None
    playing.touch("map")
    shown = set(shown_keys(playing))
    assert shown == {"original", "adversarial"}
    playing.touch("map")
    shown = set(shown_keys(playing))
    assert shown == {"gradcam-original", "gradcam-adversarial"}


def test_without_a_camera_our_own_picture_is_offered() -> None:
    playing = player()
    playing.send(CameraLost("unplugged"))
    assert isinstance(screen_of(playing), Attract)
    playing.touch("anywhere")
    assert isinstance(screen_of(playing), NoCamera)
    playing.touch("stock")
    assert isinstance(screen_of(playing), Choose)
    playing = at_live()
    playing.send(CameraLost())
    assert isinstance(screen_of(playing), NoCamera)
    assert of(playing, StopLive)
    playing.send(CameraFound(), Tick(playing.state.now_s + 0.1))
    assert isinstance(screen_of(playing), Live)
    assert playing.effects[-1] == StartLive()


def test_without_a_model_there_is_no_visit() -> None:
    playing = at_fooled()
    playing.send(ModelChanged(Health(Phase.LOST)))
    assert isinstance(screen_of(playing), NoModel)
    assert playing.effects[-1] == Forget()
    playing.wait(0.3)
    playing.send(Touched(5, 5), ButtonDown(Button.SHUTTER), ButtonUp(Button.SHUTTER))
    assert isinstance(screen_of(playing), NoModel)
    playing.send(ModelChanged(Health(Phase.READY)))
    assert isinstance(screen_of(playing), Attract)


@pytest.mark.parametrize("start", [at_live, at_choose, at_attack, at_fooled, at_explain])
def test_a_visitor_who_walks_away_is_forgotten(start: Callable[[], Player]) -> None:
    playing = start()
    fresh = player()
    playing.wait(40.0)
    assert isinstance(screen_of(playing), StillThere)
    assert not of(playing, Forget)
    playing.wait(26.0)
    assert isinstance(screen_of(playing), Attract)
    assert len(of(playing, Forget)) == 1
    assert playing.state.hands.lit == ""
    assert playing.state.hands.sunk == ""
    assert type(playing.state.screen) is type(fresh.state.screen)
    assert not isinstance(screen_of(playing), Forgotten)


def test_any_sign_of_life_goes_on_where_it_was_and_presses_nothing() -> None:
    for sign in (Touched(640, 400), ButtonDown(Button.MORE), ButtonDown(Button.SHUTTER)):
        playing = at_fooled()
        screen = playing.state.screen
        playing.wait(50.0)
        assert isinstance(screen_of(playing), StillThere)
        playing.send(sign, ButtonUp(Button.SHUTTER))
        assert playing.state.screen == screen
        playing.wait(39.0)
        assert playing.state.screen == screen
        playing.wait(2.0)
        assert isinstance(screen_of(playing), StillThere)


def test_walking_away_mid_job_drops_what_comes_late() -> None:
    playing = at_attack()
    playing.answers = False
    playing.touch("fool")
    job = last_step(playing)
    playing.wait(45.0)
    playing.send(StepJudged(job, judged(1, FLAMINGO)))
    alone = screen_of(playing)
    assert isinstance(alone, StillThere)
    assert isinstance(alone.left, Attack)
    assert alone.left.visit.shown == 1, "a screen left alone still hears its own news"
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
    playing.touch("retake")
    assert isinstance(screen_of(playing), Live)
    assert playing.effects[-2:] == [ForgetPicture(), StartLive()]
