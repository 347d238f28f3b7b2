"""The screen on which hazy copies of both pictures vote."""

from dataclasses import dataclass, replace
from typing import Self

from kiosk.core.context import Context
from kiosk.core.layout import Layout, layout_of
from kiosk.core.message import Reply, ToBack
from kiosk.core.parts import button, called, scene_of, sentence
from kiosk.core.pieces.frame import framed
from kiosk.core.pieces.pair import Pair, Side, pair_of, pictured, plated
from kiosk.core.pieces.working import WorkingScreen, working, working_px
from kiosk.core.scene import Bar, Box, Colour, Item, Scene, Weight
from kiosk.core.screen import Outcome, Pressed
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.shield.messages import Ballot, RaiseShield, ShieldRaised

BELOW = 3.4  # what was voted, in sizes of its type


@dataclass(frozen=True, slots=True)
class Shield(WorkingScreen):
    """The visit, and what came of the vote."""

    raised: ShieldRaised | None = None

    @property
    def truth(self) -> int:
        """Return the first answer."""
        return self.visit.original.first.label

    @property
    def lie(self) -> int:
        """Return what the attacked picture is taken for, or was to be."""
        return self.visit.now.answer.first.label if self.visit.target is None else self.visit.target

    def asking(self, job: int) -> RaiseShield:
        """Return the vote on both pictures."""
        return RaiseShield(job, self.visit.shown, self.lie)

    def answered(self, reply: Reply) -> Self:
        """Return the screen with the votes."""
        return replace(self, raised=reply) if isinstance(reply, ShieldRaised) else self

    def pressed(self, event: Pressed, context: Context) -> Outcome:
        """Return another vote, or the way back."""
        match event:
            case Pressed("back"):
                return Outcome(ToBack(ToCards(self.visit)), self.stopped())
            case Pressed("vote") if self.work is None:
                return replace(self, raised=None).begun(context)
            case _:
                return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return both pictures with their votes, what that means, and what it costs."""
        layout = layout_of(context.panel)
        frame = framed(context, layout, context.texts("shield.title"))
        pair = pair_of(layout, frame.stage, round(layout.caption * BELOW))
        items = [*self._side(context, layout, pair.before, after=False)]
        items += self._side(context, layout, pair.after, after=True)
        items += self._words(context, layout, pair)
        name, words, icon = "vote", "shield.again", "people"
        if self.work is not None or self.wanted:
            words, icon = "shield.voting", "wait"
        elif self.lost:
            name, words, icon = "retry", "control.retry", "again"
        act = replace(button(layout, name, frame.deck, context.texts(words), icon), off=icon == "wait")
        return scene_of(context, "shield", [act, *frame.items, *items], name)

    def _side(self, context: Context, layout: Layout, side: Side, *, after: bool) -> list[Item]:
        """Return a picture, as one of its copies once they have voted, and the votes below it."""
        key = "adversarial" if after else "original"
        shown = pictured(
            context, layout, side, key if self.raised is None else f"shield-{key}", f"shield.{key}"
        )
        if self.raised is None:
            return shown
        return [*shown, *self._votes(context, layout, side.below, getattr(self.raised, key))]

    def _votes(self, context: Context, layout: Layout, box: Box, ballot: Ballot) -> list[Item]:
        """Return how many of the copies chose the winner."""
        colour = (
            Colour.TRUTH
            if ballot.label == self.truth
            else Colour.LIE
            if ballot.label == self.lie
            else Colour.TEXT
        )
        thick = max(6, layout.tight * 2)
        told = context.texts(
            "shield.votes", label=called(context, ballot.label), votes=ballot.votes, count=ballot.count
        )
        style = layout.style(layout.caption, accent=colour, weight=Weight.SEMIBOLD, lines=2, middle=False)
        return [
            Bar(Box(box.x, box.y, box.w, thick), ballot.votes / ballot.count, colour),
            sentence(box.under(thick + layout.tight // 2), told, style),
        ]

    def _words(self, context: Context, layout: Layout, pair: Pair) -> list[Item]:
        """Return how far the vote is, or what it came to."""
        texts = context.texts
        if self.raised is None:
            loud = texts("shield.lost" if self.lost else "shield.idea")
            if self.work is None:
                return plated(layout, pair.words, loud)
            plate = plated(layout, pair.words, loud, kept_px=working_px(layout))
            return [*plate, *working(context, layout, pair.words, self.work)]
        ballot = self.raised.adversarial
        cost = texts("shield.cost")
        sure = texts("shield.unsure")
        if ballot.radius_255 > 0:
            times = max(1, round(self.visit.now.l2_255 / ballot.radius_255))
            sure = texts("shield.sure", times=times)
        return plated(
            layout,
            pair.words,
            texts(self._said(ballot), label=called(context, ballot.label), lie=called(context, self.lie)),
            (sure, cost),
            accent=Colour.TRUTH if ballot.label == self.truth else Colour.LIE,
        )

    def _said(self, ballot: Ballot) -> str:
        """Return the key of what the vote on the attacked picture came to."""
        if self.visit.now.step == 0:
            return "shield.none"
        if ballot.label == self.truth:
            return "shield.held"
        return "shield.broken" if ballot.label == self.lie else "shield.other"
