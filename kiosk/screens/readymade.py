"""What it shall learn, while nothing is taught yet: things of the visitor's own, or what staff have kept."""

from dataclasses import dataclass, replace

from kiosk.core.datasets import DatasetOpened, KeptDataset, ListDatasets, OpenDataset
from kiosk.core.effects import DropJob, Effect
from kiosk.core.events import JobLost
from kiosk.core.layout import Layout, columns, grid, layout_of
from kiosk.core.lesson import Lesson
from kiosk.core.parts import button, headline, scene_of, sentence, tile
from kiosk.core.scene import Align, Box, Colour, Control, Icon, Item, Look, Plate, Scene, Weight
from kiosk.core.screen import Hall, Pressed, ScreenEvent, ToEnd, ToLive, ToOpened, ToSigns, Way

PAGE = 5  # and the visitor's own things
ACROSS, ACROSS_TALL = 3, 2


@dataclass(frozen=True, slots=True)
class Readymade:
    """The lesson without labels, the first dataset on the page, the job that opens one, and whether that failed."""

    lesson: Lesson
    start: int = 0
    opening: int | None = None
    failed: bool = False


Outcome = tuple[Readymade | Way, tuple[Effect, ...]]


def update(slice_: Readymade, event: ScreenEvent, hall: Hall) -> Outcome:
    """The next slice or the way on."""
    match event:
        case DatasetOpened(job) if job == slice_.opening:
            return ToOpened(event), ()
        case JobLost(job) if job == slice_.opening:
            return replace(slice_, opening=None, failed=True), (ListDatasets(),)
        case Pressed(control):
            return _pressed(slice_, control, hall)
        case _:
            return slice_, ()


def _pressed(slice_: Readymade, control: str, hall: Hall) -> Outcome:
    stop: tuple[Effect, ...] = () if slice_.opening is None else (DropJob(slice_.opening),)
    match control.partition("-"):
        case ("set", _, at) if slice_.opening is None and int(at) < len(hall.datasets):
            opening = replace(slice_, opening=hall.next_job, failed=False)
            return opening, (OpenDataset(hall.next_job, hall.datasets[int(at)].name),)
        case ("own", _, _):
            return ToSigns(slice_.lesson), stop
        case ("page", _, start):
            return Readymade(slice_.lesson, int(start)), stop
        case ("back", _, _):
            return ToLive(), stop
        case ("again", _, _):
            return ToEnd(), stop
        case _:
            return slice_, ()


def view(slice_: Readymade, hall: Hall) -> Scene:
    """The question, the visitor's own things first, then a page of what is ready-made."""
    layout = layout_of(hall.panel)
    key = "opening" if slice_.opening is not None else "failed" if slice_.failed else "ask"
    headed, stage = headline(hall, layout, hall.texts(f"readymade.{key}"))
    page = range(slice_.start, min(slice_.start + PAGE, len(hall.datasets)))
    turning = _turning(slice_, hall, layout, stage.foot(layout.deck))
    tiles = stage.above(layout.deck + layout.gap) if turning else stage
    across = ACROSS_TALL if hall.panel.portrait else ACROSS
    places = 1 + PAGE if hall.panel.portrait or turning or len(page) >= ACROSS else ACROSS
    first, *others = grid(tiles, places, across, layout.gap)
    own = tile(layout, "own", first, hall.texts("readymade.own"), "camera", size_px=layout.body)
    items: list[Item] = [own]
    for at, cell in zip(page, others, strict=False):
        items += _set(hall.datasets[at], layout, cell)
        items.append(Control(f"set-{at}", cell, Look.BARE, radius_px=layout.radius))
    return scene_of(hall, "readymade", [*items, *turning, *headed], "own")


def _set(dataset: KeptDataset, layout: Layout, cell: Box) -> list[Item]:
    """A dataset: the drawings of its labels above its name."""
    inner = cell.inset(layout.tight)
    signs = [label.sign for label in dataset.labels]
    words = inner.foot(round(layout.body * 2.7))
    row = inner.above(words.h + layout.tight)
    sizes = {lines: min(row.h // lines, row.w // -(-len(signs) // lines), layout.touch) for lines in (1, 2)}
    lines = max(sizes, key=sizes.__getitem__)
    across, side = -(-len(signs) // lines), sizes[lines]
    wide, high = side * across, side * lines
    drawn = Box(row.x + (row.w - wide) // 2, row.y + (row.h - high) // 2, wide, high)
    icons = [
        Icon(box.inset(side // 10), sign.icon, Colour.TEXT)
        for sign, box in zip(signs, grid(drawn, len(signs), across, 0), strict=True)
    ]
    name = sentence(
        words, dataset.name, layout.body, layout, weight=Weight.SEMIBOLD, align=Align.CENTRE, lines=2
    )
    return [Plate(cell, layout.radius), *icons, name]


def _turning(slice_: Readymade, hall: Hall, layout: Layout, deck: Box) -> list[Control]:
    """The page before and the page after, where there are such."""
    earlier, later = columns(deck, 2, layout.gap)
    before, after = slice_.start - PAGE, slice_.start + PAGE
    controls: list[Control] = []
    if before >= 0:
        controls.append(button(layout, f"page-{before}", earlier, hall.texts("readymade.earlier"), "earlier"))
    if after < len(hall.datasets):
        controls.append(button(layout, f"page-{after}", later, hall.texts("readymade.later"), "later"))
    return controls
