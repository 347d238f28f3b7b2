"""The screen of the test: which label was taken for which. A tap picks a cell; its pictures are one press away."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout, layout_of, split
from kiosk.core.lesson import Lesson, Report
from kiosk.core.message import ToBack
from kiosk.core.parts import button, scene_of, sentence
from kiosk.core.pieces.frame import framed
from kiosk.core.scene import (
    Box,
    Colour,
    Control,
    Item,
    Look,
    Plate,
    Scene,
    Weight,
    Words,
)
from kiosk.core.screen import Dragged, Outcome, Pressed, ScreenEvent, TeachingScreen
from kiosk.topics.photograph.messages import ToLive
from kiosk.topics.teaching.messages import ToAlbum, ToLesson
from kiosk.topics.teaching.screens.confusion_table import table
from kiosk.topics.teaching.screens.training import tested


@dataclass(frozen=True, slots=True)
class Confusion(TeachingScreen):
    """The cell picked in the lesson's report: the label it had, and the one it was given."""

    right: int = 0
    said: int = 0

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        report = context.lesson.report
        match event:
            case Pressed("matrix", x=x, y=y, held=True) | Dragged("matrix", x=x, y=y) if report is not None:
                return Outcome(self._under(report, x, y))
            case Pressed("matrix") if report is not None:
                return Outcome(self._next(report))
            case Pressed("album"):
                return Outcome(ToAlbum(self.right, self.said))
            case Pressed("try"):
                return Outcome(ToLive())
            case Pressed("back"):
                return Outcome(ToBack(ToLesson()))
            case _:
                return Outcome(self)

    def _under(self, report: Report, x: float, y: float) -> "Confusion":
        """Return the cell under a finger."""
        cells = len(report.signs)
        right, said = (min(cells - 1, int(place * cells)) for place in (y, x))
        return replace(self, right=right, said=said)

    def _next(self, report: Report) -> "Confusion":
        """Return the next cell with pictures in it: how a button goes through them."""
        cells = len(report.signs)
        here = self.right * cells + self.said
        for step in range(1, cells * cells + 1):
            right, said = divmod((here + step) % (cells * cells), cells)
            if report.matrix[right][said]:
                return replace(self, right=right, said=said)
        return self

    def view(self, context: Context) -> Scene:
        """Return the matrix, what the picked cell says in words, and the way to its pictures."""
        layout = layout_of(context.panel)
        report = context.lesson.report or Report((), ())
        title = tested(report, context, "confusion.title")
        frame = framed(context, layout, title)
        stage = frame.stage
        if context.panel.portrait:
            told, square = stage.foot(layout.deck), stage.above(layout.deck + layout.gap)
        else:
            square = stage.left(round(stage.w * 0.64))
            told = stage.after(square.w + layout.gap)
        album, try_it = split(frame.deck, (1.5, 1.0), layout.gap)
        items = [*frame.items]
        matrix, grid = table(report, (self.right, self.said), context, layout, square)
        count = report.matrix[self.right][self.said] if report.signs else 0
        items += [*matrix, Plate(told, layout.radius), self._told(report, context, layout, told, count)]
        buttons: list[Item] = []
        if count:
            text = context.texts("confusion.album", count=count)
            buttons.append(button(layout, "album", album, text, "album", size_px=layout.control))
        buttons.append(
            button(layout, "try", try_it, context.texts("control.try"), "camera", size_px=layout.control)
        )
        cells = Control("matrix", grid, Look.BARE, radius_px=layout.radius // 2, holds=True)
        return scene_of(context, "confusion", [cells, *buttons, *items], "album" if count else "try")

    def _told(self, report: Report, context: Context, layout: Layout, box: Box, count: int) -> Words:
        """Return what the picked cell means."""
        right = self.right == self.said
        names = (
            [context.signs[report.signs[at]].name for at in (self.right, self.said)]
            if report.signs
            else ["", ""]
        )
        key = "confusion.right" if right else "confusion.wrong"
        text = context.texts(key if count else f"{key}_none", right=names[0], said=names[1])
        accent = Colour.TRUTH if right else Colour.LIE
        inner = box.inset(layout.gap, layout.tight // 2)
        size = round(layout.control * 1.4)
        return sentence(inner, text, layout.style(size, accent=accent, lines=6, weight=Weight.SEMIBOLD))


def opened(lesson: Lesson) -> Confusion:
    """Return the screen with the most telling cell picked: the largest mistake, else the first label's own."""
    report = lesson.report
    if report is None:
        return Confusion()
    matrix = report.matrix
    mistakes = [
        (matrix[right][said], -right, -said)
        for right in range(len(matrix))
        for said in range(len(matrix))
        if right != said
    ]
    most, right, said = max(mistakes)
    return Confusion(-right, -said) if most else Confusion()
