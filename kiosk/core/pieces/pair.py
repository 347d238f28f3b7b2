"""Two pictures beside each other, what is said of each, and one sentence about both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns
from kiosk.core.parts import sentence
from kiosk.core.scene import Box, Colour, Item, Picture, Plate, Weight

LINE = 1.7  # the line above a picture, in sizes of its type


class Side(NamedTuple):
    """One of the two: the line above it, the name of its picture, and its place on the stage."""

    title: Box
    picture: Box
    below: Box


@dataclass(frozen=True, slots=True)
class Pair:
    """Where both pictures lie, and the place for the words."""

    before: Side
    after: Side
    words: Box


def pair_of(layout: Layout, stage: Box, below: int, *, share: float = 0.34) -> Pair:
    """Return the places of two pictures as large as `share` of a wide stage, each with so much room below it."""
    line = round(layout.caption * LINE)
    around = line + below + layout.tight
    if layout.panel.portrait:
        side = (stage.w - layout.gap) // 2
        pair, words = stage.top(side + around), stage.under(side + around + layout.gap)
    else:
        side = min(stage.h - around, round(stage.w * (share - 0.05 if layout.compact else share)))
        pair = stage.left(side * 2 + layout.gap).top(side + around)
        words = stage.after(pair.w + layout.gap * (1 if layout.compact else 2))
    sides = [
        Side(
            cell.top(line),
            Box(cell.x, cell.y + line, side, side),
            Box(cell.x, cell.y + line + side + layout.tight, side, below),
        )
        for cell in columns(pair, 2, layout.gap)
    ]
    return Pair(sides[0], sides[1], words)


def pictured(
    context: Context,
    layout: Layout,
    side: Side,
    key: str,
    title: str,
    *,
    accent: Colour = Colour.LIE,
    **values: str,
) -> list[Item]:
    """Return a picture under the line that says which it is; the line's words have places for some values."""
    style = layout.style(layout.caption, colour=Colour.MUTE, accent=accent, weight=Weight.SEMIBOLD)
    told = sentence(side.title, context.texts(title, **values), style)
    return [told, Picture(side.picture, key, layout.radius)]


def plated(
    layout: Layout,
    box: Box,
    loud: str,
    quiet: Sequence[str] = (),
    *,
    accent: Colour = Colour.LIE,
    kept_px: int = 0,
) -> list[Item]:
    """Return a surface with one sentence, and below it what goes with it, quieter; so much is kept free at its foot."""
    room = box.inset(layout.gap, layout.tight).above(kept_px)
    size = round(layout.control * (1.0 if layout.compact else 1.25))
    more = " ".join(quiet)
    needs, others = len(loud) * size * size, len(more) * layout.caption * layout.caption
    cut = round((room.h - layout.tight) * needs / max(1, needs + others)) if more else room.h
    items: list[Item] = [
        Plate(box, layout.radius),
        sentence(room.top(cut), loud, layout.style(size, accent=accent, weight=Weight.SEMIBOLD, lines=6)),
    ]
    if more:
        style = layout.style(layout.caption, colour=Colour.MUTE, accent=accent, lines=8)
        items.append(sentence(room.under(cut + layout.tight), more, style))
    return items
