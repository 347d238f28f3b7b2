"""The sketchpad as it is shown: the picture as large as it goes, the answer below it, the paints around it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kiosk.core.layout import Layout, grid, layout_of, rows
from kiosk.core.model import Phase, Verdict
from kiosk.core.painting import Paint, Size, Tool
from kiosk.core.parts import answer_row, called, eased, rows_of, scene_of, sentence, tile
from kiosk.core.scene import Box, Colour, Control, Dot, Icon, Item, Look, Picture, Scene, Swatch, Weight
from kiosk.core.screen import Hall
from kiosk.screens.sketchpad import ERASER, PLACES, Sketchpad

EASE_S = 0.2
ACROSS, DOWN = 4, 4  # of the paints, sizes and tools


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts lie: the picture, the answer, the 4 x 4 tools, the three actions."""

    picture: Box
    answer: Box
    tools: tuple[Box, ...]
    actions: tuple[Box, ...]


def places(layout: Layout) -> Places:
    """On wide panels all controls are right of the picture, on tall ones only the actions are."""
    page, tight = layout.page, layout.tight
    answer_h = round(layout.label * (2.9 if layout.compact else 3.4))
    if layout.panel.portrait:
        gap = round(tight * 1.5)
        tools = page.foot(DOWN * layout.touch + (DOWN - 1) * gap)
        upper = page.above(tools.h + layout.gap)
        side = min(upper.w - layout.gap - layout.touch, upper.h - answer_h - tight)
        rail = upper.after(side + layout.gap).top(side)
        return Places(
            upper.top(side).left(side),
            upper.under(side + tight),
            grid(tools, ACROSS * DOWN, ACROSS, gap),
            rows(rail, 3, layout.gap),
        )
    least_w = ACROSS * layout.least + (ACROSS - 1) * tight
    side = min(page.h - answer_h - tight, page.w - layout.gap * 2 - least_w)
    panel = page.after(side + layout.gap * 2)
    gap = min(layout.gap, max(tight, (page.h - (DOWN + 1) * layout.least) // DOWN))
    cells = grid(panel, ACROSS * (DOWN + 1), ACROSS, gap)
    less, more, done, last = cells[ACROSS * DOWN :]
    wide = Box(done.x, done.y, last.right - done.x, done.h)
    answer = Box(page.x, page.y + side + tight, side, page.h - side - tight)
    return Places(page.top(side).left(side), answer, cells[: ACROSS * DOWN], (less, more, wide))


def view(slice_: Sketchpad, hall: Hall) -> Scene:
    """The light stands on the picture: paint on it."""
    layout = layout_of(hall.panel)
    place = places(layout)
    items: list[Item] = [Picture(place.picture, picture_shown(slice_), layout.radius)]
    canvas = _canvas(slice_, layout, place.picture)
    items += canvas
    items += _tools(slice_, hall, layout, place.tools)
    items += _actions(slice_, hall, layout, place.actions)
    items += _answer(slice_, hall, layout, place.answer)
    return scene_of(hall, "sketchpad", items, canvas[len(canvas) // 2].name)


def picture_shown(slice_: Sketchpad) -> str:
    """The painted picture, as soon as it is there."""
    return "adversarial" if slice_.job is None and slice_.judged is None else "painted"


def _canvas(slice_: Sketchpad, layout: Layout, box: Box) -> list[Control]:
    """The picture as one place to paint on, or, for stamps, as fields that buttons can reach one by one."""
    if slice_.tool is Tool.BRUSH:
        return [Control("canvas", box, Look.BARE, radius_px=layout.radius, holds=True)]
    return [
        Control(f"place-{number}", cell, Look.BARE, radius_px=layout.radius)
        for number, cell in enumerate(grid(box, PLACES * PLACES, PLACES, 0))
    ]


def _tools(slice_: Sketchpad, hall: Hall, layout: Layout, cells: Sequence[Box]) -> list[Item]:
    """Paints with the eraser, sizes, tools, and the way to a clean picture; what is in the hand is framed."""
    paints, rest = cells[: len(Paint) + 1], cells[len(Paint) + 1 :]
    sizes, clear, tools = rest[: len(Size)], rest[len(Size)], rest[len(Size) + 1 :]
    items: list[Item] = []
    for tool, cell in zip(Tool, tools, strict=True):
        chosen = tool is slice_.tool
        items += _pad(layout, f"tool-{tool.value}", cell, chosen=chosen, icon=tool.value)
    for paint, cell in zip(Paint, paints, strict=False):
        chosen = paint is slice_.ink.paint
        items += _pad(layout, f"paint-{paint.name.lower()}", cell, chosen=chosen)
        items.append(Swatch(cell.square(round(min(cell.w, cell.h) * 0.56)), paint.value))
    items += _pad(layout, f"paint-{ERASER}", paints[-1], chosen=slice_.ink.paint is None, icon=ERASER)
    for size, cell in zip(Size, sizes, strict=True):
        items += _pad(layout, f"size-{size.name.lower()}", cell, chosen=size is slice_.ink.size)
        items.append(Dot(cell.square(_dot_px(size, cell)), Colour.MUTE))
    items.append(tile(layout, "clear", clear, hall.texts("sketchpad.clear"), "clear", size_px=layout.caption))
    return items


def _dot_px(size: Size, cell: Box) -> int:
    """How large a size's dot is drawn: the largest fills the control."""
    return round(min(cell.w, cell.h) * 0.62 * math.sqrt(size.line / Size.LARGE.line))


def _pad(layout: Layout, name: str, cell: Box, *, chosen: bool, icon: str = "") -> list[Item]:
    """A control that is a drawing alone; framed in white where it is in the hand."""
    outline = Colour.TEXT if chosen else Colour.LINE
    control = Control(name, cell, Look.TILE, radius_px=layout.radius, outline=outline)
    if not icon:
        return [control]
    return [control, Icon(cell.square(round(min(cell.w, cell.h) * 0.56)), icon, Colour.MUTE)]


def _actions(slice_: Sketchpad, hall: Hall, layout: Layout, cells: Sequence[Box]) -> list[Item]:
    """Less and more noise under the same paint, and the way on, last: one step back from the picture."""
    more = tile(layout, "more", cells[1], hall.texts("control.more"), "plus", size_px=layout.caption)
    visit = slice_.visit
    top = visit.shown + 1 >= len(visit.steps)
    if top and hall.gradients.for_good:
        more = replace(more, tint=Colour.MUTE)
    elif top and (slice_.step_job is not None or hall.gradients.phase is not Phase.READY):
        more = replace(more, icon="wait", tint=Colour.MUTE)
    elif top and visit.spent:
        more = replace(more, tint=Colour.MUTE)
    less = tile(layout, "less", cells[0], hall.texts("control.less"), "minus", size_px=layout.caption)
    return [
        less if visit.shown else replace(less, tint=Colour.MUTE),
        more,
        tile(layout, "done", cells[2], hall.texts("sketchpad.done"), "done", size_px=layout.caption),
    ]


def _answer(slice_: Sketchpad, hall: Hall, layout: Layout, box: Box) -> list[Item]:
    """What the network says to the painted picture, and what that means."""
    truth = slice_.visit.original.first.label
    row = rows_of(slice_.answer, hall, 1)[0]
    colour = Colour.TEXT if row.confidence is None else Colour.TRUTH if row.label == truth else Colour.LIE
    before = slice_.before or slice_.answer
    moving = row.confidence
    if row.label is not None and row.confidence is not None:
        old = before.confidence(row.label)
        moving = old + (row.confidence - old) * eased(slice_.changed_s, hall.now_s, EASE_S)
    bar_h = min(round(layout.label * 1.75), round(box.h * 0.56))
    text, accent = said(slice_, hall)
    below = box.under(bar_h + layout.tight)
    size = min(round(layout.label * 0.85), round(below.h / 1.3))
    return [
        *answer_row(hall, layout, box.top(bar_h), row, colour, shown=moving, large=True),
        sentence(below, text, size, layout, accent=accent, lines=2, weight=Weight.EXTRABOLD),
    ]


def said(slice_: Sketchpad, hall: Hall) -> tuple[str, Colour]:
    """Whether the lie lasts, in words, and the colour of the label in them."""
    visit, texts = slice_.visit, hall.texts
    label = slice_.answer.first.label
    truth = visit.original.first.label
    accent = Colour.TRUTH if label == truth else Colour.LIE
    if slice_.lost:
        return texts("sketchpad.lost"), accent
    if not slice_.painted:
        return texts("sketchpad.ask"), accent
    if not slice_.answer.known:
        return texts("sketchpad.unknown"), accent
    verdict = Verdict.FOOLED if slice_.judged is None else slice_.judged.verdict
    if visit.boosts:
        key = "sketchpad.right" if label == truth else "sketchpad.other"
    elif verdict is Verdict.FOOLED:
        key = "sketchpad.fooled"
    else:
        key = "sketchpad.truth" if label == truth else "sketchpad.other"
    return texts(key, label=called(hall, label)), accent
