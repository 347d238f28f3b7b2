"""Visits that attack."""

from dataclasses import replace
from math import log10

from kiosk.core.message import Effect, Event
from kiosk.core.visit import Answer, Judged, Ranked, Rating, Verdict
from kiosk.topics.attack.messages import (
    QuietEnded,
    QuieterJudged,
    RecordingTaken,
    RunStep,
    SeekQuiet,
    StartStack,
    StepJudged,
    TakeRecording,
)
from kiosk.topics.attack.screens.attack import UNTOUCHED_S, Attack
from tests.player import CUP, ESPRESSO, FLAMINGO, ORIGINAL, SOUP, Player, Script, of, taught_answer
from tests.topics.photograph.scripted import at_live


class AttackScript(Script):
    """What this topic's effects are answered with."""

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        match effect:
            case StartStack(target):
                playing.target = target
                return ()
            case RunStep(job, at_step):
                judging = judged_taught if playing.state.context.taught else judged
                return (StepJudged(job, judging(at_step + 1, playing.target, playing.needed)),)
            case SeekQuiet(job, at_step):
                judging = judged_taught if playing.state.context.taught else judged
                loud = judging(max(at_step, playing.needed), playing.target, playing.needed)
                return (
                    QuieterJudged(job, quietened(loud, 3.5)),
                    QuieterJudged(job, quietened(loud, 9.2)),
                    QuietEnded(job),
                )
            case TakeRecording(job):
                playing.target = FLAMINGO
                return (RecordingTaken(job, ORIGINAL, FLAMINGO),)
            case _:
                return None


SCRIPT = AttackScript


def judged(step: int, target: int | None, needed: int = 4) -> Judged:
    """A step as an attack that succeeds at `needed` would be judged."""
    lie = 505 if target is None else target
    share = 0.003 + 0.4 * (step / needed) ** 3 if step < needed else 0.985
    rest = Ranked(ESPRESSO, max(0.008, 0.92 * (1 - 0.5 * step / needed) if step < needed else 0.0))
    if target == ESPRESSO:
        share = min(0.999, 0.92 + 0.03 * step)
        top = (Ranked(ESPRESSO, share), Ranked(CUP, 0.01), Ranked(SOUP, 0.004))
        return sized(Judged(step, Answer(top), share, Verdict.FOOLED, step, 0.6 * step))
    rows = sorted((Ranked(lie, share), rest, Ranked(CUP, 0.004)), key=lambda row: -row.confidence)
    verdict = Verdict.FOOLED if step >= needed else Verdict.NEARLY if share > 0.1 else Verdict.NOT_YET
    return sized(Judged(step, Answer(tuple(rows)), share, verdict, step, 0.62 * step))


def sized(judged: Judged) -> Judged:
    """The step with the L2 and the PSNR of noise of its average size, where a few values change by more."""
    spread = 1.25 * judged.mean_255
    psnr_db = 20 * log10(255 / spread) if spread else None
    return replace(judged, l2_255=spread * (224 * 224 * 3) ** 0.5, psnr_db=psnr_db)


def quietened(loud: Judged, by: float) -> Judged:
    """A step with so much less noise, which is taken for the lie a little less surely."""
    first, *others = loud.answer.top
    answer = replace(loud.answer, top=(replace(first, confidence=0.61), *others))
    fewer = replace(loud, answer=answer, target_confidence=0.61, linf_255=max(1, loud.linf_255 - 1))
    return sized(replace(fewer, mean_255=loud.mean_255 / by))


def judged_taught(step: int, target: int | None, needed: int = 4) -> Judged:
    """A step against a taught model of three labels, the first of which is right."""
    lie = 1 if target is None else target
    share = 0.04 + 0.4 * (step / needed) ** 2 if step < needed else 0.93
    rest = (1 - share) / 2
    shares = [share if label == lie else rest * (1.9 if label == 0 else 0.1) for label in range(3)]
    verdict = Verdict.FOOLED if step >= needed else Verdict.NEARLY if share > 0.1 else Verdict.NOT_YET
    return sized(Judged(step, taught_answer(*shares), share, verdict, (step + 1) // 2, 0.31 * step))


def at_choose(panel: str = "1280x800", *, ready: bool = True, rating: Rating = Rating.UNSURE) -> Player:
    """A visit with a picture, whose first answer was said to be right, or not."""
    playing = at_live(panel, ready=ready)
    playing.touch("shoot")
    playing.wait(3.0)
    playing.touch(f"rate-{rating.value}")
    return playing


def at_attack(panel: str = "1280x800", target: int = FLAMINGO, *, ready: bool = True) -> Player:
    """A visit with a lie."""
    playing = at_choose(panel, ready=ready)
    playing.touch(f"label-{target}")
    return playing


def at_fooled(panel: str = "1280x800") -> Player:
    """A visit that fooled it."""
    playing = at_attack(panel)
    playing.touch("fool")
    playing.wait(1.0)
    return playing


def at_quiet(panel: str = "1280x800") -> Player:
    """A visit that fooled it, and was left alone until the least noise was found that keeps the lie."""
    playing = at_fooled(panel)
    playing.wait(UNTOUCHED_S + 0.5)
    return playing


def attack_of(playing: Player) -> Attack:
    """The attack screen, which must be the present one."""
    screen = playing.state.screen
    assert isinstance(screen, Attack)
    return screen


def last_step(playing: Player) -> int:
    """The job of the step asked for last."""
    return of(playing, RunStep)[-1].job


def find_label(playing: Player, label: int, *, by_letters: bool = False) -> int:
    """How many taps in its group, or in the alphabet, until the label's own tile is there."""
    labels = playing.state.context.labels
    playing.touch("groups")
    kind = next(at for at, group in enumerate(labels.groups) if label in group.labels)
    playing.touch("letters" if by_letters else f"kind-{kind}")
    place = (labels.order if by_letters else labels.groups[kind].labels).index(label)
    taps = 2
    while playing.find(f"label-{label}") is None:
        groups = [name for name in playing.names if name.startswith("group-")]
        inside = [g for g in groups if int(g.split("-")[1]) <= place < int(g.split("-")[2])]
        assert len(inside) == 1
        playing.touch(inside[0])
        taps += 1
    return taps
