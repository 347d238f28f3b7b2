"""The screen on which a sticker is laid on the picture, and moved."""

from dataclasses import dataclass, replace
from typing import Self

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns, layout_of
from kiosk.core.message import Asking, Reply, ToBack
from kiosk.core.parts import button, called, percent, scene_of, sentence
from kiosk.core.pieces.frame import framed
from kiosk.core.pieces.pair import LINE, Side, pair_of, pictured, plated
from kiosk.core.pieces.working import WorkingScreen
from kiosk.core.scene import Box, Colour, Control, ControlId, Item, Look, Picture, Scene, Weight
from kiosk.core.screen import Outcome, Pressed
from kiosk.core.visit import Answer
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.printing.messages import Paper, ToStickerSheet
from kiosk.topics.sticker.messages import LaySticker, StickerJudged, Stickers

STEP = 0.1
ARROWS = {"left": (-STEP, 0.0), "right": (STEP, 0.0), "up": (0.0, -STEP), "down": (0.0, STEP)}


def shown_labels(context: Context) -> tuple[int, ...]:
    """Return the labels of the stickers that visitors may read of."""
    return tuple(label for label in context.fact(Stickers).labels if context.labels.name(label) is not None)


@dataclass(frozen=True, slots=True)
class Sticker(WorkingScreen):
    """The visit, which sticker, where its middle lies on the picture (0..1), and what came of it."""

    label: int = 0
    x: float = 0.3
    y: float = 0.3
    judged: StickerJudged | None = None

    def asking(self, job: int) -> Asking:
        """Return the wish for the sticker where it lies now."""
        return LaySticker(job, self.label, self.x, self.y)

    def answered(self, reply: Reply) -> Self:
        """Return the screen with what came of it."""
        return replace(self, judged=reply) if isinstance(reply, StickerJudged) else self

    def pressed(self, event: Pressed, context: Context) -> Outcome:
        """Return the sticker elsewhere, another one, or the way back."""
        match event:
            case Pressed("back"):
                return Outcome(ToBack(ToCards(self.visit)), self.stopped())
            case Pressed("place") if self.work is None:
                return self._laid(event.x, event.y, context)
            case Pressed("arrow", str(way)) if self.work is None and way in ARROWS:
                across, down = ARROWS[way]
                return self._laid(self.x + across, self.y + down, context)
            case Pressed("take") if context.fact(Paper).offered:
                return Outcome(ToStickerSheet(self.visit, self.label), self.stopped())
            case Pressed("other") if self.work is None:
                labels = shown_labels(context)
                place = labels.index(self.label) if self.label in labels else -1
                return replace(self, label=labels[(place + 1) % len(labels)], judged=None).begun(context)
            case _:
                return Outcome(self)

    def _laid(self, x: float, y: float, context: Context) -> Outcome:
        return replace(self, x=min(1.0, max(0.0, x)), y=min(1.0, max(0.0, y))).begun(context)

    def view(self, context: Context) -> Scene:
        """Return the picture with the sticker, beside it with the grey one, and what can be done."""
        layout = layout_of(context.panel)
        frame = framed(context, layout, context.texts("sticker.title"), deck=2)
        pair = pair_of(layout, frame.stage, round(layout.caption * LINE), share=0.32)
        judged = self.judged
        items = self._side(context, layout, pair.before, "sticker", None if judged is None else judged.answer)
        items += self._side(context, layout, pair.after, "grey", None if judged is None else judged.grey)
        words, controls = pair.words, self._arrows(context, layout, frame.deck)
        if context.panel.portrait:
            controls += self._others(context, layout, frame.deck.foot(layout.deck))
        elif others := self._others(context, layout, words.foot(layout.touch)):
            controls += others
            words = words.above(layout.touch + layout.gap)
        items += plated(layout, words, *self._said(context, layout))
        items.append(Control("place", pair.before.picture, Look.BARE, radius_px=layout.radius, stop=False))
        first = "retry" if self.lost else controls[0].id
        return scene_of(context, "sticker", [*items, *controls, *frame.items], first)

    def _others(self, context: Context, layout: Layout, box: Box) -> list[Control]:
        """Return what leads to another sticker, and what takes this one home."""
        more = len(shown_labels(context)) > 1
        wanted = (("other", "other", more), ("take", "print", context.fact(Paper).offered))
        names = [(name, icon) for name, icon, there in wanted if there and not self.lost]
        cells = columns(box, max(1, len(names)), layout.gap)
        return [
            button(layout, name, cell, context.texts(f"sticker.{name}"), icon, size_px=layout.caption)
            for (name, icon), cell in zip(names, cells, strict=False)
        ]

    def _arrows(self, context: Context, layout: Layout, box: Box) -> list[Control]:
        """Return what moves the sticker."""
        if self.lost:
            return [button(layout, "retry", box, context.texts("control.retry"), "again")]
        row = box.top((box.h - layout.gap) // 2) if context.panel.portrait else box
        return [
            replace(button(layout, ControlId("arrow", way), place, "", f"arrow-{way}"), repeats=True)
            for way, place in zip(ARROWS, columns(row, len(ARROWS), layout.gap), strict=True)
        ]

    def _side(
        self, context: Context, layout: Layout, side: Side, what: str, answer: Answer | None
    ) -> list[Item]:
        """Return a picture and what is said of it."""
        if answer is None:
            return pictured(context, layout, side, "original", f"sticker.{what}")
        label = answer.first.label
        colour = self._colour(label)
        key = "sticker" if what == "sticker" else "sticker-grey"
        style = layout.style(layout.caption, accent=colour, weight=Weight.SEMIBOLD)
        title, _ = pictured(context, layout, side, key, f"sticker.{what}")
        says = context.texts("sticker.says", label=called(context, label))
        return [
            title,
            Picture(side.picture, key, layout.radius, outline=colour),
            sentence(side.below, says, style),
        ]

    def _colour(self, label: int) -> Colour:
        if label == self.label:
            return Colour.LIE
        return Colour.TRUTH if label == self.visit.original.first.label else Colour.TEXT

    def _said(self, context: Context, layout: Layout) -> tuple[str, tuple[str, ...]]:
        """Return what came of it, and what the sticker is."""
        texts, name = context.texts, called(context, self.label)
        small = context.panel.portrait or layout.compact
        note = () if small else (texts("sticker.note"),)
        if self.lost:
            return texts("sticker.lost"), ()
        if self.judged is None:
            return texts("sticker.laying", label=name), note
        first, grey = self.judged.answer.first, self.judged.grey.first.label
        if first.label != self.label:
            return texts("sticker.holds", label=name), note
        if grey == self.label:
            return texts("sticker.both", label=name), note
        return texts("sticker.works", label=name, percent=percent(context, first.confidence)), note
