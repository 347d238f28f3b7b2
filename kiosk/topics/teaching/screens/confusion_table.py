"""The table of the test: a row for what a thing really was, a column for what it was called."""

from dataclasses import replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout
from kiosk.core.lesson import Report, Sign
from kiosk.core.parts import sentence
from kiosk.core.scene import Align, Bar, Box, Colour, Icon, Item, Plate, Weight, Words, plain

CELL_MM = 20.0  # no cell need be larger; where eight labels make them small, a tap beside one is put right by another
EM_PER_LETTER = 0.6
MOST_EXPLAINED = 5  # more labels leave most panels no room for words above and below them


def table(
    report: Report, picked: tuple[int, int], context: Context, layout: Layout, box: Box
) -> tuple[list[Item], Box]:
    """Return the counts with drawings and names at their heads, words for both sides; and the box of the cells."""
    signs = [context.signs[sign] for sign in report.signs]
    count = max(1, len(signs))
    explained = count <= MOST_EXPLAINED or layout.panel.reach_px > 0
    line = round(layout.caption * 1.5) if explained else 0
    most = context.panel.px(CELL_MM * layout.scale)
    letters = max((len(sign.name) for sign in signs), default=1)
    high = min((box.h - 3 * line) // (count + 1), most)
    side = min(high, layout.touch)  # of a drawing
    named = round(min(box.w * 0.4, side + layout.tight + letters * EM_PER_LETTER * layout.body))
    wide = min((box.w - named) // count, round(most * 1.6))
    grid = Box(box.x + named, box.y + 2 * line + side, wide * count, high * count)
    style = layout.style(layout.caption, colour=Colour.MUTE)
    head = Box(grid.x, box.y, max(grid.w, box.right - grid.x), line)
    items: list[Item] = []
    if explained:
        below = Box(box.x, grid.bottom, box.w, line)
        items.append(sentence(head, context.texts("confusion.columns"), style))
        items.append(sentence(below, context.texts("confusion.rows"), style))
    fits = letters * EM_PER_LETTER * layout.caption <= wide  # else the rows say what the drawings are
    for at, sign in enumerate(signs):
        row = Box(box.x, grid.y + at * high, named, high)
        column = Box(grid.x + at * wide, box.y + line, wide, side + line)
        items += _row_head(sign, layout, row, side)
        items += _column_head(sign, layout, column, named=fits)
        if not sum(report.matrix[at]):
            items += _untested(context, layout, Box(grid.x, row.y, grid.w, high).inset(max(2, high // 24)))
            continue
        for said in range(count):
            place = Box(grid.x + said * wide, row.y, wide, high).inset(max(2, high // 24))
            items += _cell(report, at, said, layout, place, picked=(at, said) == picked)
    return items, grid


def _row_head(sign: Sign, layout: Layout, box: Box, side: int) -> list[Item]:
    """Return a drawing with its name beside it."""
    icon = box.left(side).square(side).inset(max(2, side // 10))
    name = box.after(side + layout.tight // 2)
    words = Words(name, plain(sign.name), layout.body, layout.caption_floor, Weight.SEMIBOLD)
    return [Icon(icon, sign.icon, Colour.TEXT), words]


def _column_head(sign: Sign, layout: Layout, box: Box, *, named: bool) -> list[Item]:
    """Return a drawing with its name below it, where that has room."""
    line = round(layout.caption * 1.5)
    side = min(box.w, box.h - line)
    drawing = box.above(line) if named else box.under(line)
    icon = Icon(drawing.square(side).inset(max(2, side // 10)), sign.icon, Colour.TEXT)
    if not named:
        return [icon]
    size = layout.caption
    return [
        icon,
        Words(box.foot(line), plain(sign.name), size, layout.caption_floor, Weight.SEMIBOLD, Align.CENTRE),
    ]


def _untested(context: Context, layout: Layout, box: Box) -> list[Item]:
    """Return a row of a label of which no picture could be tested."""
    style = layout.style(layout.body, colour=Colour.MUTE, weight=Weight.SEMIBOLD, align=Align.CENTRE)
    return [
        Plate(box, min(layout.radius // 2, box.h // 5)),
        sentence(box, context.texts("training.not_tested"), style),
    ]


def _cell(report: Report, right: int, said: int, layout: Layout, box: Box, *, picked: bool) -> list[Item]:
    """Return one count with a tick or a cross, in the colour of what it is, over a bar of its row's share."""
    count, whole = report.matrix[right][said], max(1, sum(report.matrix[right]))
    colour, mark = (Colour.TRUTH, "done") if right == said else (Colour.LIE, "cancel")
    thick = max(4, box.h // 8)
    radius = min(layout.radius // 2, box.h // 5)
    outline = Colour.TEXT if picked else None
    items: list[Item] = [Plate(box, radius, outline=outline, outline_px=max(3, thick // 2))]
    if not count:
        return items
    if box.h < 2 * layout.caption:  # the number alone has room
        small = min(layout.control, round(box.h * 0.95))
        words = Words(
            box, plain(str(count), colour), small, min(small, layout.caption_floor), Weight.EXTRABOLD
        )
        return [*items, replace(words, align=Align.CENTRE)]
    size = min(layout.control, round(box.h * 0.5))
    face = box.inset(thick, 0).above(thick + thick // 2)
    number = Words(
        face, plain(str(count), colour), size, layout.caption_floor, Weight.EXTRABOLD, Align.CENTRE
    )
    number = replace(number, floor_px=min(size, layout.caption_floor))
    if face.w > 2.4 * size:
        icon = round(size * 0.8)
        items.append(Icon(face.left(icon).square(icon)._replace(x=face.x + size // 4), mark, colour))
        number = replace(number, box=face.after(icon))
    bar = Box(box.x + thick, box.bottom - thick - thick // 2, box.w - 2 * thick, thick)
    return [*items, number, Bar(bar, count / whole, colour)]
