"""The screen with the map, and the picture's way over it, step by step."""

from dataclasses import dataclass, replace
from typing import Self

from kiosk.core.context import Context
from kiosk.core.layout import layout_of
from kiosk.core.message import Reply, ToBack
from kiosk.core.parts import button, called, percent, scene_of
from kiosk.core.pieces.frame import framed
from kiosk.core.pieces.pair import plated
from kiosk.core.pieces.stepping import LATER, stepped, stepping
from kiosk.core.pieces.working import WorkingScreen, working, working_px
from kiosk.core.scene import Colour, Item, Plate, Scene
from kiosk.core.screen import Outcome, Pressed
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.journey.facts import Chart
from kiosk.topics.journey.messages import TraceWay, WayTraced
from kiosk.topics.journey.screens.chart import charted

HIDDEN = 0.25  # of the way: a map that shows less of it hides it


@dataclass(frozen=True, slots=True)
class Journey(WorkingScreen):
    """The visit, the way once it is known, the step that is looked at, and whether the map is turned to the lie."""

    traced: WayTraced | None = None
    at: int = 0
    turned: bool = False

    @property
    def last(self) -> int:
        """Return the last step of the way."""
        return len(self.visit.taken) - 1 if self.traced is None else len(self.traced.flat.path) - 1

    @property
    def chart(self) -> Chart | None:
        """Return the map that is looked at."""
        if self.traced is None:
            return None
        return (self.traced.turned if self.turned else None) or self.traced.flat

    def asking(self, job: int) -> TraceWay:
        """Return the question."""
        return TraceWay(job, self.last, self.visit.lie)

    def answered(self, reply: Reply) -> Self:
        """Return the screen with the map, and the whole way on it."""
        if not isinstance(reply, WayTraced):
            return self
        return replace(self, traced=reply, at=len(reply.flat.path) - 1)

    def pressed(self, event: Pressed, context: Context) -> Outcome:
        """Return the map at another step, or turned, or the way back."""
        del context
        match event:
            case Pressed("back"):
                return Outcome(ToBack(ToCards(self.visit)), self.stopped())
            case Pressed("turn"):
                return Outcome(replace(self, turned=not self.turned))
            case _:
                at = stepped(event, self.at, self.last)
                return Outcome(self if at is None else replace(self, at=at))

    def view(self, context: Context) -> Scene:
        """Return the map, one sentence, and the buttons that walk the way."""
        layout = layout_of(context.panel)
        frame = framed(context, layout, context.texts("journey.title"))
        stage = frame.stage
        if context.panel.portrait:
            high = min(stage.w, round(stage.h * 0.42))
            plot, words = stage.top(high), stage.under(high + layout.gap)
        else:
            plot = stage.left(round(stage.w * 0.55))
            words = stage.after(plot.w + layout.gap)
        items: list[Item] = [Plate(plot, layout.radius)]
        chart, primary = self.chart, "back"
        if chart is not None:
            sides = (self.visit.original.first.label, self.visit.lie)
            items = charted(context, layout, plot, chart, self._colours(chart), sides)
            items += stepping(context, layout, frame.deck, self.at, self.last)
            primary = LATER
        elif self.lost:
            primary = "retry"
            items.append(button(layout, primary, frame.deck, context.texts("control.retry"), "again"))
        if self.traced is not None and self.traced.turned is not None:
            turn = words.foot(layout.touch)
            key = "journey.unturn" if self.turned else "journey.turn"
            items.append(button(layout, "turn", turn, context.texts(key), "flip"))
            words, primary = words.above(turn.h + layout.gap), primary if self.turned else "turn"
        kept_px = 0 if self.work is None else working_px(layout)
        accent = Colour.TRUTH if chart is None or not chart.over(chart.path[self.at]) else Colour.LIE
        items += plated(
            layout, words, self._said(context), self._more(context), accent=accent, kept_px=kept_px
        )
        if self.work is not None:
            items += working(context, layout, words, self.work)
        return scene_of(context, "journey", [*items, *frame.items], primary)

    def _colours(self, chart: Chart) -> list[Colour]:
        """Return a colour for each step so far: that of the answer which the picture got there."""
        own = {self.visit.lie: Colour.LIE, self.visit.original.first.label: Colour.TRUTH}
        steps = self.visit.taken[: self.at + 1]
        return [
            own.get(step.answer.first.label, Colour.TEXT) for step, _ in zip(steps, chart.path, strict=False)
        ]

    def _said(self, context: Context) -> str:
        """Return where the picture is, and how much of its way is seen."""
        texts, chart = context.texts, self.chart
        if chart is None:
            return texts("journey.lost" if self.lost else "journey.idea")
        if self.at == 0:
            return texts("journey.start" if chart.border is None else "journey.turned_start")
        kept = percent(context, chart.kept[self.at])
        if chart.border is None:
            key = "journey.hides" if chart.kept[self.at] < HIDDEN else "journey.shows"
            return texts(key, step=self.at, percent=kept)
        over = chart.over(chart.path[self.at])
        label = called(context, self.visit.lie if over else self.visit.original.first.label)
        key = "journey.turned_over" if over else "journey.turned_before"
        return texts(key, step=self.at, label=label, percent=kept)

    def _more(self, context: Context) -> tuple[str, ...]:
        """Return what the map keeps of all things, or where as much dice noise leads."""
        texts, chart = context.texts, self.chart
        if chart is None:
            return ()
        if self.at == 0:
            return (texts("journey.spread", percent=percent(context, chart.spread)),)
        if chart.border is None:
            return (texts("journey.dice"),)
        return (texts("journey.dice_goes" if chart.over(chart.thrown[self.at]) else "journey.dice_stays"),)
