"""The screen of the attack: picture + noise = the same picture, another answer. What happens on it."""

from dataclasses import dataclass, replace

from kiosk.core.effects import DropJob, Effect, RunStep, ShowStep, TakeRecording
from kiosk.core.events import GradientsChanged, JobLost, RecordingTaken, StepJudged, Tick
from kiosk.core.model import Answer, Judged, Phase, Verdict, Visit
from kiosk.core.screen import (
    Hall,
    Pressed,
    ScreenEvent,
    ToCards,
    ToChoose,
    ToEnd,
    ToExplain,
    ToLive,
    ToModels,
    ToVaccine,
    Way,
)

SURE_ENOUGH = 0.99
CONVINCED = 0.5  # "Fooled!" with less looks like luck: the run goes on for as long as it may
PACE_S = 0.12  # a fast machine shows each step so long that it can be seen


@dataclass(frozen=True, slots=True)
class Attack:
    """The visit, the step under way, and one press that waits for it.

    `running` goes on until it is convinced of the lie; `asked_s` is when its last step was asked for; `remembered` is
    "fool", "more" or nothing; `before` and `changed_s` are what the bars move from and since when.
    """

    visit: Visit
    job: int | None = None
    running: bool = False
    remembered: str = ""
    noise_view: bool = False
    lost: bool = False
    before: Judged | None = None
    changed_s: float = 0.0
    asked_s: float = 0.0


Outcome = tuple[Attack | Way, tuple[Effect, ...]]


def fooled(visit: Visit) -> bool:
    """Whether the step on the screen reached what was wanted."""
    if visit.boosts:
        return visit.shown > 0 and visit.now.target_confidence >= SURE_ENOUGH
    return visit.now.verdict is Verdict.FOOLED


def convinced(visit: Visit) -> bool:
    """Whether *fool it* may rest: what was wanted is reached, and is said with some confidence."""
    return fooled(visit) and (visit.boosts or visit.now.target_confidence >= CONVINCED)


def won(visit: Visit) -> bool:
    """Whether there is no more to wish for: it was fooled, or is as surely right as noise can make it."""
    return fooled(visit) or (visit.boosts and visit.spent)


def recording(hall: Hall) -> int:
    """How many steps the recorded attack has, 0 where there is none."""
    return max(0, len(hall.film.frames) - 1) if hall.film is not None else 0


def update(slice_: Attack, event: ScreenEvent, hall: Hall) -> Outcome:
    """The next slice or the way on."""
    match event:
        case Pressed(control):
            return _pressed(slice_, control, hall)
        case StepJudged(job, judged) if job == slice_.job:
            return _judged(slice_, judged, hall)
        case RecordingTaken(job, answer, target) if job == slice_.job:
            return _recorded(answer, target, hall)
        case JobLost(job) if job == slice_.job:
            return replace(slice_, job=None, running=False, remembered="", lost=True), ()
        case Tick() if slice_.running and slice_.job is None and hall.now_s - slice_.asked_s >= PACE_S:
            return _step(slice_, hall)
        case GradientsChanged() if slice_.visit.recorded:
            return slice_, ()  # a recording needs no gradient process
        case GradientsChanged(health) if health.phase is Phase.LOST and (slice_.running or slice_.job):
            stopped = replace(slice_, job=None, running=False, remembered="", lost=True)
            return stopped, () if slice_.job is None else (DropJob(slice_.job),)
        case GradientsChanged(health) if health.phase is Phase.READY and slice_.job is None:
            return _remembered(replace(slice_, lost=False), hall)
        case _:
            return slice_, ()


def _pressed(slice_: Attack, control: str, hall: Hall) -> Outcome:
    visit = slice_.visit
    match control.partition("-"):
        case ("fool" | "more", _, _):
            return _wanted(slice_, control, hall)
        case ("less", _, _):
            return _shown(slice_, visit.shown - 1, hall)
        case ("step", _, number):
            return _shown(slice_, int(number), hall)
        case ("noise", _, _):
            return replace(slice_, noise_view=not slice_.noise_view), ()
        case ("why", _, _):
            return _left(slice_, ToExplain(visit, visit.now.answer.first.label))
        case ("watch", _, _) if slice_.job is None and recording(hall):
            return replace(slice_, job=hall.next_job, lost=False), (TakeRecording(hall.next_job),)
        case ("bar", _, label) if hall.labels.name(int(label.partition("-")[2])) is not None:
            return _left(slice_, ToExplain(visit, int(label.partition("-")[2])))
        case ("cards", _, _):
            return _left(slice_, ToCards(visit))
        case ("vaccine", _, _) if hall.vaccine_for(visit):
            return _left(slice_, ToVaccine(visit))
        case ("other" | "another", _, _):
            return _left(slice_, ToChoose(Visit(visit.original)))
        case ("retake", _, _):
            return _left(slice_, ToLive())
        case ("models", _, _):
            return _left(slice_, ToModels(visit))
        case ("again", _, _):
            return _left(slice_, ToEnd())
        case _:
            return slice_, ()


def _wanted(slice_: Attack, wish: str, hall: Hall) -> Outcome:
    """More noise, once or until it is fooled; while that cannot start, one press is remembered."""
    visit = slice_.visit
    higher = visit.steps[visit.shown + 1 :]
    if wish == "more" and higher:
        return _shown(slice_, visit.shown + 1, hall)
    if wish == "fool":
        done = next((step.step for step in higher if step.verdict is Verdict.FOOLED), None)
        if fooled(visit):
            return slice_, ()
        if done is not None and not visit.boosts:
            return _shown(slice_, done, hall)
    if slice_.running:
        return slice_, ()
    if visit.spent:
        return replace(slice_, remembered=""), ()
    if hall.gradients.for_good and not visit.recorded:
        return slice_, ()
    ready = bool(visit.recorded) or hall.gradients.phase is Phase.READY
    if slice_.job is not None or not ready:
        return replace(
            slice_, remembered="fool" if "fool" in (wish, slice_.remembered) else wish, lost=False
        ), ()
    return _step(replace(slice_, running=wish == "fool", remembered="", lost=False), hall)


def _step(slice_: Attack, hall: Hall) -> Outcome:
    """One step from the top of the stack is on its way."""
    top = len(slice_.visit.steps) - 1
    asked = replace(slice_, job=hall.next_job, asked_s=hall.now_s)
    return asked, (RunStep(hall.next_job, top),)


def _recorded(answer: Answer, target: int, hall: Hall) -> Outcome:
    """The recorded attack's picture is there: its steps follow by themselves."""
    zero = Judged(0, answer, answer.confidence(target), Verdict.NOT_YET, 0, 0.0)
    visit = Visit(answer, target, (zero,), recorded=recording(hall))
    return _step(Attack(visit, running=True), hall)


def _judged(slice_: Attack, judged: Judged, hall: Hall) -> Outcome:
    """The new step is shown; the next one starts if it is wanted."""
    visit = slice_.visit
    steps = (*visit.steps, replace(judged, step=len(visit.steps)))
    grown = replace(visit, steps=steps, shown=len(steps) - 1)
    after = replace(slice_, visit=grown, job=None, before=visit.now, changed_s=hall.now_s, lost=False)
    if after.running and not convinced(grown) and not grown.spent:
        return _step(after, hall) if hall.now_s - slice_.asked_s >= PACE_S else (after, ())
    return _remembered(replace(after, running=False), hall)


def _remembered(slice_: Attack, hall: Hall) -> Outcome:
    """What a press that was kept leads to now."""
    if not slice_.remembered:
        return slice_, ()
    return _wanted(replace(slice_, remembered=""), slice_.remembered, hall)


def _shown(slice_: Attack, step: int, hall: Hall) -> Outcome:
    """Another step of the stack on the screen; what was under way is dropped."""
    visit = slice_.visit
    stop: tuple[Effect, ...] = () if slice_.job is None else (DropJob(slice_.job),)
    still = replace(slice_, job=None, running=False, remembered="", lost=False)
    if not 0 <= step < len(visit.steps) or step == visit.shown:
        return still, stop
    moved = replace(visit, shown=step)
    return replace(still, visit=moved, before=visit.now, changed_s=hall.now_s), (*stop, ShowStep(step))


def _left(slice_: Attack, way: Way) -> Outcome:
    """The way on, and nobody waits for the step any more."""
    return way, () if slice_.job is None else (DropJob(slice_.job),)
