"""The values of the colour tokens, and the cividis scale of the heat maps."""

from kiosk.core.scene import Colour

Rgb = tuple[int, int, int]

RGB: dict[Colour, Rgb] = {
    Colour.INK: (0x0D, 0x11, 0x17),
    Colour.PANEL: (0x17, 0x1D, 0x26),
    Colour.LINE: (0x2B, 0x34, 0x42),
    Colour.TRACK: (0x1E, 0x26, 0x31),
    Colour.TEXT: (0xF2, 0xF4, 0xF7),
    Colour.MUTE: (0xA7, 0xB0, 0xBD),
    Colour.TRUTH: (0x56, 0xB4, 0xE9),
    Colour.LIE: (0xFF, 0x8A, 0x3D),
    Colour.GO: (0xFF, 0xD1, 0x66),
}

# Ten stops of cividis (Nunez, Anderton, Renslow 2018), evenly spaced; between them it is nearly linear.
CIVIDIS: tuple[Rgb, ...] = (
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


def lighter(rgb: Rgb, part: float) -> Rgb:
    """A colour on its way to white."""
    r, g, b = (round(value + (255 - value) * part) for value in rgb)
    return r, g, b


def luminance(rgb: Rgb) -> float:
    """The relative luminance as WCAG defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in rgb)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Rgb, other: Rgb) -> float:
    """The contrast ratio of two colours, 1..21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
