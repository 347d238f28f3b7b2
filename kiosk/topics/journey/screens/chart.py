"""A map as it is drawn: dots for all that is kept, names where they have room, and the picture's way."""

from collections.abc import Iterator, Sequence

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns
from kiosk.core.parts import called, sentence
from kiosk.core.pieces.frame import EM_PER_LETTER
from kiosk.core.scene import Align, Box, Colour, Dot, Item, Plate, Trail, Weight
from kiosk.topics.journey.facts import Chart, Place, Region, Window, window_of

LINE = 1.4  # how high a name is, in sizes of its type
SIDES = (Colour.TRUTH, Colour.LIE)


def charted(
    context: Context,
    layout: Layout,
    box: Box,
    chart: Chart,
    steps: Sequence[Colour],
    sides: tuple[int, int],
) -> list[Item]:
    """Return a map with the steps that have a colour here, the last one large; `sides` are what a border parts."""
    step = max(6, layout.tight)
    window = window_of(chart, box.inset(layout.gap + step))
    path = chart.path[: len(steps)]
    points = tuple(window.at(place) for place in path)
    around = _around([*points, window.at(chart.thrown[len(path) - 1])], step * 2)
    items: list[Item] = [Plate(box, layout.radius)]
    taken = [around]
    if chart.border is not None:
        borders = _border(context, layout, box, sides)
        items += borders
        taken += [borders[0].box, box.top(borders[1].box.bottom - box.y)]
    inner = box.inset(layout.gap)
    shown = [region for region in chart.regions if inner.contains(*window.at(region.middle))]
    side = max(5, layout.tight * 2 // 3)
    items += [
        _dot(window.at(place), side, Colour.MUTE)
        for region in shown
        for place in region.places
        if inner.contains(*window.at(place))
    ]
    items += _names(context, layout, inner, window, _nearest_first(shown, path[0]), taken)
    items.append(Trail(around, points, Colour.TEXT, max(2, step // 3)))
    items.append(_dot(window.at(chart.thrown[len(path) - 1]), step * 2, Colour.TEXT, filled=False))
    items += [
        _dot(point, step * 2 if number == len(points) - 1 else step, colour)
        for number, (point, colour) in enumerate(zip(points, steps, strict=True))
    ]
    return items


def _border(context: Context, layout: Layout, box: Box, sides: tuple[int, int]) -> list[Item]:
    """Return the line in the middle, and above it on either side what it is likelier there."""
    thick = max(2, layout.tight // 3)
    inner = box.inset(layout.gap, layout.tight)
    title = inner.top(round(layout.caption * LINE * 2))
    items: list[Item] = [Plate(Box(box.x + (box.w - thick) // 2, inner.y, thick, inner.h), 0, Colour.MUTE)]
    for label, place, colour in zip(sides, columns(title, 2, layout.gap), SIDES, strict=True):
        told = context.texts("journey.side", label=called(context, label))
        style = layout.style(
            layout.caption, accent=colour, weight=Weight.SEMIBOLD, align=Align.CENTRE, lines=2
        )
        items.append(sentence(place, told, style))
    return items


def _names(
    context: Context,
    layout: Layout,
    inner: Box,
    window: Window,
    regions: Sequence[Region],
    taken: list[Box],
) -> Iterator[Item]:
    """Yield the names of regions, of some that are near each other only the first; `taken` begins with the way."""
    high = round(layout.caption * LINE)
    style = layout.style(layout.caption, colour=Colour.MUTE, align=Align.CENTRE)
    dotted = [Box(*window.at(place), 1, 1) for region in regions for place in region.places]
    for number, region in enumerate(regions):
        wide = round(layout.caption * EM_PER_LETTER * len(region.name))
        own = _around([window.at(place) for place in region.places], layout.tight // 2)
        around = _both(own, taken[0]) if number == 0 else own  # the way begins there
        x = min(max(inner.x, own.x + (own.w - wide) // 2), inner.right - wide)
        y = around.y + (around.h - high) // 2
        sides = (
            Box(x, around.bottom, wide, high),
            Box(x, around.y - high, wide, high),
            Box(around.right, y, wide, high),
            Box(around.x - wide, y, wide, high),
        )
        free = [side for side in sides if side.inside(inner) and not _meets(side, taken)]
        clear = [side for side in free if not _meets(side, dotted)]
        place = next(iter(clear or (free if number == 0 else ())), None)
        if place is not None:
            taken.append(place)
            yield sentence(place, context.texts("journey.region", name=region.name), style)


def _nearest_first(regions: Sequence[Region], place: Place) -> list[Region]:
    """Return regions, the one in which a place lies first."""

    def away(region: Region) -> float:
        x, y = region.middle
        return (x - place[0]) ** 2 + (y - place[1]) ** 2

    return sorted(regions, key=away)


def _around(points: Sequence[tuple[int, int]], margin: int) -> Box:
    """Return the box around points, and so much more."""
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    return Box(left - margin, top - margin, right - left + 2 * margin, bottom - top + 2 * margin)


def _both(one: Box, other: Box) -> Box:
    """Return the box around two."""
    x, y = min(one.x, other.x), min(one.y, other.y)
    return Box(x, y, max(one.right, other.right) - x, max(one.bottom, other.bottom) - y)


def _meets(one: Box, others: Sequence[Box]) -> bool:
    """Return whether a box lies on one of others."""
    return any(
        one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom
        for other in others
    )


def _dot(point: tuple[int, int], side: int, colour: Colour, *, filled: bool = True) -> Dot:
    return Dot(Box(point[0] - side // 2, point[1] - side // 2, side, side), colour, filled)
