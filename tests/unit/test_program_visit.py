"""Visits as lists of events: the loop by touch and by buttons, the stack of steps, the labels."""

import pytest

from kiosk.core.effects import DrawMaps, Forget, RunStep, ShowStep, StartStack, StopLive, TakePicture
from kiosk.core.events import ButtonDown, ButtonUp, LiveJudged, PictureTaken, StepJudged, Tick
from kiosk.core.model import BUDGET, Answer, Button, Judged, Ranked, Verdict
from kiosk.screens.attack import PACE_S, Attack
from kiosk.screens.attract import Attract
from kiosk.screens.choose import Choose
from kiosk.screens.explain import Explain
from kiosk.screens.live import Live
from tests.driver import (
    ESPRESSO,
    FLAMINGO,
    ORIGINAL,
    PENGUIN,
    at_attack,
    at_choose,
    at_explain,
    at_fooled,
    at_live,
    attack_of,
    find_label,
    judged,
    last_step,
    of,
    player,
    said,
    screen_of,
    shown_keys,
)


def test_the_whole_loop_by_touch() -> None:
    playing = at_fooled()
    screen = attack_of(playing)
    assert screen.visit.now.answer.first.label == FLAMINGO
    assert len(of(playing, RunStep)) == 4, "steps until fooled, not one more"
    playing.touch("why")
    playing.wait(0.3)
    assert isinstance(screen_of(playing), Explain)
    assert of(playing, DrawMaps) == [DrawMaps(playing.state.next_job - 1, FLAMINGO, 4)]
    playing.touch("other")
    assert isinstance(screen_of(playing), Choose)
    playing.touch(f"label-{PENGUIN}")
    assert of(playing, StartStack) == [StartStack(FLAMINGO), StartStack(PENGUIN)]
    assert attack_of(playing).visit.shown == 0, "another lie begins a new stack"


@pytest.mark.parametrize("panel", ["800x480", "1280x800", "720x1280"])
def test_the_whole_loop_by_three_buttons(panel: str) -> None:
    playing = player(panel)
    playing.press(Button.LESS)  # any button begins
    assert isinstance(screen_of(playing), Live)
    playing.press(Button.SHUTTER)
    playing.wait(3.0)
    assert isinstance(screen_of(playing), Choose)
    assert playing.scene.arrows
    playing.press(Button.LESS)  # the light moves on
    assert playing.scene.lit == "label-963"
    playing.press(Button.MORE)
    playing.press(Button.SHUTTER)
    assert attack_of(playing).visit.target == FLAMINGO
    playing.press(Button.SHUTTER)
    playing.wait(1.0)
    assert attack_of(playing).visit.shown == 4
    scene = playing.scene
    assert not scene.arrows
    playing.press(Button.LESS)
    assert attack_of(playing).visit.shown == 3, "on the attack screen DOWN is less noise, whatever is lit"
    playing.press(Button.MORE)
    assert attack_of(playing).visit.shown == 4
    playing.press(Button.SHUTTER)
    assert isinstance(screen_of(playing), Explain)
    for _ in range(len(playing.scene.controls)):
        if playing.scene.lit == "again":
            break
        playing.press(Button.LESS)
    playing.press(Button.SHUTTER)
    playing.wait(6.0)
    assert isinstance(screen_of(playing), Attract)
    assert of(playing, Forget)


def test_a_held_shutter_moves_the_light_and_does_not_press() -> None:
    playing = at_fooled()
    assert playing.scene.lit == "why"
    playing.press(Button.SHUTTER, held_s=0.7)
    assert isinstance(screen_of(playing), Attack)
    assert playing.scene.lit not in ("", "why")
    first = playing.scene.lit
    playing.press(Button.SHUTTER, held_s=1.3)
    assert playing.scene.lit not in ("why", first), "it goes on as long as it is held"


def test_the_light_reaches_every_control() -> None:
    for playing in (at_live(), at_choose(), at_fooled(), at_explain()):
        seen = set()
        for _ in range(len(playing.scene.controls)):
            seen.add(playing.scene.lit)
            playing.press(Button.SHUTTER, held_s=0.7)
        assert seen == {control.name for control in playing.scene.controls}


def test_the_countdown_never_blocks_and_a_second_press_changes_nothing() -> None:
    playing = at_live()
    playing.answers = False
    playing.touch("shoot")
    playing.touch("shoot")
    playing.wait(2.2)
    assert of(playing, TakePicture) == [TakePicture(1)]
    assert playing.effects[-2:] == [StopLive(), TakePicture(1)]
    playing.touch("shoot")
    playing.wait(3.0)
    assert of(playing, TakePicture) == [TakePicture(1)], "one picture is enough"
    playing.send(PictureTaken(1, ORIGINAL))
    assert isinstance(screen_of(playing), Choose)


def test_less_more_and_dots_walk_the_stack() -> None:
    playing = at_fooled()
    playing.touch("less")
    playing.touch("less")
    assert of(playing, ShowStep) == [ShowStep(3), ShowStep(2)]
    runs = len(of(playing, RunStep))
    playing.touch("more")
    assert of(playing, ShowStep)[-1] == ShowStep(3), "a step that was taken is shown again, not taken anew"
    playing.touch("step-1")
    assert of(playing, ShowStep)[-1] == ShowStep(1)
    playing.touch("fool")
    assert of(playing, ShowStep)[-1] == ShowStep(4), "the step that fooled it is known"
    assert len(of(playing, RunStep)) == runs
    playing.touch("more")
    assert attack_of(playing).visit.shown == 5
    for _ in range(9):
        playing.touch("less")
    assert attack_of(playing).visit.shown == 0
    playing.touch("less")
    assert attack_of(playing).visit.shown == 0


def test_fool_it_goes_on_until_the_lie_is_said_with_confidence() -> None:
    playing = at_attack()
    playing.answers = False
    playing.touch("fool")
    guess = Answer((Ranked(FLAMINGO, 0.2), Ranked(ESPRESSO, 0.15)))
    playing.send(StepJudged(last_step(playing), Judged(1, guess, 0.2, Verdict.FOOLED, 1, 0.6)))
    assert playing.state.texts("attack.fooled") in said(playing)
    assert playing.state.texts("attack.fooled_guess") in said(playing)
    playing.answers = True
    playing.wait(1.0)
    assert attack_of(playing).visit.now.target_confidence > 0.9
    assert playing.state.texts("attack.fooled_guess") not in said(playing)
    steps = len(attack_of(playing).visit.steps)
    playing.wait(1.0)
    assert len(attack_of(playing).visit.steps) == steps


def test_fool_it_stops_at_the_budget_and_offers_another_lie() -> None:
    playing = at_attack()
    playing.needed = 99
    playing.touch("fool")
    playing.wait(4.0)
    assert attack_of(playing).visit.shown == BUDGET
    assert len(of(playing, RunStep)) == BUDGET
    playing.touch("more")
    assert len(of(playing, RunStep)) == BUDGET
    assert playing.scene.lit == "another"
    playing.touch("another")
    assert isinstance(screen_of(playing), Choose)


def test_the_right_label_as_the_lie_boosts_and_says_so() -> None:
    playing = at_choose()
    find_label(playing, ESPRESSO)
    playing.touch(f"label-{ESPRESSO}")
    assert attack_of(playing).visit.boosts
    assert playing.state.texts("attack.boost") in said(playing)
    assert playing.control("fool").text == playing.state.texts("control.boost")
    playing.touch("fool")
    playing.wait(4.0)
    assert attack_of(playing).visit.now.target_confidence >= 0.99
    assert playing.scene.lit == "why"


def test_anything_but_this_has_no_target() -> None:
    playing = at_choose()
    playing.touch("anything")
    assert of(playing, StartStack) == [StartStack(None)]
    playing.touch("fool")
    playing.wait(4.0)
    assert attack_of(playing).visit.now.answer.first.label != ESPRESSO


def test_any_of_a_thousand_is_reached_without_typing() -> None:
    for panel in ("800x480", "720x1280", "1920x1080"):
        for label in (1, 980, 505, 207):
            playing = at_choose(panel)
            assert find_label(playing, label) <= 4
            playing.touch(f"label-{label}")
            assert attack_of(playing).visit.target == label
            playing.touch("other")
            assert isinstance(screen_of(playing), Choose)


def test_blocked_labels_appear_nowhere() -> None:
    playing = at_live()
    blocked = sorted(playing.state.labels.blocked)[:2]
    assert blocked
    untaught = playing.state.texts("label.untaught")
    answer = Answer((Ranked(blocked[0], 0.6), Ranked(blocked[1], 0.2), Ranked(ESPRESSO, 0.1)))
    playing.send(LiveJudged(answer))
    playing.wait(1.0)

    names = [playing.state.labels.names[label] for label in blocked]
    assert said(playing).count(untaught) == 1, "all that is blocked shares one line"
    assert not any(name in text for name in names for text in said(playing))
    playing.answers = False
    playing.touch("shoot")
    playing.wait(3.0)
    playing.send(PictureTaken(1, answer))
    assert any(untaught in text for text in said(playing))
    playing.touch(f"label-{FLAMINGO}")
    playing.wait(0.3)
    assert untaught in said(playing)
    assert not any(name in text for name in names for text in said(playing))
    assert not any(str(label) in c.name.split("-") for c in playing.scene.controls for label in blocked)
    order = set(playing.state.labels.order)
    assert order.isdisjoint(playing.state.labels.blocked)


def test_a_tapped_bar_asks_for_that_label() -> None:
    playing = at_fooled()
    playing.touch(f"bar-original-{ESPRESSO}")
    playing.wait(0.3)
    assert of(playing, DrawMaps)[-1] == DrawMaps(playing.state.next_job - 1, ESPRESSO, 4)


def test_the_noise_toggle_shows_only_the_noise() -> None:
    playing = at_fooled()
    keys = shown_keys(playing)
    assert keys == ["original", "noise", "adversarial"]
    playing.touch("noise")
    keys = shown_keys(playing)
    assert keys == ["original", "noise", "noise"]


def test_a_bouncing_button_is_one_press() -> None:
    playing = at_fooled()
    playing.wait(0.5)
    shown = attack_of(playing).visit.shown
    for _ in range(3):
        playing.send(ButtonDown(Button.LESS), ButtonUp(Button.LESS))
    playing.send(Tick(playing.state.now_s + 0.05), ButtonDown(Button.LESS))
    assert attack_of(playing).visit.shown == shown - 1


def test_a_press_shows_at_once() -> None:
    playing = at_attack()
    playing.answers = False
    playing.touch("more")
    assert playing.scene.sunk == "more"
    playing.wait(0.3)
    assert playing.scene.sunk == ""
    playing.send(ButtonDown(Button.SHUTTER))
    assert playing.scene.sunk == playing.scene.lit


def test_each_step_is_shown_long_enough_to_be_seen_and_a_slow_machine_is_not_slowed() -> None:
    playing = at_attack()
    playing.wait(0.3)
    playing.touch("fool")
    assert attack_of(playing).visit.shown == 1
    playing.send(Tick(playing.state.now_s + PACE_S / 2))
    assert attack_of(playing).visit.shown == 1
    playing.send(Tick(playing.state.now_s + PACE_S))
    assert attack_of(playing).visit.shown == 2
    playing.answers = False
    playing.wait(1.0)
    job = last_step(playing)
    playing.send(StepJudged(job, judged(3, FLAMINGO)))
    assert last_step(playing) == job + 1, "the next step is asked for at once"
    playing.touch("less")
    playing.wait(1.0)
    assert last_step(playing) == job + 1, "less noise stops it"
