"""The drawings of the sketchpad's tools; the stamps are drawn as they paint."""

from collections.abc import Callable, Mapping
from functools import partial

from kiosk.core.painting import OUTLINES, Tool
from kiosk.ui.pen import Pen


def _brush(pen: Pen) -> None:
    pen.line([(90, 10), (66, 37)], 12)
    pen.poly([(59, 33), (71, 44), (52, 66), (36, 50)])
    pen.line([(34, 46), (56, 68)], 5, cut=True)
    pen.blob([(32, 54), (48, 70), (42, 84), (26, 92), (8, 92), (16, 80), (18, 64)])


def _eraser(pen: Pen) -> None:
    pen.poly([(60, 12), (94, 42), (50, 84), (24, 84), (8, 66)])
    pen.line([(34, 40), (66, 70)], 6, cut=True)
    pen.poly([(30, 52), (54, 74), (46, 77), (28, 77), (17, 65)], cut=True)
    pen.line([(20, 90), (92, 90)], 7)


def _clear(pen: Pen) -> None:
    pen.line([(14, 24), (86, 24)], 9)
    pen.line([(38, 12), (62, 12)], 8)
    pen.poly([(22, 34), (78, 34), (72, 94), (28, 94)])
    for x, lean in ((38, 3), (50, 0), (62, -3)):
        pen.line([(x, 45), (x + lean, 83)], 5, cut=True)


def _undo(pen: Pen) -> None:
    pen.arc(54, 56, 28, -90, 150, 10)
    pen.line([(54, 28), (24, 28)], 10)
    pen.poly([(34, 4), (34, 52), (4, 28)])


def _outline(tool: Tool, pen: Pen) -> None:
    pen.poly([(4 + 92 * x, 4 + 92 * y) for x, y in OUTLINES[tool]])


PAINTING_ICONS: Mapping[str, Callable[[Pen], None]] = {
    "brush": _brush,
    "eraser": _eraser,
    "clear": _clear,
    "undo": _undo,
    **{tool.value: partial(_outline, tool) for tool in OUTLINES},
}
