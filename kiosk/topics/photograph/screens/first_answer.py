"""The screen after the shutter: a beat, then what the machine says, large and alone, and whether that is right."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout, layout_of, split
from kiosk.core.message import Count, Tick
from kiosk.core.parts import eased, percent, rows_of, scene_of, sentence, sureness, tile
from kiosk.core.pieces.frame import RETAKE, framed
from kiosk.core.scene import Align, Bar, Box, Colour, ControlId, Item, Picture, Scene, Weight, Words, plain
from kiosk.core.screen import Outcome, Pressed, ScreenEvent, VisitScreen
from kiosk.core.visit import Answer, Rating, Visit
from kiosk.topics.attack.messages import ToChoose
from kiosk.topics.photograph.messages import ToLive
from kiosk.topics.photograph.screens.shutter import OPENS_S, shutter

BEAT_S = 0.5
EASE_S = 0.4
RATINGS = (
    (Rating.RIGHT, "done"),
    (Rating.NEARLY, "nearly"),
    (Rating.WRONG, "cancel"),
    (Rating.UNSURE, "unsure"),
)

WIDTHS = (0.85, 1.05, 0.85, 1.15)  # of these, as long as their words


@dataclass(frozen=True, slots=True)
class FirstAnswer(VisitScreen):
    """The answer, since when its screen is there, whether what is said of it counts; `told` after the beat."""

    answer: Answer
    since_s: float
    counts: bool = True
    told: bool = False
    picture = "original"

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Tick() if not self.told and self._over(context):
                return Outcome(replace(self, told=True))
            case Pressed("rate", Rating() as rating) if self._over(context):
                count = (Count((f"verdict_{rating.value}",)),) if self.counts else ()
                return Outcome(ToChoose(Visit(self.answer, rated=rating)), count)
            case Pressed("retake"):
                return Outcome(ToLive())
            case _:
                return Outcome(self)

    def _over(self, context: Context) -> bool:
        """Return whether the beat is over; what is shown follows the time alone."""
        return context.now_s - self.since_s >= BEAT_S

    def view(self, context: Context) -> Scene:
        """Return the picture under its opening shutter; after the beat the answer, the question, four answers to it.

        The light stands on "don't know": a press without a thought says nothing of the machine.
        """
        layout = layout_of(context.panel)
        frame = framed(context, layout, step="show", back=None, others=(RETAKE,))
        rest = frame.stage
        if context.panel.portrait:
            side = min(rest.w, round(rest.h * 0.56))
            picture = Box(rest.x + (rest.w - side) // 2, rest.y, side, side)
            words = rest.under(side + layout.gap)
        else:
            side = min(rest.h, round(rest.w * 0.5))
            picture, words = rest.left(side).top(side), rest.after(side + layout.gap * 2)
        shown = Picture(picture, "original", layout.radius)
        items: list[Item] = [
            *frame.items,
            shown,
            *shutter(picture, 1.0 - eased(self.since_s, context.now_s, OPENS_S)),
        ]
        items += self._says(context, layout, words)
        if not self._over(context):
            return scene_of(context, "first-answer", items)
        for (rating, icon), box in zip(RATINGS, split(frame.deck, WIDTHS, layout.gap), strict=True):
            text = context.texts(f"rating.{rating.value}")
            items.append(tile(layout, ControlId("rate", rating), box, text, icon, size_px=layout.control))
        return scene_of(context, "first-answer", items, ControlId("rate", Rating.UNSURE))

    def _says(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return the verdict, alone and large, and the question."""
        align = Align.CENTRE if context.panel.portrait else Align.LEFT
        line = round(layout.control * 1.7)
        quiet = layout.style(layout.control, colour=Colour.MUTE, weight=Weight.SEMIBOLD, align=align)
        if not self._over(context):
            return [sentence(box.top(line), context.texts("first.says"), quiet)]
        row = rows_of(self.answer, context, 1)[0]
        ask_h = round(layout.label * 1.3)
        body = box.under(line).above(ask_h + layout.gap)
        bold = layout.style(round(layout.label * 0.9), weight=Weight.EXTRABOLD, align=align)
        items: list[Item] = [sentence(box.foot(ask_h), context.texts("first.ask"), bold)]
        said = context.texts("first.says")
        if row.confidence is not None:
            sure = sureness(context, row.confidence)
            said = context.texts("first.says_sure", sure=sure, percent=percent(context, row.confidence))
            thick = max(6, layout.tight * 2)
            part = eased(self.since_s + BEAT_S, context.now_s, EASE_S)
            items.append(Bar(body.foot(thick), row.confidence * part, Colour.TRUTH))
            body = body.above(thick + layout.tight)
        name = plain(row.name, Colour.TRUTH)
        return [
            *items,
            sentence(box.top(line), said, quiet),
            Words(body, name, layout.display, layout.floor, Weight.EXTRABOLD, align, lines=2),
        ]
