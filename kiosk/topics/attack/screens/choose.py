"""The screen where the lie is chosen: twelve unmistakable things, anything else, or any label by letter."""

from dataclasses import dataclass, replace
from itertools import pairwise

from kiosk.core.context import Context
from kiosk.core.labels import Labels
from kiosk.core.layout import Layout, best_across, columns, grid, layout_of
from kiosk.core.message import Count, ToEnd
from kiosk.core.parts import button, called, percent, scene_of, sentence, tile
from kiosk.core.scene import Box, Colour, Control, ControlId, Item, Picture, Plate, Scene, Weight
from kiosk.core.screen import Outcome, Pressed, ScreenEvent, VisitScreen
from kiosk.core.visit import Rating, Visit
from kiosk.topics.attack.messages import StartStack, ToAttack
from kiosk.topics.photograph.messages import ToLive

NAME_MM = 30.0
MOST = 24  # names on one screen
RATED = {
    Rating.RIGHT: "choose.said",
    Rating.NEARLY: "choose.said_nearly",
    Rating.WRONG: "choose.said_wrong",
    Rating.UNSURE: "choose.said",
}
NO_BREAK = "\u00a0"


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbours in the alphabet that share a tile."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Choose(VisitScreen):
    """The visit, and the way into the alphabet: nested ranges of the sorted labels (none: the wall)."""

    visit: Visit
    path: tuple[tuple[int, int], ...] = ()
    picture = "original"

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Pressed("again"):
                return Outcome(ToEnd())
            case Pressed("retake"):
                return Outcome(ToLive())
            case Pressed("anything"):
                return self._begun(None)
            case Pressed("letters"):
                return Outcome(replace(self, path=((0, len(context.labels.order)),)))
            case Pressed("back"):
                return Outcome(replace(self, path=self.path[:-1]))
            case Pressed("label", int(label)) if context.labels.name(label) is not None:
                return self._begun(label)
            case Pressed("group", (int(start), int(end))):
                return Outcome(replace(self, path=(*self.path, (start, end))))
            case _:
                return Outcome(self)

    def _begun(self, target: int | None) -> Outcome:
        """Return a new stack for this lie."""
        return Outcome(ToAttack(self.visit.towards(target)), (StartStack(target), Count(("attacks",))))

    def view(self, context: Context) -> Scene:
        """Return the question beside the picture and its answer, then the wall or the alphabet."""
        layout = layout_of(context.panel)
        items, stage = self._question(context, layout)
        if self.path:
            chosen, primary = self._alphabet(context, layout, stage)
            return scene_of(context, "choose", [*items, *chosen], primary)
        deck = stage.foot(max(layout.touch, round(layout.deck * 0.9)))
        chosen, primary = self._wall(context, layout, stage.above(deck.h + layout.gap))
        names = [("anything", "anything"), ("letters", "letters"), ("retake", "camera")]
        if len(context.labels.tiles) == len(context.labels.order):  # the wall has them all
            names.remove(("letters", "letters"))
        if not self.visit.original.known:  # there is no answer to get away from
            names.remove(("anything", "anything"))
        items += chosen
        boxes = columns(deck, len(names), layout.gap)
        make, size = (tile, layout.caption) if context.panel.portrait else (button, layout.control)
        count = f"{len(context.labels.names):,}"
        items += [
            make(layout, name, box, context.texts(f"control.{name}", count=count), icon, size_px=size)
            for (name, icon), box in zip(names, boxes, strict=True)
        ]
        return scene_of(context, "choose", items, primary)

    def _question(self, context: Context, layout: Layout) -> tuple[list[Item], Box]:
        """Return the first row: the picture, what it is called, the question, and the way back to the start."""
        page = layout.page
        high = layout.touch if layout.compact else layout.deck
        again_w = max(context.panel.px(28.0), round(layout.caption * 8.5))
        row = page.top(high)
        again = Box(page.right - again_w, row.y, again_w, layout.touch)
        first_w = round(high * 1.25) if self.path else high
        picture = row.left(first_w)
        words = Box(row.x + first_w + layout.gap, row.y, row.w - first_w - again_w - 2 * layout.gap, high)
        below = high + layout.gap
        first = self.visit.original.first
        said = context.texts("choose.unknown")
        if self.visit.original.known:
            label, sure = called(context, first.label), percent(context, first.confidence)
            said = context.texts(RATED[self.visit.rated], label=label, percent=sure)
        ask_key = ("choose.ask", "choose.letters", "choose.names")[min(2, len(self.path))]
        back = tile(
            layout,
            "back",
            picture.top(layout.touch),
            context.texts("control.back"),
            "back",
            size_px=layout.caption,
        )
        items: list[Item] = [
            back if self.path else Picture(picture, "original", layout.radius // 2),
            button(layout, "again", again, context.texts("control.again"), "again", size_px=layout.caption),
        ]
        if context.panel.portrait:
            ask = page.under(high + layout.tight).top(round(layout.control * 1.6))
            below += ask.h + layout.tight
            items.append(
                sentence(
                    words,
                    said,
                    layout.style(layout.body, accent=Colour.TRUTH, lines=3, weight=Weight.SEMIBOLD),
                )
            )
            items.append(
                sentence(ask, context.texts(ask_key), layout.style(layout.control, weight=Weight.EXTRABOLD))
            )
        else:
            cut = round(words.h * 0.42)
            items.append(
                sentence(
                    words.top(cut), said, layout.style(layout.body, accent=Colour.TRUTH, colour=Colour.MUTE)
                )
            )
            size = min(layout.label, round((words.h - cut) / 1.35))
            items.append(
                sentence(
                    words.under(cut), context.texts(ask_key), layout.style(size, weight=Weight.EXTRABOLD)
                )
            )
        return items, page.under(below)

    def _wall(self, context: Context, layout: Layout, box: Box) -> tuple[list[Item], ControlId]:
        """Return the twelve tiles; the light stands on the first that would be a lie."""
        tiles = context.labels.tiles
        if not tiles:
            return [Plate(box, layout.radius)], ControlId("anything")
        across = best_across(box, len(tiles), layout.gap, 1.05, layout.least)
        said = self.visit.original.said
        items: list[Item] = []
        primary = ControlId("anything")
        for target, cell in zip(tiles, grid(box, len(tiles), across, layout.gap), strict=True):
            name = ControlId("label", target.label)
            same = target.label == said
            text = called(context, target.label)
            control = tile(layout, name, cell, text, target.icon)
            if same:
                control = replace(
                    control, outline=Colour.TRUTH, tint=Colour.TRUTH, note=context.texts("choose.same")
                )
            elif primary.name == "anything":
                primary = name
            items.append(control)
        return items, primary

    def _alphabet(self, context: Context, layout: Layout, box: Box) -> tuple[list[Item], ControlId]:
        """Return the tiles of one range: letters first, then spans of names, then names."""
        start, end = self.path[-1]
        labels = context.labels
        cells = [*_cells(layout, box, layout.least, layout.least)]
        if len(self.path) == 1:
            groups = initials(labels, start, end, len(cells))
            size = layout.label
        else:
            cells = [*_cells(layout, box, context.panel.px(NAME_MM * layout.scale), layout.least)][:MOST]
            size = layout.body
            if end - start > len(cells):
                groups = spans(labels, start, end, len(cells))
            else:
                groups = tuple(Group(at, at + 1, labels.names[labels.order[at]]) for at in range(start, end))
        across = best_across(box, len(groups), layout.gap, 1.2 if len(self.path) == 1 else 2.6, layout.least)
        items: list[Item] = []
        said = self.visit.original.said
        for group, cell in zip(groups, grid(box, len(groups), across, layout.gap), strict=True):
            only = labels.order[group.start] if group.end - group.start == 1 and len(self.path) > 1 else None
            name = ControlId("group", (group.start, group.end)) if only is None else ControlId("label", only)
            control: Control = tile(layout, name, cell, group.text, size_px=size)
            if only == said:
                control = replace(
                    control, outline=Colour.TRUTH, tint=Colour.TRUTH, note=context.texts("choose.same")
                )
            items.append(control)
        first = items[0].id if items and isinstance(items[0], Control) else ControlId("back")
        return items, first


def initials(labels: Labels, start: int, end: int, room: int) -> tuple[Group, ...]:
    """Return the range by first letters; the rarest neighbours share a tile until all fit."""
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
    """Return the range cut into equal parts, named by their first and last label."""
    total = end - start
    count = min(room, max(-(-total // room), round(total**0.5)))
    edges = [start + total * i // count for i in range(count + 1)]
    named = []
    for a, b in pairwise(edges):
        first, last = labels.names[labels.order[a]], labels.names[labels.order[b - 1]]
        named.append(Group(a, b, first if b - a == 1 else f"{first}{NO_BREAK}– {last}"))
    return tuple(named)


def _cells(layout: Layout, box: Box, least_w: int, least_h: int) -> tuple[Box, ...]:
    """Return as many cells as fit at this least size."""
    across = max(1, (box.w + layout.gap) // (least_w + layout.gap))
    down = max(1, (box.h + layout.gap) // (least_h + layout.gap))
    return grid(box, across * down, across, layout.gap)
