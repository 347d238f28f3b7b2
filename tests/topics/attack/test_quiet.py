"""After *Fooled!*: the least noise that keeps the lie, found while nothing is pressed, and said as it is measured."""

from dataclasses import replace

import pytest

from kiosk.core.health import Health, Phase
from kiosk.core.message import DropJob, GradientsChanged, JobLost
from kiosk.core.visit import Judged, Verdict
from kiosk.topics.attack.facts import FURTHER, Likeness, likeness
from kiosk.topics.attack.messages import QuietEnded, QuieterJudged, RunStep, SeekQuiet, ShowStep, StepJudged
from kiosk.topics.attack.screens.attack import UNTOUCHED_S, Attack
from kiosk.topics.attack.screens.choose import Choose
from tests.player import Player, of, said, screen_of
from tests.topics.attack.scripted import (
    at_attack,
    at_choose,
    at_fooled,
    at_quiet,
    attack_of,
    find_label,
    judged,
    last_step,
    quietened,
)

LOUD = 4


def seeking() -> tuple[Player, int]:
    """A visit that fooled it, while less noise is looked for, and that job."""
    playing = at_fooled()
    playing.answers = False
    playing.wait(UNTOUCHED_S)
    return playing, of(playing, SeekQuiet)[-1].job


def test_left_alone_it_finds_the_least_noise_and_says_how_much_less() -> None:
    playing = at_fooled()
    assert not of(playing, SeekQuiet), "first the visitor sees that it was fooled"
    playing.wait(UNTOUCHED_S + 0.5)
    visit = attack_of(playing).visit
    assert len(visit.steps) == LOUD + 2, "one more on the stack, however often it became quieter"
    assert visit.shown == LOUD + 1
    assert visit.now.quiet
    assert visit.fools
    assert "Same lie, a ninth of the noise!" in said(playing)
    assert "Fooled!" in said(playing)
    assert playing.focused == "why", "asking why stays the one next action"
    playing.wait(5 * UNTOUCHED_S)
    assert len(of(playing, SeekQuiet)) == 1, "and it is content with that"


def test_less_noise_takes_the_quiet_picture_off_first() -> None:
    playing = at_quiet()
    playing.touch("less")
    assert of(playing, ShowStep)[-1] == ShowStep(LOUD)
    assert attack_of(playing).visit.now == judged_step(LOUD)
    playing.touch("more")
    assert of(playing, ShowStep)[-1] == ShowStep(LOUD + 1)
    steps = len(of(playing, RunStep))
    playing.touch("more")
    assert len(of(playing, RunStep)) == steps + 1, "more noise goes on from there"
    assert of(playing, RunStep)[-1].at_step == LOUD + 1
    playing.wait(5 * UNTOUCHED_S)
    assert len(of(playing, SeekQuiet)) == 1


def judged_step(step: int) -> Judged:
    """What the fourth step was judged as."""
    return judged(step, 130)


@pytest.mark.parametrize("control", ["less", "more", "why", "look", "noise", "cards", "step-2"])
def test_any_press_ends_the_search(control: str) -> None:
    playing, job = seeking()
    playing.touch(control)
    assert DropJob(job) in playing.effects
    before = playing.state
    playing.send(QuieterJudged(job, quietened(judged(LOUD, 130), 9)), QuietEnded(job))
    assert playing.state == before, "what it would have found is stale"


def test_what_was_found_before_the_press_stays_and_later_it_goes_on_from_there() -> None:
    playing, job = seeking()
    playing.send(QuieterJudged(job, quietened(judged(LOUD, 130), 3.2)))
    assert "Same lie, a third of the noise!" in said(playing)
    playing.touch("look")
    playing.touch("back")
    assert attack_of(playing).visit.now.quiet
    playing.answers = True
    playing.wait(UNTOUCHED_S + 0.5)
    assert of(playing, SeekQuiet)[-1] == SeekQuiet(of(playing, SeekQuiet)[-1].job, LOUD, 0.5)
    assert len(attack_of(playing).visit.steps) == LOUD + 2
    assert "Same lie, a ninth of the noise!" in said(playing)


def test_a_search_that_is_lost_is_no_trouble() -> None:
    playing, job = seeking()
    playing.send(JobLost(job, "gone"))
    assert not attack_of(playing).lost
    assert "in 4 steps" in said(playing)
    playing, job = seeking()
    playing.send(GradientsChanged(Health(Phase.LOST)))
    assert DropJob(job) in playing.effects
    playing.send(GradientsChanged(Health(Phase.READY)))
    playing.wait(5 * UNTOUCHED_S)
    assert len(of(playing, SeekQuiet)) == 1


def test_nothing_is_looked_for_before_it_is_fooled_nor_where_it_is_made_surer() -> None:
    playing = at_attack()
    playing.touch("more")
    playing.wait(5 * UNTOUCHED_S)
    assert not of(playing, SeekQuiet)
    playing = at_choose()
    find_label(playing, 967)
    playing.touch("label-967")
    playing.touch("fool")
    playing.wait(5 * UNTOUCHED_S)
    assert not of(playing, SeekQuiet)


def unsure(step: int, share: float, verdict: Verdict = Verdict.FOOLED) -> Judged:
    """A step that is taken for the lie with so much confidence."""
    return replace(judged(step, 130), verdict=verdict, target_confidence=share)


def fooling(*shares: float) -> Player:
    """A visit that makes such steps, all of which fool."""
    playing = at_attack()
    playing.answers = False
    playing.touch("fool")
    for step, share in enumerate(shares, start=1):
        playing.wait(0.3)
        playing.send(StepJudged(last_step(playing), unsure(step, share)))
    return playing


def test_it_stops_where_more_noise_makes_it_less_sure_and_says_so_once() -> None:
    playing = fooling(0.2, 0.3, 0.25)
    words = playing.state.context.texts("attack.less_sure")
    assert not attack_of(playing).running
    assert words in said(playing)
    playing.touch("more")
    playing.send(StepJudged(last_step(playing), unsure(4, 0.2)))
    assert words not in said(playing), "said once"


def test_it_does_not_go_on_for_ever_to_become_a_little_surer() -> None:
    playing = fooling(*(0.1 + 0.02 * step for step in range(FURTHER + 1)))
    assert not attack_of(playing).running
    assert f"in 1 step, surer in {FURTHER + 1}" in said(playing)


def test_a_step_that_undoes_the_lie_is_taken_back() -> None:
    playing = at_attack()
    playing.answers = False
    playing.touch("fool")
    playing.send(StepJudged(last_step(playing), unsure(1, 0.2)))
    playing.wait(0.3)
    playing.send(StepJudged(last_step(playing), unsure(2, 0.1, Verdict.NEARLY)))
    assert of(playing, ShowStep)[-1] == ShowStep(1)
    assert attack_of(playing).visit.fools
    assert attack_of(playing).settled, "nothing is waited for: what lies above is kept"


@pytest.mark.parametrize(
    ("psnr_db", "said_of_it"),
    [
        (None, Likeness.SAME),
        (55.0, Likeness.SAME),
        (45.0, Likeness.SAME),
        (44.9, Likeness.NEARLY),
        (33.0, Likeness.NEARLY),
        (32.9, Likeness.SEEN),
    ],
)
def test_how_it_looks_follows_the_measured_size(psnr_db: float | None, said_of_it: Likeness) -> None:
    assert likeness(psnr_db) is said_of_it


def test_the_words_over_the_picture_follow_it() -> None:
    playing = at_fooled()
    assert "Nearly alike, but:" in said(playing)
    playing.wait(UNTOUCHED_S + 0.5)
    assert "Looks alike, but:" in said(playing)
    loud = at_attack()
    loud.needed = 40
    for _ in range(16):
        loud.touch("more")
    assert "You can see it." in said(loud)


def test_another_lie_begins_without_any_of_it() -> None:
    playing = at_quiet()
    playing.touch("other")
    assert isinstance(screen_of(playing), Choose)
    playing.touch("label-145")
    screen = screen_of(playing)
    assert isinstance(screen, Attack)
    assert not screen.visit.settled
    assert len(screen.visit.steps) == 1
