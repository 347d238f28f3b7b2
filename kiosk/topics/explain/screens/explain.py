"""The screen that asks why: what the answers leaned on in both pictures, and why the noise works."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.health import Phase
from kiosk.core.message import DropJob, GradientsChanged, JobLost, Tick, ToBack
from kiosk.core.screen import Outcome, Pressed, Screen, ScreenEvent, visit_of
from kiosk.core.visit import Visit
from kiosk.topics.attack.messages import ToAttack, ToChoose
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.explain.facts import Page
from kiosk.topics.explain.messages import (
    ContrastDrawn,
    DrawContrast,
    DrawMaps,
    DrawPushes,
    MapsDrawn,
    PushesDrawn,
)
from kiosk.topics.explain.screens.explain_view import ExplainView


@dataclass(frozen=True, slots=True)
class Explain(ExplainView):
    """How it goes on, and where it leads."""

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Tick() if self._wanted and context.gradients.phase is Phase.READY:
                return Outcome(replace(self, job=context.next_job), (self._draw(context.next_job),))
            case ContrastDrawn(job) | MapsDrawn(job) | PushesDrawn(job) if job == self.job:
                return Outcome(replace(self, job=None, drawn=event))
            case JobLost(job) if job == self.job:
                return Outcome(replace(self, job=None, lost=True))
            case GradientsChanged(health) if health.phase is Phase.LOST and self.job is not None:
                return Outcome(replace(self, job=None, lost=True), (DropJob(self.job),))
            case GradientsChanged(health) if health.phase is Phase.READY and self.lost:
                return Outcome(replace(self, lost=False))
            case Pressed():
                return self._pressed(event, context)
            case _:
                return Outcome(self)

    def resumed(self, left: Screen, context: Context) -> Outcome:
        """Return it with what is drawn; where the noise is another one by now, that is drawn anew."""
        del context
        visit = visit_of(left) or self.visit
        drawn = self.drawn if visit.shown == self.visit.shown else None
        return Outcome(replace(self, visit=visit, job=None, drawn=drawn))

    @property
    def _wanted(self) -> bool:
        """Return whether the page's pictures are still to be asked for."""
        return self.drawn is None and self.job is None and not self.lost

    def _draw(self, job: int) -> DrawContrast | DrawMaps | DrawPushes:
        """Return what draws the page."""
        step = self.visit.shown
        match self.page:
            case Page.CONTRAST:
                return DrawContrast(job, self.rival, self.truth, step)
            case Page.ALONE:
                return DrawMaps(job, self.label, step)
            case Page.REASON:
                return DrawPushes(job, self.rival, self.truth, step)

    def _pressed(self, event: Pressed, context: Context) -> Outcome:
        match event:
            case Pressed("label", int(label)) if context.labels.name(label) is not None:
                if label == self.named and not self.lost:
                    return Outcome(self)
                return self._anew(self.visit, label, self.page)
            case Pressed("page", Page() as page):
                return self._anew(self.visit, self.label, page)
            case Pressed("retry"):
                return Outcome(replace(self, lost=False))
            case Pressed("back"):
                return Outcome(ToBack(ToAttack(self.visit)), self.stopped())
            case Pressed("cards"):
                return Outcome(ToCards(self.visit), self.stopped())
            case Pressed("other"):
                return Outcome(ToChoose(self.visit.afresh), self.stopped())
            case _:
                return Outcome(self)

    def _anew(self, visit: Visit, label: int, page: Page) -> Outcome:
        """Return the screen with another page or label, nothing of which is drawn yet."""
        return Outcome(Explain(visit, label, page), self.stopped())
