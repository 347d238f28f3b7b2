"""The scale of the maps, over the words for its two ends."""

from dataclasses import replace

from kiosk.core.layout import Layout, columns
from kiosk.core.parts import sentence
from kiosk.core.scene import Align, Box, Colour, Item, Legend

BAR, WORDS = 1.2, 1.4  # how high the bar and a line of words are, in captions


def scale_px(layout: Layout) -> int:
    """Return how high the place is that `scale` needs."""
    return round(layout.caption * (BAR + WORDS + 0.2))


def scale(layout: Layout, box: Box, ends: tuple[str, str], *, two_sided: bool = False) -> list[Item]:
    """Return the scale of one answer alone, or the two-sided one from the first answer to the lie."""
    bar = box.top(round(layout.caption * BAR))
    below = columns(box.under(round(layout.caption * WORDS)), 2, layout.gap)
    colours = (Colour.TRUTH, Colour.LIE) if two_sided else (Colour.MUTE, Colour.MUTE)
    low, high = (
        sentence(cell, words, layout.style(layout.caption, colour=colour))
        for cell, words, colour in zip(below, ends, colours, strict=True)
    )
    return [Legend(bar, two_sided=two_sided), low, replace(high, align=Align.RIGHT)]
