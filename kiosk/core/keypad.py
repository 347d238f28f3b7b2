"""The number pad for the staff's PIN, drawn by us: how digits are typed, and where its keys lie."""

from dataclasses import dataclass

from kiosk.core.layout import Layout, columns, grid
from kiosk.core.parts import button, crumbs, sentence
from kiosk.core.scene import Align, Box, Colour, Dot, Item, Weight
from kiosk.core.screen import Hall
from kiosk.core.staff import STATIONS
from kiosk.device.staff_pin import FEWEST_DIGITS, MOST_DIGITS, is_pin

KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "erase", "0", "enter")
WIDEST_MM = 30.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, in one line and a quiet one, and how many digits are typed.

    `step` is the station of the first start where this is one; `others` are further controls: name, icon, words.
    """

    title: str
    note: str
    typed: int
    others: tuple[tuple[str, str, str], ...] = ()
    step: str = ""


def typed(digits: str, control: str) -> str:
    """The digits after a key was pressed; other controls change nothing."""
    kind, _, digit = control.partition("-")
    if kind == "digit" and len(digits) < MOST_DIGITS:
        return digits + digit
    return digits[:-1] if kind == "erase" else digits


def primary(digits: str) -> str:
    """The key to press next, once there is one."""
    return "enter" if is_pin(digits) else ""


def pad_items(hall: Hall, layout: Layout, asked: Asked) -> list[Item]:
    """The question, a dot for each digit, and the keys: beside each other, or on tall panels below."""
    page = layout.page
    if hall.panel.portrait:
        words = page.top(page.h * 44 // 100)
        keys = page.under(words.h + layout.gap)
    else:
        wide = min(page.w * 52 // 100, 3 * hall.panel.px(WIDEST_MM * layout.scale) + 2 * layout.gap)
        keys = Box(page.right - wide, page.y, wide, page.h)
        words = page.left(page.w - wide - 2 * layout.gap)
    return [*_question(hall, layout, words, asked), *_keys(layout, keys)]


def _question(hall: Hall, layout: Layout, box: Box, asked: Asked) -> list[Item]:
    """The station, the words, the dots below them, and the other controls at the foot."""
    items: list[Item] = []
    if asked.step:
        line = round(layout.caption * 3.0)
        items.append(crumbs(hall, layout, box.top(line), asked.step, STATIONS))
        box = box.under(line + layout.tight)
    if asked.others:
        foot = box.foot(layout.touch)
        box = box.above(layout.touch + layout.gap)
        for (name, icon, words), cell in zip(
            asked.others, columns(foot, len(asked.others), layout.gap), strict=True
        ):
            items.append(button(layout, name, cell, words, icon, size_px=layout.caption))
    align = Align.CENTRE if hall.panel.portrait else Align.LEFT
    side = round(layout.control * 0.8)
    dots = box.foot(round(side * 1.6))
    upper = box.above(dots.h + layout.tight)
    cut = upper.h * 45 // 100
    items += [
        sentence(
            upper.top(cut), asked.title, layout.label, layout,
            weight=Weight.EXTRABOLD, align=align, lines=2,
        ),
        sentence(
            upper.under(cut), asked.note, layout.control, layout,
            colour=Colour.MUTE, align=align, lines=5, middle=False,
        ),
    ]  # fmt: skip
    count = max(FEWEST_DIGITS, asked.typed)
    wide = 2 * side * count
    row = Box(dots.x + (dots.w - wide) // 2 if hall.panel.portrait else dots.x, dots.y, wide, dots.h)
    for number, place in enumerate(columns(row, count, 0)):
        filled = number < asked.typed
        items.append(Dot(place.square(side), Colour.TEXT if filled else Colour.MUTE, filled))
    return items


def _keys(layout: Layout, box: Box) -> list[Item]:
    """Twelve keys in the order of a telephone's."""
    items: list[Item] = []
    for key, cell in zip(KEYS, grid(box, len(KEYS), 3, layout.tight * 2), strict=True):
        if key.isdigit():
            items.append(button(layout, f"digit-{key}", cell, key, "", size_px=layout.label))
        else:
            items.append(button(layout, key, cell, "", key, size_px=layout.label))
    return items
