"""The screen that compares a thing before a sticker is added, with it, and after: what was said, look by look."""

from dataclasses import dataclass, field, replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns, layout_of, rows
from kiosk.core.message import ToBack
from kiosk.core.parts import button, called, scene_of, sentence
from kiosk.core.pieces.frame import framed
from kiosk.core.scene import Box, Colour, ControlId, Item, Plate, Scene, Weight
from kiosk.core.screen import Outcome, Pressed, ScreenEvent
from kiosk.topics.hold_up.facts import STRETCHES, Looks, Stretch
from kiosk.topics.hold_up.messages import SheetsSeen, ToHoldUp
from kiosk.topics.hold_up.screens.seeing import LAMPS_HIGH, LINE, SeeingScreen, lamp_row, sight

ICONS = {Stretch.BEFORE: "picture", Stretch.WITH: "plus", Stretch.AFTER: "minus"}


@dataclass(frozen=True, slots=True)
class Compare(SeeingScreen):
    """Which stretch looks are counted for now, and the last looks of each; they go with this screen."""

    now: Stretch | None = None
    looks: tuple[Looks, ...] = field(default=(Looks(),) * len(STRETCHES))

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return the screen after another look, with another stretch begun, or the way back."""
        del context
        match event:
            case SheetsSeen(middle=middle):
                seen = replace(self, seen=event)
                return Outcome(seen if middle is None or self.now is None else seen._also(self.now, middle))
            case Pressed("stretch", str(begun)):
                return Outcome(self._begun(Stretch(begun)))
            case Pressed("back"):
                return Outcome(ToBack(ToHoldUp(self.visit)), self.stopped())
            case _:
                return Outcome(self)

    def _also(self, stretch: Stretch, label: int) -> "Compare":
        at = STRETCHES.index(stretch)
        return replace(self, looks=(*self.looks[:at], self.looks[at].also(label), *self.looks[at + 1 :]))

    def _begun(self, stretch: Stretch) -> "Compare":
        """Return the screen that counts for a stretch from now on; it and what follows it begin anew."""
        at = STRETCHES.index(stretch)
        empty = (Looks(),) * (len(STRETCHES) - at)
        return replace(self, now=stretch, looks=(*self.looks[:at], *empty))

    @property
    def _next(self) -> Stretch:
        """Return which stretch is to be begun next; after the last one all of it may be done again."""
        following = 0 if self.now is None else STRETCHES.index(self.now) + 1
        return STRETCHES[following % len(STRETCHES)]

    def view(self, context: Context) -> Scene:
        """Return the camera with its box, the stretches with their lamps, and the three presses that begin them."""
        layout = layout_of(context.panel)
        accent = Colour.LIE if self.now is Stretch.AFTER else Colour.TEXT
        frame = framed(context, layout, self._said(context), accent=accent, lines=2)
        stage, line = frame.stage, round(layout.caption * LINE)
        if context.panel.portrait:
            high = 3 * (2 * line + layout.gap)
            camera, strip = stage.above(high + layout.gap), stage.foot(high)
            side = min(camera.w, camera.h - line)
        else:
            camera, *others = columns(stage, 3, layout.gap)
            strip = Box(others[0].x, stage.y, stage.right - others[0].x, stage.h)
            side = min(camera.w, stage.h - line * 2)
        said, icon = self._seen(context)
        colour = self._colour(None if self.seen is None else self.seen.middle)
        items = sight(context, layout, camera, side, said, icon, boxed=True, accent=colour)
        for stretch, looks, row in zip(
            STRETCHES, self.looks, rows(strip, len(STRETCHES), layout.tight), strict=True
        ):
            items += self._row(context, layout, row, stretch, looks)
        for stretch, cell in zip(STRETCHES, columns(frame.deck, len(STRETCHES), layout.gap), strict=True):
            words = context.texts(f"hold_up.{stretch.value}")
            items.append(button(layout, ControlId("stretch", stretch.value), cell, words, ICONS[stretch]))
        return scene_of(context, "compare", [*items, *frame.items], ControlId("stretch", self._next.value))

    def _row(self, context: Context, layout: Layout, box: Box, stretch: Stretch, looks: Looks) -> list[Item]:
        """Return a stretch: which it is, what was said how often, and a lamp a look; the present one is framed."""
        here = stretch is self.now
        thick = max(3, layout.tight // 3) if here else 0
        inner = box.inset(layout.tight)
        lamps = round(layout.caption * LAMPS_HIGH)
        words = inner.top(max(0, inner.h - lamps - layout.tight // 2))
        cut = words.w * 32 // 100
        colour = Colour.TEXT if here else Colour.MUTE
        title = layout.style(layout.caption, colour=colour, weight=Weight.SEMIBOLD)
        told = layout.style(layout.caption, accent=self._colour(looks.most), weight=Weight.SEMIBOLD)
        return [
            Plate(box, layout.radius // 2, Colour.PANEL, Colour.TEXT if here else None, thick),
            sentence(words.left(cut), context.texts(f"hold_up.{stretch.value}"), title),
            sentence(words.after(cut), self._told(context, looks), told),
            *lamp_row(layout, inner.foot(lamps), [self._colour(label) for label in looks.labels]),
        ]

    def _told(self, context: Context, looks: Looks) -> str:
        """Return what was said most, and in how many of how many looks."""
        if looks.most is None:
            return ""
        label = called(context, looks.most)
        return context.texts("hold_up.share", label=label, count=looks.count, looks=len(looks.labels))

    def _colour(self, label: int | None) -> Colour:
        """Return the truth's colour for what was said before, the lie's for what the sticker made of it."""
        before, with_it, _ = (looks.most for looks in self.looks)
        if label == before:
            return Colour.TRUTH
        return Colour.LIE if label == with_it else Colour.MUTE

    def _seen(self, context: Context) -> tuple[str, str]:
        """Return what is said of the box now, and that this is less fair; or why it is not counted."""
        if self.seen is None:
            return context.texts("hold_up.waiting"), "wait"
        if self.seen.middle is None:
            return context.texts("hold_up.not_alone"), "cancel"
        return context.texts("hold_up.middle_says", label=called(context, self.seen.middle)), "eye"

    def _said(self, context: Context) -> str:
        """Return what to do next; in the end what came of it."""
        if self.now is not None and not self.looks[STRETCHES.index(self.now)].enough:
            return context.texts("hold_up.keep")
        if self.now is not Stretch.AFTER:
            return context.texts(f"hold_up.{self._next.value}_ask")
        before, with_it, after = self.looks
        if before.most is None or with_it.most is None or not all(looks.clear for looks in self.looks):
            return context.texts("hold_up.unclear")
        labels = {"right": called(context, before.most), "lie": called(context, with_it.most)}
        if after.most != before.most:
            return context.texts("hold_up.astray")
        return context.texts("hold_up.held" if with_it.most == before.most else "hold_up.turned", **labels)
