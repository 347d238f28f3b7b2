"""The screen on which people guess which picture has the noise."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns, layout_of
from kiosk.core.message import Count, ToBack
from kiosk.core.parts import button, called, scene_of, sentence
from kiosk.core.pieces.frame import framed
from kiosk.core.pieces.pair import LINE, Side, pair_of, plated
from kiosk.core.scene import Box, Colour, Item, Picture, Scene, Weight
from kiosk.core.screen import Outcome, Pressed, ScreenEvent, VisitScreen
from kiosk.core.visit import Visit
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.spot.messages import CountGuess, Guesses

SIDES = ("left", "right")


@dataclass(frozen=True, slots=True)
class Spot(VisitScreen):
    """The visit, the side where the noise is, and the side that was guessed."""

    visit: Visit
    noisy: int
    guessed: int | None = None
    picture = "adversarial"

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return the screen with a guess, or the way back."""
        del context
        match event:
            case Pressed("back"):
                return Outcome(ToBack(ToCards(self.visit)))
            case Pressed("cards"):
                return Outcome(ToCards(self.visit))
            case Pressed("guess", int(side)) if self.guessed is None:
                right = side == self.noisy
                counted = Count(("spot_right" if right else "spot_wrong",))
                return Outcome(replace(self, guessed=side), (counted, CountGuess(right)))
            case _:
                return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return both pictures, what to do, or which it was."""
        layout = layout_of(context.panel)
        frame = framed(context, layout, context.texts("spot.title"))
        pair = pair_of(layout, frame.stage, round(layout.caption * LINE))
        items: list[Item] = []
        for number, side in enumerate((pair.before, pair.after)):
            items += self._side(context, layout, side, number)
        items += self._words(context, layout, pair.words)
        if self.guessed is not None:
            act = button(layout, "cards", frame.deck, context.texts("control.cards"), "cards")
            return scene_of(context, "spot", [act, *items, *frame.items], "cards")
        places = columns(frame.deck, 2, layout.gap)
        acts = [
            replace(button(layout, "guess", place, context.texts(f"spot.{key}"), "eye"), value=number)
            for number, (place, key) in enumerate(zip(places, SIDES, strict=True))
        ]
        return scene_of(context, "spot", [*items, *acts, *frame.items], acts[0].id)

    def _side(self, context: Context, layout: Layout, side: Side, number: int) -> list[Item]:
        """Return a picture; once there is a guess, with what the machine says of it."""
        noisy = number == self.noisy
        key = "adversarial" if noisy else "original"
        style = layout.style(layout.caption, colour=Colour.MUTE, weight=Weight.SEMIBOLD)
        items: list[Item] = [sentence(side.title, context.texts(f"spot.{SIDES[number]}"), style)]
        if self.guessed is None:
            return [*items, Picture(side.picture, key, layout.radius)]
        colour = Colour.LIE if noisy else Colour.TRUTH
        answer = self.visit.now.told if noisy else self.visit.original
        told = context.texts("spot.says", label=called(context, answer.first.label))
        accent = layout.style(layout.caption, accent=colour, weight=Weight.SEMIBOLD)
        return [
            *items,
            Picture(side.picture, key, layout.radius, outline=colour),
            sentence(side.below, told, accent),
        ]

    def _words(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return what to do, or whether the guess was right, and how all people of the day did."""
        texts = context.texts
        if self.guessed is None:
            return plated(layout, box, texts("spot.idea"))
        right = self.guessed == self.noisy
        day = context.fact(Guesses)
        tally = (texts("spot.day", right=day.right, count=day.count),) if day.count > 1 else ()
        loud = f"{texts('spot.right_guess' if right else 'spot.wrong_guess')} {texts('spot.tell')}"
        return plated(layout, box, loud, tally)
