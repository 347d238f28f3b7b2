"""The screen that shows how the noise grows on its way through the network."""

from dataclasses import dataclass, replace
from typing import Self

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns, layout_of, rows
from kiosk.core.message import Reply, ToBack
from kiosk.core.parts import button, percent, scene_of, sentence
from kiosk.core.pieces.frame import framed
from kiosk.core.pieces.pair import plated
from kiosk.core.pieces.working import WorkingScreen
from kiosk.core.scene import Align, Box, Colour, Control, Item, Look, Picture, Plate, Scene, Weight
from kiosk.core.screen import Outcome, Pressed
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.inside.messages import InsideTold, LookInside, StageTold

STRONGEST = 3


@dataclass(frozen=True, slots=True)
class Inside(WorkingScreen):
    """The visit, what was seen, and the stage that is looked at."""

    told: InsideTold | None = None
    stage: int = 0

    def asking(self, job: int) -> LookInside:
        """Return the look."""
        return LookInside(job, self.visit.shown)

    def answered(self, reply: Reply) -> Self:
        """Return the screen with what was seen, at its last stage."""
        if not isinstance(reply, InsideTold):
            return self
        return replace(self, told=reply, stage=max(0, len(reply.stages) - 1))

    def pressed(self, event: Pressed, context: Context) -> Outcome:
        """Return the screen at another stage, or the way back."""
        del context
        count = 0 if self.told is None else len(self.told.stages)
        match event:
            case Pressed("back"):
                return Outcome(ToBack(ToCards(self.visit)), self.stopped())
            case Pressed("stage", x=x) if count:
                return Outcome(replace(self, stage=min(count - 1, int(x * count))))
            case Pressed("next") if count:
                return Outcome(replace(self, stage=(self.stage + 1) % count))
            case _:
                return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return the stages as bars that grow, what one of them looks like, and one sentence."""
        layout = layout_of(context.panel)
        frame = framed(context, layout, context.texts("inside.title"))
        stage = frame.stage
        if context.panel.portrait:
            cut = round(stage.h * 0.42)
            chart, rest = stage.top(cut), stage.under(cut + layout.gap)
            maps = rest.top(round(rest.h * 0.5))
            words = rest.under(maps.h + layout.gap)
        else:
            chart = stage.left(round(stage.w * 0.4))
            rest = stage.after(chart.w + layout.gap)
            maps = rest.top(round(rest.h * 0.5))
            words = rest.under(maps.h + layout.gap)
        items: list[Item] = []
        if self.told is not None and self.told.stages:
            items += self._chart(context, layout, chart, self.told.stages)
            items += self._maps(context, layout, maps, self.told.stages[self.stage])
        items += self._words(context, layout, words)
        name, key, icon = "next", "inside.next", "forward"
        if self.lost:
            name, key, icon = "retry", "control.retry", "again"
        act = button(layout, name, frame.deck, context.texts(key), icon)
        act = replace(act, off=self.told is None and not self.lost)
        return scene_of(context, "inside", [act, *items, *frame.items], name)

    def _chart(self, context: Context, layout: Layout, box: Box, stages: tuple[StageTold, ...]) -> list[Item]:
        """Return two bars a stage, as high as the noise is there: aimed, and by dice."""
        line = round(layout.caption * 1.5)
        beside = context.panel.portrait  # both lines of the legend
        foot = line if beside else line * 2
        legend, plot = box.foot(foot), box.above(foot + layout.tight)
        most = max(max(stage.aimed, stage.thrown) for stage in stages) or 1.0
        items: list[Item] = [Plate(plot, layout.radius)]
        for number, (stage, cell) in enumerate(
            zip(stages, columns(plot.inset(layout.tight), len(stages), layout.tight), strict=True)
        ):
            here = number == self.stage
            bars = cell.above(line).inset(layout.tight // 2, layout.tight)
            for bar, share, colour in zip(
                columns(bars, 2, max(1, layout.tight // 3)),
                (stage.aimed, stage.thrown),
                (Colour.LIE, Colour.MUTE),
                strict=True,
            ):
                high = max(2, round(bars.h * share / most))
                items.append(Plate(Box(bar.x, bar.bottom - high, bar.w, high), min(4, high // 2), colour))
            style = layout.style(
                layout.caption,
                colour=Colour.TEXT if here else Colour.MUTE,
                weight=Weight.EXTRABOLD,
                align=Align.CENTRE,
            )
            items += [
                sentence(cell.foot(line), str(number), style),
                Plate(cell, layout.radius // 2, None, Colour.TEXT if here else None, 2),
            ]
        items.append(Control("stage", plot, Look.BARE, radius_px=layout.radius, stop=False))
        for row, key, colour in zip(
            (columns if beside else rows)(legend, 2, 0),
            ("aimed", "thrown"),
            (Colour.LIE, Colour.MUTE),
            strict=True,
        ):
            style = layout.style(layout.caption, colour=colour, weight=Weight.SEMIBOLD)
            items.append(sentence(row, context.texts(f"inside.{key}"), style))
        return items

    def _maps(self, context: Context, layout: Layout, box: Box, stage: StageTold) -> list[Item]:
        """Return the stage's strongest channels, before and after, and how far each moved."""
        word = round(layout.caption * 4.2)
        below = round(layout.caption * 1.5)
        gap = layout.tight
        count = max(1, len(stage.moved))
        side = min((box.h - below - gap) // 2, (box.w - word - gap * STRONGEST) // STRONGEST)
        items: list[Item] = []
        for line, key in enumerate(("original", "adversarial")):
            y = box.y + line * (side + gap)
            style = layout.style(layout.caption, colour=Colour.MUTE, weight=Weight.SEMIBOLD)
            items.append(sentence(Box(box.x, y, word, side), context.texts(f"inside.{key}"), style))
            items += [
                Picture(
                    Box(box.x + word + at * (side + gap), y, side, side),
                    f"inside-{self.stage}-{key}-{at}",
                    layout.radius // 2,
                )
                for at in range(count)
            ]
        style = layout.style(layout.caption, accent=Colour.LIE, weight=Weight.SEMIBOLD, align=Align.CENTRE)
        off = Box(box.x, box.y + 2 * (side + gap), word - gap, below)
        items.append(
            sentence(off, context.texts("inside.off"), replace(style, colour=Colour.MUTE, align=Align.LEFT))
        )
        for at, moved in enumerate(stage.moved):
            place = Box(
                box.x + word + at * (side + gap) - gap // 2, box.y + 2 * (side + gap), side + gap, below
            )
            told = context.texts("inside.moved", percent=percent(context, moved))
            items.append(sentence(place, told, style))
        return items

    def _words(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return what the bars tell, or that it is not there yet."""
        texts = context.texts
        if self.told is None or not self.told.stages:
            key = (
                "inside.never"
                if context.gradients.given_up
                else "inside.lost"
                if self.lost
                else "inside.idea"
            )
            return plated(layout, box, texts(key))
        first, last = self.told.stages[0], self.told.stages[-1]
        grew = last.aimed > first.aimed
        loud = texts(
            "inside.grows" if grew else "inside.stays",
            first=percent(context, first.aimed),
            last=percent(context, last.aimed),
        )
        return plated(layout, box, loud, (texts("inside.dice", last=percent(context, last.thrown)),))
