"""The screen where labels are shown to the camera: hold to record, five pictures a second. What happens on it."""

from dataclasses import dataclass, replace

from kiosk.core.effects import DropJob, Effect, RecordExample, StopLive
from kiosk.core.events import ExampleRecorded, JobLost, Tick
from kiosk.core.lesson import Example, Lesson, TaughtLabel
from kiosk.core.screen import (
    Hall,
    Pressed,
    Released,
    ScreenEvent,
    ToAlbum,
    ToEnd,
    ToLive,
    ToSigns,
    ToTraining,
    Way,
)

EVERY_S = 0.2
PRESS_S = 0.9  # a press of the shutter records as long as this: five pictures
MOST_WAITING = 3  # a slow classifier is not flooded
TROUBLE = 3  # so many pictures lost one after another are worth a word


@dataclass(frozen=True, slots=True)
class Hold:
    """One burst: until the finger lets go, or (`until_s`) for a press of the shutter; when its next picture is due."""

    burst: int
    due_s: float
    until_s: float | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A picture that is being looked at: its job, where its label stands, its burst."""

    job: int
    at: int
    burst: int


@dataclass(frozen=True, slots=True)
class Teach:
    """The lesson (never without labels), the label that is shown now, and the burst under way.

    `lost` is how many pictures were lost one after another, `refused` says that the label was asked to take more
    than it may have.
    """

    lesson: Lesson
    at: int = 0
    hold: Hold | None = None
    waiting: tuple[Waiting, ...] = ()
    lost: int = 0
    refused: bool = False

    @property
    def label(self) -> TaughtLabel:
        """The label that is shown now."""
        return self.lesson.labels[self.at]


Outcome = tuple[Teach | Way, tuple[Effect, ...]]


def update(slice_: Teach, event: ScreenEvent, hall: Hall) -> Outcome:
    """The next slice or the way on."""
    match event:
        case Pressed("record", held=held):
            return _recording(slice_, hall, held=held)
        case Released("record"):
            return replace(slice_, hold=None), ()
        case Tick() if slice_.hold is not None:
            return _ticked(slice_, slice_.hold, hall)
        case ExampleRecorded(job):
            return _recorded(slice_, job)
        case JobLost(job) if any(one.job == job for one in slice_.waiting):
            return replace(slice_, waiting=_others(slice_, job), lost=slice_.lost + 1), ()
        case Pressed(control):
            return _pressed(slice_, control)
        case _:
            return slice_, ()


def _pressed(slice_: Teach, control: str) -> Outcome:
    lesson = slice_.lesson
    match control.partition("-"):
        case ("label", _, at) if int(at) < len(lesson.labels):
            return replace(slice_, at=int(at), hold=None, refused=False), ()
        case ("add", _, _) if not lesson.full:
            return _left(slice_, ToSigns(lesson))
        case ("album", _, _) if slice_.label.examples:
            return _left(slice_, ToAlbum(lesson, slice_.at))
        case ("train", _, _) if lesson.teachable:
            return _left(slice_, ToTraining(lesson.filled))
        case ("back" | "try", _, _):
            return _left(slice_, ToLive())
        case ("again", _, _):
            return _left(slice_, ToEnd())
        case _:
            return slice_, ()


def _recording(slice_: Teach, hall: Hall, *, held: bool) -> Outcome:
    """A new burst begins with its first picture at once, unless the label is full."""
    if not hall.camera or slice_.hold is not None:
        return slice_, ()
    if slice_.label.room <= 0:
        return replace(slice_, refused=True), ()
    until_s = None if held else hall.now_s + PRESS_S
    hold = Hold(hall.next_job, hall.now_s, until_s)
    return _ticked(replace(slice_, hold=hold, refused=False, lost=0), hold, hall)


def _ticked(slice_: Teach, hold: Hold, hall: Hall) -> Outcome:
    """The next picture of the burst, where it is due and the one before is not waited for too long."""
    if not hall.camera or (hold.until_s is not None and hall.now_s >= hold.until_s):
        return replace(slice_, hold=None), ()
    if slice_.label.room <= sum(one.at == slice_.at for one in slice_.waiting):
        return replace(slice_, hold=None, refused=True), ()
    if hall.now_s < hold.due_s or len(slice_.waiting) >= MOST_WAITING:
        return slice_, ()
    due_s = max(hold.due_s + EVERY_S, hall.now_s)
    waiting = (*slice_.waiting, Waiting(hall.next_job, slice_.at, hold.burst))
    asked = replace(slice_, hold=replace(hold, due_s=due_s), waiting=waiting)
    return asked, (RecordExample(hall.next_job),)


def _recorded(slice_: Teach, job: int) -> Outcome:
    """A picture joins the label it was recorded for."""
    mine = next((one for one in slice_.waiting if one.job == job), None)
    if mine is None:
        return slice_, ()
    lesson = slice_.lesson.with_example(mine.at, Example(job, mine.burst))
    return replace(slice_, lesson=lesson, waiting=_others(slice_, job), lost=0), ()


def _others(slice_: Teach, job: int) -> tuple[Waiting, ...]:
    return tuple(one for one in slice_.waiting if one.job != job)


def _left(slice_: Teach, way: Way) -> Outcome:
    """The way on; pictures that are still being looked at are not kept."""
    return way, (*(DropJob(one.job) for one in slice_.waiting), StopLive())
