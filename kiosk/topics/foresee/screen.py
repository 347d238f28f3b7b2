"""The screen on which people guess what the machine will say, before it does."""

from dataclasses import dataclass, replace
from typing import Self

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns, grid, layout_of
from kiosk.core.message import Count, Reply, ToBack
from kiosk.core.parts import button, called, percent, scene_of, sureness, tile
from kiosk.core.pieces.frame import framed
from kiosk.core.pieces.pair import plated
from kiosk.core.pieces.working import WorkingScreen
from kiosk.core.scene import Box, Colour, Control, ControlId, Item, Picture, Scene
from kiosk.core.screen import Outcome, Pressed
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.foresee.facts import choices
from kiosk.topics.foresee.messages import CountForesight, Foresights, PicturePosed, PosePicture


@dataclass(frozen=True, slots=True)
class Foresee(WorkingScreen):
    """The visit, the picture that is guessed about with what is said of it, and the guess."""

    posed: PicturePosed | None = None
    guessed: int | None = None
    blocked: frozenset[int] = frozenset()

    def asking(self, job: int) -> PosePicture:
        """Return the wish for a picture."""
        return PosePicture(job, self.blocked)

    def answered(self, reply: Reply) -> Self:
        """Return the screen with the picture."""
        return replace(self, posed=reply) if isinstance(reply, PicturePosed) else self

    def pressed(self, event: Pressed, context: Context) -> Outcome:
        """Return the screen with a guess, or with another picture, or the way back."""
        match event:
            case Pressed("back"):
                return Outcome(ToBack(ToCards(self.visit)), self.stopped())
            case Pressed("cards"):
                return Outcome(ToCards(self.visit), self.stopped())
            case Pressed("next") if self.guessed is not None:
                return replace(self, posed=None, guessed=None).begun(context)
            case Pressed("guess", int(label)) if self.posed is not None and self.guessed is None:
                right = label == self.posed.said.first.label
                counted = Count(("foresee_right" if right else "foresee_wrong",))
                return Outcome(replace(self, guessed=label), (counted, CountForesight(right)))
            case _:
                return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return the picture, and what to choose from; after the guess, what is said and how the day stands."""
        layout = layout_of(context.panel)
        deck = self.lost or self.guessed is not None
        frame = framed(context, layout, context.texts("foresee.title"), deck=int(deck))
        stage = frame.stage
        if context.panel.portrait:
            side = min(stage.w, round(stage.h * 0.4))
            picture, rest = stage.top(side).square(side), stage.under(side + layout.gap)
        else:
            side = min(stage.h, round(stage.w * 0.45))
            picture, rest = stage.left(side).top(side), stage.after(side + layout.gap * 2)
        items: list[Item] = [Picture(picture, "posed" if self.posed is not None else "", layout.radius)]
        if not deck:
            wall = layout.reached(rest.under(round(rest.h * 0.3) + layout.gap))
            tiles = self._choices(context, layout, wall)
            items += plated(layout, rest.above(wall.h + layout.gap), context.texts("foresee.idea"))
            first = tiles[0].id if tiles else "back"
            return scene_of(context, "foresee", [*tiles, *items, *frame.items], first)
        items += plated(layout, rest, self._said(context), self._more(context), accent=Colour.TRUTH)
        name, acts = self._acts(context, layout, frame.deck)
        return scene_of(context, "foresee", [*acts, *items, *frame.items], name)

    def _choices(self, context: Context, layout: Layout, wall: Box) -> list[Control]:
        """Return a tile for each answer that can be chosen."""
        if self.posed is None:
            return []
        found = choices(self.posed.said, self.posed.plain, context.labels, self.posed.job)
        return [
            tile(
                layout,
                ControlId("guess", label),
                cell,
                called(context, label),
                context.labels.icon(label),
                size_px=layout.caption,
            )
            for label, cell in zip(found, grid(wall, 4, 2, layout.gap), strict=False)
        ]

    def _acts(self, context: Context, layout: Layout, deck: Box) -> tuple[str, list[Control]]:
        """Return what can be done after a guess, or where the picture got lost; the next action's name first."""
        texts = context.texts
        if self.lost:
            return "retry", [button(layout, "retry", deck, texts("control.retry"), "again")]
        more, following = columns(deck, 2, layout.gap)
        return "next", [
            button(layout, "next", following, texts("foresee.next"), "forward"),
            button(layout, "cards", more, texts("control.cards"), "cards"),
        ]

    def _said(self, context: Context) -> str:
        """Return what is said of the picture, and whether that was the guess."""
        if self.posed is None or self.guessed is None:
            return context.texts("foresee.lost")
        said = self.posed.said.first.label
        key = "foresee.right" if self.guessed == said else "foresee.wrong"
        return context.texts(key, label=called(context, said))

    def _more(self, context: Context) -> tuple[str, ...]:
        """Return how sure it is, and how the day stands between people and machine."""
        if self.posed is None or self.guessed is None:
            return ()
        texts, sure, day = context.texts, self.posed.said.first.confidence, context.fact(Foresights)
        told = texts("foresee.sure", sure=sureness(context, sure), percent=percent(context, sure))
        return told, texts("foresee.day", people=day.right, machine=day.count - day.right)
