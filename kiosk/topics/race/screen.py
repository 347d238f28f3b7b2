"""The screen on which the answers' race is seen again."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout, layout_of, rows
from kiosk.core.message import ToBack
from kiosk.core.parts import called, percent, scene_of, sentence
from kiosk.core.pieces.frame import framed
from kiosk.core.pieces.pair import plated
from kiosk.core.pieces.stepping import LATER, stepped, stepping
from kiosk.core.scene import Bar, Box, Colour, Curve, Curves, Item, Plate, Scene, Weight
from kiosk.core.screen import Outcome, Pressed, ScreenEvent, VisitScreen
from kiosk.core.visit import Visit
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.race.facts import Runner, overtaken, runners

FEW = 3  # answers that a small panel has room for


@dataclass(frozen=True, slots=True)
class Race(VisitScreen):
    """The visit, and the step that is looked at."""

    visit: Visit
    at: int
    picture = "adversarial"

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return the race at another step, or the way back."""
        del context
        match event:
            case Pressed("back"):
                return Outcome(ToBack(ToCards(self.visit)))
            case Pressed():
                at = stepped(event, self.at, len(self.visit.taken) - 1)
                return Outcome(self if at is None else replace(self, at=at))
            case _:
                return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return the lines, how sure each answer was at the step, and who is ahead."""
        layout = layout_of(context.panel)
        frame = framed(context, layout, context.texts("race.title"))
        stage = frame.stage
        run = runners(self.visit, context.labels.order)[: FEW if layout.compact else None]
        if context.panel.portrait:
            plot, words = stage.top(round(stage.h * 0.42)), stage.under(round(stage.h * 0.42) + layout.gap)
        else:
            plot = stage.left(round(stage.w * 0.52))
            words = stage.after(plot.w + layout.gap)
        items = self._plot(layout, plot, run)
        legend = words.foot(round(layout.caption * 2.3) * len(run))
        items += plated(layout, words.above(legend.h + layout.gap), self._said(context))
        items += self._legend(context, layout, legend, run)
        items += stepping(context, layout, frame.deck, self.at, len(self.visit.taken) - 1)
        return scene_of(context, "race", [*items, *frame.items], LATER)

    def _plot(self, layout: Layout, box: Box, run: tuple[Runner, ...]) -> list[Item]:
        """Return a line for each answer, as far as the step; the two that matter are thick."""
        inner = box.inset(layout.gap, layout.gap)
        heavy, light = max(4, layout.tight), max(2, layout.tight // 2)
        lines = tuple(
            Curve(runner.shares[: self.at + 1], self._colour(place), heavy if place < 2 else light)
            for place, runner in reversed([*enumerate(run)])
        )
        return [Plate(box, layout.radius), Curves(inner, lines, len(self.visit.taken))]

    def _legend(self, context: Context, layout: Layout, box: Box, run: tuple[Runner, ...]) -> list[Item]:
        """Return the name of each line, and how sure it is at the step."""
        items: list[Item] = []
        for place, (runner, row) in enumerate(zip(run, rows(box, len(run), layout.tight), strict=True)):
            share = runner.shares[self.at]
            name = called(context, runner.label)
            told = context.texts("race.runner", label=name, percent=percent(context, share))
            thick = max(4, layout.tight)
            style = layout.style(layout.caption, accent=self._colour(place), weight=Weight.SEMIBOLD)
            items += [
                sentence(row.above(thick), told, style),
                Bar(row.foot(thick), share, self._colour(place)),
            ]
        return items

    def _colour(self, place: int) -> Colour:
        return (Colour.TRUTH, Colour.LIE)[place] if place < 2 else Colour.MUTE

    def _said(self, context: Context) -> str:
        """Return who is ahead at the step."""
        texts, step = context.texts, self.visit.taken[self.at]
        ahead = called(context, step.answer.first.label)
        if self.at == 0:
            return texts("race.start", label=ahead)
        change = overtaken(self.visit)
        if change is None or self.at < change:
            return texts("race.leads", step=self.at, label=ahead)
        return texts("race.overtakes" if self.at == change else "race.ahead", step=self.at, label=ahead)
