"""The screen of a training: how far it is, its curves while they grow, and what came of it."""

from dataclasses import dataclass, replace

from kiosk.core.effects import DropJob, Effect, TrainHead
from kiosk.core.events import EpochTrained, GradientsChanged, HeadTrained, JobLost, Tick
from kiosk.core.layout import Layout, columns, layout_of, rows, split
from kiosk.core.lesson import Lesson
from kiosk.core.model import Epoch, Phase
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
from kiosk.core.screen import Hall, Pressed, ScreenEvent, ToConfusion, ToEnd, ToLive, ToTeach, ToTrained, Way


@dataclass(frozen=True, slots=True)
class Training:
    """The lesson, the epochs so far, and how the job is: wanted, under way (`job`), lost or done."""

    lesson: Lesson
    epochs: tuple[Epoch, ...] = ()
    wanted: bool = True
    job: int | None = None
    lost: bool = False
    done: bool = False


Outcome = tuple[Training | Way, tuple[Effect, ...]]


def update(slice_: Training, event: ScreenEvent, hall: Hall) -> Outcome:
    """The next slice or the way on."""
    match event:
        case Tick() if slice_.wanted and slice_.job is None and hall.gradients.phase is Phase.READY:
            names = tuple(hall.signs[label.sign].name for label in slice_.lesson.labels)
            begun = Training(slice_.lesson, wanted=False, job=hall.next_job)
            return begun, (TrainHead(hall.next_job, names, slice_.lesson),)
        case EpochTrained(job, epoch) if job == slice_.job:
            return replace(slice_, epochs=(*slice_.epochs, epoch)), ()
        case HeadTrained(job, predicted) if job == slice_.job:
            return ToTrained(slice_.lesson.tested(predicted), slice_.epochs), ()
        case JobLost(job) if job == slice_.job:
            return replace(slice_, job=None, lost=True), ()
        case GradientsChanged(health) if health.phase is Phase.LOST and slice_.job is not None:
            return replace(slice_, job=None, lost=True), (DropJob(slice_.job),)
        case Pressed(control):
            return _pressed(slice_, control)
        case _:
            return slice_, ()


def _pressed(slice_: Training, control: str) -> Outcome:
    stop: tuple[Effect, ...] = () if slice_.job is None else (DropJob(slice_.job),)
    match control:
        case "cancel" | "back":
            return ToTeach(slice_.lesson), stop
        case "retry" if slice_.lost:
            return Training(slice_.lesson), ()
        case "try" if slice_.done:
            return ToLive(), ()
        case "test" if slice_.done and slice_.lesson.report is not None and slice_.lesson.report.total:
            return ToConfusion(slice_.lesson), ()
        case "again":
            return ToEnd(), stop
        case _:
            return slice_, ()


def view(slice_: Training, hall: Hall) -> Scene:
    """Two plots, what they mean, and the way on."""
    layout = layout_of(hall.panel)
    leave = () if slice_.done or slice_.lost else (("cancel", "cancel", "cancel"),)
    around = leave or (("back", "back", "back_teach"),)
    items, stage = headline(hall, layout, _title(slice_, hall), (*around, ("again", "again", "again")))
    deck, rest = stage.foot(layout.deck), stage.above(layout.deck + layout.gap)
    texts = hall.texts
    if slice_.lost:
        note = sentence(
            rest, texts("training.lost_note"), layout.control, layout, colour=Colour.MUTE, lines=4,
            align=Align.CENTRE,
        )  # fmt: skip
        retry = button(layout, "retry", deck, texts("control.retry"), "again", size_px=layout.control)
        return scene_of(hall, "training", [retry, *items, note], "retry")
    items += _plots(slice_, hall, layout, rest)
    if slice_.done:
        return scene_of(hall, "training", [*_ways_on(slice_, hall, layout, deck), *items], "try")
    done = len(slice_.epochs) / slice_.epochs[-1].epochs if slice_.epochs else 0.0
    bar = Box(deck.x, deck.y + deck.h // 3, deck.w, max(8, layout.tight * 2))
    items.append(Bar(bar, done, Colour.TEXT))
    return scene_of(hall, "training", items, "")


def _title(slice_: Training, hall: Hall) -> str:
    """What is going on, or what came of it."""
    report = slice_.lesson.report
    if slice_.lost:
        return hall.texts("training.lost")
    if slice_.done and report is not None:
        if not report.total:
            return hall.texts("training.untested")
        return hall.texts("training.done", right=report.right, total=report.total)
    if slice_.epochs:
        return hall.texts("training.learning")
    return hall.texts("training.begins" if slice_.job is not None else "training.warming")


def _ways_on(slice_: Training, hall: Hall, layout: Layout, deck: Box) -> list[Item]:
    """Try it, first of all; where there was a test, see it."""
    texts = hall.texts
    size = round(layout.control * 1.15)
    report = slice_.lesson.report
    if report is None or not report.total:
        return [button(layout, "try", deck, texts("control.try"), "camera", size_px=size)]
    test, try_it = split(deck, (1.0, 1.3), layout.gap)
    return [
        button(layout, "try", try_it, texts("control.try"), "camera", size_px=size),
        button(layout, "test", test, texts("control.test"), "matrix", size_px=size),
    ]


@dataclass(frozen=True, slots=True)
class Plot:
    """A figure by epoch, 0..1: on what it practises, and on what it has never seen (empty where nothing is tested)."""

    key: str
    practised: tuple[float, ...]
    unseen: tuple[float, ...]


def plots_of(epochs: tuple[Epoch, ...]) -> tuple[Plot, Plot]:
    """How many it gets right, and how wrong it feels: the loss, as a share of its largest."""
    losses = [loss for e in epochs for loss in (e.loss, e.held_out_loss) if loss is not None]
    most = max(losses, default=0.0) or 1.0
    right = tuple(e.held_out_accuracy for e in epochs if e.held_out_accuracy is not None)
    wrong = tuple(e.held_out_loss / most for e in epochs if e.held_out_loss is not None)
    return (
        Plot("right", tuple(e.accuracy for e in epochs), right),
        Plot("wrong", tuple(e.loss / most for e in epochs), wrong),
    )


def _plots(slice_: Training, hall: Hall, layout: Layout, box: Box) -> list[Item]:
    """Both plots, and what their two lines are."""
    epochs = slice_.epochs
    length = epochs[-1].epochs if epochs else 1
    legend = round(layout.caption * (3.2 if hall.panel.portrait else 1.7))
    halves = (rows if hall.panel.portrait else columns)(box.above(legend), 2, layout.gap)
    plots = plots_of(epochs)
    items = [
        item
        for plot, half in zip(plots, halves, strict=True)
        for item in _plot(plot, length, hall, layout, half)
    ]
    return [*items, *_legend(hall, layout, box.foot(legend), tested=bool(plots[0].unseen))]


def _plot(plot: Plot, length: int, hall: Hall, layout: Layout, box: Box) -> list[Item]:
    """One plot under its title; the share that is right in numbers too."""
    heavy, light = max(3, layout.tight // 2), max(2, layout.tight // 4)
    lines = (Curve(plot.practised, Colour.MUTE, light), Curve(plot.unseen, Colour.TEXT, heavy))
    line = round(layout.caption * 1.7)
    inner = box.inset(layout.gap, layout.tight)
    title, number = split(inner.top(line), (4.0, 1.0), 0)
    last = plot.unseen[-1:] or plot.practised[-1:]
    items: list[Item] = [
        Plate(box, layout.radius),
        sentence(title, hall.texts(f"training.{plot.key}"), layout.caption, layout, weight=Weight.SEMIBOLD),
        Curves(inner.under(line), tuple(curve for curve in lines if curve.heights), length),
    ]
    if plot.key == "right" and last:
        items.append(
            sentence(
                number, percent(hall, last[0]), layout.caption, layout, align=Align.RIGHT,
                weight=Weight.EXTRABOLD,
            )
        )  # fmt: skip
    return items


def _legend(hall: Hall, layout: Layout, box: Box, *, tested: bool) -> list[Item]:
    """What the two lines of a plot are."""
    keys = (("practised", Colour.MUTE), ("unseen", Colour.TEXT))[: 1 + tested]
    places = (rows if hall.panel.portrait else columns)(box, 2, 0)
    return [
        sentence(
            place,
            hall.texts(f"training.{key}"),
            layout.caption,
            layout,
            colour=colour,
            weight=Weight.SEMIBOLD,
        )
        for (key, colour), place in zip(keys, places, strict=False)
    ]
