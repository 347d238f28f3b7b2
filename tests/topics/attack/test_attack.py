"""The lie and the attack as lists of events: the alphabet, the stack of steps, what is lost on the way."""

import pytest

from kiosk.core.health import Health, Phase
from kiosk.core.message import DropJob, GradientsChanged, JobLost, Tick
from kiosk.core.visit import BUDGET, Answer, Judged, Ranked, Verdict
from kiosk.topics.attack.facts import fooled
from kiosk.topics.attack.messages import RunStep, ShowStep, StartStack, StepJudged
from kiosk.topics.attack.screens.attack import PACE_S, Attack
from kiosk.topics.attack.screens.choose import Choose
from kiosk.topics.cards.screen import Cards
from kiosk.topics.explain.facts import Page
from kiosk.topics.explain.messages import DrawMaps
from kiosk.topics.photograph.messages import PictureTaken
from tests.player import ESPRESSO, FLAMINGO, ORIGINAL, of, said, screen_of
from tests.topics.attack.scripted import (
    at_attack,
    at_choose,
    at_fooled,
    attack_of,
    find_label,
    judged,
    last_step,
)


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
    assert playing.state.context.texts("attack.fooled") in said(playing)
    assert playing.state.context.texts("attack.going_on") in said(playing), "why it goes on"
    playing.answers, playing.needed = True, 2
    playing.wait(1.0)
    assert attack_of(playing).visit.now.target_confidence > 0.9
    assert "in 1 step, surer in 2" in said(playing), "the step that fooled it counts"
    steps = len(of(playing, RunStep))
    playing.wait(1.0)
    assert len(of(playing, RunStep)) == steps


def test_fool_it_stops_at_the_budget_and_offers_another_lie() -> None:
    playing = at_attack()
    playing.needed = 99
    playing.touch("fool")
    playing.wait(4.0)
    assert attack_of(playing).visit.shown == BUDGET
    assert len(of(playing, RunStep)) == BUDGET
    playing.touch("more")
    assert len(of(playing, RunStep)) == BUDGET
    assert playing.focused == "another"
    playing.touch("another")
    assert isinstance(screen_of(playing), Choose)


def test_the_right_label_as_the_lie_boosts_and_says_so() -> None:
    playing = at_choose()
    find_label(playing, ESPRESSO)
    playing.touch(f"label-{ESPRESSO}")
    assert attack_of(playing).visit.boosts
    assert playing.state.context.texts("attack.boost") in said(playing)
    assert playing.control("fool").text == playing.state.context.texts("control.boost")
    playing.touch("fool")
    playing.wait(4.0)
    assert attack_of(playing).visit.now.target_confidence >= 0.99
    assert playing.focused == "why"


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
            assert find_label(playing, label) <= 3
            playing.touch(f"label-{label}")
            assert attack_of(playing).visit.target == label
            playing.touch("other")
            assert isinstance(screen_of(playing), Choose)


def test_any_of_a_thousand_is_reached_by_its_letter() -> None:
    playing = at_choose("800x480")
    assert find_label(playing, 505, by_letters=True) <= 4
    playing.touch("label-505")
    assert attack_of(playing).visit.target == 505


def test_a_name_that_nobody_knows_has_a_picture_beside_it() -> None:
    playing = at_choose()
    labels = playing.state.context.labels
    komondor = labels.names.index("komondor dog")
    find_label(playing, komondor)
    assert playing.control(f"label-{komondor}").icon == labels.icon(komondor) == "🐕"
    assert all(control.icon for control in playing.scene.controls if control.name == "label")


def test_a_surprise_is_a_lie_that_everybody_knows_and_not_what_it_says_now() -> None:
    lies = set()
    for wait_s in range(40):
        playing = at_choose()
        playing.wait(0.137 * wait_s)
        playing.touch("surprise")
        lies.add(attack_of(playing).visit.target)
    labels = playing.state.context.labels
    assert len(lies) > 20, "another one each time"
    assert ESPRESSO not in lies
    assert lies <= set(labels.pictured) - labels.blocked


def test_pages_of_names_are_turned_back_one_by_one() -> None:
    playing = at_choose()
    for name in ("groups", "kind-0", "group-0-10"):
        playing.touch(name if playing.find(name) else next(n for n in playing.names if n.startswith("group")))
    for _ in range(3):
        playing.touch("back")
    assert playing.find("surprise"), "the wall"


def test_a_tapped_bar_asks_for_that_label() -> None:
    playing = at_fooled()
    playing.touch(f"bar-original-{ESPRESSO}")
    playing.touch(f"page-{Page.ALONE}")
    playing.wait(0.3)
    assert of(playing, DrawMaps)[-1] == DrawMaps(playing.state.context.next_job - 1, ESPRESSO, 4)


def test_each_step_is_shown_long_enough_to_be_seen_and_a_slow_machine_is_not_slowed() -> None:
    playing = at_attack()
    playing.wait(0.3)
    playing.touch("fool")
    assert attack_of(playing).visit.shown == 1
    playing.send(Tick(playing.state.context.now_s + PACE_S / 2))
    assert attack_of(playing).visit.shown == 1
    playing.send(Tick(playing.state.context.now_s + PACE_S))
    assert attack_of(playing).visit.shown == 2
    playing.answers = False
    playing.wait(1.0)
    job = last_step(playing)
    playing.send(StepJudged(job, judged(3, FLAMINGO)))
    assert last_step(playing) == job + 1, "the next step is asked for at once"
    playing.touch("less")
    playing.wait(1.0)
    assert last_step(playing) == job + 1, "less noise stops it"


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
    assert playing.state.context.texts("attack.lost") in said(playing)
    assert "flamingo" not in said(playing), "the lie alone would read as the answer"
    playing.answers = True
    playing.touch("fool")
    playing.wait(1.0)
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


def test_a_lie_that_goes_again_puts_nothing_that_loses_it_under_the_finger() -> None:
    """While *fool it* is at work, the next step may undo the lie: who reaches for more to try keeps the picture."""
    playing = at_attack()
    playing.answers = False
    playing.touch("fool")
    rows = (Ranked(FLAMINGO, 0.2), Ranked(ESPRESSO, 0.15)), (Ranked(ESPRESSO, 0.3), Ranked(FLAMINGO, 0.22))
    for step, (verdict, top) in enumerate(zip((Verdict.FOOLED, Verdict.NEARLY), rows, strict=True), start=1):
        share = Answer(top).confidence(FLAMINGO)
        playing.send(StepJudged(last_step(playing), Judged(step, Answer(top), share, verdict, step, 0.6)))
        assert playing.find("retake") is None
        playing.wait(PACE_S)
    assert not fooled(attack_of(playing).visit)
    playing.touch("cards")
    assert isinstance(screen_of(playing), Cards)


def test_the_attack_screen_offers_more_only_when_fooled() -> None:
    playing = at_attack()
    assert playing.find("cards") is None
    assert playing.find("retake") is not None
    playing.touch("fool")
    playing.wait(1.0)
    assert playing.focused == "why", "asking why stays the one next action"
    playing.touch("cards")
    assert isinstance(screen_of(playing), Cards)
    playing.touch("back")
    assert isinstance(screen_of(playing), Attack)
    playing.touch("less")
    assert not fooled(attack_of(playing).visit)
    assert playing.find("cards") is not None, "what was won stays within reach"
