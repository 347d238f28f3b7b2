"""The sketchpad: paint on the attacked picture, and see whether the lie lasts. What happens on it."""

from dataclasses import dataclass, field, replace

from kiosk.core.effects import ClearPaint, DropJob, Effect, JudgePainting, RunStep, ShowStep, Stamp, Stroke
from kiosk.core.events import GradientsChanged, JobLost, PaintingJudged, StepJudged, Tick
from kiosk.core.model import Answer, Judged, Phase, Visit
from kiosk.core.painting import Ink, Paint, Place, Size, Tool
from kiosk.core.screen import Dragged, Hall, Pressed, Released, ScreenEvent, ToCards, Way

PLACES = 3  # a stamp can be set down by buttons at so many places each way
PACE_S = 0.15  # while a finger paints, the answer follows no more often
ERASER = "eraser"


@dataclass(frozen=True, slots=True)
class Sketchpad:
    """The visit, what is in the hand, the answer to the painted picture, and what is under way.

    `at` is where the finger is that paints; `stale` says that paint or noise changed since a judgement was asked
    for (at `asked_s`, job `job`); `step_job` is a step of noise under way. `before` and `changed_s` are what the
    bars move from and since when.
    """

    visit: Visit
    tool: Tool = Tool.BRUSH
    ink: Ink = field(default=Ink())
    at: Place | None = None
    painted: bool = False
    stale: bool = True
    job: int | None = None
    asked_s: float = float("-inf")
    judged: PaintingJudged | None = None
    before: Answer | None = None
    changed_s: float = 0.0
    step_job: int | None = None
    lost: bool = False

    @property
    def answer(self) -> Answer:
        """The newest answer to the picture as it is painted."""
        return self.visit.now.answer if self.judged is None else self.judged.answer


Outcome = tuple[Sketchpad | Way, tuple[Effect, ...]]


def update(slice_: Sketchpad, event: ScreenEvent, hall: Hall) -> Outcome:
    """The next slice or the way on."""
    match event:
        case Tick() if slice_.stale and slice_.job is None and hall.now_s - slice_.asked_s >= PACE_S:
            return _ask(slice_, hall)
        case Pressed(control, x, y):
            return _pressed(slice_, control, Place(x, y), hall)
        case Dragged("canvas", x, y) if slice_.at is not None:
            return _drag(slice_, slice_.at, Place(x, y))
        case Released("canvas"):
            lifted = replace(slice_, at=None)
            return _ask(lifted, hall) if slice_.stale else (lifted, ())
        case PaintingJudged(job) if job == slice_.job:
            judged = replace(slice_, job=None, judged=event, lost=False)
            return replace(judged, before=slice_.answer, changed_s=hall.now_s), ()
        case StepJudged(job, judged_step) if job == slice_.step_job:
            return _grown(slice_, judged_step, hall)
        case JobLost(job) if job == slice_.job:
            return replace(slice_, job=None, lost=True), ()
        case JobLost(job) if job == slice_.step_job:
            return replace(slice_, step_job=None, lost=True), ()
        case GradientsChanged(health) if health.phase is Phase.LOST and slice_.step_job is not None:
            return replace(slice_, step_job=None, lost=True), (DropJob(slice_.step_job),)
        case _:
            return slice_, ()


def _pressed(slice_: Sketchpad, control: str, place: Place, hall: Hall) -> Outcome:
    match control.partition("-"):
        case ("canvas", _, _):
            begun = replace(slice_, at=place, stale=True, painted=True, lost=False)
            return begun, (Stroke(slice_.ink, place, place, begins=True),)
        case ("place", _, number):
            return _stamp(slice_, int(number), place, hall)
        case ("paint", _, name):
            paint = None if name == ERASER else Paint[name.upper()]
            return replace(slice_, ink=replace(slice_.ink, paint=paint)), ()
        case ("size", _, name):
            return replace(slice_, ink=replace(slice_.ink, size=Size[name.upper()])), ()
        case ("tool", _, name):
            return replace(slice_, tool=Tool(name), at=None), ()
        case ("clear", _, _):
            cleared, effects = _ask(replace(slice_, painted=False, at=None, lost=False), hall)
            return cleared, (ClearPaint(), *effects)
        case ("less", _, _):
            return _shown(slice_, slice_.visit.shown - 1, hall)
        case ("more", _, _):
            return _more(slice_, hall)
        case ("done", _, _):
            return ToCards(slice_.visit), _dropped(slice_)
        case _:
            return slice_, ()


def _drag(slice_: Sketchpad, start: Place, end: Place) -> Outcome:
    """The finger went on; outside the picture, where every place is on its edge, it paints nothing."""
    moved = replace(slice_, at=end)
    if start == end or (start.on_edge and end.on_edge):
        return moved, ()
    return replace(moved, stale=True), (Stroke(slice_.ink, start, end),)


def _stamp(slice_: Sketchpad, number: int, place: Place, hall: Hall) -> Outcome:
    """A stamp at a place within one of the fields that the picture is divided into."""
    row, column = divmod(number, PLACES)
    middle = Place((column + place.x) / PLACES, (row + place.y) / PLACES)
    stamped, effects = _ask(replace(slice_, painted=True, lost=False), hall)
    return stamped, (Stamp(slice_.tool, slice_.ink, middle), *effects)


def _ask(slice_: Sketchpad, hall: Hall) -> tuple[Sketchpad, tuple[Effect, ...]]:
    """The picture as it is painted now is to be judged; nobody waits for an older judgement."""
    stop: tuple[Effect, ...] = () if slice_.job is None else (DropJob(slice_.job),)
    asked = replace(slice_, stale=False, job=hall.next_job, asked_s=hall.now_s)
    return asked, (*stop, JudgePainting(hall.next_job))


def _shown(slice_: Sketchpad, step: int, hall: Hall) -> Outcome:
    """Another step of the stack under the same paint; a step under way is dropped."""
    stop: tuple[Effect, ...] = () if slice_.step_job is None else (DropJob(slice_.step_job),)
    still = replace(slice_, step_job=None, lost=False)
    if not 0 <= step < len(slice_.visit.steps):
        return still, stop
    asked, effects = _ask(replace(still, visit=replace(slice_.visit, shown=step)), hall)
    return asked, (*stop, ShowStep(step), *effects)


def _more(slice_: Sketchpad, hall: Hall) -> Outcome:
    """The next step under the same paint; on top of the stack one more, made without regard to the paint."""
    visit = slice_.visit
    if visit.shown + 1 < len(visit.steps):
        return _shown(slice_, visit.shown + 1, hall)
    if slice_.step_job is not None or visit.spent or hall.gradients.phase is not Phase.READY:
        return slice_, ()
    return replace(slice_, step_job=hall.next_job, lost=False), (RunStep(hall.next_job, visit.shown),)


def _grown(slice_: Sketchpad, judged: Judged, hall: Hall) -> Outcome:
    """The new step lies under the paint."""
    visit = slice_.visit
    steps = (*visit.steps, replace(judged, step=len(visit.steps)))
    grown = replace(visit, steps=steps, shown=len(steps) - 1)
    return _ask(replace(slice_, visit=grown, step_job=None), hall)


def _dropped(slice_: Sketchpad) -> tuple[Effect, ...]:
    """Nobody waits for anything here any more."""
    return tuple(DropJob(job) for job in (slice_.job, slice_.step_job) if job is not None)
