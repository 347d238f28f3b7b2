"""The screen where labels are shown to the camera: a press, 3-2-1, and a burst of pictures. What happens on it."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.labels import TAUGHT
from kiosk.core.lesson import Example
from kiosk.core.message import JobLost, Tick, ToBack, Way
from kiosk.core.parts import COUNT_S
from kiosk.core.screen import Outcome, Pressed, Screen, ScreenEvent
from kiosk.topics.models.messages import JudgeAgain
from kiosk.topics.photograph.messages import StartLive, ToLive
from kiosk.topics.teaching.messages import (
    ExampleRecorded,
    RecordExample,
    ToAlbum,
    ToLesson,
    ToSigns,
    ToTraining,
)
from kiosk.topics.teaching.screens.teach_view import Burst, TeachView, Waiting

EVERY_S = 0.2
BURST_S = 1.9  # ten pictures, whichever hand asked for them: long enough to turn a thing
MOST_WAITING = 3  # a slow classifier is not flooded


@dataclass(frozen=True, slots=True)
class Teach(TeachView):
    """What happens on it."""

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Pressed("record"):
                return self._begun(context)
            case Tick() if self.burst is not None:
                return self._ticked(self.burst, context)
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
                return Outcome(replace(self, at=at, burst=None, refused=False))
            case Pressed("add") if not lesson.full:
                return self._left(ToSigns())
            case Pressed("album") if self.label(context).examples:
                return self._left(ToAlbum(self.at))
            case Pressed("train") if lesson.teachable:
                return self._left(ToTraining())
            case Pressed("back"):
                return self._left(ToBack(ToLive()))
            case Pressed("try"):
                return self._tried(context)
            case _:
                return Outcome(self)

    def _tried(self, context: Context) -> Outcome:
        """Return the way to the camera; where something was taught, that judges (again)."""
        tried, visitor = self._left(ToLive()), context.visitor
        if visitor.taught is None or context.taught:
            return tried
        return tried.also(JudgeAgain(TAUGHT))._replace(visitor=replace(visitor, chosen=TAUGHT))

    def _begun(self, context: Context) -> Outcome:
        """Return the countdown to a new burst, unless one is under way or the label is full."""
        if not context.sees or self.burst is not None:
            return Outcome(self)
        if self.label(context).room <= 0:
            return Outcome(replace(self, refused=True))
        starts_s = context.now_s + COUNT_S
        return Outcome(
            replace(self, burst=Burst(context.next_job, starts_s, starts_s), refused=False, lost=0)
        )

    def _ticked(self, burst: Burst, context: Context) -> Outcome:
        """Return the next picture of the burst, where it is due and the one before is not waited for too long."""
        if not context.sees or context.now_s >= burst.starts_s + BURST_S:
            return Outcome(replace(self, burst=None))
        if context.now_s < burst.due_s or len(self.waiting) >= MOST_WAITING:
            return Outcome(self)
        if self.label(context).room <= sum(one.at == self.at for one in self.waiting):
            return Outcome(replace(self, burst=None, refused=True))
        due_s = max(burst.due_s + EVERY_S, context.now_s)
        waiting = (*self.waiting, Waiting(context.next_job, self.at, burst.number))
        asked = replace(self, burst=replace(burst, due_s=due_s), waiting=waiting)
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

    def resumed(self, left: Screen, context: Context) -> Outcome:
        """Return the same label before the camera, or the last one where that one is gone; no burst is under way."""
        del left
        last = len(context.lesson.labels) - 1
        if last < 0:
            return Outcome(ToLesson())
        return Outcome(Teach(min(self.at, last)), (StartLive(judging=False),))

    def _left(self, way: Way) -> Outcome:
        """Return the way on; what began here stops."""
        return Outcome(way, self.stopped())
