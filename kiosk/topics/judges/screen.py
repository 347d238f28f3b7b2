"""The screen on which other models say what they see."""

from dataclasses import dataclass, replace
from typing import Self

from kiosk.core.context import Context
from kiosk.core.layout import Layout, layout_of, rows, split
from kiosk.core.message import Reply, ToBack
from kiosk.core.parts import button, called, scene_of, sentence
from kiosk.core.pieces.frame import framed
from kiosk.core.pieces.pair import plated
from kiosk.core.pieces.working import WorkingScreen, working, working_px
from kiosk.core.scene import Box, Colour, Item, Picture, Plate, Scene, Weight
from kiosk.core.screen import Outcome, Pressed
from kiosk.core.visit import Answer
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.judges.messages import AskJudges, JudgesAsked, Opinion

MOST_ROWS = 5
WORDS = 5.5  # what the words beside a picture need, in sizes of their type
SHARES = (1.25, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Judges(WorkingScreen):
    """The visit, and what the others said."""

    asked: JudgesAsked | None = None

    @property
    def truth(self) -> int:
        """Return the first answer."""
        return self.visit.original.first.label

    @property
    def lie(self) -> int:
        """Return what the model that judges takes the attacked picture for."""
        return self.visit.now.answer.first.label

    def asking(self, job: int) -> AskJudges:
        """Return the question."""
        return AskJudges(job, self.visit.shown)

    def answered(self, reply: Reply) -> Self:
        """Return the screen with the opinions."""
        return replace(self, asked=reply) if isinstance(reply, JudgesAsked) else self

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
        """Return a row for each model, what it says of either picture, and one sentence."""
        layout = layout_of(context.panel)
        frame = framed(context, layout, context.texts("judges.title"))
        stage = frame.stage
        if context.panel.portrait:
            words = stage.foot(round(stage.h * 0.24))
            table = stage.above(words.h + layout.gap)
        else:
            table = stage.left(round(stage.w * 0.66))
            words = stage.after(table.w + layout.gap)
        own = Opinion(context.chosen, self.visit.original, self.visit.now.told)
        opinions = (own, *(() if self.asked is None else self.asked.opinions[: MOST_ROWS - 1]))
        head, *lines = rows(table, max(len(opinions), 3) + 1, layout.tight)
        items = self._head(context, layout, head)
        for opinion, line in zip(opinions, lines, strict=False):
            items += self._line(context, layout, line, opinion, own=opinion is own)
        kept_px = 0 if self.work is None else working_px(layout)
        items += plated(layout, words, self._said(context), kept_px=kept_px)
        if self.work is not None:
            items += working(context, layout, words, self.work)
        name, key, icon = "cards", "control.cards", "cards"
        if self.lost:
            name, key, icon = "retry", "control.retry", "again"
        act = button(layout, name, frame.deck, context.texts(key), icon)
        return scene_of(context, "judges", [act, *items, *frame.items], name)

    def _head(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return both pictures, each over what is said of it."""
        _, before, after = split(box, SHARES, layout.gap)
        items: list[Item] = []
        for cell, key in ((before, "original"), (after, "adversarial")):
            style = layout.style(layout.caption, colour=Colour.MUTE, weight=Weight.SEMIBOLD, lines=2)
            words = cell
            if cell.w > cell.h + layout.caption * WORDS:
                items.append(Picture(cell.left(cell.h), key, layout.radius // 2))
                words = cell.after(cell.h + layout.tight)
            items.append(sentence(words, context.texts(f"judges.{key}"), style))
        return items

    def _line(self, context: Context, layout: Layout, box: Box, opinion: Opinion, *, own: bool) -> list[Item]:
        """Return a model's name, and what it says of either picture."""
        name, before, after = split(box.inset(layout.tight, 0), SHARES, layout.gap)
        title = next((model.title for model in context.built if model.name == opinion.model), opinion.model)
        if opinion.exact:
            title = context.texts("judges.exact")
        style = layout.style(layout.caption, weight=Weight.SEMIBOLD, lines=2)
        return [
            Plate(box, layout.radius // 2, outline=Colour.TEXT if own else None),
            sentence(name, title, style),
            self._answer(context, layout, before, opinion.original),
            self._answer(context, layout, after, opinion.adversarial),
        ]

    def _answer(self, context: Context, layout: Layout, box: Box, answer: Answer) -> Item:
        first = answer.first
        colour = (
            Colour.TRUTH
            if first.label == self.truth
            else Colour.LIE
            if first.label == self.lie
            else Colour.TEXT
        )
        told = context.texts("judges.answer", label=called(context, first.label))
        style = layout.style(layout.caption, accent=colour, weight=Weight.SEMIBOLD, lines=2)
        return sentence(box, told, style)

    def _said(self, context: Context) -> str:
        """Return how many others were fooled."""
        texts = context.texts
        if self.asked is None:
            return texts("judges.lost" if self.lost else "judges.idea")
        others = [opinion for opinion in self.asked.opinions if not opinion.exact]
        twins = [opinion for opinion in self.asked.opinions if opinion.exact]
        lie = called(context, self.lie)
        fooled = sum(opinion.adversarial.first.label == self.lie for opinion in others)
        said = []
        if others:
            key = "judges.none" if not fooled else "judges.all" if fooled == len(others) else "judges.some"
            said.append(texts(key, fooled=fooled, count=len(others), lie=lie))
        if twins:
            same = twins[0].adversarial.first.label == self.lie
            said.append(texts("judges.twin_too" if same else "judges.twin_not", lie=lie))
        return " ".join(said) or texts("judges.alone")
