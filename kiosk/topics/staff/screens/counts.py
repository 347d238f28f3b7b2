"""The staff's counts: a table and four plots of the visits, and their way onto a USB stick."""

import re
from dataclasses import dataclass, field, replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns, grid, rows, split
from kiosk.core.message import Tick
from kiosk.core.parts import button, scene_of, sentence
from kiosk.core.scene import Align, Box, Colour, ControlId, Item, Plate, Scene, Weight
from kiosk.core.screen import Outcome, Pressed, ScreenEvent, StaffScreen
from kiosk.core.staff_parts import led, staff_frame
from kiosk.topics.staff.facts import DayCounts, Length, Plots, Span
from kiosk.topics.staff.messages import CountsExported, CountsRead, ExportCounts, ReadCounts
from kiosk.topics.staff.screens.plots import largest, legend, lengths_plot, spans_plot

SHOWN = ("visits", "pictures", "attacks", "steps", "fooled", "ended_by_visitor", "ended_by_idle")
DRAWN = ("begun", "ended", "fooled")
VIEWS = (
    ("table", "counts"),
    ("hours", "wait"),
    ("days", "album"),
    ("screens", "picture"),
    ("answers", "done"),
)


@dataclass(frozen=True, slots=True)
class StaffCounts(StaffScreen):
    """The counts once they are read, which view of them is shown, and what came of an export."""

    asked: bool = False
    counts: tuple[DayCounts, ...] = ()
    plots: Plots = field(default=Plots())
    shown: str = "table"
    exporting: bool = False
    told: str = ""

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Tick() if not self.asked:
                return Outcome(replace(self, asked=True), (ReadCounts(),))
            case CountsRead(counts, fault, plots):
                return Outcome(replace(self, counts=counts, plots=plots, told=fault or self.told))
            case Pressed("show", str(shown)):
                return Outcome(replace(self, shown=shown))
            case Pressed("export") if not self.exporting:
                return Outcome(
                    replace(self, exporting=True, told=context.texts("counts.exporting")), (ExportCounts(),)
                )
            case CountsExported(file, fault) if self.exporting:
                told = fault or context.texts("counts.exported", file=file)
                return Outcome(replace(self, exporting=False, told=told))
            case Pressed():
                return Outcome(led(event, context) or self)
            case _:
                return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return the view that was chosen, the controls that choose one, and the one that writes all to a stick."""
        layout, items, body = staff_frame(context, "counts")
        lines = 2 if context.panel.portrait else 1
        deck = body.foot(layout.touch * lines + layout.tight * (lines - 1))
        across = (len(VIEWS) + 1) // lines
        *cells, last = grid(deck, len(VIEWS) + 1, across, layout.tight)
        for (name, icon), cell in zip(VIEWS, cells, strict=True):
            words = context.texts(f"counts.show_{name}")
            control = button(layout, ControlId("show", name), cell, words, icon, size_px=layout.caption)
            items.append(replace(control, outline=Colour.TEXT) if name == self.shown else control)
        words = context.texts("counts.export")
        items.append(button(layout, "export", last, words, "stick", size_px=layout.caption))
        rest = body.above(deck.h + layout.tight)
        line = rest.foot(round(layout.caption * 1.5 * lines))
        told = self.told or context.texts(f"counts.note_{self.shown}")
        items.append(sentence(line, told, layout.style(layout.caption, colour=Colour.MUTE, lines=lines)))
        items += self._shown(context, layout, rest.above(line.h + layout.tight // 2))
        name = "staff-counts" if self.shown == "table" else f"staff-counts-{self.shown}"
        return scene_of(context, name, items, "export")

    def _shown(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return the table or the plot that was chosen; a plot without anything in it says so."""
        drawn: list[Item] = []
        match self.shown:
            case "hours" if largest(self.plots.hours):
                drawn = self._hours(context, layout, box)
            case "days" if largest(self.plots.days):
                key, plot = self._keyed(context, layout, box)
                drawn = [*key, *self._spans(context, layout, plot, "counts.last_days", self.plots.days)]
            case "screens":
                drawn = lengths_plot(layout, box, self._screens(context))
            case "answers" if self.plots.answers.known or self.plots.answers.unsure:
                drawn = self._answers(context, layout, box)
            case "table":
                return self._table(context, layout, box)
        style = layout.style(layout.body, colour=Colour.MUTE, align=Align.CENTRE)
        return drawn or [sentence(box, context.texts("counts.nothing"), style)]

    def _keyed(self, context: Context, layout: Layout, box: Box) -> tuple[list[Item], Box]:
        """Return what the colours stand for, and the place of the plot under it."""
        high = round(layout.caption * 1.5)
        names = [context.texts(f"counts.drawn_{name}") for name in DRAWN]
        return legend(layout, box.top(high), names), box.under(high)

    def _hours(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return the hours of today and of all days, beside or over each other."""
        key, plot = self._keyed(context, layout, box)
        cut = rows(plot, 2, layout.tight) if context.panel.portrait else columns(plot, 2, layout.gap)
        pairs = (("counts.hours_today", self.plots.today), ("counts.hours_all", self.plots.hours))
        for place, (title, spans) in zip(cut, pairs, strict=True):
            key += self._spans(context, layout, place, title, spans)
        return key

    def _spans(
        self, context: Context, layout: Layout, box: Box, title: str, spans: tuple[Span, ...]
    ) -> list[Item]:
        """Return the plot of some spans, with what its highest column stands for."""
        return spans_plot(layout, box, context.texts(title, most=f"{largest(spans):,}"), spans)

    def _screens(self, context: Context) -> tuple[Length, ...]:
        """Return how long each screen was seen."""
        return tuple(
            Length(
                re.sub("(?<=[a-z])(?=[A-Z])", " ", screen.name),
                screen.mean_s,
                context.texts("counts.seconds", seconds=f"{screen.mean_s:.0f}", seen=f"{screen.seen:,}"),
            )
            for screen in self.plots.screens
        )

    def _answers(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return what visitors said of its first answers, and the share of good ones among those who could tell."""
        answers = self.plots.answers
        lines = 2 if context.panel.portrait else 1
        line = round(layout.body * 1.4 * lines)
        share = (answers.right + answers.nearly) / answers.known if answers.known else 0.0
        said = context.texts("counts.share", share=f"{share:.0%}", known=f"{answers.known:,}")
        lengths = tuple(
            Length(context.texts(f"counts.verdict_{name}"), count, f"{count:,}")
            for name, count in (
                ("right", answers.right),
                ("nearly", answers.nearly),
                ("wrong", answers.wrong),
                ("unsure", answers.unsure),
            )
        )
        large = layout.style(layout.body, weight=Weight.EXTRABOLD, lines=lines)
        return [sentence(box.top(line), said, large), *lengths_plot(layout, box.under(line), lengths)]

    def _table(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return the heads of the columns, then a line for each counter."""
        counted = {count.name: count for count in self.counts}
        lines = rows(box, len(SHOWN) + 1, max(2, layout.tight // 3))
        tall = round(layout.body * 2.2)
        items: list[Item] = []
        for number, name in enumerate(("", *SHOWN)):
            line = Box(
                box.x, box.y + number * min(lines[1].y - lines[0].y, tall), box.w, min(lines[0].h, tall)
            )
            head = not name
            count = counted.get(name, DayCounts(name, 0, 0))
            words = ("", context.texts("counts.today"), context.texts("counts.all"))
            if not head:
                words = (context.texts(f"counts.{name}"), f"{count.today:,}", f"{count.all:,}")
                items.append(Plate(line, layout.radius // 3))
            cells = split(line.inset(layout.tight, 0), (2.4, 1.0, 1.0), layout.tight)
            for place, (cell, text) in enumerate(zip(cells, words, strict=True)):
                colour = Colour.MUTE if head else Colour.TEXT
                weight = Weight.EXTRABOLD if place and not head else Weight.REGULAR
                align = Align.RIGHT if place else Align.LEFT
                size = layout.caption
                items.append(
                    sentence(cell, text, layout.style(size, colour=colour, weight=weight, align=align))
                )
        return items
