"""Pieces that the staff's screens share: the row that leads between them, the banner, cards with one matter each."""

from dataclasses import replace

from kiosk.core.layout import Layout, grid, layout_of
from kiosk.core.parts import button, sentence
from kiosk.core.scene import Box, Colour, Control, Icon, Item, Plate, Weight
from kiosk.core.screen import Hall, ToAttract, ToStaff
from kiosk.core.staff import StaffPage

ICONS = {
    StaffPage.HEALTH: "pulse",
    StaffPage.COUNTS: "counts",
    StaffPage.DATASETS: "album",
    StaffPage.TUNING: "sliders",
    StaffPage.REPAIR: "wrench",
}


def led(control: str) -> ToStaff | ToAttract | None:
    """Where a control of the row leads."""
    if control == "leave":
        return ToAttract()
    kind, _, page = control.partition("-")
    return ToStaff(StaffPage(page)) if kind == "page" else None


def staff_frame(hall: Hall, here: StaffPage) -> tuple[Layout, list[Item], Box]:
    """The measures, the row and the banner, and the page between them."""
    layout = layout_of(hall.panel)
    page = layout.page
    lines = 2 if hall.panel.portrait else 1
    row = page.top(layout.touch * lines + layout.tight * 2 * (lines - 1))
    ways = [(f"page-{one.value}", one.value, icon, one is here) for one, icon in ICONS.items()]
    ways.append(("leave", "leave", "leave", False))
    across = -(-len(ways) // lines)
    gap = layout.tight * lines  # six in one row stand closer
    *cells, last = grid(row, across * lines, across, gap)
    cells = [*cells[: len(ways) - 1], last]
    items: list[Item] = []
    for (name, words, icon, present), cell in zip(ways, cells, strict=True):
        control = button(layout, name, cell, hall.texts(f"control.{words}"), icon, size_px=layout.caption)
        items.append(replace(control, outline=Colour.TEXT) if present else control)
    body = page.under(row.h + layout.gap)
    banner = _banner(hall, layout, body)
    if banner:
        body = body.above(body.bottom - banner[0].box.y + layout.tight)
    return layout, [*items, *banner], body


def _banner(hall: Hall, layout: Layout, body: Box) -> list[Item]:
    """What staff should know, at the bottom edge; the first of it where there is more."""
    notices = hall.notices
    if hall.staff.restart_due:
        notices = (*notices, hall.texts("banner.restart_due"))
    if not notices:
        return []
    text = notices[0]
    if len(notices) > 1:
        text = hall.texts("banner.more_notices", notice=text, count=len(notices) - 1)
    lines = 3 if hall.panel.portrait else 2
    high = round(layout.caption * (0.4 + 1.25 * lines))
    strip = body.foot(high)
    side = round(layout.caption * 1.4)
    inner = strip.inset(layout.tight, layout.tight // 4)
    icon = inner.left(side).square(side)
    words = inner.after(side + layout.tight)
    return [
        Plate(strip, layout.radius // 2),
        Icon(icon, "warning", Colour.TEXT),
        sentence(words, text, layout.caption, layout, lines=lines),
    ]


def matter(layout: Layout, box: Box, icon: str, said: tuple[str, str, str]) -> list[Item]:
    """One matter on a card: an icon, what it is, how it is, and what to do."""
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
        sentence(words.top(line), what, layout.body, layout, colour=Colour.MUTE, weight=Weight.SEMIBOLD),
        sentence(rest.top(cut), found, layout.control, layout, weight=Weight.EXTRABOLD, lines=4),
    ]
    if advice:
        items.append(sentence(rest.under(cut), advice, layout.body, layout, lines=5, middle=False))
    return items


def foot_controls(layout: Layout, box: Box, controls: list[tuple[str, str, str]]) -> list[Control]:
    """Controls side by side: name, words, icon."""
    cells = grid(box, len(controls), len(controls), layout.gap)
    return [
        button(layout, name, cell, words, icon)
        for (name, words, icon), cell in zip(controls, cells, strict=True)
    ]
