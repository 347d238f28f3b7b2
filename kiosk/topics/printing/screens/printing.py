"""The sheet of a visitor's own: the photo and what was made of it for paper, or the dice's control."""

from dataclasses import dataclass, replace
from typing import Self

from kiosk.core.context import Context
from kiosk.core.layout import Layout
from kiosk.core.message import Asking, Reply
from kiosk.core.parts import button, called
from kiosk.core.scene import Box, Colour, Item
from kiosk.core.screen import Outcome, Pressed
from kiosk.core.visit import Answer
from kiosk.topics.printing.facts import Kind
from kiosk.topics.printing.messages import LaySheet, Paper, SheetLaid
from kiosk.topics.printing.screens.sheet import SheetScreen


@dataclass(frozen=True, slots=True)
class Printing(SheetScreen):
    """What is said to the dice's picture, and whether it was `refused`: staff let nobody print their own photo."""

    control: Answer | None = None
    refused: bool = False

    @property
    def lie(self) -> int:
        """Return what the printed picture is taken for."""
        return self.visit.now.answer.first.label

    @property
    def laid(self) -> bool:
        """Return whether the sheets are there."""
        return self.control is not None

    def asking(self, job: int) -> Asking:
        """Return the wish for both sheets."""
        return LaySheet(job, self.visit.original.first.label, self.lie)

    def answered(self, reply: Reply) -> Self:
        """Return the screen with the sheets."""
        if not isinstance(reply, SheetLaid):
            return self
        return replace(self, control=reply.control, refused=reply.control is None)

    def pressed(self, event: Pressed, context: Context) -> Outcome:
        """Return the other sheet, or what all sheets lead to."""
        match event:
            case Pressed("kind") if self.laid:
                other = Kind.CONTROL if self.kind is Kind.PAIR else Kind.PAIR
                return Outcome(replace(self, kind=other))
            case _:
                return SheetScreen.pressed(self, event, context)

    def labels(self, context: Context) -> dict[str, str]:
        """Return what both pictures are taken for."""
        return {"right": called(context, self.visit.original.first.label), "lie": called(context, self.lie)}

    @property
    def accent(self) -> Colour:
        """Return the truth's colour where the dice leave the answer right."""
        right = self.control is not None and self.control.first.label == self.visit.original.first.label
        return Colour.TRUTH if right and self.kind is Kind.CONTROL else Colour.LIE

    def besides(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return the way to the other sheet."""
        other = "control" if self.kind is Kind.PAIR else "pair"
        return [button(layout, "kind", box, context.texts(f"printing.{other}"), "flip")]

    def told(self, context: Context) -> list[str]:
        """Return that it is refused, else as of all sheets."""
        return [context.texts("printing.refused")] if self.refused else SheetScreen.told(self, context)

    def idea(self, context: Context) -> str:
        """Return what is on it."""
        dice = "" if self.control is None else called(context, self.control.first.label)
        key = "idea" if self.kind is Kind.PAIR else "idea_control"
        return context.texts(f"printing.{key}", lie=called(context, self.lie), dice=dice)

    def asked(self, context: Context) -> list[str]:
        """Return the question whether a visitor's own picture shall get out."""
        route = context.fact(Paper).route
        return [context.texts(f"printing.ask_{route.value}"), context.texts("printing.ask_note")]

    def kept(self, context: Context) -> str:
        """Return that nobody keeps another."""
        return context.texts("printing.only")
