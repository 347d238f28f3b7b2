"""The screen of the attack: picture + noise = the same picture, another answer. What happens on it."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.health import Phase
from kiosk.core.message import Count, DropJob, GradientsChanged, JobLost, Tick, Way
from kiosk.core.screen import Outcome, Pressed, Screen, ScreenEvent, visit_of
from kiosk.core.visit import Answer, Judged, Verdict, Visit
from kiosk.topics.attack.facts import CONVINCED, counted, first_fooled, fooled, rests, seeks_quiet, surest
from kiosk.topics.attack.messages import (
    QuietEnded,
    QuieterJudged,
    RecordingTaken,
    RunStep,
    SeekQuiet,
    ShowStep,
    StepJudged,
    TakeRecording,
    ToChoose,
    ToLook,
)
from kiosk.topics.attack.screens.attack_view import AttackView
from kiosk.topics.attract.messages import Film
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.explain.messages import ToExplain
from kiosk.topics.models.messages import ToModels
from kiosk.topics.photograph.messages import ToLive

PACE_S = 0.12  # a fast machine shows each step so long that it can be seen
UNTOUCHED_S = 1.5  # so long "Fooled!" stands before less noise is looked for


@dataclass(frozen=True, slots=True)
class Attack(AttackView):
    """What happens on it."""

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Pressed():
                undisturbed = replace(self, quieting=None, touched_s=context.now_s)
                outcome = undisturbed._pressed(event, context)
                if self.quieting is None:
                    return outcome
                return outcome._replace(effects=(DropJob(self.quieting), *outcome.effects))
            case QuieterJudged(job, judged) if job == self.quieting:
                return self._quieter(judged, context)
            case QuietEnded(job) | JobLost(job) if job == self.quieting:
                return Outcome(replace(self, quieting=None, visit=replace(self.visit, settled=True)))
            case Tick() if self._undisturbed(context):
                sure = self.visit.target is not None and self.visit.now.target_confidence >= CONVINCED
                seek = SeekQuiet(context.next_job, self.visit.loud, CONVINCED if sure else 0.0)
                return Outcome(replace(self, quieting=context.next_job), (seek,))
            case StepJudged(job, judged) if job == self.job:
                return self._judged(judged, context)
            case RecordingTaken(job, answer, target) if job == self.job:
                return self._recorded(answer, target, context)
            case JobLost(job) if job == self.job:
                return Outcome(replace(self, job=None, running=False, remembered="", lost=True))
            case Tick() if self.running and self.job is None and context.now_s - self.asked_s >= PACE_S:
                return self._step(context)
            case GradientsChanged() if self.visit.recorded:
                return Outcome(self)  # a recording needs no gradient process
            case GradientsChanged(health) if health.phase is Phase.LOST and (self.running or self.job):
                stopped = replace(self, job=None, running=False, remembered="", lost=True)
                return Outcome(stopped, self.stopped())
            case GradientsChanged(health) if health.phase is Phase.LOST and self.quieting:
                settled = replace(self.visit, settled=True)
                return Outcome(replace(self, quieting=None, visit=settled), self.stopped())
            case GradientsChanged(health) if health.phase is Phase.READY and self.job is None:
                return replace(self, lost=False)._remembered(context)
            case _:
                return Outcome(self)

    @staticmethod
    def _recorded(answer: Answer, target: int, context: Context) -> Outcome:
        """Return the screen once the recorded attack's picture is there: its steps follow by themselves."""
        zero = Judged(0, answer, answer.confidence(target), Verdict.NOT_YET, 0, 0.0)
        visit = Visit(answer, target, (zero,), recorded=Film.shown_by(context).steps)
        return Attack(visit, running=True)._step(context).also(Count(("recordings",)))

    def _pressed(self, event: Pressed, context: Context) -> Outcome:
        visit = self.visit
        match event:
            case Pressed("fool" | "more" as wish):
                return self._wanted(wish, context)
            case Pressed("less"):
                return self._shown(visit.shown - 1, context)
            case Pressed("step", int(number)):
                return self._shown(number, context)
            case Pressed("noise" | "look" as wish):
                return self._left(ToLook(visit, noise=wish == "noise"))
            case Pressed("why"):
                return self._left(ToExplain(visit, visit.now.answer.first.label))
            case Pressed("watch") if self.job is None and Film.shown_by(context).steps:
                return Outcome(
                    replace(self, job=context.next_job, lost=False), (TakeRecording(context.next_job),)
                )
            case Pressed("bar", (_, int(label))) if context.labels.name(label) is not None:
                return self._left(ToExplain(visit, label))
            case Pressed("cards"):
                return self._left(ToCards(visit))
            case Pressed("card", name):
                way = next((card.way for card in context.cards(visit) if card.name == name), None)
                return Outcome(self) if way is None else self._left(way)
            case Pressed("other" | "another"):
                return self._left(ToChoose(visit.afresh))
            case Pressed("retake"):
                return self._left(ToLive())
            case Pressed("models"):
                return self._left(ToModels(visit))
            case _:
                return Outcome(self)

    def _wanted(self, wish: str, context: Context) -> Outcome:
        """Return what a wish for more noise, once or until it is fooled, leads to; one is kept until it can start."""
        visit = self.visit
        higher = visit.steps[visit.shown + 1 :]
        if wish == "more" and higher:
            return self._shown(visit.shown + 1, context)
        if wish == "fool":
            done = next((step.step for step in higher if step.verdict is Verdict.FOOLED), None)
            if fooled(visit):
                return Outcome(self)
            if done is not None and not visit.boosts:
                return self._shown(done, context)
        if self.running:
            return Outcome(self)
        if visit.spent:
            return Outcome(replace(self, remembered=""))
        if context.gradients.given_up and not visit.recorded:
            return Outcome(self)
        ready = bool(visit.recorded) or context.gradients.phase is Phase.READY
        if self.job is not None or not ready:
            return Outcome(
                replace(self, remembered="fool" if "fool" in (wish, self.remembered) else wish, lost=False)
            )
        return replace(self, running=wish == "fool", remembered="", lost=False)._step(context)

    def _step(self, context: Context) -> Outcome:
        """Return the screen with a step from the top of the stack on its way."""
        top = len(self.visit.steps) - 1
        asked = replace(self, job=context.next_job, asked_s=context.now_s)
        return Outcome(asked, (RunStep(context.next_job, top),))

    def _judged(self, judged: Judged, context: Context) -> Outcome:
        """Return the screen with the new step shown; the next one starts if it is wanted."""
        visit = self.visit
        steps = (*visit.steps, replace(judged, step=len(visit.steps)))
        grown = replace(visit, steps=steps, shown=len(steps) - 1)
        after = replace(self, visit=grown, job=None, before=visit.now, changed_s=context.now_s, lost=False)
        names = counted(visit, grown)
        count = (Count(names),) if names else ()
        if not after.running:
            return after._remembered(context).also(*count)
        if rests(grown):
            rested = replace(after, running=False)
            if (
                not fooled(grown) and first_fooled(grown) and not rested.remembered
            ):  # the last step undid the lie
                return rested._shown(surest(grown), context).also(*count)
            return rested._remembered(context).also(*count)
        if context.now_s - self.asked_s < PACE_S:
            return Outcome(after, count)
        return after._step(context).also(*count)

    def _undisturbed(self, context: Context) -> bool:
        """Return whether nothing happened for so long that less noise may be looked for."""
        still_s = context.now_s - max(self.changed_s, self.touched_s)
        idle = not self.busy and self.quieting is None and still_s >= UNTOUCHED_S
        return idle and seeks_quiet(self.visit) and context.gradients.phase is Phase.READY

    def _quieter(self, judged: Judged, context: Context) -> Outcome:
        """Return the screen with less noise shown, above the step that it was made from."""
        visit, at = self.visit, self.visit.loud
        steps = (*visit.steps[: at + 1], replace(judged, step=at + 1, quiet=True))
        quiet = replace(visit, steps=steps, shown=at + 1)
        return Outcome(replace(self, visit=quiet, before=visit.now, changed_s=context.now_s))

    def _remembered(self, context: Context) -> Outcome:
        """Return what a press that was kept leads to now."""
        if not self.remembered:
            return Outcome(self)
        return replace(self, remembered="")._wanted(self.remembered, context)

    def _shown(self, step: int, context: Context) -> Outcome:
        """Return the screen with another step of the stack shown; what was under way is dropped."""
        visit = self.visit
        still = replace(self, job=None, running=False, remembered="", lost=False)
        if not 0 <= step < len(visit.steps) or step == visit.shown:
            return Outcome(still, self.stopped())
        moved = replace(visit, shown=step)
        return Outcome(
            replace(still, visit=moved, before=visit.now, changed_s=context.now_s),
            (*self.stopped(), ShowStep(step)),
        )

    def resumed(self, left: Screen, context: Context) -> Outcome:
        """Return the sum at rest, with the step that is on the stack now."""
        still = replace(self, job=None, running=False, remembered="", quieting=None, before=None)
        still = replace(still, touched_s=context.now_s)
        return Outcome(replace(still, visit=visit_of(left) or self.visit))

    def _left(self, way: Way) -> Outcome:
        """Return the way on; the step under way is dropped."""
        return Outcome(way, self.stopped())
