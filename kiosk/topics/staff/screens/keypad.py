"""The number pad for the staff's PIN, drawn by us: how digits are typed, and where its keys lie."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns, grid
from kiosk.core.parts import button, crumbs, sentence
from kiosk.core.scene import Align, Box, Colour, ControlId, Dot, Item, Weight
from kiosk.core.screen import Pressed
from kiosk.core.staff import FEWEST_DIGITS, MOST_DIGITS, is_pin

KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "erase", "0", "enter")
WIDEST_MM = 30.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, in one line and a quiet one, and how many digits are typed.

    `step` is which of the `steps` of the first start this is, if it is one; `others` are further controls: name, icon,
    words.
    """

    title: str
    note: str
    typed: int
    others: tuple[tuple[str, str, str], ...] = ()
    step: str = ""
    steps: tuple[str, ...] = ()


def typed(digits: str, pressed: Pressed) -> str:
    """Return the digits after a key was pressed; other controls change nothing."""
    match pressed:
        case Pressed("digit", str(digit)) if len(digits) < MOST_DIGITS:
            return digits + digit
        case Pressed("erase"):
            return digits[:-1]
        case _:
            return digits


def primary(digits: str) -> str:
    """Return the key to press next, once there is one."""
    return "enter" if is_pin(digits) else ""


def pad_items(context: Context, layout: Layout, asked: Asked) -> list[Item]:
    """Return the question, a dot for each digit, and the keys: beside each other, or on tall panels below."""
    page = layout.page
    if context.panel.portrait:
        words = page.top(page.h * 44 // 100)
        keys = page.under(words.h + layout.gap)
    else:
        wide = min(page.w * 52 // 100, 3 * context.panel.px(WIDEST_MM * layout.scale) + 2 * layout.gap)
        keys = Box(page.right - wide, page.y, wide, page.h)
        words = page.left(page.w - wide - 2 * layout.gap)
    return [*_question(context, layout, words, asked), *_keys(layout, keys)]


def _question(context: Context, layout: Layout, box: Box, asked: Asked) -> list[Item]:
    """Return the station, the words, the dots below them, and the other controls at the foot."""
    items: list[Item] = []
    if asked.step:
        line = round(layout.caption * 3.0)
        items.append(crumbs(context, layout, box.top(line), asked.step, asked.steps))
        box = box.under(line + layout.tight)
    if asked.others:
        foot = box.foot(layout.touch)
        box = box.above(layout.touch + layout.gap)
        for (name, icon, words), cell in zip(
            asked.others, columns(foot, len(asked.others), layout.gap), strict=True
        ):
            items.append(button(layout, name, cell, words, icon, size_px=layout.caption))
    align = Align.CENTRE if context.panel.portrait else Align.LEFT
    side = round(layout.control * 0.8)
    dots = box.foot(round(side * 1.6))
    upper = box.above(dots.h + layout.tight)
    cut = upper.h * 45 // 100
    items += [
        sentence(
            upper.top(cut),
            asked.title,
            layout.style(layout.label, weight=Weight.EXTRABOLD, align=align, lines=2),
        ),
        sentence(
            upper.under(cut),
            asked.note,
            layout.style(layout.control, colour=Colour.MUTE, align=align, lines=5, middle=False),
        ),
    ]
    count = max(FEWEST_DIGITS, asked.typed)
    wide = 2 * side * count
    row = Box(dots.x + (dots.w - wide) // 2 if context.panel.portrait else dots.x, dots.y, wide, dots.h)
    for number, place in enumerate(columns(row, count, 0)):
        filled = number < asked.typed
        items.append(Dot(place.square(side), Colour.TEXT if filled else Colour.MUTE, filled))
    return items


def _keys(layout: Layout, box: Box) -> list[Item]:
    """Return twelve keys in the order of a telephone's."""
    items: list[Item] = []
    for key, cell in zip(KEYS, grid(box, len(KEYS), 3, layout.tight * 2), strict=True):
        if key.isdigit():
            made = button(layout, ControlId("digit", key), cell, key, "", size_px=layout.label)
        else:
            made = button(layout, key, cell, "", key, size_px=layout.label)
        items.append(replace(made, repeats=True))
    return items
