"""The pages of names on the way to a lie: groups, letters, spans of names, names."""

from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise

from kiosk.core.context import Context
from kiosk.core.labels import Labels
from kiosk.core.layout import Layout, best_across, grid
from kiosk.core.parts import button, tile, walled
from kiosk.core.scene import Box, Control, ControlId

NAME_MM = 30.0
MOST = 24  # names on one screen
ABOVE = 3.2  # sizes of its type, from which a tile is high enough for a drawing above its name
NO_BREAK = "\u00a0"


class Sort(Enum):
    """What a page has on its tiles."""

    GROUPS = auto()
    LETTERS = auto()
    NAMES = auto()


@dataclass(frozen=True, slots=True)
class Page:
    """Labels in alphabetical order, from number `start` of their list on, and what their tiles show."""

    sort: Sort
    labels: tuple[int, ...]
    start: int = 0

    def part(self, start: int, end: int) -> "Page":
        """Return the page of a part of its list."""
        return Page(Sort.NAMES, self.labels[start - self.start : end - self.start], start)


@dataclass(frozen=True, slots=True)
class Span:
    """Neighbours in the list that share a tile."""

    start: int
    end: int
    text: str


def page_controls(context: Context, layout: Layout, box: Box, page: Page) -> list[Control]:
    """Return the tiles of a page; a span that is one label leads to it, with its drawing beside its name."""
    labels = context.labels
    if page.sort is Sort.GROUPS:
        return _groups(context, layout, box)
    cells = [*_cells(layout, box, layout.least, layout.least)]
    if page.sort is Sort.LETTERS:
        found, size, shape = initials(labels, page, len(cells)), layout.label, 1.2
    else:
        cells = [*_cells(layout, box, context.panel.px(NAME_MM * layout.scale), layout.least)][:MOST]
        found, size, shape = spans(labels, page, len(cells)), layout.body, 2.0
    across = best_across(box, len(found), layout.tight, shape, layout.least)
    controls = []
    for span, cell in zip(found, grid(box, len(found), across, layout.tight), strict=True):
        name, icon = ControlId("group", (span.start, span.end)), ""
        if page.sort is Sort.NAMES and span.end - span.start == 1:
            label = page.labels[span.start - page.start]
            name, icon = ControlId("label", label), labels.icon(label)
        make = (
            button if icon and cell.h < ABOVE * size else tile
        )  # where it is low, the drawing is beside the name
        controls.append(make(layout, name, cell, span.text, icon, size_px=size))
    return controls


def _groups(context: Context, layout: Layout, box: Box) -> list[Control]:
    """Return a tile for each group, and the one that leads to the letters."""
    tiles = [(ControlId("kind", at), kind.name, kind.icon) for at, kind in enumerate(context.labels.groups)]
    tiles.append((ControlId("letters"), context.texts("control.letters"), "letters"))
    across = best_across(box, len(tiles), layout.tight, 1.7, layout.least)
    size = layout.caption
    return [
        walled(tile(layout, name, cell, text, icon, size_px=size))
        for (name, text, icon), cell in zip(tiles, grid(box, len(tiles), across, layout.tight), strict=True)
    ]


def initials(labels: Labels, page: Page, room: int) -> tuple[Span, ...]:
    """Return a page by first letters; the rarest neighbours share a tile until all fit."""
    found: list[Span] = []
    for at, label in enumerate(page.labels, page.start):
        letter = labels.names[label][:1].upper()
        if found and found[-1].text == letter:
            found[-1] = replace(found[-1], end=at + 1)
        else:
            found.append(Span(at, at + 1, letter))
    while len(found) > max(1, room):
        sizes = [b.end - a.start for a, b in pairwise(found)]
        least = sizes.index(min(sizes))
        first, second = found[least], found[least + 1]
        joined = Span(first.start, second.end, f"{first.text[0]}–{second.text[-1]}")
        found[least : least + 2] = [joined]
    return tuple(found)


def spans(labels: Labels, page: Page, room: int) -> tuple[Span, ...]:
    """Return a page name by name, or cut into equal parts, named by their first and last label."""
    names = [labels.names[label] for label in page.labels]
    total = len(names)
    if total <= room:
        return tuple(Span(at, at + 1, name) for at, name in enumerate(names, page.start))
    count = min(room, max(-(-total // room), round(total**0.5)))
    edges = [total * i // count for i in range(count + 1)]
    found = []
    for a, b in pairwise(edges):
        text = names[a] if b - a == 1 else f"{names[a]}{NO_BREAK}– {names[b - 1]}"
        found.append(Span(page.start + a, page.start + b, text))
    return tuple(found)


def _cells(layout: Layout, box: Box, least_w: int, least_h: int) -> tuple[Box, ...]:
    """Return as many cells as fit at this least size."""
    across = max(1, (box.w + layout.tight) // (least_w + layout.tight))
    down = max(1, (box.h + layout.tight) // (least_h + layout.tight))
    return grid(box, across * down, across, layout.tight)
