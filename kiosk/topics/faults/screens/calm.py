"""What the screens of what is missing share: a drawing and calm words."""

from kiosk.core.context import Context
from kiosk.core.layout import Layout
from kiosk.core.parts import sentence
from kiosk.core.scene import Align, Box, Colour, Icon, Item, Plate, Weight


def calm(context: Context, layout: Layout, stage: Box, icon: str, title: str, note: str) -> list[Item]:
    """Return a drawing, a large line, a quiet one."""
    if context.panel.portrait:
        side = round(stage.w * 0.62)
        drawing = Box(stage.x + (stage.w - side) // 2, stage.y + round(stage.h * 0.06), side, side)
        words = stage.under(drawing.bottom - stage.y + layout.gap)
        align = Align.CENTRE
    else:
        side = min(stage.h, round(stage.w * 0.38))
        drawing = Box(stage.x, stage.y + (stage.h - side) // 2, side, side)
        words = stage.after(side + layout.gap * 3)
        align = Align.LEFT
    cut = round(words.h * 0.5)
    return [
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
