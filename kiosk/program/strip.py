"""The line at the foot of every visitors' screen that tells what the buttons do, for whoever uses them."""

from kiosk.core.context import Context
from kiosk.core.layout import layout_of
from kiosk.core.parts import sentence
from kiosk.core.scene import Box, Colour, Icon, Item, Weight

EM_PER_LETTER = 0.6
DRAWINGS = {"move": "arrows", "noise": "arrows", "choose": "button", "hold": "button-held"}


def strip(context: Context, *, arrows: bool) -> list[Item]:
    """Return that line: up and down (`arrows`) move the light, or else change the noise."""
    layout = layout_of(context.panel)
    size, line = layout.floor, layout.buttons
    keys = ("move", "choose") if arrows else ("noise", "choose", "hold")
    texts = [context.texts(f"strip.{key}") for key in keys]
    widths = [round(2.2 * size + EM_PER_LETTER * size * len(text)) for text in texts]
    x = line.x + max(0, line.w - sum(widths)) // 2
    items: list[Item] = []
    for key, text, wide in zip(keys, texts, widths, strict=True):
        cell = Box(x, line.y, wide, line.h)
        items.append(Icon(cell.left(size).square(round(size * 0.9)), DRAWINGS[key], Colour.TEXT))
        words = cell.after(round(size * 1.25))
        items.append(sentence(words, text, layout.style(size, colour=Colour.MUTE, weight=Weight.SEMIBOLD)))
        x += wide
    return items
