"""The screen on which squares of a picture are covered."""

from dataclasses import dataclass, replace
from typing import Self

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns, grid, layout_of
from kiosk.core.message import Asking, Reply, ToBack
from kiosk.core.parts import answer_row, button, called, percent, rows_of, scene_of
from kiosk.core.pieces.frame import framed
from kiosk.core.pieces.pair import pair_of, pictured, plated
from kiosk.core.pieces.scale import scale, scale_px
from kiosk.core.pieces.working import WorkingScreen, working
from kiosk.core.scene import Box, Colour, Control, Item, Look, Picture, Plate, Scene
from kiosk.core.screen import Outcome, Pressed
from kiosk.core.visit import Answer
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.cover.facts import ACROSS
from kiosk.topics.cover.messages import CoversSwept, CoverTile, SweepCovers, TileCovered
from kiosk.topics.explain.messages import DrawMaps, MapsDrawn

ROWS = 3


@dataclass(frozen=True, slots=True)
class Cover(WorkingScreen):
    """The visit, whether the attacked picture is covered or the one before, and what came of the squares.

    `tile` is the square that is covered, or about to be; `sweeps` says that all of them are asked for. Once they are
    `swept`, Grad-CAM's map of the same answer is asked for too.
    """

    wanted: bool = False
    after: bool = False
    tile: int | None = None
    sweeps: bool = False
    covered: TileCovered | None = None
    swept: CoversSwept | None = None
    drawn: MapsDrawn | None = None

    @property
    def step(self) -> int:
        """Return the step whose picture is covered."""
        return self.visit.shown if self.after else 0

    @property
    def whole(self) -> Answer:
        """Return the answer on the picture with nothing covered."""
        return self.visit.now.told if self.after else self.visit.original

    def asking(self, job: int) -> Asking:
        """Return the look at one covered square, or at each, or Grad-CAM after it."""
        if self.swept is not None:
            return DrawMaps(job, self.whole.first.label, self.visit.shown)
        if self.sweeps or self.tile is None:
            return SweepCovers(job, self.step, self.whole.first.label)
        return CoverTile(job, self.step, self.tile)

    def answered(self, reply: Reply) -> Self:
        """Return the screen with what came of it."""
        match reply:
            case TileCovered():
                return replace(self, covered=reply)
            case CoversSwept():
                return replace(self, swept=reply, sweeps=False, wanted=True)
            case MapsDrawn():
                return replace(self, drawn=reply)
            case _:
                return self

    def pressed(self, event: Pressed, context: Context) -> Outcome:
        """Return the screen with another square covered, with all of them, with the other picture, or the way back."""
        match event:
            case Pressed("back"):
                return Outcome(ToBack(ToCards(self.visit)), self.stopped())
            case Pressed("tile") if self.work is None:
                return replace(self, tile=self._meant(event), swept=None, drawn=None).begun(context)
            case Pressed("sweep") if self.work is None:
                return replace(self, sweeps=True, covered=None, swept=None, drawn=None).begun(context)
            case Pressed("other"):
                return Outcome(Cover(self.visit, after=not self.after), self.stopped())
            case _:
                return Outcome(self)

    def _meant(self, event: Pressed) -> int:
        """Return the square under the finger; a button means the one after the last."""
        if event.by_button:
            return 0 if self.tile is None else (self.tile + 1) % ACROSS**2
        column, row = (min(ACROSS - 1, int(part * ACROSS)) for part in (event.x, event.y))
        return row * ACROSS + column

    def view(self, context: Context) -> Scene:
        """Return the picture under its grid, the answer, and one sentence; or both maps."""
        layout = layout_of(context.panel)
        frame = framed(context, layout, context.texts("cover.title"))
        items = self._asked(context, layout, frame.stage)
        if self.swept is not None:
            items = self._maps(context, layout, frame.stage, self.swept)
        other, act = columns(frame.deck, 2, layout.gap)
        swap = "cover.before" if self.after else "cover.after"
        name, words_key, icon = "sweep", "cover.sweep", "cover"
        if self.lost:
            name, words_key, icon = "retry", "control.retry", "again"
        sweep = button(layout, name, act, context.texts(words_key), icon)
        swapped = button(layout, "other", other, context.texts(swap), "flip")
        on = "retry" if self.lost else "sweep" if self.tile is None else "tile"
        return scene_of(context, "cover", [*items, sweep, swapped, *frame.items], on)

    def _asked(self, context: Context, layout: Layout, stage: Box) -> list[Item]:
        """Return the picture under its grid, and what is said of it."""
        if context.panel.portrait:
            side = min(stage.w, round(stage.h * 0.56))
            words = stage.above(side + layout.gap)
            picture = stage.foot(side).square(side)
        else:
            picture = stage.left(stage.h)
            words = stage.after(picture.w + layout.gap * 2)
        return [
            Picture(picture, self._key, layout.radius),
            *self._tiles(layout, picture),
            *self._words(context, layout, words),
        ]

    def _maps(self, context: Context, layout: Layout, stage: Box, swept: CoversSwept) -> list[Item]:
        """Return the map of the hidden squares, Grad-CAM's beside it, and what both say."""
        pair = pair_of(layout, stage, 0, share=0.32)
        cam = "" if self.drawn is None else f"gradcam-{'adversarial' if self.after else 'original'}"
        legend = pair.words.foot(scale_px(layout))
        label = called(context, self.whole.first.label)
        key = "cover.swept" if max(swept.losses) > 0 else "cover.nothing"
        more = context.texts("cover.no_cam" if self.lost else "cover.two")
        return [
            *pictured(context, layout, pair.before, "cover-map", "cover.hiding"),
            *self._tiles(layout, pair.before.picture),
            *pictured(context, layout, pair.after, cam, "cover.cam"),
            *plated(
                layout,
                pair.words.above(legend.h + layout.gap),
                context.texts(key, label=label),
                (more,),
                accent=self._colour(self.whole.first.label),
            ),
            *scale(layout, legend, (context.texts("cover.little"), context.texts("cover.much"))),
        ]

    @property
    def _named(self) -> int:
        """Return the answer that the sentence names."""
        return (self.whole if self.covered is None else self.covered.answer).first.label

    @property
    def _key(self) -> str:
        if self.covered is not None:
            return "covered"
        return "adversarial" if self.after else "original"

    def _tiles(self, layout: Layout, picture: Box) -> list[Item]:
        """Return the lines of the grid, and one control for all of it: where it is pressed says which square."""
        cells = grid(picture, ACROSS**2, ACROSS, 0)
        items: list[Item] = [Plate(cell, 0, None, Colour.FAINT, 1) for cell in cells]
        if self.swept is not None:
            items.append(Plate(cells[self.swept.best], 0, None, Colour.TEXT, max(3, layout.tight // 2)))
        return [*items, Control("tile", picture, Look.BARE, radius_px=layout.radius)]

    def _words(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return the sentence, and below it the answer's bars."""
        high, least = round(layout.caption * 2.6), round(layout.control * 4.2)
        count = max(1, min(ROWS, (box.h - least - layout.gap) // (high + layout.tight)))
        bars = box.foot(high * count + layout.tight * (count - 1))
        told = box.above(bars.h + layout.gap)
        items = plated(layout, told, self._said(context), accent=self._colour(self._named))
        if self.work is not None and self.sweeps:
            items += working(context, layout, bars, self.work)
            return items
        shown = self.whole if self.covered is None else self.covered.answer
        for number, row in enumerate(rows_of(shown, context, count)):
            cell = Box(bars.x, bars.y + number * (high + layout.tight), bars.w, high)
            colour = Colour.TEXT if row.label is None else self._colour(row.label)
            items += answer_row(context, layout, cell, row, colour, large=number == 0)
        return items

    def _colour(self, label: int) -> Colour:
        lie = self.visit.now.answer.first.label
        if label == self.visit.original.first.label:
            return Colour.TRUTH
        return Colour.LIE if label == lie else Colour.TEXT

    def _said(self, context: Context) -> str:
        """Return what to do, or what came of it."""
        texts, first = context.texts, self.whole.first
        label = called(context, first.label)
        if self.lost:
            return texts("cover.lost")
        if self.covered is None:
            return texts("cover.idea", label=label)
        now = self.covered.answer
        if now.first.label != first.label:
            return texts("cover.turned", label=called(context, now.first.label))
        return texts(
            "cover.same",
            label=label,
            before=percent(context, first.confidence),
            now=percent(context, now.confidence(first.label)),
        )
