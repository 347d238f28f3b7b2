"""Visits that attack."""

from kiosk.core.message import Effect, Event
from kiosk.core.visit import Answer, Judged, Ranked, Rating, Verdict
from kiosk.topics.attack.messages import RecordingTaken, RunStep, StartStack, StepJudged, TakeRecording
from kiosk.topics.attack.screens.attack import Attack
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
        return Judged(step, Answer(top), share, Verdict.FOOLED, step, 0.6 * step)
    rows = sorted((Ranked(lie, share), rest, Ranked(CUP, 0.004)), key=lambda row: -row.confidence)
    verdict = Verdict.FOOLED if step >= needed else Verdict.NEARLY if share > 0.1 else Verdict.NOT_YET
    return Judged(step, Answer(tuple(rows)), share, verdict, step, 0.62 * step)


def judged_taught(step: int, target: int | None, needed: int = 4) -> Judged:
    """A step against a taught model of three labels, the first of which is right."""
    lie = 1 if target is None else target
    share = 0.04 + 0.4 * (step / needed) ** 2 if step < needed else 0.93
    rest = (1 - share) / 2
    shares = [share if label == lie else rest * (1.9 if label == 0 else 0.1) for label in range(3)]
    verdict = Verdict.FOOLED if step >= needed else Verdict.NEARLY if share > 0.1 else Verdict.NOT_YET
    return Judged(step, taught_answer(*shares), share, verdict, (step + 1) // 2, 0.31 * step)


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


def attack_of(playing: Player) -> Attack:
    """The attack screen, which must be the present one."""
    screen = playing.state.screen
    assert isinstance(screen, Attack)
    return screen


def last_step(playing: Player) -> int:
    """The job of the step asked for last."""
    return of(playing, RunStep)[-1].job


def find_label(playing: Player, label: int) -> int:
    """How many taps in the alphabet until the label's own tile is there."""
    playing.touch("letters")
    order = playing.state.context.labels.order.index(label)
    taps = 1
    while playing.find(f"label-{label}") is None:
        groups = [name for name in playing.names if name.startswith("group-")]
        inside = [g for g in groups if int(g.split("-")[1]) <= order < int(g.split("-")[2])]
        assert len(inside) == 1
        playing.touch(inside[0])
        taps += 1
    return taps
