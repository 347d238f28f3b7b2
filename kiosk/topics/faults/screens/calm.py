"""What the screens of what is missing share: a drawing and calm words."""

from kiosk.core.context import Context
from kiosk.core.layout import Layout
from kiosk.core.parts import sentence
from kiosk.core.scene import Align, Box, Colour, Icon, Item, Plate, Weight


def calm(
    context: Context, layout: Layout, stage: Box, icon: str, title: str, note: str
) -> tuple[list[Item], Box]:
    """Return a drawing, a large line, a quiet one; and the box for what follows."""
    deck = round(layout.deck * 1.15)
    foot = stage.foot(deck)
    rest = stage.above(deck + layout.gap)
    if context.panel.portrait:
        side = round(rest.w * 0.62)
        drawing = Box(rest.x + (rest.w - side) // 2, rest.y + round(rest.h * 0.06), side, side)
        words = rest.under(drawing.bottom - rest.y + layout.gap)
        align = Align.CENTRE
    else:
        side = min(rest.h, round(rest.w * 0.38))
        drawing = Box(rest.x, rest.y + (rest.h - side) // 2, side, side)
        words = rest.after(side + layout.gap * 3)
        width = words.w
        foot = Box(words.x, foot.y, width, foot.h)
        align = Align.LEFT
    cut = round(words.h * 0.5)
    items: list[Item] = [
        Plate(drawing, layout.radius),
        Icon(drawing.square(round(drawing.w * 0.56)), icon, Colour.MUTE),
        sentence(
            words.top(cut),
            context.texts(title),
            layout.style(round(layout.label * 1.3), weight=Weight.EXTRABOLD, align=align, lines=3),
        ),
        sentence(
            words.under(cut),
            context.texts(note),
            layout.style(layout.control, colour=Colour.MUTE, align=align, lines=5, middle=False),
        ),
    ]
    return items, foot
