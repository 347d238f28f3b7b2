"""The screen where the lie is chosen: twelve unmistakable things, anything else, or any label by letter."""

from dataclasses import dataclass, replace
from itertools import pairwise

from kiosk.core.effects import Effect, StartStack
from kiosk.core.layout import Layout, best_across, columns, grid, layout_of
from kiosk.core.model import Labels, Visit
from kiosk.core.parts import button, called, percent, scene_of, sentence, tile
from kiosk.core.scene import Box, Colour, Control, Item, Picture, Plate, Scene, Weight
from kiosk.core.screen import (
    Hall,
    Pressed,
    ScreenEvent,
    ToAttack,
    ToEnd,
    ToLive,
    Way,
)

NAME_MM = 30.0
MOST = 24  # names on one screen
NO_BREAK = "\u00a0"


@dataclass(frozen=True, slots=True)
class Choose:
    """The visit, and the way into the alphabet: nested ranges of the sorted labels (none: the wall)."""

    visit: Visit
    path: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbours in the alphabet that share a tile."""

    start: int
    end: int
    text: str


def update(slice_: Choose, event: ScreenEvent, hall: Hall) -> tuple[Choose | Way, tuple[Effect, ...]]:
    """The next slice or the way on."""
    if not isinstance(event, Pressed):
        return slice_, ()
    match event.control.partition("-"):
        case ("again", _, _):
            return ToEnd(), ()
        case ("retake", _, _):
            return ToLive(), ()
        case ("anything", _, _):
            return ToAttack(slice_.visit.towards(None)), (StartStack(None),)
        case ("letters", _, _):
            return replace(slice_, path=((0, len(hall.labels.order)),)), ()
        case ("back", _, _):
            return replace(slice_, path=slice_.path[:-1]), ()
        case ("label", _, number) if hall.labels.name(int(number)) is not None:
            return ToAttack(slice_.visit.towards(int(number))), (StartStack(int(number)),)
        case ("group", _, span):
            start, _, end = span.partition("-")
            return replace(slice_, path=(*slice_.path, (int(start), int(end)))), ()
        case _:
            return slice_, ()


def initials(labels: Labels, start: int, end: int, room: int) -> tuple[Group, ...]:
    """The range by first letters; the rarest neighbours share a tile until all fit."""
    groups: list[Group] = []
    for at in range(start, end):
        letter = labels.names[labels.order[at]][:1].upper()
        if groups and groups[-1].text == letter:
            groups[-1] = replace(groups[-1], end=at + 1)
        else:
            groups.append(Group(at, at + 1, letter))
    while len(groups) > max(1, room):
        sizes = [b.end - a.start for a, b in pairwise(groups)]
        least = sizes.index(min(sizes))
        first, second = groups[least], groups[least + 1]
        joined = Group(first.start, second.end, f"{first.text[0]}–{second.text[-1]}")
        groups[least : least + 2] = [joined]
    return tuple(groups)


def spans(labels: Labels, start: int, end: int, room: int) -> tuple[Group, ...]:
    """The range cut into equal parts, named by their first and last label."""
    total = end - start
    count = min(room, max(-(-total // room), round(total**0.5)))
    edges = [start + total * i // count for i in range(count + 1)]
    named = []
    for a, b in pairwise(edges):
        first, last = labels.names[labels.order[a]], labels.names[labels.order[b - 1]]
        named.append(Group(a, b, first if b - a == 1 else f"{first}{NO_BREAK}– {last}"))
    return tuple(named)


def view(slice_: Choose, hall: Hall) -> Scene:
    """The question beside the picture and its answer, then the wall or the alphabet."""
    layout = layout_of(hall.panel)
    items, stage = _question(slice_, hall, layout)
    if slice_.path:
        chosen, primary = _alphabet(slice_, hall, layout, stage)
        return scene_of(hall, "choose", [*items, *chosen], primary)
    deck = stage.foot(max(layout.touch, round(layout.deck * 0.9)))
    chosen, primary = _wall(slice_, hall, layout, stage.above(deck.h + layout.gap))
    names = [("anything", "anything"), ("letters", "letters"), ("retake", "camera")]
    if len(hall.labels.tiles) == len(hall.labels.order):  # the wall has them all
        names.remove(("letters", "letters"))
    if not slice_.visit.original.known:  # there is no answer to get away from
        names.remove(("anything", "anything"))
    items += chosen
    boxes = columns(deck, len(names), layout.gap)
    make, size = (tile, layout.caption) if hall.panel.portrait else (button, layout.control)
    count = f"{len(hall.labels.names):,}"
    items += [
        make(layout, name, box, hall.texts(f"control.{name}", count=count), icon, size_px=size)
        for (name, icon), box in zip(names, boxes, strict=True)
    ]
    return scene_of(hall, "choose", items, primary)


def _question(slice_: Choose, hall: Hall, layout: Layout) -> tuple[list[Item], Box]:
    """The first row: the picture, what it is called, the question, and the way back to the start."""
    page = layout.page
    high = layout.touch if layout.compact else layout.deck
    again_w = max(hall.panel.px(28.0), round(layout.caption * 8.5))
    row = page.top(high)
    again = Box(page.right - again_w, row.y, again_w, layout.touch)
    first_w = round(high * 1.25) if slice_.path else high
    picture = row.left(first_w)
    words = Box(row.x + first_w + layout.gap, row.y, row.w - first_w - again_w - 2 * layout.gap, high)
    below = high + layout.gap
    first = slice_.visit.original.first
    said = hall.texts("choose.unknown")
    if slice_.visit.original.known:
        label, sure = called(hall, first.label), percent(hall, first.confidence)
        said = hall.texts("choose.said", label=label, percent=sure)
    ask_key = ("choose.ask", "choose.letters", "choose.names")[min(2, len(slice_.path))]
    back = tile(
        layout, "back", picture.top(layout.touch), hall.texts("control.back"), "back", size_px=layout.caption
    )
    items: list[Item] = [
        back if slice_.path else Picture(picture, "original", layout.radius // 2),
        button(layout, "again", again, hall.texts("control.again"), "again", size_px=layout.caption),
    ]
    if hall.panel.portrait:
        ask = page.under(high + layout.tight).top(round(layout.control * 1.6))
        below += ask.h + layout.tight
        items.append(
            sentence(words, said, layout.body, layout, accent=Colour.TRUTH, lines=3, weight=Weight.SEMIBOLD)
        )
        items.append(sentence(ask, hall.texts(ask_key), layout.control, layout, weight=Weight.EXTRABOLD))
    else:
        cut = round(words.h * 0.42)
        items.append(
            sentence(words.top(cut), said, layout.body, layout, accent=Colour.TRUTH, colour=Colour.MUTE)
        )
        size = min(layout.label, round((words.h - cut) / 1.35))
        items.append(sentence(words.under(cut), hall.texts(ask_key), size, layout, weight=Weight.EXTRABOLD))
    return items, page.under(below)


def _wall(slice_: Choose, hall: Hall, layout: Layout, box: Box) -> tuple[list[Item], str]:
    """The twelve tiles; the light stands on the first that would be a lie."""
    tiles = hall.labels.tiles
    if not tiles:
        return [Plate(box, layout.radius)], "anything"
    across = best_across(box, len(tiles), layout.gap, 1.05, layout.least)
    said = slice_.visit.original.said
    items: list[Item] = []
    primary = "anything"
    for target, cell in zip(tiles, grid(box, len(tiles), across, layout.gap), strict=True):
        name = f"label-{target.label}"
        same = target.label == said
        text = called(hall, target.label)
        control = tile(layout, name, cell, text, target.icon)
        if same:
            control = replace(
                control, outline=Colour.TRUTH, tint=Colour.TRUTH, note=hall.texts("choose.same")
            )
        elif primary == "anything":
            primary = name
        items.append(control)
    return items, primary


def _alphabet(slice_: Choose, hall: Hall, layout: Layout, box: Box) -> tuple[list[Item], str]:
    """The tiles of one range: letters first, then spans of names, then names."""
    start, end = slice_.path[-1]
    labels = hall.labels
    cells = [*_cells(layout, box, layout.least, layout.least)]
    if len(slice_.path) == 1:
        groups = initials(labels, start, end, len(cells))
        size = layout.label
    else:
        cells = [*_cells(layout, box, hall.panel.px(NAME_MM * layout.scale), layout.least)][:MOST]
        size = layout.body
        if end - start > len(cells):
            groups = spans(labels, start, end, len(cells))
        else:
            groups = tuple(Group(at, at + 1, labels.names[labels.order[at]]) for at in range(start, end))
    across = best_across(box, len(groups), layout.gap, 1.2 if len(slice_.path) == 1 else 2.6, layout.least)
    items: list[Item] = []
    said = slice_.visit.original.said
    for group, cell in zip(groups, grid(box, len(groups), across, layout.gap), strict=True):
        only = labels.order[group.start] if group.end - group.start == 1 and len(slice_.path) > 1 else None
        name = f"group-{group.start}-{group.end}" if only is None else f"label-{only}"
        control: Control = tile(layout, name, cell, group.text, size_px=size)
        if only == said:
            control = replace(
                control, outline=Colour.TRUTH, tint=Colour.TRUTH, note=hall.texts("choose.same")
            )
        items.append(control)
    first = items[0].name if items and isinstance(items[0], Control) else "back"
    return items, first


def _cells(layout: Layout, box: Box, least_w: int, least_h: int) -> tuple[Box, ...]:
    """As many cells as fit at this least size."""
    across = max(1, (box.w + layout.gap) // (least_w + layout.gap))
    down = max(1, (box.h + layout.gap) // (least_h + layout.gap))
    return grid(box, across * down, across, layout.gap)
