"""The staff's counts: what happened today and since the exhibit was opened, and their way onto a USB stick."""

from dataclasses import dataclass, replace

from kiosk.core.effects import Effect, ExportCounts, ReadCounts
from kiosk.core.events import CountsExported, CountsRead, Tick
from kiosk.core.layout import Layout, rows, split
from kiosk.core.parts import button, scene_of, sentence
from kiosk.core.scene import Align, Box, Colour, Item, Plate, Scene, Weight
from kiosk.core.screen import Hall, Pressed, ScreenEvent, Way
from kiosk.core.staff import DayCounts, StaffPage
from kiosk.core.staff_parts import led, staff_frame

SHOWN = ("visits", "pictures", "attacks", "steps", "fooled", "ended_by_visitor", "ended_by_idle")


@dataclass(frozen=True, slots=True)
class StaffCounts:
    """The counts once they are read, and what came of an export."""

    asked: bool = False
    counts: tuple[DayCounts, ...] = ()
    exporting: bool = False
    told: str = ""


def update(
    slice_: StaffCounts, event: ScreenEvent, hall: Hall
) -> tuple[StaffCounts | Way, tuple[Effect, ...]]:
    """The next slice or the way on."""
    match event:
        case Tick() if not slice_.asked:
            return replace(slice_, asked=True), (ReadCounts(),)
        case CountsRead(counts, fault):
            return replace(slice_, counts=counts, told=fault or slice_.told), ()
        case Pressed("export") if not slice_.exporting:
            return replace(slice_, exporting=True, told=hall.texts("counts.exporting")), (ExportCounts(),)
        case CountsExported(file, fault) if slice_.exporting:
            told = fault or hall.texts("counts.exported", file=file)
            return replace(slice_, exporting=False, told=told), ()
        case Pressed(control):
            return led(control) or slice_, ()
        case _:
            return slice_, ()


def view(slice_: StaffCounts, hall: Hall) -> Scene:
    """A row a counter, and the control that writes all of them to a stick."""
    layout, items, body = staff_frame(hall, StaffPage.COUNTS)
    deck = body.foot(layout.touch)
    table = body.above(layout.touch + layout.gap)
    if hall.panel.portrait:
        told = table.foot(round(layout.body * 4.5))
        table = table.above(told.h + layout.gap)
        export = deck
    else:
        export, told = split(deck, (1.0, 1.3), layout.gap)
    items += _table(slice_, hall, layout, table)
    words = hall.texts("counts.export")
    items += [
        button(layout, "export", export, words, "stick"),
        sentence(told, slice_.told or hall.texts("counts.note"), layout.body, layout, lines=4),
    ]
    return scene_of(hall, "staff-counts", items, "export")


def _table(slice_: StaffCounts, hall: Hall, layout: Layout, box: Box) -> list[Item]:
    """The heads of the columns, then a line for each counter."""
    counted = {count.name: count for count in slice_.counts}
    lines = rows(box, len(SHOWN) + 1, max(2, layout.tight // 3))
    tall = round(layout.body * 2.2)
    items: list[Item] = []
    for number, name in enumerate(("", *SHOWN)):
        line = Box(box.x, box.y + number * min(lines[1].y - lines[0].y, tall), box.w, min(lines[0].h, tall))
        head = not name
        count = counted.get(name, DayCounts(name, 0, 0))
        words = ("", hall.texts("counts.today"), hall.texts("counts.all"))
        if not head:
            words = (hall.texts(f"counts.{name}"), f"{count.today:,}", f"{count.all:,}")
            items.append(Plate(line, layout.radius // 3))
        cells = split(line.inset(layout.tight, 0), (2.4, 1.0, 1.0), layout.tight)
        for place, (cell, text) in enumerate(zip(cells, words, strict=True)):
            colour = Colour.MUTE if head else Colour.TEXT
            weight = Weight.EXTRABOLD if place and not head else Weight.REGULAR
            align = Align.RIGHT if place else Align.LEFT
            size = layout.caption
            items.append(sentence(cell, text, size, layout, colour=colour, weight=weight, align=align))
    return items
