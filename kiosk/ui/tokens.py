"""The values of the colour tokens, and the cividis scale of the heat maps."""

from kiosk.core.scene import Colour

Rgb255 = tuple[int, int, int]

# Blue, orange and yellow stay apart for eyes that lack one kind of cone: `tests/golden/test_colour_vision.py`.
RGB: dict[Colour, Rgb255] = {
    Colour.INK: (0x0D, 0x11, 0x17),
    Colour.PANEL: (0x17, 0x1D, 0x26),
    Colour.LINE: (0x2B, 0x34, 0x42),
    Colour.TRACK: (0x1E, 0x26, 0x31),
    Colour.TEXT: (0xF2, 0xF4, 0xF7),
    Colour.MUTE: (0xA7, 0xB0, 0xBD),
    Colour.FAINT: (0x66, 0x70, 0x7D),
    Colour.TRUTH: (0x56, 0xB4, 0xE9),
    Colour.LIE: (0xF8, 0x7E, 0x31),
    Colour.GO: (0xFF, 0xDD, 0x72),
    Colour.WARN: (0xF4, 0x72, 0x1C),
}

# Ten stops of cividis (Nunez, Anderton, Renslow 2018), evenly spaced; between them it is nearly linear.
CIVIDIS: tuple[Rgb255, ...] = (
    (0, 34, 78),
    (18, 53, 112),
    (59, 73, 108),
    (87, 93, 109),
    (112, 113, 115),
    (138, 134, 120),
    (165, 156, 116),
    (195, 179, 105),
    (225, 204, 85),
    (254, 232, 56),
)

# From the first answer's pull over none to the other's.
PULL: tuple[Rgb255, ...] = (RGB[Colour.TRUTH], RGB[Colour.LINE], RGB[Colour.LIE])


def lighter(rgb: Rgb255, part: float) -> Rgb255:
    """Return a colour on its way to white."""
    r, g, b = (round(value + (255 - value) * part) for value in rgb)
    return r, g, b
