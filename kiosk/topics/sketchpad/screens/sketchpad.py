"""The sketchpad: paint on the attacked picture, and see whether the lie lasts. What happens on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from kiosk.core.context import Context
from kiosk.core.health import Phase
from kiosk.core.message import DropJob, Effect, GradientsChanged, JobLost, Tick, ToBack
from kiosk.core.painting import Paint, Place, Size, Tool
from kiosk.core.screen import Dragged, Outcome, Pressed, Released, ScreenEvent
from kiosk.core.visit import Judged
from kiosk.topics.attack.messages import RunStep, ShowStep, StepJudged
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.sketchpad.messages import (
    ClearPaint,
    JudgePainting,
    PaintingJudged,
    Stamp,
    Stroke,
    UndoPaint,
)
from kiosk.topics.sketchpad.screens.sketchpad_view import PLACES, SketchpadView

Kind = TypeVar("Kind")
PAINTS: tuple[Paint | None, ...] = (*Paint, None)
PACE_S = 0.15  # while a finger paints, the answer follows no more often


@dataclass(frozen=True, slots=True)
class Sketchpad(SketchpadView):
    """What happens on it."""

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Tick() if self.stale and self.job is None and context.now_s - self.asked_s >= PACE_S:
                return Outcome(*self._ask(context))
            case Pressed():
                return self._pressed(event, Place(event.x, event.y), context)
            case Dragged("canvas", x=x, y=y) if self.at is not None:
                return self._drag(self.at, Place(x, y))
            case Released("canvas"):
                lifted = replace(self, at=None)
                return Outcome(*lifted._ask(context)) if self.stale else Outcome(lifted)
            case PaintingJudged(job) if job == self.job:
                judged = replace(self, job=None, judged=event, lost=False)
                if not self.stale:  # else there is more paint by now
                    judged = replace(judged, painted=event.painted, undoable=event.undoable)
                return Outcome(replace(judged, before=self.answer, changed_s=context.now_s))
            case StepJudged(job, judged_step) if job == self.step_job:
                return self._grown(judged_step, context)
            case JobLost(job) if job == self.job:
                return Outcome(replace(self, job=None, lost=True))
            case JobLost(job) if job == self.step_job:
                return Outcome(replace(self, step_job=None, lost=True))
            case GradientsChanged(health) if health.phase is Phase.LOST and self.step_job is not None:
                return Outcome(replace(self, step_job=None, lost=True), (DropJob(self.step_job),))
            case _:
                return Outcome(self)

    def _pressed(self, event: Pressed, place: Place, context: Context) -> Outcome:
        match event:
            case Pressed("canvas", by_button=True):
                return Outcome(replace(self, aiming=True))
            case Pressed("place", int(number), by_button=True):
                return self._by_button(*divmod(number, PLACES), context)
            case Pressed("place", int(number)):  # a finger, which aims by itself
                row, column = divmod(number, PLACES)
                place = Place((column + place.x) / PLACES, (row + place.y) / PLACES)
                return replace(self, aiming=False)._touched(place, context, held=False)
            case Pressed("canvas", held=held):
                return self._touched(place, context, held=held)
            case Pressed("lift"):
                return Outcome(replace(self, aiming=False))
            case Pressed("paint", Paint() | None as paint):
                taken = following(PAINTS, paint) if event.by_button and paint is self.ink.paint else paint
                return Outcome(replace(self, ink=replace(self.ink, paint=taken)))
            case Pressed("size", Size() as size):
                size = following((*Size,), size) if event.by_button and size is self.ink.size else size
                return Outcome(replace(self, ink=replace(self.ink, size=size)))
            case Pressed("tool", Tool() as tool):
                tool = following((*Tool,), tool) if event.by_button and tool is self.tool else tool
                return Outcome(replace(self, tool=tool, at=None))
            case Pressed("clear"):
                cleared = replace(self, painted=False, undoable=self.painted or self.undoable)
                return cleared._changed(context, ClearPaint())
            case Pressed("undo") if self.undoable:
                return self._changed(context, UndoPaint())
            case Pressed("less"):
                return self._shown(self.visit.shown - 1, context)
            case Pressed("more"):
                return self._more(context)
            case Pressed("done"):
                return Outcome(ToBack(ToCards(self.visit)), self.stopped())
            case _:
                return Outcome(self)

    def _drag(self, start: Place, end: Place) -> Outcome:
        """Return the screen after the finger went on; outside, where every place is on the edge, it paints nothing."""
        moved = replace(self, at=end)
        if start == end or (start.on_edge and end.on_edge):
            return Outcome(moved)
        return Outcome(replace(moved, stale=True), (Stroke(self.ink, start, end),))

    def _touched(self, place: Place, context: Context, *, held: bool) -> Outcome:
        """Return the screen after a finger came down on the picture: a stamp, or the beginning of a line."""
        begun = replace(self, painted=True, undoable=True)
        if self.tool is not Tool.BRUSH:
            return begun._changed(context, Stamp(self.tool, self.ink, place))
        dab = Stroke(self.ink, place, place, begins=True)
        if not held:
            return begun._changed(context, dab)
        return Outcome(replace(begun, at=place, stale=True, lost=False), (dab,))

    def _by_button(self, row: int, column: int, context: Context) -> Outcome:
        """Return the screen after a button painted at a place: a stamp in its middle, or a stripe across it."""
        y = (row + 0.5) / PLACES
        left, middle, right = (Place((column + part) / PLACES, y) for part in (0.0, 0.5, 1.0))
        begun = replace(self, painted=True, undoable=True)
        if self.tool is Tool.BRUSH:
            return begun._changed(context, Stroke(self.ink, left, right, begins=True))
        return begun._changed(context, Stamp(self.tool, self.ink, middle))

    def _changed(self, context: Context, effect: Effect) -> Outcome:
        """Return the screen after the paint changed at once: it is judged anew, and no line goes on."""
        asked, effects = replace(self, at=None, lost=False)._ask(context)
        return Outcome(asked, (effect, *effects))

    def _ask(self, context: Context) -> tuple["Sketchpad", tuple[Effect, ...]]:
        """Return the screen that has the picture judged as it is painted now; an older judgement is dropped."""
        stop: tuple[Effect, ...] = () if self.job is None else (DropJob(self.job),)
        asked = replace(self, stale=False, job=context.next_job, asked_s=context.now_s)
        return asked, (*stop, JudgePainting(context.next_job))

    def _shown(self, step: int, context: Context) -> Outcome:
        """Return the screen with another step of the stack under the same paint; a step under way is dropped."""
        stop: tuple[Effect, ...] = () if self.step_job is None else (DropJob(self.step_job),)
        still = replace(self, step_job=None, lost=False)
        if not 0 <= step < len(self.visit.steps):
            return Outcome(still, stop)
        asked, effects = replace(still, visit=replace(self.visit, shown=step))._ask(context)
        return Outcome(asked, (*stop, ShowStep(step), *effects))

    def _more(self, context: Context) -> Outcome:
        """Return the screen with the next step under the same paint; on top one more is made, without regard to it."""
        visit = self.visit
        if visit.shown + 1 < len(visit.steps):
            return self._shown(visit.shown + 1, context)
        if self.step_job is not None or visit.spent or context.gradients.phase is not Phase.READY:
            return Outcome(self)
        return Outcome(
            replace(self, step_job=context.next_job, lost=False), (RunStep(context.next_job, visit.shown),)
        )

    def _grown(self, judged: Judged, context: Context) -> Outcome:
        """Return the screen with the new step under the paint."""
        visit = self.visit
        steps = (*visit.steps, replace(judged, step=len(visit.steps)))
        grown = replace(visit, steps=steps, shown=len(steps) - 1)
        return Outcome(*replace(self, visit=grown, step_job=None)._ask(context))


def following(all_of_them: Sequence[Kind], one: Kind) -> Kind:
    """Return the one after that, the first after the last."""
    return all_of_them[(all_of_them.index(one) + 1) % len(all_of_them)]
