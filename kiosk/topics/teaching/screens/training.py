"""The screen of a training: the examples sort themselves while it learns, then how its own test went."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.health import Phase
from kiosk.core.layout import Layout, layout_of, rows, split
from kiosk.core.lesson import NOT_TESTED, Report, Tested
from kiosk.core.message import DropJob, GradientsChanged, JobLost, Tick, ToBack
from kiosk.core.parts import button, eased, scene_of, sentence
from kiosk.core.pieces.frame import BACK, CANCEL, framed
from kiosk.core.scene import Align, Bar, Box, Colour, Control, Scene
from kiosk.core.screen import Outcome, Pressed, ScreenEvent, TeachingScreen, under_way
from kiosk.topics.photograph.messages import ToLive
from kiosk.topics.teaching.messages import (
    Epoch,
    EpochTrained,
    HeadTrained,
    ToConfusion,
    ToLesson,
    ToTrained,
    TrainHead,
)
from kiosk.topics.teaching.screens.learning_curves import learning_curves
from kiosk.topics.teaching.screens.sorting import Sorting

MOVE_S = 0.25
# A fast machine is done before anybody has seen it learn: the first epochs, which sort most, are shown for longer.
SLOW_EPOCHS, SLOW_S, QUICK_S = 8, 0.3, 0.03


@dataclass(frozen=True, slots=True)
class Training(TeachingScreen):
    """The epochs so far, and how the job is: wanted, under way (`job`), lost or done.

    `since_s` is when the first epoch was told, `heard_s` when the last; `more` shows the curves, not the pictures.
    """

    epochs: tuple[Epoch, ...] = ()
    wanted: bool = True
    job: int | None = None
    lost: bool = False
    done: bool = False
    since_s: float = 0.0
    heard_s: float = 0.0
    more: bool = False

    @property
    def held(self) -> tuple[int, ...]:
        """Return the job under way."""
        return under_way(self.job)

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Tick() if self.wanted and self.job is None and context.gradients.phase is Phase.READY:
                names = tuple(context.signs[label.sign].name for label in context.lesson.labels)
                begun = Training(wanted=False, job=context.next_job, more=self.more)
                return Outcome(begun, (TrainHead(context.next_job, names, context.lesson),))
            case EpochTrained(job, epoch) if job == self.job:
                since_s = self.since_s if self.epochs else context.now_s
                heard = replace(self, epochs=(*self.epochs, epoch), since_s=since_s, heard_s=context.now_s)
                return Outcome(heard)
            case HeadTrained(job, predicted) if job == self.job:
                after = replace(self, wanted=False, job=None, done=True)
                return Outcome(ToTrained(predicted, after, replaced=context.taught))
            case JobLost(job) if job == self.job:
                return Outcome(replace(self, job=None, lost=True))
            case GradientsChanged(health) if health.phase is Phase.LOST and self.job is not None:
                return Outcome(replace(self, job=None, lost=True), (DropJob(self.job),))
            case Pressed():
                return self._pressed(event, context)
            case _:
                return Outcome(self)

    def _pressed(self, event: Pressed, context: Context) -> Outcome:
        report = context.lesson.report
        match event:
            case Pressed("cancel" | "back"):
                return Outcome(ToBack(ToLesson()), self.stopped())
            case Pressed("retry") if self.lost:
                return Outcome(Training())
            case Pressed("try") if self.done:
                return Outcome(ToLive())
            case Pressed("more"):
                return Outcome(replace(self, more=not self.more))
            case Pressed("test") if self.done and report is not None and report.total:
                return Outcome(ToConfusion())
            case Pressed("showing") if self.done and report is not None and report.untested:
                return Outcome(ToLesson(context.lesson.index_of(report.signs[report.untested[0]])))
            case _:
                return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return the pictures in their trays, or the curves; and the way on."""
        layout = layout_of(context.panel)
        back = BACK if self.done or self.lost else CANCEL
        frame = framed(context, layout, self._title(context), back=back, deck=1 if self.lost else 2, lines=2)
        items, rest, deck = [*frame.items], frame.stage, frame.deck
        texts = context.texts
        if self.lost:
            note = sentence(
                rest,
                texts("training.lost_note"),
                layout.style(layout.control, colour=Colour.MUTE, lines=4, align=Align.CENTRE),
            )
            retry = button(layout, "retry", deck, texts("control.retry"), "again", size_px=layout.control)
            return scene_of(context, "training", [retry, *items, note], "retry")
        if self.more:
            items += learning_curves(self.epochs, context, layout, rest)
        else:
            items += self._sorting(context).view(context, layout, rest)
        if self.done:
            ways = self._ways_on(context, layout, deck)
            return scene_of(context, "training", [*ways, *items], ways[0].id)
        bar, more = (
            rows(deck, 2, layout.gap) if context.panel.portrait else split(deck, (1.4, 1.0), layout.gap)
        )
        done = len(self.epochs) / self.epochs[-1].epochs if self.epochs else 0.0
        items.append(self._more(context, layout, more))
        items.append(Bar(Box(bar.x, bar.y + bar.h // 3, bar.w, max(8, layout.tight * 2)), done, Colour.TEXT))
        return scene_of(context, "training", items, "")

    def _title(self, context: Context) -> str:
        """Return what is going on, or what came of it."""
        report = context.lesson.report
        if self.lost:
            return context.texts("training.lost")
        if self.done and report is not None:
            return tested(report, context, "training.done")
        if self.epochs:
            return context.texts("training.learning")
        return context.texts("training.begins" if self.job is not None else "training.warming")

    def _ways_on(self, context: Context, layout: Layout, deck: Box) -> list[Control]:
        """Return what comes next first: one more showing where a label was not tested, else trying it."""
        texts, report = context.texts, context.lesson.report or Report((), ())
        shown_again = self._shown_again(report, context)
        last, middle, first = _places(context, layout, deck)
        size = round(layout.control * 1.15)
        try_it = button(layout, "try", first, texts("control.try"), "camera", size_px=size)
        test = button(layout, "test", middle, texts("control.test"), "matrix", size_px=layout.control)
        more = self._more(context, layout, last)
        if not shown_again:
            return [try_it, test, more] if report.total else [try_it, more]
        showing = button(layout, "showing", first, shown_again, "record", size_px=layout.control)
        try_it = replace(try_it, box=middle, size_px=layout.control)
        return [showing, try_it, replace(test, box=last, size_px=layout.body) if report.total else more]

    def _more(self, context: Context, layout: Layout, box: Box) -> Control:
        """Return the way from the pictures to the curves, and back."""
        key, icon = ("training.less", "album") if self.more else ("training.more", "curve")
        return button(layout, "more", box, context.texts(key), icon, size_px=layout.body)

    @staticmethod
    def _shown_again(report: Report, context: Context) -> str:
        """Return the request to show the first label once more that was not tested and is still here."""
        signs = [report.signs[at] for at in report.untested]
        if not signs or context.lesson.index_of(signs[0]) is None:
            return ""
        return context.texts("training.again", label=context.signs[signs[0]].name)

    def _sorting(self, context: Context) -> Sorting:
        """Return what the examples were called before, and are called now; once it is tested, how that went."""
        report = context.lesson.report if self.done else None
        examples = context.lesson.rows
        signs = tuple(label.sign for label in context.lesson.labels)
        if report is not None:
            signs, examples = report.signs, tuple((one.right, one.example) for one in report.tested)
        there = {example.number for _, example in context.lesson.rows}
        count, part = self._shown(context.now_s)

        def called(epoch: int) -> tuple[Tested, ...]:
            said = self.epochs[epoch].said if epoch >= 0 else ()
            return tuple(
                Tested(example, right, said[at] if at < len(said) else NOT_TESTED)
                for at, (right, example) in enumerate(examples)
                if example.number in there
            )

        if not count:
            return Sorting(signs, called(-1))
        now = called(count - 1)
        if report is None or count < len(self.epochs):
            return Sorting(signs, called(count - 2), now, part)
        final = tuple(one for one in report.tested if one.example.number in there)
        return Sorting(signs, called(count - 2), final, part, report)

    def _shown(self, now_s: float) -> tuple[int, float]:
        """Return how many epochs are shown by now, and how far (0..1) the pictures are on their way to the last."""
        due_s = [
            self.since_s + SLOW_S * min(at, SLOW_EPOCHS) + QUICK_S * max(0, at - SLOW_EPOCHS)
            for at in range(len(self.epochs))
        ]
        count = sum(due <= now_s for due in due_s)
        if not count:
            return 0, 1.0
        began_s = max(due_s[count - 1], self.heard_s if count == len(self.epochs) else 0.0)
        return count, eased(began_s, now_s, MOVE_S)


def _places(context: Context, layout: Layout, deck: Box) -> tuple[Box, ...]:
    """Return where the three ways on lie, the last of them first; on tall panels the first has a line of its own."""
    if not context.panel.portrait:
        return split(deck, (1.0, 1.3, 1.5), layout.gap)
    first, others = rows(deck, 2, layout.gap)
    return (*split(others, (1.0, 1.5), layout.gap), first)


def tested(report: Report, context: Context, key: str) -> str:
    """Return how the test went, and which label took no part in it."""
    if not report.total:
        return context.texts("training.untested")
    told = context.texts(key, right=report.right, total=report.total)
    missing = [context.signs[report.signs[at]].name for at in report.untested]
    if not missing:
        return told
    if len(missing) > 1:
        return f"{told} {context.texts('training.left_out_many', count=len(missing))}"
    return f"{told} {context.texts('training.left_out', label=missing[0])}"
