"""The staff's counts: what happened today and since the exhibit was opened, and their way onto a USB stick."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout, rows, split
from kiosk.core.message import Tick
from kiosk.core.parts import button, scene_of, sentence
from kiosk.core.scene import Align, Box, Colour, Item, Plate, Scene, Weight
from kiosk.core.screen import Outcome, Pressed, ScreenEvent, StaffScreen
from kiosk.core.staff_parts import led, staff_frame
from kiosk.topics.staff.facts import DayCounts
from kiosk.topics.staff.messages import CountsExported, CountsRead, ExportCounts, ReadCounts

SHOWN = ("visits", "pictures", "attacks", "steps", "fooled", "ended_by_visitor", "ended_by_idle")


@dataclass(frozen=True, slots=True)
class StaffCounts(StaffScreen):
    """The counts once they are read, and what came of an export."""

    asked: bool = False
    counts: tuple[DayCounts, ...] = ()
    exporting: bool = False
    told: str = ""

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Tick() if not self.asked:
                return Outcome(replace(self, asked=True), (ReadCounts(),))
            case CountsRead(counts, fault):
                return Outcome(replace(self, counts=counts, told=fault or self.told))
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
        """Return a row a counter, and the control that writes all of them to a stick."""
        layout, items, body = staff_frame(context, "counts")
        deck = body.foot(layout.touch)
        table = body.above(layout.touch + layout.gap)
        if context.panel.portrait:
            told = table.foot(round(layout.body * 4.5))
            table = table.above(told.h + layout.gap)
            export = deck
        else:
            export, told = split(deck, (1.0, 1.3), layout.gap)
        items += self._table(context, layout, table)
        words = context.texts("counts.export")
        items += [
            button(layout, "export", export, words, "stick"),
            sentence(told, self.told or context.texts("counts.note"), layout.style(layout.body, lines=4)),
        ]
        return scene_of(context, "staff-counts", items, "export")

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
