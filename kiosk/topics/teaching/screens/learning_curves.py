"""The curves of a training, for those who want to see more: how many it gets right, and how wrong it feels."""

from dataclasses import dataclass

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns, rows, split
from kiosk.core.parts import percent, sentence
from kiosk.core.scene import Align, Box, Colour, Curve, Curves, Item, Plate, Weight
from kiosk.topics.teaching.messages import Epoch


@dataclass(frozen=True, slots=True)
class Plot:
    """A figure by epoch, 0..1: on what it practises, and on what it has never seen (empty where nothing is tested)."""

    key: str
    practised: tuple[float, ...]
    unseen: tuple[float, ...]


def learning_curves(epochs: tuple[Epoch, ...], context: Context, layout: Layout, box: Box) -> list[Item]:
    """Return both plots, and what their two lines are."""
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
    """Return one plot under its title; the share that is right in numbers too, of what it has never seen alone."""
    heavy, light = max(3, layout.tight // 2), max(2, layout.tight // 4)
    lines = (Curve(plot.practised, Colour.MUTE, light), Curve(plot.unseen, Colour.TEXT, heavy))
    line = round(layout.caption * 1.7)
    inner = box.inset(layout.gap, layout.tight)
    title, number = split(inner.top(line), (4.0, 1.0), 0)
    last = plot.unseen[-1:]  # what it practises on says nothing
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
