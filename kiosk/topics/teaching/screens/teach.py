"""The screen where labels are shown to the camera: hold to record, five pictures a second. What happens on it."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.lesson import Example
from kiosk.core.message import JobLost, Tick, ToEnd, Way
from kiosk.core.screen import Outcome, Pressed, Released, ScreenEvent
from kiosk.topics.photograph.messages import ToLive
from kiosk.topics.teaching.messages import ExampleRecorded, RecordExample, ToAlbum, ToSigns, ToTraining
from kiosk.topics.teaching.screens.teach_view import Hold, TeachView, Waiting

EVERY_S = 0.2
PRESS_S = 0.9  # a press of the shutter records as long as this: five pictures
MOST_WAITING = 3  # a slow classifier is not flooded


@dataclass(frozen=True, slots=True)
class Teach(TeachView):
    """What happens on it."""

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Pressed("record", held=held):
                return self._recording(context, held=held)
            case Released("record"):
                return Outcome(replace(self, hold=None))
            case Tick() if self.hold is not None:
                return self._ticked(self.hold, context)
            case ExampleRecorded(job):
                return self._recorded(job, context)
            case JobLost(job) if any(one.job == job for one in self.waiting):
                return Outcome(replace(self, waiting=self._others(job), lost=self.lost + 1))
            case Pressed():
                return self._pressed(event, context)
            case _:
                return Outcome(self)

    def _pressed(self, event: Pressed, context: Context) -> Outcome:
        lesson = context.lesson
        match event:
            case Pressed("label", int(at)) if at < len(lesson.labels):
                return Outcome(replace(self, at=at, hold=None, refused=False))
            case Pressed("add") if not lesson.full:
                return self._left(ToSigns())
            case Pressed("album") if self.label(context).examples:
                return self._left(ToAlbum(self.at))
            case Pressed("train") if lesson.teachable:
                return self._left(ToTraining())
            case Pressed("back" | "try"):
                return self._left(ToLive())
            case Pressed("again"):
                return self._left(ToEnd())
            case _:
                return Outcome(self)

    def _recording(self, context: Context, *, held: bool) -> Outcome:
        """Return a new burst begins with its first picture at once, unless the label is full."""
        if not context.sees or self.hold is not None:
            return Outcome(self)
        if self.label(context).room <= 0:
            return Outcome(replace(self, refused=True))
        until_s = None if held else context.now_s + PRESS_S
        hold = Hold(context.next_job, context.now_s, until_s)
        return replace(self, hold=hold, refused=False, lost=0)._ticked(hold, context)

    def _ticked(self, hold: Hold, context: Context) -> Outcome:
        """Return the next picture of the burst, where it is due and the one before is not waited for too long."""
        if not context.sees or (hold.until_s is not None and context.now_s >= hold.until_s):
            return Outcome(replace(self, hold=None))
        if self.label(context).room <= sum(one.at == self.at for one in self.waiting):
            return Outcome(replace(self, hold=None, refused=True))
        if context.now_s < hold.due_s or len(self.waiting) >= MOST_WAITING:
            return Outcome(self)
        due_s = max(hold.due_s + EVERY_S, context.now_s)
        waiting = (*self.waiting, Waiting(context.next_job, self.at, hold.burst))
        asked = replace(self, hold=replace(hold, due_s=due_s), waiting=waiting)
        return Outcome(asked, (RecordExample(context.next_job),))

    def _recorded(self, job: int, context: Context) -> Outcome:
        """Return a picture joins the label it was recorded for."""
        mine = next((one for one in self.waiting if one.job == job), None)
        if mine is None:
            return Outcome(self)
        lesson = context.lesson.with_example(mine.at, Example(job, mine.burst))
        after = replace(self, waiting=self._others(job), lost=0)
        return Outcome(after, visitor=replace(context.visitor, lesson=lesson))

    def _others(self, job: int) -> tuple[Waiting, ...]:
        return tuple(one for one in self.waiting if one.job != job)

    def _left(self, way: Way) -> Outcome:
        """Return the way on; what began here stops."""
        return Outcome(way, self.stopped())
