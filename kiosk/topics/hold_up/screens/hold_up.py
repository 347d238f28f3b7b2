"""The screen before which a sheet is held: both its pictures as they are seen, a lamp a look."""

from dataclasses import dataclass, field, replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns, layout_of
from kiosk.core.message import ToBack
from kiosk.core.parts import called, scene_of, sentence
from kiosk.core.pieces.frame import Labelled, framed
from kiosk.core.scene import Box, Colour, Item, Picture, Plate, Scene, Weight
from kiosk.core.screen import Outcome, Pressed, ScreenEvent
from kiosk.paper.layout import Shown
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.hold_up.facts import LAMPS, Advice, SheetLook
from kiosk.topics.hold_up.messages import SheetsSeen, Tally, TallyLooks, ToCompare
from kiosk.topics.hold_up.screens.seeing import LAMPS_HIGH, LINE, SeeingScreen, lamp_row, sight
from kiosk.topics.printing.messages import Made, Paper

COMPARE = Labelled("compare", "plus", "hold_up.compare")
PAIR = (Shown.ORIGINAL, Shown.PROOF)
ICONS = {Advice.CLOSER: "closer", Advice.STRAIGHTER: "flip", Advice.WHOLE: "hand", Advice.STILL: "done"}


@dataclass(frozen=True, slots=True)
class HoldUp(SeeingScreen):
    """The last looks at each picture."""

    lamps: tuple[tuple[Shown, tuple[Colour | None, ...]], ...] = field(default=())

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return the screen after another look, or the way back."""
        match event:
            case SheetsSeen():
                return self._looked(event, context)
            case Pressed("compare"):
                return Outcome(ToCompare(self.visit), self.stopped())
            case Pressed("back"):
                return Outcome(ToBack(ToCards(self.visit)), self.stopped())
            case _:
                return Outcome(self)

    def _looked(self, seen: SheetsSeen, context: Context) -> Outcome:
        lamps = dict(self.lamps)
        for look in seen.looks:
            lit = (*lamps.get(look.shown, ()), self._lamp(look, context))
            lamps[look.shown] = lit[-LAMPS:]
        known = {made.number for made in context.fact(Paper).made}
        told = [
            self._lamp(look, context)
            for look in seen.looks
            if look.shown is Shown.PROOF and look.counts and look.sheet in known
        ]
        tally = (TallyLooks(told.count(Colour.LIE), len(told)),) if told else ()
        return Outcome(replace(self, seen=seen, lamps=tuple(sorted(lamps.items()))), tally)

    def _made(self, sheet: int, context: Context) -> Made:
        """Return what the pictures of a sheet are taken for; of one that is not known, as this visitor's are."""
        made = next((made for made in context.fact(Paper).made if made.number == sheet), None)
        visit = self.visit
        return made or Made(sheet, visit.original.first.label, visit.now.answer.first.label)

    def _lamp(self, look: SheetLook, context: Context) -> Colour | None:
        made = self._made(look.sheet, context)
        if not look.counts:
            return None
        return {made.lie: Colour.LIE, made.right: Colour.TRUTH}.get(look.label, Colour.MUTE)

    def view(self, context: Context) -> Scene:
        """Return the camera, beside it both pictures with what is said of them, above all of them the day's looks."""
        layout = layout_of(context.panel)
        frame = framed(
            context, layout, self._said(context), accent=Colour.LIE, lines=2, deck=0, others=(COMPARE,)
        )
        stage = frame.stage
        line, lamps = round(layout.caption * LINE), round(layout.caption * LAMPS_HIGH)
        below = line + layout.tight + lamps
        if context.panel.portrait:
            side = (stage.w - layout.gap) // 2
            high = line + side + below + layout.tight
            camera = stage.above(high + layout.gap)
            places = columns(stage.foot(high), 2, layout.gap)
            square = min(camera.w, camera.h - line * 2)
        else:
            camera, *rest = columns(stage, 3, layout.gap)
            places = tuple(rest)
            side = min(places[0].w, stage.h - line - below - layout.tight)
            square = min(camera.w, stage.h - line * 2)
        advice, icon = self._advice()
        said, boxed = context.texts(f"hold_up.{advice}"), advice == "middle"
        items = sight(context, layout, camera, square, said, icon, boxed=boxed)
        for shown, place in zip(self._pair(), places, strict=True):
            items += self._side(context, layout, place, side, shown)
        return scene_of(context, "hold_up", [*frame.items, *items], "compare" if boxed else "back")

    def _pair(self) -> tuple[Shown, Shown]:
        """Return which pictures stand beside the camera: the dice's control in the photo's place, where it is held."""
        looks = () if self.seen is None else self.seen.looks
        held = {look.shown for look in looks}
        return (Shown.CONTROL, Shown.PROOF) if Shown.CONTROL in held and Shown.ORIGINAL not in held else PAIR

    def _advice(self) -> tuple[str, str]:
        """Return how to hold the sheet, and its drawing."""
        if self.seen is None:
            return "idea", "hand"
        if not self.seen.looks:
            return "middle", "hand"
        advice = self.seen.looks[-1].advice  # of the largest
        return advice.value, ICONS[advice]

    def _side(self, context: Context, layout: Layout, box: Box, side: int, shown: Shown) -> list[Item]:
        """Return one picture as it is seen now, what is said of it, and a lamp for each of the last looks."""
        line = round(layout.caption * LINE)
        title = layout.style(layout.caption, colour=Colour.MUTE, weight=Weight.SEMIBOLD)
        name = shown.name.lower()
        items: list[Item] = [sentence(box.top(line), context.texts(f"hold_up.{name}"), title)]
        place = Box(box.x, box.y + line, side, side)
        look = self._newest(shown)
        if look is None:
            items.append(Plate(place, layout.radius))
        else:
            lamp = self._lamp(look, context)
            items.append(Picture(place, f"held-{name}", layout.radius, outline=lamp or Colour.LINE))
            says = context.texts("hold_up.says", label=called(context, look.label))
            style = layout.style(layout.caption, accent=lamp or Colour.TEXT, weight=Weight.SEMIBOLD)
            items.append(sentence(Box(box.x, place.bottom + layout.tight, box.w, line), says, style))
        lamps = Box(box.x, place.bottom + layout.tight + line, side, round(layout.caption * LAMPS_HIGH))
        return [*items, *lamp_row(layout, lamps, dict(self.lamps).get(shown, ()))]

    def _newest(self, shown: Shown) -> SheetLook | None:
        looks = () if self.seen is None else self.seen.looks
        return next((look for look in reversed(looks) if look.shown is shown), None)

    def _said(self, context: Context) -> str:
        """Return the looks of the day; before there are any, what to do; without markers, what that is worth."""
        texts, tally = context.texts, context.fact(Tally)
        if self.seen is not None and self.seen.middle is not None:
            return texts("hold_up.less_fair", label=called(context, self.seen.middle))
        if not tally.count:
            return texts("hold_up.title")
        return texts("hold_up.day", lies=tally.lies, count=tally.count)
