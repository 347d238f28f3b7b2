"""The plots of the staff's counts, made of plates and words: columns along the time, and lengths with their names."""

from collections.abc import Sequence

from kiosk.core.layout import Layout, columns, rows
from kiosk.core.parts import sentence
from kiosk.core.scene import Align, Box, Colour, Item, Plate, Weight
from kiosk.topics.staff.facts import Length, Span

COLOURS = (Colour.TEXT, Colour.TRUTH, Colour.LIE)  # begun, ended by the visitor, fooled
NAME_SHARE, TOLD_SHARE = 0.28, 0.34


def legend(layout: Layout, box: Box, names: Sequence[str]) -> list[Item]:
    """Return what each colour of `spans_plot` stands for, side by side."""
    items: list[Item] = []
    for cell, name, colour in zip(columns(box, len(names), layout.tight), names, COLOURS, strict=True):
        side = round(layout.caption * 0.8)
        mark = Box(cell.x, cell.y + (cell.h - side) // 2, side, side)
        items += [
            Plate(mark, side // 5, colour),
            sentence(cell.after(side + layout.tight // 2), name, layout.style(layout.caption)),
        ]
    return items


def spans_plot(layout: Layout, box: Box, title: str, spans: Sequence[Span]) -> list[Item]:
    """Return three columns for each span of time, under a title; the names of some spans stand under them."""
    line = round(layout.caption * 1.5)
    items: list[Item] = [sentence(box.top(line), title, layout.style(layout.caption, weight=Weight.SEMIBOLD))]
    plot = box.under(line + layout.tight // 2).above(line)
    thin = max(1, layout.tight // 6)
    ground = Box(plot.x, plot.bottom - thin, plot.w, thin)
    items.append(Plate(ground, 0, Colour.MUTE))
    most = max(largest(spans), 1)
    cells = columns(plot, len(spans), max(2, layout.tight // 3))
    for span, cell in zip(spans, cells, strict=True):
        for bar, count, colour in zip(columns(cell, len(COLOURS), 1), span.counted, COLOURS, strict=True):
            high = round((plot.h - thin) * count / most)
            if high:
                items.append(Plate(Box(bar.x, ground.y - high, bar.w, high), 0, colour))
    every = max(1, -(-round(layout.caption * 2.6) * len(spans) // max(1, box.w)))
    for first in range(0, len(spans), every):
        named = cells[first : first + every]
        under = Box(named[0].x, ground.bottom, named[-1].right - named[0].x, line)
        align = Align.CENTRE if every == 1 else Align.LEFT
        if len(named) == every:
            words = layout.style(layout.caption, colour=Colour.MUTE, align=align)
            items.append(sentence(under, spans[first].name, words))
    return items


def largest(spans: Sequence[Span]) -> int:
    """Return the largest number in some spans: what the highest column stands for."""
    return max((max(span.counted) for span in spans), default=0)


def lengths_plot(layout: Layout, box: Box, lengths: Sequence[Length]) -> list[Item]:
    """Return a line for each: its name, its length, and in words how much that is."""
    items: list[Item] = []
    if not lengths:
        return items
    most = max(length.amount for length in lengths) or 1.0
    tall = round(layout.body * 2.4)
    lines = rows(box, len(lengths), max(2, layout.tight // 3))
    step = min(lines[1].y - lines[0].y, tall) if len(lines) > 1 else tall
    for number, (length, line) in enumerate(zip(lengths, lines, strict=True)):
        place = Box(box.x, box.y + number * step, box.w, min(line.h, tall))
        name = place.left(round(place.w * NAME_SHARE)).inset(layout.tight // 2, 0)
        told = place.after(round(place.w * (1 - TOLD_SHARE)))
        track = Box(name.right, place.y, told.x - name.right, place.h).inset(layout.tight, place.h // 4)
        long = max(2, round(track.w * length.amount / most))
        items += [
            sentence(name, length.name, layout.style(layout.caption)),
            Plate(track.left(long), track.h // 4, Colour.TEXT),
            sentence(
                told, length.told, layout.style(layout.caption, weight=Weight.EXTRABOLD, align=Align.RIGHT)
            ),
        ]
    return items
