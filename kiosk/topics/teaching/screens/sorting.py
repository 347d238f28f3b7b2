"""The examples as the network sorts them: one tray a label, each picture in the tray of what it is called."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout, best_across, grid, split
from kiosk.core.lesson import NOT_TESTED, Report, Tested
from kiosk.core.parts import sentence
from kiosk.core.scene import Align, Box, Colour, Icon, Item, Picture, Plate, Weight, Words, plain

SHOWN, FEWEST_SHOWN = 9, 3  # pictures of each label
LEAST_MM, MOST_MM = 7.0, 24.0  # their sides


@dataclass(frozen=True, slots=True)
class Sorting:
    """What the examples were called a moment ago, and what they are called now; `part` (0..1) of the way is gone.

    Nothing is called anything yet where `now` is empty: then `before` lies in a heap. `report` is there once it was
    tested: then each tray says how that went.
    """

    signs: tuple[int, ...]
    before: tuple[Tested, ...]
    now: tuple[Tested, ...] = ()
    part: float = 1.0
    report: Report | None = None

    def view(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return the trays with their pictures; those in a wrong tray are crossed once they lie there."""
        across = best_across(box, max(1, len(self.signs)), layout.gap, 1.1, layout.least)
        trays = grid(box, len(self.signs), across, layout.gap)
        if not trays:
            return []
        stages = [_stage(layout, tray) for tray in trays]
        most, side = _fitting(context, stages[0])
        heap = _spread([one.example.key for one in _mixed(_some(self.before, most))], box, side)
        here = _in_trays(_some(self.before, most), stages, side) if self.now else heap
        there = _in_trays(_some(self.now, most), stages, side) if self.now else heap
        if self.now and not any(one.said != NOT_TESTED for one in self.before):
            here = heap
        items: list[Item] = []
        for at, tray in enumerate(trays):
            items += self._tray(at, context, layout, tray) if self.now else []
        wrong = {one.example.key for one in self.now if one.said not in (one.right, NOT_TESTED)}
        for key in sorted(there, key=lambda key: key in wrong):
            spot = _between(here.get(key, there[key]), there[key], self.part)
            crossed = key in wrong
            items.append(
                Picture(
                    spot, key, max(2, side // 8), outline=Colour.LIE if crossed else None, behind=Colour.PANEL
                )
            )
            if crossed and self.part >= 1.0:
                mark = spot.foot(side // 2).after(side - side // 2)
                items += [
                    Plate(mark, mark.h // 2, Colour.INK),
                    Icon(mark.inset(mark.h // 6), "cancel", Colour.LIE),
                ]
        return items

    def _tray(self, at: int, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return a label's drawing and name, and how its test went: below its pictures, or beside its name."""
        sign = context.signs[self.signs[at]]
        head = box.inset(layout.tight).top(_line(layout))
        name = head.after(head.h + layout.tight)
        told = self._score(at, context)
        style = layout.style(layout.caption, colour=Colour.MUTE, weight=Weight.SEMIBOLD)
        score = box.inset(layout.tight).foot(_foot(layout))
        if _low(layout, box):
            name, score = split(name, (1.2, 1.0), layout.tight)
            style = replace(style, align=Align.RIGHT)
        return [
            Plate(box, layout.radius // 2, outline=Colour.LINE),
            Icon(head.left(head.h), sign.icon, Colour.TEXT),
            Words(name, plain(sign.name), layout.body, layout.caption_floor, Weight.EXTRABOLD),
            *([sentence(score, told, style)] if told else []),
        ]

    def _score(self, at: int, context: Context) -> str:
        """Return how the test of a label went, nothing while it learns."""
        if self.report is None:
            return ""
        right, total = self.report.score(at)
        if not total:
            return context.texts("training.not_tested")
        return context.texts("training.score", right=right, total=total)


def _low(layout: Layout, tray: Box) -> bool:
    """Return whether a tray has no room for a line below its pictures, but has it beside the name."""
    return tray.h < 4.5 * _line(layout) and tray.w > 15 * layout.caption


def _foot(layout: Layout) -> int:
    return round(layout.caption * 1.4)


def _line(layout: Layout) -> int:
    return round(layout.body * 1.4)


def _stage(layout: Layout, tray: Box) -> Box:
    """Return where the pictures of a tray lie."""
    below = tray.inset(layout.tight).under(_line(layout) + layout.tight // 2)
    return below if _low(layout, tray) else below.above(_foot(layout) + layout.tight // 2)


def _fitting(context: Context, stage: Box) -> tuple[int, int]:
    """Return how many pictures of each label are shown, and how large: so that a tray can hold its own."""
    least, largest = context.panel.px(LEAST_MM), context.panel.px(MOST_MM)
    for most in range(SHOWN, FEWEST_SHOWN, -1):
        for side in range(min(largest, stage.h), least - 1, -1):
            if _room(stage, side) >= most:
                return most, side
    return FEWEST_SHOWN, max(1, min(least, stage.h, stage.w))


def _room(stage: Box, side: int) -> int:
    pad = _pad(side)
    return ((stage.w + pad) // (side + pad)) * ((stage.h + pad) // (side + pad))


def _pad(side: int) -> int:
    return max(2, side // 10)


def _some(rows: Sequence[Tested], most: int) -> tuple[Tested, ...]:
    """Return at most so many examples of each label, evenly over all of its bursts."""
    chosen: list[Tested] = []
    for right in sorted({one.right for one in rows}):
        own = [one for one in rows if one.right == right]
        count = min(most, len(own))
        chosen += [own[at * len(own) // count] for at in range(count)]
    return tuple(chosen)


def _mixed(rows: Sequence[Tested]) -> tuple[Tested, ...]:
    """Return examples of all labels in turn."""
    order = {one.example.number: at for at, one in enumerate(rows)}
    first = {
        right: min(order[one.example.number] for one in rows if one.right == right)
        for right in {one.right for one in rows}
    }
    return tuple(sorted(rows, key=lambda one: (order[one.example.number] - first[one.right], one.right)))


def _in_trays(rows: Sequence[Tested], stages: Sequence[Box], side: int) -> dict[str, Box]:
    """Return where each example lies: in the tray of what it is called, its own where it was not tested."""
    places: dict[str, Box] = {}
    for at, stage in enumerate(stages):
        keys = [one.example.key for one in rows if at == (one.right if one.said == NOT_TESTED else one.said)]
        places |= _in_rows(keys, stage, side)
    return places


def _spread(keys: Sequence[str], box: Box, side: int) -> dict[str, Box]:
    """Return places evenly over a whole box."""
    across = max(1, round((len(keys) * box.w / max(1, box.h)) ** 0.5))
    cells = grid(box, len(keys), across, 0)
    return {key: cell.square(side) for key, cell in zip(keys, cells, strict=True)}


def _in_rows(keys: Sequence[str], box: Box, side: int) -> dict[str, Box]:
    """Return places in rows from the left; pictures that are too many for a row overlap."""
    pad = _pad(side)
    down = max(1, (box.h + pad) // (side + pad))
    across = max((box.w + pad) // (side + pad), -(-len(keys) // down), 1)
    step = min(side + pad, (box.w - side) / max(1, across - 1))
    return {
        key: Box(box.x + round(at % across * step), box.y + at // across * (side + pad), side, side)
        for at, key in enumerate(keys)
    }


def _between(here: Box, there: Box, part: float) -> Box:
    """Return a place on the way."""
    x, y = (round(a + (b - a) * part) for a, b in ((here.x, there.x), (here.y, there.y)))
    return there._replace(x=x, y=y)
