"""Pieces that the staff's screens share: the row that leads between them, the banner, cards with one matter each."""

from collections.abc import Sequence
from dataclasses import replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout, grid, near_layout_of
from kiosk.core.message import ToAttract, Way
from kiosk.core.parts import button, crumbs, sentence
from kiosk.core.scene import Box, Colour, Control, ControlId, Icon, Item, Picture, Plate, Weight
from kiosk.core.screen import Pressed


def led(pressed: Pressed, context: Context) -> Way | None:
    """Return where a control of the row leads."""
    match pressed:
        case Pressed("leave"):
            return ToAttract()
        case Pressed("page", name):
            return next((page.way for page in context.pages if page.name == name), None)
        case _:
            return None


def staff_frame(context: Context, here: str) -> tuple[Layout, list[Item], Box]:
    """Return the measures, the row (with the page of that name marked) and the banner, and the page between them."""
    layout = near_layout_of(context.panel)
    page = layout.page
    lines = 2 if context.panel.portrait else 1
    row = page.top(layout.touch * lines + layout.tight * 2 * (lines - 1))
    ways = [(ControlId("page", one.name), one.name, one.icon) for one in context.pages]
    ways.append((ControlId("leave"), "leave", "leave"))
    across = -(-len(ways) // lines)
    gap = layout.tight * lines  # six in one row stand closer
    *cells, last = grid(row, across * lines, across, gap)
    cells = [*cells[: len(ways) - 1], last]
    items: list[Item] = []
    for (wanted, words, icon), cell in zip(ways, cells, strict=True):
        text = context.texts(f"control.{words}")
        control = button(layout, wanted, cell, text, icon, size_px=layout.caption)
        items.append(replace(control, outline=Colour.TEXT) if wanted.value == here else control)
    body = page.under(row.h + layout.gap)
    banner = _banner(context, layout, body)
    if banner:
        body = body.above(body.bottom - banner[0].box.y + layout.tight)
    return layout, [*items, *banner], body


def _banner(context: Context, layout: Layout, body: Box) -> list[Item]:
    """Return what staff should know, at the bottom edge; the first of it where there is more."""
    notices = context.notices
    if context.staff.restart_due:
        notices = (*notices, context.texts("banner.restart_due"))
    if not notices:
        return []
    text = notices[0]
    if len(notices) > 1:
        text = context.texts("banner.more_notices", notice=text, count=len(notices) - 1)
    lines = 3 if context.panel.portrait else 2
    high = round(layout.caption * (0.4 + 1.25 * lines))
    strip = body.foot(high)
    side = round(layout.caption * 1.4)
    inner = strip.inset(layout.tight, layout.tight // 4)
    icon = inner.left(side).square(side)
    words = inner.after(side + layout.tight)
    return [
        Plate(strip, layout.radius // 2),
        Icon(icon, "warning", Colour.TEXT),
        sentence(words, text, layout.style(layout.caption, lines=lines)),
    ]


def matter(layout: Layout, box: Box, icon: str, said: tuple[str, str, str]) -> list[Item]:
    """Return one matter on a card: an icon, what it is, how it is, and what to do."""
    what, found, advice = said
    side = min(round(layout.label * 2.2), box.w // 5)
    inner = box.inset(layout.gap)
    words = inner.after(side + layout.gap)
    line = round(layout.body * 1.5)
    rest = words.under(line)
    cut = rest.h * (55 if advice else 100) // 100
    items: list[Item] = [
        Plate(box, layout.radius),
        Icon(inner.left(side).top(side), icon, Colour.TEXT),
        sentence(
            words.top(line), what, layout.style(layout.body, colour=Colour.MUTE, weight=Weight.SEMIBOLD)
        ),
        sentence(rest.top(cut), found, layout.style(layout.control, weight=Weight.EXTRABOLD, lines=4)),
    ]
    if advice:
        items.append(sentence(rest.under(cut), advice, layout.style(layout.body, lines=5, middle=False)))
    return items


def foot_controls(
    layout: Layout, box: Box, controls: Sequence[tuple[str | ControlId, str, str]]
) -> list[Control]:
    """Controls side by side: name, words, icon."""
    cells = grid(box, len(controls), len(controls), layout.gap)
    return [
        button(layout, name, cell, words, icon)
        for (name, words, icon), cell in zip(controls, cells, strict=True)
    ]


def setup_header(context: Context, layout: Layout, step: str, steps: Sequence[str]) -> tuple[list[Item], Box]:
    """Return the first row of a setup screen, its stations and the way out, and the page below it."""
    page, high = layout.page, layout.touch
    wide = max(context.panel.px(28.0 if layout.compact else 30.0), round(layout.caption * 8.5))
    row = page.top(high)
    left = row.left(max(0, row.w - wide - layout.gap))
    items: list[Item] = []
    if left.w >= context.panel.px(24):
        items.append(crumbs(context, layout, left, step, steps))
    leave = Box(page.right - wide, row.y, wide, high)
    items.append(
        button(layout, "leave", leave, context.texts("control.leave"), "back", size_px=layout.caption)
    )
    return items, page.under(high + layout.gap)


def framing_sight(context: Context, box: Box, radius: int) -> list[Item]:
    """Return all that the camera sees, mirrored as people know themselves; or that there is none."""
    if context.sees:
        return [Picture(box, "framing", radius, mirrored=True)]
    return [Plate(box, radius), Icon(box.square(box.w // 2), "no-camera", Colour.MUTE)]
