"""The frame that all visitors' screens share: the title on top, the ways around and the screen's actions at the foot.

*Start again* is in one place on every screen, and so is *Back*, whatever else is there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns
from kiosk.core.parts import button, control_key, crumbs, sentence
from kiosk.core.scene import Box, Colour, ControlId, Item, Weight

# How wide a way around is, in sizes of its type: one that has a place of its own, and what else its words need.
WAY, WAY_TALL, BESIDE, EM_PER_LETTER = 5.2, 5.7, 2.4, 0.63
TITLE = 1.3  # how high a line of the title is, in sizes of its type


class Labelled(NamedTuple):
    """A control, its drawing, and the key of its words."""

    name: str | ControlId
    icon: str
    words: str


AGAIN = Labelled("again", "again", "again")
BACK = Labelled("back", "back", "back")
CANCEL = Labelled("cancel", "cancel", "cancel")
CARDS = Labelled("cards", "cards", "cards")
RETAKE = Labelled("retake", "camera", "retake")


@dataclass(frozen=True, slots=True)
class Frame:
    """The title and the ways around, and the places that a screen fills: its stage, and the deck for its actions."""

    items: tuple[Item, ...]
    stage: Box
    deck: Box


def framed(
    context: Context,
    layout: Layout,
    title: str = "",
    *,
    step: str = "",
    back: Labelled | None = BACK,
    others: Sequence[Labelled] = (),
    accent: Colour = Colour.TRUTH,
    lines: int = 1,
    deck: int = 1,
    wall: bool = False,
) -> Frame:
    """Return the frame under a title of so many lines, or with the stations of a visit, `step` the present one.

    `deck` is how many rows of actions a tall panel has; on a wide one they stand beside the ways around. All of a
    `wall` can be pressed, so that it begins where everybody reaches.
    """
    page, lines = layout.page, 2 if layout.panel.portrait else lines
    around = [AGAIN, *([] if back is None else [back]), *others]
    texts = [context.texts(control_key(way.words)) for way in around]
    boxes, actions, bottom = _foot(layout, texts, deck, fixed=1 if back is None else 2)
    head = page.top(_head_px(layout, lines) if title else round(layout.caption * TITLE) if step else 0)
    size = layout.label
    if wall and layout.panel.reach_px > head.bottom + layout.gap:
        head, size = page.top(layout.panel.reach_px - layout.gap - page.y), layout.display
    items: list[Item] = []
    if title:
        style = layout.style(size, accent=accent, weight=Weight.EXTRABOLD, lines=2)
        items.append(sentence(head, title, style))
    elif step:
        items.append(crumbs(context, layout, head, step))
    again, *ways = [
        button(layout, way.name, box, text, way.icon, size_px=layout.caption)
        for way, text, box in zip(around, texts, boxes, strict=True)
    ]
    top = head.bottom + layout.gap if title or step else page.y
    return Frame((*items, *ways, again), Box(page.x, top, page.w, bottom - top), actions)


def _head_px(layout: Layout, lines: int) -> int:
    """Return how high a title is: one line of large type, or two of what can be read."""
    return round(layout.label * TITLE) if lines == 1 else round(layout.caption * TITLE * lines)


def _foot(layout: Layout, texts: Sequence[str], deck: int, *, fixed: int) -> tuple[tuple[Box, ...], Box, int]:
    """Return the places of the ways around, the place for actions, and where the stage above them ends.

    The first ways, so many, have places of their own, which do not depend on the others.
    """
    page, gap = layout.page, layout.gap
    wide = max(layout.least, round(layout.caption * WAY))
    if layout.panel.portrait:
        row, wide = page.foot(layout.touch), round(layout.caption * WAY_TALL)
        others = row.after(fixed * (wide + gap))
        boxes = (*_abreast(row, [wide] * fixed, gap), *columns(others, max(1, len(texts) - fixed), gap))
        high = deck * layout.deck + max(0, deck - 1) * gap
        actions = page.above(row.h + gap).foot(high)
        return boxes[: len(texts)], actions, (actions.y if deck else row.y) - gap
    row, gap = page.foot(max(layout.touch, round(layout.deck * 0.9))), layout.tight if layout.compact else gap
    widths = [wide] * fixed + [max(wide, _way_px(layout, text)) for text in texts[fixed:]]
    boxes = _abreast(row, widths, gap)
    return boxes, row.after(boxes[-1].right + gap - row.x), row.y - layout.gap


def _abreast(row: Box, widths: Sequence[int], gap: int) -> tuple[Box, ...]:
    """Return boxes of these widths beside each other."""
    starts = accumulate((width + gap for width in widths), initial=row.x)
    return tuple(Box(x, row.y, width, row.h) for x, width in zip(starts, widths, strict=False))


def _way_px(layout: Layout, text: str) -> int:
    """Return how wide a way around is whose words stand one below the other, beside its drawing."""
    letters = max(len(word) for word in text.split())
    return round(layout.caption * (BESIDE + EM_PER_LETTER * letters))
