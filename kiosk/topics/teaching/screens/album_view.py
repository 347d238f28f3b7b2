"""The album as it is shown: one picture large, the others small, and what can be done with it."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout, best_across, columns, grid, layout_of, rows
from kiosk.core.lesson import Example
from kiosk.core.message import Way
from kiosk.core.parts import button, scene_of, sentence, tile
from kiosk.core.pieces.frame import framed
from kiosk.core.scene import Align, Box, Colour, Control, ControlId, Item, Look, Picture, Plate, Scene
from kiosk.core.screen import TeachingScreen
from kiosk.topics.teaching.messages import ToConfusion, ToLesson

CELL_MM = 17.0


@dataclass(frozen=True, slots=True)
class AlbumView(TeachingScreen):
    """Which of the lesson's pictures are shown.

    Without `said`, those of the label that stands at `at`; with it, those which the last test had under label `at`
    of its report and called `said`. `start` is the first one on the page, `picked` the one to do something with,
    `moving` asks where to, and `sure` asks once more before a whole label goes.
    """

    at: int
    said: int | None = None
    start: int = 0
    picked: int | None = None
    moving: bool = False
    sure: bool = False

    def examples(self, context: Context) -> tuple[Example, ...]:
        """Return the pictures that are shown, oldest first; those deleted since the test are left out."""
        if self.said is None:
            return context.lesson.labels[self.at].examples
        there = {example.number for _, example in context.lesson.rows}
        cell = context.lesson.report.cell(self.at, self.said) if context.lesson.report is not None else ()
        return tuple(example for example in cell if example.number in there)

    @property
    def way_back(self) -> Way:
        """Return where it was opened from."""
        return ToLesson(self.at) if self.said is None else ToConfusion()

    def view(self, context: Context) -> Scene:
        """Return the pictures and their actions, or the labels one can be put under."""
        layout = layout_of(context.panel)
        mistake = self.said is not None and self.said != self.at and not self.moving
        tint = Colour.LIE if mistake else Colour.TRUTH
        where = self.moving and self.picked is not None
        frame = framed(context, layout, self._title(context), accent=tint, deck=0 if where else 2, wall=where)
        if self.moving and self.picked is not None:
            tiles = self._other_labels(context, layout, frame.stage, self.picked)
            return scene_of(context, "album", [*tiles, *frame.items], tiles[0].id if tiles else "back")
        large, small = _places(context, layout, frame.stage)
        examples = self.examples(context)
        across = max(1, (small.w + layout.gap) // (round(_cell(context, layout)) + layout.gap))
        down = max(1, (small.h + layout.gap) // (round(_cell(context, layout)) + layout.gap))
        page = examples[self.start : self.start + across * down]
        items = self._large(context, layout, large, page)
        side = min((small.w + layout.gap) // across, (small.h + layout.gap) // down) - layout.gap
        for number, example in enumerate(page):
            row, column = divmod(number, across)
            box = Box(small.x + column * (side + layout.gap), small.y + row * (side + layout.gap), side, side)
            outline = Colour.TEXT if example.number == self.picked else None
            items += [
                Picture(box, example.key, layout.radius // 2, outline=outline),
                Control("example", box, Look.BARE, radius_px=layout.radius // 2, value=example.number),
            ]
        items += self._deck(context, layout, frame.deck, across * down)
        return scene_of(context, "album", [*items, *frame.items], "back")

    def _title(self, context: Context) -> str:
        """Whose pictures these are."""
        if self.moving:
            return context.texts("album.where")
        report = context.lesson.report
        if self.said is not None and report is not None:
            names = [context.signs[report.signs[at]].name for at in (self.at, self.said)]
            key = "album.right" if self.at == self.said else "album.wrong"
            return context.texts(key, right=names[0], said=names[1])
        label = context.lesson.labels[self.at]
        return context.texts("album.label", label=context.signs[label.sign].name, count=len(label.examples))

    def _large(self, context: Context, layout: Layout, box: Box, page: tuple[Example, ...]) -> list[Item]:
        """Return the picked picture, else the first of the page."""
        chosen = [example for example in page if example.number == self.picked] or [*page[:1]]
        if not chosen:
            empty = sentence(
                box.inset(layout.gap),
                context.texts("album.empty"),
                layout.style(layout.control, colour=Colour.MUTE, align=Align.CENTRE, lines=4),
            )
            return [Plate(box, layout.radius), empty]
        return [Picture(box, chosen[0].key, layout.radius)]

    def _deck(self, context: Context, layout: Layout, deck: Box, per_page: int) -> list[Control]:
        """Return turn the page, then what can be done with the picked picture, or with all of them."""
        names: list[tuple[str | ControlId, str, str]] = []
        total = len(self.examples(context))
        if self.start > 0:
            names.append((ControlId("page", max(0, self.start - per_page)), "back", "earlier"))
        if self.start + per_page < total:
            names.append((ControlId("page", self.start + per_page), "forward", "later"))
        doing: list[tuple[str | ControlId, str, str]] = []
        if self.picked is not None:
            doing.append(("delete", "bin", "delete"))
            if len(context.lesson.labels) > 1:
                doing.append(("move", "move", "move"))
        if self.said is None and self.picked is None:
            doing.append(("all", "bin", "sure" if self.sure else "all"))
        lines = [names, doing] if context.panel.portrait else [names + doing]
        controls: list[Control] = []
        for line, box in zip(lines, rows(deck, len(lines), layout.gap), strict=True):
            cells = columns(box, max(len(line), 1 if context.panel.portrait else 3), layout.gap)
            for (control, icon, key), cell in zip(line, cells, strict=False):
                text = context.texts(f"album.{key}")
                controls.append(button(layout, control, cell, text, icon, size_px=layout.body))
        return controls

    def _other_labels(self, context: Context, layout: Layout, box: Box, number: int) -> list[Control]:
        """Return the labels that the picture can be put under; a full one says so and takes none."""
        holder = context.lesson.holder(number)
        places = [at for at in range(len(context.lesson.labels)) if at != holder]
        across = best_across(box, max(1, len(places)), layout.gap, 1.05, layout.least)
        tiles = []
        for at, cell in zip(places, grid(box, len(places), across, layout.gap), strict=True):
            label = context.lesson.labels[at]
            sign = context.signs[label.sign]
            control = tile(layout, ControlId("to", at), cell, sign.name, sign.icon)
            tiles.append(control if label.room > 0 else replace(control, note=context.texts("album.full")))
        return tiles


def _cell(context: Context, layout: Layout) -> int:
    """Return how large a small picture is at least: a finger must hit it."""
    return max(layout.least, context.panel.px(CELL_MM * layout.scale))


def _places(context: Context, layout: Layout, stage: Box) -> tuple[Box, Box]:
    """Return where the large picture is, and the small ones."""
    if context.panel.portrait:
        side = min(stage.w, round(stage.h * 0.45))
        large = Box(stage.x + (stage.w - side) // 2, stage.y, side, side)
        return large, stage.under(side + layout.gap)
    side = min(stage.h, round(stage.w * 0.36))
    return stage.left(side).top(side), layout.reached(stage.after(side + layout.gap * 2))
