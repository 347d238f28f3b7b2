"""The screen that tells what both pictures remind it of."""

from dataclasses import dataclass, replace
from typing import Self

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns, layout_of, rows
from kiosk.core.message import Reply, ToBack
from kiosk.core.parts import button, percent, scene_of, sentence
from kiosk.core.pieces.frame import framed
from kiosk.core.pieces.pair import plated
from kiosk.core.pieces.working import WorkingScreen
from kiosk.core.scene import Bar, Box, Colour, Icon, Item, Picture, Scene, Weight
from kiosk.core.screen import Outcome, Pressed
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.memories.messages import Memory, Remember, Remembered

SHOWN = 3
LINES = 3.3  # what stands below a picture, in sizes of its type


@dataclass(frozen=True, slots=True)
class Memories(WorkingScreen):
    """The visit, and what was remembered."""

    remembered: Remembered | None = None

    def asking(self, job: int) -> Remember:
        """Return the search."""
        return Remember(job, self.visit.shown)

    def answered(self, reply: Reply) -> Self:
        """Return the screen with what was found."""
        return replace(self, remembered=reply) if isinstance(reply, Remembered) else self

    def pressed(self, event: Pressed, context: Context) -> Outcome:
        """Return the way back, or on to the other cards."""
        del context
        match event:
            case Pressed("back"):
                return Outcome(ToBack(ToCards(self.visit)), self.stopped())
            case Pressed("cards"):
                return Outcome(ToCards(self.visit), self.stopped())
            case _:
                return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return a row for each picture: the picture, then what it reminds it of; below them one sentence."""
        layout = layout_of(context.panel)
        frame = framed(context, layout, context.texts("memories.title"))
        stage = frame.stage
        if context.panel.portrait:
            table, words = stage.above(round(stage.h * 0.25) + layout.gap), stage.foot(round(stage.h * 0.25))
        else:
            wide = round(stage.w * 0.62)
            table, words = stage.left(wide), stage.after(wide + layout.gap)
        items: list[Item] = []
        for after, row in enumerate(rows(table, 2, layout.gap)):
            items += self._row(context, layout, row, after=bool(after))
        items += plated(layout, words, self._said(context))
        name, key, icon = "cards", "control.cards", "cards"
        if self.lost:
            name, key, icon = "retry", "control.retry", "again"
        act = button(layout, name, frame.deck, context.texts(key), icon)
        return scene_of(context, "memories", [act, *items, *frame.items], name)

    def _row(self, context: Context, layout: Layout, box: Box, *, after: bool) -> list[Item]:
        """Return a picture, an arrow, and what it reminds it of."""
        key = "adversarial" if after else "original"
        below = round(layout.caption * LINES)
        thick = max(4, layout.tight)
        arrow = round(layout.caption * 1.8)
        cells = columns(box, SHOWN + 1, layout.tight)
        side = min(box.h - below, cells[0].w - arrow)
        colour = Colour.LIE if after else Colour.TRUTH
        found = () if self.remembered is None else getattr(self.remembered, key)
        first = Box(cells[0].x, box.y, side, side)
        items: list[Item] = [
            Picture(first, key, layout.radius),
            self._line(layout, cells[0], side, below, context.texts(f"memories.{key}"), colour),
            Icon(Box(cells[0].right - arrow, box.y + (side - arrow) // 2, arrow, arrow), "forward", colour),
        ]
        for memory, cell in zip(found, cells[1:], strict=False):
            place = Box(cell.x, box.y, side, side)
            bar = Box(cell.x, place.bottom + layout.tight // 2, side, thick)
            told = context.texts("memories.memory", name=memory.name)
            items += [
                Picture(place, memory.key, layout.radius),
                Bar(bar, max(0.0, memory.likeness), colour),
                self._line(layout, cell, side + thick, below - thick, told, colour),
            ]
        return items

    def _line(self, layout: Layout, cell: Box, over: int, high: int, text: str, colour: Colour) -> Item:
        style = layout.style(layout.caption, accent=colour, weight=Weight.SEMIBOLD, lines=2, middle=False)
        return sentence(Box(cell.x, cell.y + over + layout.tight // 2, cell.w, high), text, style)

    def _said(self, context: Context) -> str:
        """Return whether both remind it of the same, or why it does not tell."""
        texts, told = context.texts, self.remembered
        if told is None:
            return texts("memories.lost" if self.lost else "memories.idea")
        before, after = _first(told.original), _first(told.adversarial)
        key = "memories.same" if before == after else "memories.turned"
        alike = percent(context, max(0.0, told.alike))
        return f"{texts(key, before=before, after=after)} {texts('memories.alike', percent=alike)}"


def _first(memories: tuple[Memory, ...]) -> str:
    return memories[0].name if memories else ""
