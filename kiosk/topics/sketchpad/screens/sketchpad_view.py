"""The sketchpad as it is shown: the picture as large as it goes, the answer below it, the paints around it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kiosk.core.context import Context
from kiosk.core.health import Phase
from kiosk.core.layout import Layout, columns, grid, layout_of
from kiosk.core.painting import Ink, Paint, Place, Size, Tool
from kiosk.core.parts import answer_row, called, eased, rows_of, scene_of, sentence, tile
from kiosk.core.pieces.frame import Frame, Labelled, framed
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
ACROSS, DOWN = 5, 3  # of the paints, sizes and tools
DONE = Labelled("done", "done", "sketchpad.done")


@dataclass(frozen=True, slots=True)
class SketchpadPlaces:
    """Where the parts lie: the picture, the answer, the 5 x 3 tools, the four actions."""

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
        leave = Labelled("lift", "back", "sketchpad.lift") if self.aiming else DONE
        frame = framed(context, layout, back=leave)
        place = places(layout, frame)
        items: list[Item] = [Picture(place.picture, self.picture, layout.radius)]
        items += self._canvas(layout, place.picture)
        items += self._tools(layout, place.tools)
        items += self._actions(context, layout, place.actions)
        items += self._answer(context, layout, place.answer)
        items += reversed(frame.items)  # one press back from the picture is the way on
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

    def _tools(self, layout: Layout, cells: Sequence[Box]) -> list[Item]:
        """Tools, paints with the eraser, and sizes; what is in the hand is framed."""
        paints, rest = cells[: len(Paint) + 1], cells[len(Paint) + 1 :]
        sizes, tools = rest[: len(Size)], rest[len(Size) :]
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
        return items

    def _actions(self, context: Context, layout: Layout, cells: Sequence[Box]) -> list[Item]:
        """Less and more noise under the same paint, undo, and the way to a clean picture."""
        words = ("noise", "noise") if layout.compact else ("less", "more")
        more = tile(
            layout, "more", cells[1], context.texts(f"control.{words[1]}"), "plus", size_px=layout.caption
        )
        visit = self.visit
        top = visit.shown + 1 >= len(visit.steps)
        if top and (context.gradients.given_up or visit.spent):
            more = replace(more, off=True)
        elif top and (self.step_job is not None or context.gradients.phase is not Phase.READY):
            more = replace(more, icon="wait", off=True)
        less = tile(
            layout, "less", cells[0], context.texts(f"control.{words[0]}"), "minus", size_px=layout.caption
        )
        clear = tile(
            layout, "clear", cells[3], context.texts("sketchpad.clear"), "clear", size_px=layout.caption
        )
        undo = tile(layout, "undo", cells[2], context.texts("sketchpad.undo"), "undo", size_px=layout.caption)
        return [
            replace(undo, off=not self.undoable, repeats=True),
            replace(less, off=not visit.shown, repeats=True),
            replace(more, repeats=True),
            replace(clear, off=not self.painted),
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
        bar_h = min(round(layout.label * 1.75), round(box.h * 0.58))
        text, accent = self.said(context)
        below = box.under(bar_h + layout.tight // 2)
        size = min(round(layout.label * 0.85), round(below.h / 1.25))
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


def places(layout: Layout, frame: Frame) -> SketchpadPlaces:
    """On wide panels the tools are right of the picture, on tall ones below it."""
    stage, tight = frame.stage, layout.tight
    least_w, least_h = (count * layout.least + (count - 1) * tight for count in (ACROSS, DOWN))
    actions = columns(frame.deck, 4, tight)
    if layout.panel.portrait:
        side = min(stage.h - least_h - layout.gap, stage.w - layout.gap - round(layout.caption * 7.2))
        gap = min(tight, (stage.w - ACROSS * layout.least) // (ACROSS - 1))
        cells = grid(stage.under(side + layout.gap), ACROSS * DOWN, ACROSS, gap)
        answer = stage.after(side + layout.gap).top(side)
        return SketchpadPlaces(stage.top(side).left(side), answer, cells, actions)
    side = min(stage.h, stage.w - layout.gap * 2 - least_w)
    panel = stage.after(side + layout.gap * 2)
    answer_h = max(round(layout.label * 2.9), panel.h - round(least_h * 1.25))
    answer = panel.top(min(answer_h, panel.h - least_h - tight // 2))
    tools = grid(panel.under(answer.h + tight // 2), ACROSS * DOWN, ACROSS, tight)
    return SketchpadPlaces(stage.top(side).left(side), answer, tools, actions)


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
