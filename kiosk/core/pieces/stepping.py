"""Two buttons that walk the steps of an attack: one back, and one on, which leads from the last to the first."""

from dataclasses import replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns
from kiosk.core.parts import button
from kiosk.core.scene import Box, Control
from kiosk.core.screen import Pressed

EARLIER, LATER = "earlier", "later"


def stepped(event: Pressed, at: int, last: int) -> int | None:
    """Return the step that a press leads to, None where another control was pressed."""
    match event:
        case Pressed("earlier"):
            return max(0, at - 1)
        case Pressed("later"):
            return 0 if at >= last else at + 1
        case _:
            return None


def stepping(context: Context, layout: Layout, box: Box, at: int, last: int) -> list[Control]:
    """Return both buttons, beside each other."""
    texts = context.texts
    earlier, later = columns(box, 2, layout.gap)
    back = button(layout, EARLIER, earlier, texts("stepping.earlier"), "minus")
    on = button(layout, LATER, later, texts("stepping.begin" if at >= last else "stepping.later"), "plus")
    return [replace(back, off=at == 0, repeats=True), replace(on, repeats=True)]
