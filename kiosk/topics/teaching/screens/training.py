"""The screen of a training: how far it is, its curves while they grow, and what came of it."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.health import Phase
from kiosk.core.layout import Layout, columns, layout_of, rows, split
from kiosk.core.message import DropJob, GradientsChanged, JobLost, Tick, ToBack
from kiosk.core.parts import button, headline, percent, scene_of, sentence
from kiosk.core.scene import (
    Align,
    Bar,
    Box,
    Colour,
    Curve,
    Curves,
    Item,
    Plate,
    Scene,
    Weight,
)
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


@dataclass(frozen=True, slots=True)
class Plot:
    """A figure by epoch, 0..1: on what it practises, and on what it has never seen (empty where nothing is tested)."""

    key: str
    practised: tuple[float, ...]
    unseen: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Training(TeachingScreen):
    """The epochs so far, and how the job is: wanted, under way (`job`), lost or done."""

    epochs: tuple[Epoch, ...] = ()
    wanted: bool = True
    job: int | None = None
    lost: bool = False
    done: bool = False

    @property
    def held(self) -> tuple[int, ...]:
        """Return the job under way."""
        return under_way(self.job)

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Tick() if self.wanted and self.job is None and context.gradients.phase is Phase.READY:
                names = tuple(context.signs[label.sign].name for label in context.lesson.labels)
                begun = Training(wanted=False, job=context.next_job)
                return Outcome(begun, (TrainHead(context.next_job, names, context.lesson),))
            case EpochTrained(job, epoch) if job == self.job:
                return Outcome(replace(self, epochs=(*self.epochs, epoch)))
            case HeadTrained(job, predicted) if job == self.job:
                return Outcome(ToTrained(predicted, self.epochs))
            case JobLost(job) if job == self.job:
                return Outcome(replace(self, job=None, lost=True))
            case GradientsChanged(health) if health.phase is Phase.LOST and self.job is not None:
                return Outcome(replace(self, job=None, lost=True), (DropJob(self.job),))
            case Pressed():
                return self._pressed(event, context)
            case _:
                return Outcome(self)

    def _pressed(self, event: Pressed, context: Context) -> Outcome:
        match event:
            case Pressed("cancel" | "back"):
                return Outcome(ToBack(ToLesson()), self.stopped())
            case Pressed("retry") if self.lost:
                return Outcome(Training())
            case Pressed("try") if self.done:
                return Outcome(ToLive())
            case Pressed("test") if (
                self.done and context.lesson.report is not None and context.lesson.report.total
            ):
                return Outcome(ToConfusion())
            case _:
                return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return two plots, what they mean, and the way on."""
        layout = layout_of(context.panel)
        leave = () if self.done or self.lost else (("cancel", "cancel", "cancel"),)
        around = leave or (("back", "back", "back_teach"),)
        items, stage = headline(context, layout, self._title(context), (*around, ("again", "again", "again")))
        deck, rest = stage.foot(layout.deck), stage.above(layout.deck + layout.gap)
        texts = context.texts
        if self.lost:
            note = sentence(
                rest,
                texts("training.lost_note"),
                layout.style(layout.control, colour=Colour.MUTE, lines=4, align=Align.CENTRE),
            )
            retry = button(layout, "retry", deck, texts("control.retry"), "again", size_px=layout.control)
            return scene_of(context, "training", [retry, *items, note], "retry")
        items += self._plots(context, layout, rest)
        if self.done:
            return scene_of(context, "training", [*self._ways_on(context, layout, deck), *items], "try")
        done = len(self.epochs) / self.epochs[-1].epochs if self.epochs else 0.0
        bar = Box(deck.x, deck.y + deck.h // 3, deck.w, max(8, layout.tight * 2))
        items.append(Bar(bar, done, Colour.TEXT))
        return scene_of(context, "training", items, "")

    def _title(self, context: Context) -> str:
        """Return what is going on, or what came of it."""
        report = context.lesson.report
        if self.lost:
            return context.texts("training.lost")
        if self.done and report is not None:
            if not report.total:
                return context.texts("training.untested")
            return context.texts("training.done", right=report.right, total=report.total)
        if self.epochs:
            return context.texts("training.learning")
        return context.texts("training.begins" if self.job is not None else "training.warming")

    def _ways_on(self, context: Context, layout: Layout, deck: Box) -> list[Item]:
        """Try it, first of all; where there was a test, see it."""
        texts = context.texts
        size = round(layout.control * 1.15)
        report = context.lesson.report
        if report is None or not report.total:
            return [button(layout, "try", deck, texts("control.try"), "camera", size_px=size)]
        test, try_it = split(deck, (1.0, 1.3), layout.gap)
        return [
            button(layout, "try", try_it, texts("control.try"), "camera", size_px=size),
            button(layout, "test", test, texts("control.test"), "matrix", size_px=size),
        ]

    def _plots(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return both plots, and what their two lines are."""
        epochs = self.epochs
        length = epochs[-1].epochs if epochs else 1
        legend = round(layout.caption * (3.2 if context.panel.portrait else 1.7))
        halves = (rows if context.panel.portrait else columns)(box.above(legend), 2, layout.gap)
        plots = plots_of(epochs)
        items = [
            item
            for plot, half in zip(plots, halves, strict=True)
            for item in _plot(plot, length, context, layout, half)
        ]
        return [*items, *_legend(context, layout, box.foot(legend), tested=bool(plots[0].unseen))]


def plots_of(epochs: tuple[Epoch, ...]) -> tuple[Plot, Plot]:
    """Return how many it gets right, and how wrong it feels: the loss, as a share of its largest."""
    losses = [loss for e in epochs for loss in (e.loss, e.held_out_loss) if loss is not None]
    most = max(losses, default=0.0) or 1.0
    right = tuple(e.held_out_accuracy for e in epochs if e.held_out_accuracy is not None)
    wrong = tuple(e.held_out_loss / most for e in epochs if e.held_out_loss is not None)
    return (
        Plot("right", tuple(e.accuracy for e in epochs), right),
        Plot("wrong", tuple(e.loss / most for e in epochs), wrong),
    )


def _plot(plot: Plot, length: int, context: Context, layout: Layout, box: Box) -> list[Item]:
    """Return one plot under its title; the share that is right in numbers too."""
    heavy, light = max(3, layout.tight // 2), max(2, layout.tight // 4)
    lines = (Curve(plot.practised, Colour.MUTE, light), Curve(plot.unseen, Colour.TEXT, heavy))
    line = round(layout.caption * 1.7)
    inner = box.inset(layout.gap, layout.tight)
    title, number = split(inner.top(line), (4.0, 1.0), 0)
    last = plot.unseen[-1:] or plot.practised[-1:]
    items: list[Item] = [
        Plate(box, layout.radius),
        sentence(
            title, context.texts(f"training.{plot.key}"), layout.style(layout.caption, weight=Weight.SEMIBOLD)
        ),
        Curves(inner.under(line), tuple(curve for curve in lines if curve.heights), length),
    ]
    if plot.key == "right" and last:
        items.append(
            sentence(
                number,
                percent(context, last[0]),
                layout.style(layout.caption, align=Align.RIGHT, weight=Weight.EXTRABOLD),
            )
        )
    return items


def _legend(context: Context, layout: Layout, box: Box, *, tested: bool) -> list[Item]:
    """Return what the two lines of a plot are."""
    keys = (("practised", Colour.MUTE), ("unseen", Colour.TEXT))[: 1 + tested]
    places = (rows if context.panel.portrait else columns)(box, 2, 0)
    return [
        sentence(
            place,
            context.texts(f"training.{key}"),
            layout.style(layout.caption, colour=colour, weight=Weight.SEMIBOLD),
        )
        for (key, colour), place in zip(keys, places, strict=False)
    ]
