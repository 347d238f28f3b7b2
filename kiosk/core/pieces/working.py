"""A screen that asks for something which takes many steps: it shows how far it is, and how long it still takes."""

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import Self

from kiosk.core.context import Context
from kiosk.core.layout import Layout
from kiosk.core.message import Asking, JobAdvanced, JobLost, Reply, Tick
from kiosk.core.parts import sentence
from kiosk.core.scene import Bar, Box, Colour, Item
from kiosk.core.screen import Outcome, Pressed, Screen, ScreenEvent, VisitScreen, under_way
from kiosk.core.visit import Visit

TOLD_FROM_S = 1.0  # before, nobody knows how long it will take


@dataclass(frozen=True, slots=True)
class Work:
    """A job under way: when it began, and how far (0..1) it is."""

    job: int
    since_s: float
    share: float = 0.0

    def left_s(self, now_s: float) -> int | None:
        """Return how many seconds it still takes, None where that is not known yet."""
        gone_s = now_s - self.since_s
        if gone_s < TOLD_FROM_S or self.share <= 0:
            return None
        return max(1, round(gone_s * (1 - self.share) / self.share))


@dataclass(frozen=True, slots=True)
class WorkingScreen(VisitScreen):
    """What asks by itself once it is seen, and again when it is told to.

    `lost` says that nothing came of it.
    """

    visit: Visit
    wanted: bool = True
    work: Work | None = None
    lost: bool = False
    picture = "adversarial"

    @abstractmethod
    def asking(self, job: int) -> Asking:
        """Return what is asked for."""

    @abstractmethod
    def answered(self, reply: Reply) -> Self:
        """Return the screen with what came of it."""

    @abstractmethod
    def pressed(self, event: Pressed, context: Context) -> Outcome:
        """Return what a press leads to."""

    @property
    def held(self) -> tuple[int, ...]:
        """Return the job under way."""
        return under_way(None if self.work is None else self.work.job)

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        own = isinstance(event, Reply) and event.job in self.held
        match event:
            case Tick() if self.wanted:
                return self.begun(context)
            case JobAdvanced(share=share) if own and self.work is not None:
                return Outcome(replace(self, work=replace(self.work, share=share)))
            case JobLost() if own:
                return Outcome(replace(self, work=None, lost=True))
            case Reply() if own:
                return Outcome(replace(self, work=None).answered(event))
            case Pressed("retry") if self.lost:
                return self.begun(context)
            case Pressed():
                return self.pressed(event, context)
            case _:
                return Outcome(self)

    def begun(self, context: Context) -> Outcome:
        """Return the screen with its job begun."""
        job = context.next_job
        begun = replace(self, wanted=False, lost=False, work=Work(job, context.now_s))
        return Outcome(begun, (self.asking(job),))

    def resumed(self, left: Screen, context: Context) -> Outcome:
        """Return it asking again for what was under way."""
        del left, context
        return Outcome(replace(self, work=None, wanted=self.wanted or self.work is not None))


def working_px(layout: Layout) -> int:
    """Return how high the place is that `working` needs."""
    return round(layout.caption * 3.2)


def working(context: Context, layout: Layout, box: Box, work: Work) -> list[Item]:
    """Return how far a job is, as a bar at the foot of a box, and how long it still takes."""
    box = box.inset(layout.gap, layout.tight).foot(working_px(layout))
    thick = max(6, layout.tight * 2)
    left_s = work.left_s(context.now_s)
    texts = context.texts
    told = texts("working.begun") if left_s is None else texts("working.left", seconds=left_s)
    style = layout.style(layout.caption, colour=Colour.MUTE)
    bar = Box(box.x, box.y, box.w, thick)
    return [Bar(bar, work.share, Colour.TEXT), sentence(box.under(thick + layout.tight), told, style)]
