"""The album as it is shown: one picture large, the others small, and what can be done with it."""

from dataclasses import replace

from kiosk.core.layout import Layout, best_across, columns, grid, layout_of, rows
from kiosk.core.lesson import Example
from kiosk.core.parts import button, headline, scene_of, sentence, tile
from kiosk.core.scene import Align, Box, Colour, Control, Item, Look, Picture, Plate, Scene
from kiosk.core.screen import Hall
from kiosk.screens.album import Album

CELL_MM = 17.0


def view(slice_: Album, hall: Hall) -> Scene:
    """The pictures and their actions, or the labels one can be put under."""
    layout = layout_of(hall.panel)
    mistake = slice_.said is not None and slice_.said != slice_.at and not slice_.moving
    tint = Colour.LIE if mistake else Colour.TRUTH
    headed, stage = headline(hall, layout, _title(slice_, hall), accent=tint)
    if slice_.moving and slice_.picked is not None:
        tiles = _other_labels(slice_, hall, layout, stage, slice_.picked)
        return scene_of(hall, "album", [*tiles, *headed], tiles[0].name if tiles else "back")
    lines = 2 if hall.panel.portrait else 1
    deck = stage.foot(lines * layout.deck + (lines - 1) * layout.gap)
    large, small = _places(hall, layout, stage.above(deck.h + layout.gap))
    examples = slice_.examples
    across = max(1, (small.w + layout.gap) // (round(_cell(hall, layout)) + layout.gap))
    down = max(1, (small.h + layout.gap) // (round(_cell(hall, layout)) + layout.gap))
    page = examples[slice_.start : slice_.start + across * down]
    items = _large(slice_, hall, layout, large, page)
    side = min((small.w + layout.gap) // across, (small.h + layout.gap) // down) - layout.gap
    for number, example in enumerate(page):
        row, column = divmod(number, across)
        box = Box(small.x + column * (side + layout.gap), small.y + row * (side + layout.gap), side, side)
        outline = Colour.TEXT if example.number == slice_.picked else None
        items += [
            Picture(box, example.key, layout.radius // 2, outline=outline),
            Control(example.key, box, Look.BARE, radius_px=layout.radius // 2),
        ]
    items += _deck(slice_, hall, layout, deck, across * down)
    return scene_of(hall, "album", [*items, *headed], "back")


def _title(slice_: Album, hall: Hall) -> str:
    """Whose pictures these are."""
    if slice_.moving:
        return hall.texts("album.where")
    report = slice_.lesson.report
    if slice_.said is not None and report is not None:
        names = [hall.signs[report.signs[at]].name for at in (slice_.at, slice_.said)]
        key = "album.right" if slice_.at == slice_.said else "album.wrong"
        return hall.texts(key, right=names[0], said=names[1])
    label = slice_.lesson.labels[slice_.at]
    return hall.texts("album.label", label=hall.signs[label.sign].name, count=len(label.examples))


def _cell(hall: Hall, layout: Layout) -> int:
    """How large a small picture is at least: a finger must hit it."""
    return max(layout.least, hall.panel.px(CELL_MM * layout.scale))


def _places(hall: Hall, layout: Layout, stage: Box) -> tuple[Box, Box]:
    """Where the large picture is, and the small ones."""
    if hall.panel.portrait:
        side = min(stage.w, round(stage.h * 0.45))
        large = Box(stage.x + (stage.w - side) // 2, stage.y, side, side)
        return large, stage.under(side + layout.gap)
    side = min(stage.h, round(stage.w * 0.36))
    return stage.left(side).top(side), stage.after(side + layout.gap * 2)


def _large(slice_: Album, hall: Hall, layout: Layout, box: Box, page: tuple[Example, ...]) -> list[Item]:
    """The picked picture, else the first of the page."""
    chosen = [example for example in page if example.number == slice_.picked] or [*page[:1]]
    if not chosen:
        empty = sentence(
            box.inset(layout.gap), hall.texts("album.empty"), layout.control, layout,
            colour=Colour.MUTE, align=Align.CENTRE, lines=4,
        )  # fmt: skip
        return [Plate(box, layout.radius), empty]
    return [Picture(box, chosen[0].key, layout.radius)]


def _deck(slice_: Album, hall: Hall, layout: Layout, deck: Box, per_page: int) -> list[Control]:
    """Turn the page, then what can be done with the picked picture, or with all of them."""
    names: list[tuple[str, str, str]] = []
    total = len(slice_.examples)
    if slice_.start > 0:
        names.append((f"page-{max(0, slice_.start - per_page)}", "back", "earlier"))
    if slice_.start + per_page < total:
        names.append((f"page-{slice_.start + per_page}", "forward", "later"))
    doing: list[tuple[str, str, str]] = []
    if slice_.picked is not None:
        doing.append(("delete", "bin", "delete"))
        if len(slice_.lesson.labels) > 1:
            doing.append(("move", "move", "move"))
    if slice_.said is None:
        doing.append(("all", "bin", "sure" if slice_.sure else "all"))
    lines = [names, doing] if hall.panel.portrait else [names + doing]
    controls: list[Control] = []
    for line, box in zip(lines, rows(deck, len(lines), layout.gap), strict=True):
        cells = columns(box, max(len(line), 1 if hall.panel.portrait else 3), layout.gap)
        for (control, icon, key), cell in zip(line, cells, strict=False):
            text = hall.texts(f"album.{key}")
            controls.append(button(layout, control, cell, text, icon, size_px=layout.body))
    return controls


def _other_labels(slice_: Album, hall: Hall, layout: Layout, box: Box, number: int) -> list[Control]:
    """The labels that the picture can be put under; a full one says so and takes none."""
    holder = slice_.lesson.holder(number)
    places = [at for at in range(len(slice_.lesson.labels)) if at != holder]
    across = best_across(box, max(1, len(places)), layout.gap, 1.05, layout.least)
    tiles = []
    for at, cell in zip(places, grid(box, len(places), across, layout.gap), strict=True):
        label = slice_.lesson.labels[at]
        sign = hall.signs[label.sign]
        control = tile(layout, f"to-{at}", cell, sign.name, sign.icon)
        tiles.append(control if label.room > 0 else replace(control, note=hall.texts("album.full")))
    return tiles
