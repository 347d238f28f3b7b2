"""What it is to learn, while nothing is taught yet: things of the visitor's own, or what staff have kept."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns, grid, layout_of
from kiosk.core.message import JobLost, ToBack
from kiosk.core.parts import button, scene_of, sentence, tile
from kiosk.core.pieces.frame import framed
from kiosk.core.scene import Align, Box, Colour, Control, ControlId, Icon, Item, Look, Plate, Scene, Weight
from kiosk.core.screen import Outcome, Pressed, Screen, ScreenEvent, TeachingScreen, under_way
from kiosk.topics.datasets.facts import KeptDataset
from kiosk.topics.datasets.messages import DatasetOpened, Kept, ListDatasets, OpenDataset, ToOpened
from kiosk.topics.photograph.messages import ToLive
from kiosk.topics.teaching.messages import ToSigns

PAGE = 5  # and the visitor's own things
ACROSS, ACROSS_TALL = 3, 2


@dataclass(frozen=True, slots=True)
class Readymade(TeachingScreen):
    """The first dataset on the page, the job that opens one, and whether that failed."""

    start: int = 0
    opening: int | None = None
    failed: bool = False

    @property
    def held(self) -> tuple[int, ...]:
        """Return the job that opens a dataset."""
        return under_way(self.opening)

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case DatasetOpened(job) if job == self.opening:
                return Outcome(ToOpened(event, replaced=context.taught))
            case JobLost(job) if job == self.opening:
                return Outcome(replace(self, opening=None, failed=True), (ListDatasets(),))
            case Pressed():
                return self._pressed(event, context)
            case _:
                return Outcome(self)

    def _pressed(self, event: Pressed, context: Context) -> Outcome:
        match event:
            case Pressed("set", str(name)) if self.opening is None:
                opening = replace(self, opening=context.next_job, failed=False)
                return Outcome(opening, (OpenDataset(context.next_job, name),))
            case Pressed("own"):
                return Outcome(ToSigns(), self.stopped())
            case Pressed("page", int(start)):
                return Outcome(Readymade(start), self.stopped())
            case Pressed("back"):
                return Outcome(ToBack(ToLive()), self.stopped())
            case _:
                return Outcome(self)

    def resumed(self, left: Screen, context: Context) -> Outcome:
        """Return the same page of what is kept now; once something is taught, further back: here it would be lost."""
        del left
        if context.lesson.labels:
            return Outcome(ToBack(ToLive()))
        return Outcome(Readymade(self.start), (ListDatasets(),))

    def view(self, context: Context) -> Scene:
        """Return the question, the visitor's own things first, then a page of what is ready-made."""
        layout = layout_of(context.panel)
        kept = context.fact(Kept).datasets
        key = "opening" if self.opening is not None else "failed" if self.failed else "ask"
        page = range(self.start, min(self.start + PAGE, len(kept)))
        turns = self.start > 0 or self.start + PAGE < len(kept)
        text = context.texts(f"readymade.{key}")
        frame = framed(context, layout, text, deck=int(turns), wall=True)
        turning = self._turning(context, layout, frame.deck)
        across = ACROSS_TALL if context.panel.portrait else ACROSS
        places = 1 + PAGE if context.panel.portrait or turns or len(page) >= ACROSS else ACROSS
        first, *others = grid(frame.stage, places, across, layout.gap)
        own = tile(layout, "own", first, context.texts("readymade.own"), "camera", size_px=layout.body)
        items: list[Item] = [own]
        for at, cell in zip(page, others, strict=False):
            items += _set(kept[at], layout, cell)
            items.append(Control("set", cell, Look.BARE, radius_px=layout.radius, value=kept[at].name))
        return scene_of(context, "readymade", [*items, *turning, *frame.items], "own")

    def _turning(self, context: Context, layout: Layout, deck: Box) -> list[Control]:
        """Return the page before and the page after, where there are such."""
        earlier, later = columns(deck, 2, layout.gap)
        before, after = self.start - PAGE, self.start + PAGE
        controls: list[Control] = []
        if before >= 0:
            controls.append(
                button(
                    layout, ControlId("page", before), earlier, context.texts("readymade.earlier"), "earlier"
                )
            )
        if after < len(context.fact(Kept).datasets):
            controls.append(
                button(layout, ControlId("page", after), later, context.texts("readymade.later"), "later")
            )
        return controls


def _set(dataset: KeptDataset, layout: Layout, cell: Box) -> list[Item]:
    """Return a dataset: the drawings of its labels above its name."""
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
        words, dataset.name, layout.style(layout.body, weight=Weight.SEMIBOLD, align=Align.CENTRE, lines=2)
    )
    return [Plate(cell, layout.radius), *icons, name]
