"""How a scene lies on its panel, as tests of its layout ask it."""

from kiosk.core.scene import Box, Colour, Control, Words
from kiosk.ui.controls import control_parts
from kiosk.ui.fonts import Fonts


def overlap(one: Box, other: Box) -> bool:
    """Return whether two boxes share any pixel."""
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


def control_words(control: Control, fonts: Fonts) -> tuple[Words, ...]:
    """Return the texts of a control in their boxes, as they are drawn."""
    return tuple(item for item in control_parts(control, Colour.TEXT, fonts) if isinstance(item, Words))
