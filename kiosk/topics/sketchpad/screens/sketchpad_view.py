"""The sketchpad as it is shown: the picture as large as it goes, the answer below it, the paints around it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kiosk.core.context import Context
from kiosk.core.health import Phase
from kiosk.core.layout import Layout, grid, layout_of, rows
from kiosk.core.painting import Ink, Paint, Place, Size, Tool
from kiosk.core.parts import answer_row, called, eased, rows_of, scene_of, sentence, tile
from kiosk.core.scene import (
    Box,
    Colour,
    Control,
    ControlId,
    Dot,
    Icon,
    Item,
    Look,
    Picture,
    Scene,
    Swatch,
    Weight,
)
from kiosk.core.screen import VisitScreen, under_way
from kiosk.core.visit import Answer, Verdict, Visit
from kiosk.topics.sketchpad.messages import PaintingJudged

EASE_S = 0.2
PLACES = 3  # buttons can paint at so many places each way
MIDDLE = PLACES * PLACES // 2
ERASER = "eraser"
ACROSS, DOWN = 4, 4  # of the paints, sizes and tools


@dataclass(frozen=True, slots=True)
class SketchpadPlaces:
    """Where the parts lie: the picture, the answer, the 4 x 4 tools, the four actions."""

    picture: Box
    answer: Box
    tools: tuple[Box, ...]
    actions: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class SketchpadView(VisitScreen):
    """The visit, what is in the hand, the answer to the painted picture, and what is under way.

    `at` is where the finger is that paints; `stale` says that paint or noise changed since a judgement was asked
    for (at `asked_s`, job `job`); `step_job` is a step of noise under way. `before` and `changed_s` are what the
    bars move from and since when. `aiming`: buttons choose where on the picture to paint.
    """

    visit: Visit
    tool: Tool = Tool.BRUSH
    ink: Ink = field(default=Ink())
    at: Place | None = None
    painted: bool = False
    undoable: bool = False
    aiming: bool = False
    stale: bool = True
    job: int | None = None
    asked_s: float = float("-inf")
    judged: PaintingJudged | None = None
    before: Answer | None = None
    changed_s: float = 0.0
    step_job: int | None = None
    lost: bool = False

    @property
    def answer(self) -> Answer:
        """Return the newest answer to the picture as it is painted."""
        return self.visit.now.answer if self.judged is None else self.judged.answer

    def view(self, context: Context) -> Scene:
        """Return the scene, with the focus on the picture: paint on it.

        Buttons stop at a handful of controls: the picture, what is in the hand (a press takes the next), the actions;
        or, while they aim, at the places on the picture and the way back.
        """
        layout = layout_of(context.panel)
        place = places(layout)
        items: list[Item] = [Picture(place.picture, self.picture, layout.radius)]
        items += self._canvas(layout, place.picture)
        items += self._tools(context, layout, place.tools)
        items += self._actions(context, layout, place.actions)
        items += self._answer(context, layout, place.answer)
        first = ControlId("place", MIDDLE) if self.aiming else ControlId("canvas")
        return scene_of(context, "sketchpad", [*map(self._found, items)], first)

    def _found(self, item: Item) -> Item:
        """Return a part of the scene as buttons find it: while they aim, nothing but the places and the way back."""
        if self.aiming and isinstance(item, Control) and item.name not in ("place", "lift"):
            return replace(item, stop=False)
        return item

    @property
    def picture(self) -> str:
        """Return the painted picture, as soon as it is there."""
        return "adversarial" if self.job is None and self.judged is None else "painted"

    @property
    def held(self) -> tuple[int, ...]:
        """Return the judgement and the step of noise under way."""
        return under_way(self.job, self.step_job)

    def _canvas(self, layout: Layout, box: Box) -> list[Control]:
        """Return the picture as one place to paint on, or as fields that buttons can reach one by one."""
        if not self.aiming:
            return [Control("canvas", box, Look.BARE, radius_px=layout.radius, holds=True)]
        return [
            Control("place", cell, Look.BARE, radius_px=layout.radius, value=number, repeats=True)
            for number, cell in enumerate(grid(box, PLACES * PLACES, PLACES, 0))
        ]

    def _tools(self, context: Context, layout: Layout, cells: Sequence[Box]) -> list[Item]:
        """Tools, paints with the eraser, sizes, and the way to a clean picture; what is in the hand is framed."""
        paints, rest = cells[: len(Paint) + 1], cells[len(Paint) + 1 :]
        sizes, clear, tools = rest[: len(Size)], rest[len(Size)], rest[len(Size) + 1 :]
        items: list[Item] = []
        for tool, cell in zip(Tool, tools, strict=True):
            chosen = tool is self.tool
            items += _pad(layout, ControlId("tool", tool), cell, chosen=chosen, icon=tool.value)
        for paint, cell in zip(Paint, paints, strict=False):
            chosen = paint is self.ink.paint
            items += _pad(layout, ControlId("paint", paint), cell, chosen=chosen)
            items.append(Swatch(cell.square(round(min(cell.w, cell.h) * 0.56)), paint.value))
        items += _pad(layout, ControlId("paint"), paints[-1], chosen=self.ink.paint is None, icon=ERASER)
        for size, cell in zip(Size, sizes, strict=True):
            items += _pad(layout, ControlId("size", size), cell, chosen=size is self.ink.size)
            items.append(Dot(cell.square(_dot_px(size, cell)), Colour.MUTE))
        clean = tile(
            layout, "clear", clear, context.texts("sketchpad.clear"), "clear", size_px=layout.caption
        )
        items.append(replace(clean, off=not self.painted))
        return items

    def _actions(self, context: Context, layout: Layout, cells: Sequence[Box]) -> list[Item]:
        """Less and more noise under the same paint, undo, and the way on, last: one step back from the picture."""
        more = tile(layout, "more", cells[1], context.texts("control.more"), "plus", size_px=layout.caption)
        visit = self.visit
        top = visit.shown + 1 >= len(visit.steps)
        if top and (context.gradients.given_up or visit.spent):
            more = replace(more, off=True)
        elif top and (self.step_job is not None or context.gradients.phase is not Phase.READY):
            more = replace(more, icon="wait", off=True)
        less = tile(layout, "less", cells[0], context.texts("control.less"), "minus", size_px=layout.caption)
        undo = tile(layout, "undo", cells[2], context.texts("sketchpad.undo"), "undo", size_px=layout.caption)
        on, icon = ("lift", "back") if self.aiming else ("done", "done")
        return [
            replace(undo, off=not self.undoable, repeats=True),
            replace(less, off=not visit.shown, repeats=True),
            replace(more, repeats=True),
            tile(layout, on, cells[3], context.texts(f"sketchpad.{on}"), icon, size_px=layout.caption),
        ]

    def _answer(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return what the network says to the painted picture, and what that means."""
        truth = self.visit.original.first.label
        row = rows_of(self.answer, context, 1)[0]
        colour = Colour.TEXT if row.confidence is None else Colour.TRUTH if row.label == truth else Colour.LIE
        before = self.before or self.answer
        moving = row.confidence
        if row.label is not None and row.confidence is not None:
            old = before.confidence(row.label)
            moving = old + (row.confidence - old) * eased(self.changed_s, context.now_s, EASE_S)
        bar_h = min(round(layout.label * 1.75), round(box.h * 0.56))
        text, accent = self.said(context)
        below = box.under(bar_h + layout.tight)
        size = min(round(layout.label * 0.85), round(below.h / 1.3))
        return [
            *answer_row(context, layout, box.top(bar_h), row, colour, shown=moving, large=True),
            sentence(below, text, layout.style(size, accent=accent, lines=2, weight=Weight.EXTRABOLD)),
        ]

    def said(self, context: Context) -> tuple[str, Colour]:
        """Return whether the lie lasts, in words, and the colour of the label in them."""
        visit, texts = self.visit, context.texts
        label = self.answer.first.label
        truth = visit.original.first.label
        accent = Colour.TRUTH if label == truth else Colour.LIE
        if self.lost:
            return texts("sketchpad.lost"), accent
        if not self.painted:
            return texts("sketchpad.ask"), accent
        if not self.answer.known:
            return texts("sketchpad.unknown"), accent
        verdict = Verdict.FOOLED if self.judged is None else self.judged.verdict
        if visit.boosts:
            key = "sketchpad.right" if label == truth else "sketchpad.other"
        elif verdict is Verdict.FOOLED:
            key = "sketchpad.fooled"
        else:
            key = "sketchpad.truth" if label == truth else "sketchpad.other"
        return texts(key, label=called(context, label)), accent


def places(layout: Layout) -> SketchpadPlaces:
    """On wide panels all controls are right of the picture, on tall ones only the actions are."""
    page, tight = layout.page, layout.tight
    answer_h = round(layout.label * (2.9 if layout.compact else 3.4))
    if layout.panel.portrait:
        gap = round(tight * 1.5)
        tools = page.foot(DOWN * layout.touch + (DOWN - 1) * gap)
        upper = page.above(tools.h + layout.gap)
        side = min(upper.w - layout.gap - layout.touch, upper.h - answer_h - tight)
        return SketchpadPlaces(
            upper.top(side).left(side),
            upper.under(side + tight).left(side),
            grid(tools, ACROSS * DOWN, ACROSS, gap),
            rows(upper.after(side + layout.gap), 4, gap),
        )
    least_w = ACROSS * layout.least + (ACROSS - 1) * tight
    side = min(page.h - answer_h - tight, page.w - layout.gap * 2 - least_w)
    panel = page.after(side + layout.gap * 2)
    gap = min(layout.gap, max(tight, (page.h - (DOWN + 1) * layout.least) // DOWN))
    cells = grid(panel, ACROSS * (DOWN + 1), ACROSS, gap)
    answer = Box(page.x, page.y + side + tight, side, page.h - side - tight)
    return SketchpadPlaces(page.top(side).left(side), answer, cells[: ACROSS * DOWN], cells[ACROSS * DOWN :])


def _dot_px(size: Size, cell: Box) -> int:
    """Return how large a size's dot is drawn: the largest fills the control."""
    return round(min(cell.w, cell.h) * 0.62 * math.sqrt(size.line / Size.LARGE.line))


def _pad(layout: Layout, name: ControlId, cell: Box, *, chosen: bool, icon: str = "") -> list[Item]:
    """Return a control that is a drawing alone; framed in white where it is in the hand."""
    outline = Colour.TEXT if chosen else Colour.LINE
    control = Control(
        name.name,
        cell,
        Look.TILE,
        radius_px=layout.radius,
        outline=outline,
        value=name.value,
        stop=chosen,
        repeats=True,
    )
    if not icon:
        return [control]
    return [control, Icon(cell.square(round(min(cell.w, cell.h) * 0.56)), icon, Colour.MUTE)]
