"""A control taken apart: its icon, words, note and progress, placed on its face."""

from dataclasses import replace

from kiosk.core.scene import Align, Bar, Box, Colour, Control, Icon, Item, Look, Weight, Words, plain
from kiosk.ui.fonts import LEADING, Fonts


def control_parts(control: Control, ink: Colour, fonts: Fonts) -> tuple[Item, ...]:
    """Return a control's icon, words and progress, placed on its face."""
    items: list[Item] = []
    box = control.box
    if control.progress is not None:
        track = Colour.TRACK if ink is not Colour.INK else None  # no dark track on the yellow
        place = box.foot(box.h // 4).inset(box.w // 12, box.h // 12)
        items.append(Bar(place, control.progress, ink, track))
        box = box.above(box.h // 5)
    if control.look is Look.TILE:
        return (*items, *_tile_parts(control, box, ink, fonts))
    pad = max(6, control.radius_px // 2)
    inner = box.inset(pad, 4)
    if control.note:
        note_h = round(inner.h * 0.32)
        size = min(control.size_px, round(note_h * 0.78))
        items.append(_note(control, inner.foot(note_h), size, Weight.SEMIBOLD, ink))
        inner = inner.above(note_h)
    widest = inner.w // 4 if control.text else inner.w
    icon = min(round(control.size_px * 1.15), inner.h, widest) if control.icon else 0
    gap = round(icon * 0.4) if control.text else 0
    room = inner.after(icon + gap)
    words = Words(
        room,
        plain(control.text, ink),
        control.size_px,
        control.floor_px,
        Weight.EXTRABOLD,
        Align.LEFT,
        True,
        2,
    )
    width = fonts.fitted(words).width_px
    start = inner.x + max(0, (inner.w - icon - gap - width) // 2)
    if icon:
        items.append(Icon(Box(start, inner.y + (inner.h - icon) // 2, icon, icon), control.icon, ink))
    items.append(
        replace(
            words,
            box=Box(start + icon + gap, room.y, min(room.w, inner.right - start - icon - gap), room.h),
        )
    )
    return tuple(items)


def _note(control: Control, box: Box, size_px: int, weight: Weight, ink: Colour) -> Words:
    """Return a control's note, in the middle of its box."""
    floor_px = min(size_px, control.floor_px)
    return Words(box, plain(control.note, ink), size_px, floor_px, weight, Align.CENTRE)


def _tile_parts(control: Control, box: Box, ink: Colour, fonts: Fonts) -> tuple[Item, ...]:
    """Return an icon above its words, with a note below where there is one."""
    inner = box.inset(max(4, control.radius_px // 5), max(4, box.h // 14))
    items: list[Item] = []
    weight = Weight.EXTRABOLD if not control.icon else Weight.SEMIBOLD
    if control.note:
        note_h = round(min(inner.h * 0.24, control.size_px * 1.2))
        items.append(_note(control, inner.foot(note_h), round(note_h * 0.8), Weight.REGULAR, ink))
        inner = inner.above(note_h)
    words = inner
    if control.icon:
        text_h = round(min(max(control.size_px * LEADING * 1.05, inner.h * 0.3), inner.h * 0.62))
        if " " in control.text and fonts.width(control.text, weight, control.size_px) > inner.w:
            text_h = round(min(control.size_px * LEADING * 2.1, inner.h * 0.7))
        words = inner.foot(text_h)
        above = inner.above(text_h + max(2, inner.h // 20))
        side = min(above.w, above.h)
        items.append(Icon(above.square(side), control.icon, ink))
    items.append(
        Words(
            words,
            plain(control.text, ink),
            control.size_px,
            control.floor_px,
            weight,
            Align.CENTRE,
            True,
            3 if not control.icon else 2,
        )
    )
    return tuple(items)
