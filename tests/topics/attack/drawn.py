"""The states of this topic that are worth looking at."""

from collections.abc import Callable
from dataclasses import replace

from kiosk.core.health import Health, Phase
from kiosk.core.message import GradientsChanged, JobLost
from kiosk.core.visit import Judged, Rating, Verdict
from kiosk.topics.attack.messages import RunStep, StepJudged
from kiosk.topics.attack.screens.attack import UNTOUCHED_S
from kiosk.topics.models.messages import ModelsFound
from tests.player import EFFICIENTNET, FLAMINGO, MOBILENET, Player, of, taught_answer
from tests.topics.attack.scripted import at_attack, at_choose, at_fooled, at_quiet, judged
from tests.topics.photograph.drawn import seen_live_taught


def _letters(panel: str, depth: int) -> Player:
    playing = at_choose(panel)
    playing.touch("groups")
    playing.touch("letters")
    for _ in range(depth):
        groups = [name for name in playing.names if name.startswith("group-")]
        if not groups:
            break
        playing.touch(max(groups, key=_size))
    playing.wait(0.3)
    return playing


def _group(panel: str, group: str = "", span: str = "") -> Player:
    playing = at_choose(panel)
    playing.touch("groups")
    names = [group.name for group in playing.state.context.labels.groups]
    if group:
        playing.touch(f"kind-{names.index(group)}")
    if span:
        playing.touch(next(name for name in playing.names if name.startswith(span)))
    playing.wait(0.3)
    return playing


def _size(name: str) -> int:
    _, start, end = name.split("-")
    return int(end) - int(start)


def _ready(panel: str, target: int = 130) -> Player:
    playing = at_attack(panel, target)
    playing.wait(0.5)
    return playing


def _steps(panel: str, count: int, needed: int = 4) -> Player:
    playing = at_attack(panel)
    playing.needed = needed
    for _ in range(count):
        playing.touch("more")
    playing.wait(0.5)
    return playing


def _noise(panel: str) -> Player:
    playing = at_fooled(panel)
    playing.touch("noise")
    playing.wait(0.5)
    return playing


def _looking(panel: str, *touched: str, at: Callable[[str], Player] = at_quiet) -> Player:
    playing = at(panel)
    playing.touch("look")
    for name in touched:
        playing.touch(name)
    playing.wait(0.5)
    return playing


def _quieting(panel: str) -> Player:
    playing = at_fooled(panel)
    playing.answers = False
    playing.wait(UNTOUCHED_S)
    return playing


def _guessing(panel: str) -> Player:
    """Taken for the lie, but only just: one more step is on its way, and made it no surer."""
    playing = at_attack(panel)
    playing.answers = False
    playing.touch("fool")
    playing.send(StepJudged(of(playing, RunStep)[-1].job, _unsure(1, 0.3)))
    playing.wait(0.3)
    return playing


def _less_sure(panel: str) -> Player:
    playing = _guessing(panel)
    playing.send(StepJudged(of(playing, RunStep)[-1].job, _unsure(2, 0.24)))
    playing.wait(0.5)
    return playing


def _unsure(step: int, share: float) -> Judged:
    done = judged(4 + step, 130)
    lie, other, *rest = done.answer.top
    rows = (replace(lie, confidence=share), replace(other, confidence=share / 2), *rest)
    return replace(done, answer=replace(done.answer, top=rows), target_confidence=share)


def _boost(panel: str) -> Player:
    playing = at_choose(panel)
    playing.touch("groups")
    playing.touch("letters")
    while playing.find("label-967") is None:
        order = playing.state.context.labels.order.index(967)
        groups = [name for name in playing.names if name.startswith("group-")]
        playing.touch(next(g for g in groups if int(g.split("-")[1]) <= order < int(g.split("-")[2])))
    playing.touch("label-967")
    playing.touch("more")
    playing.wait(0.5)
    return playing


def _wrong(panel: str) -> Player:
    playing = at_choose(panel, rating=Rating.WRONG)
    playing.touch(f"label-{FLAMINGO}")
    playing.touch("fool")
    playing.wait(1.0)
    return playing


def _lost(panel: str) -> Player:
    playing = at_attack(panel)
    playing.answers = False
    playing.touch("fool")
    job = next(effect.job for effect in reversed(playing.effects) if isinstance(effect, RunStep))
    playing.send(JobLost(job, "gone"), GradientsChanged(Health(Phase.LOST)))
    playing.wait(0.5)
    return playing


def _warming(panel: str) -> Player:
    playing = at_attack(panel, ready=False)
    playing.send(GradientsChanged(Health(Phase.WARMING, 0.4)))
    playing.touch("fool")
    playing.wait(0.5)
    return playing


def _choose_taught(panel: str, *, known: bool = True) -> Player:
    playing = seen_live_taught(panel, known=known)
    playing.original = taught_answer(0.91, 0.06, 0.03, known=known)
    playing.touch("shoot")
    playing.wait(3.0)
    playing.touch("rate-unsure")
    return playing


def seen_attack_taught(panel: str) -> Player:
    playing = _choose_taught(panel)
    playing.touch("label-1")
    playing.answers = False
    playing.touch("more")
    job = of(playing, RunStep)[-1].job
    unsure = taught_answer(0.44, 0.52, 0.04, known=False)
    playing.send(StepJudged(job, Judged(1, unsure, 0.52, Verdict.NEARLY, 1, 0.4)))
    playing.wait(0.5)
    return playing


def seen_with_models(panel: str) -> Player:
    playing = at_attack(panel)
    playing.send(ModelsFound((EFFICIENTNET, MOBILENET), EFFICIENTNET.name))
    playing.wait(0.5)
    return playing


NO_TORCH = (
    "the gradient process cannot run here: illegal instruction; this PyTorch is made for another processor"
)


def _never(panel: str) -> Player:
    playing = at_attack(panel)
    playing.send(GradientsChanged(Health(Phase.LOST, reason=NO_TORCH)))
    playing.wait(0.5)
    return playing


def _recorded(panel: str) -> Player:
    playing = _never(panel)
    playing.touch("watch")
    playing.wait(1.5)
    return playing


STATES: dict[str, Callable[[str], Player]] = {
    "attack-never": _never,
    "attack-recorded": _recorded,
    "choose": at_choose,
    "choose-wrong": lambda panel: at_choose(panel, rating=Rating.WRONG),
    "attack-wrong": _wrong,
    "choose-groups": lambda panel: _group(panel),
    "choose-group": lambda panel: _group(panel, "cats"),
    "choose-dogs": lambda panel: _group(panel, "dogs", "group-0-"),
    "choose-letters": lambda panel: _letters(panel, 0),
    "choose-spans": lambda panel: _letters(panel, 1),
    "choose-names": lambda panel: _letters(panel, 2),
    "attack-ready": _ready,
    "attack-not-yet": lambda panel: _steps(panel, 1),
    "attack-nearly": lambda panel: _steps(panel, 3),
    "attack-fooled": at_fooled,
    "attack-noise": _noise,
    "attack-guessing": _guessing,
    "attack-less-sure": _less_sure,
    "attack-quieting": _quieting,
    "attack-quiet": at_quiet,
    "look": _looking,
    "look-clean": lambda panel: _looking(panel, "flip"),
    "look-lens": lambda panel: _looking(panel, "mode-lens", "next_place"),
    "attack-many": lambda panel: _steps(panel, 16, needed=40),
    "attack-boost": _boost,
    "attack-warming": _warming,
    "attack-lost": _lost,
    "choose-taught": _choose_taught,
    "choose-unknown": lambda panel: _choose_taught(panel, known=False),
    "attack-taught": seen_attack_taught,
    "attack-models": seen_with_models,
}
