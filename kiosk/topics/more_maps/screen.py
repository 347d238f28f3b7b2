"""The screen with other maps of both pictures, and the control of the attacked one's beside them."""

from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns, grid, layout_of
from kiosk.core.message import Reply, ToBack
from kiosk.core.parts import called, scene_of, tile
from kiosk.core.pieces.frame import framed
from kiosk.core.pieces.pair import LINE, Side, pictured, plated
from kiosk.core.pieces.scale import scale, scale_px
from kiosk.core.pieces.working import WorkingScreen, working, working_px
from kiosk.core.scene import Box, Colour, Control, ControlId, Item, Scene
from kiosk.core.screen import Outcome, Pressed
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.more_maps.facts import Check, Method, keys_of, offered
from kiosk.topics.more_maps.messages import CheckedDrawn, DrawChecked

ICONS = {
    Method.GRAD_CAM: "eye",
    Method.CLASS_MAP: "matrix",
    Method.CONTRAST: "pushes",
    Method.OCCLUSION: "cover",
}
WORDS = 4.5  # how high what is said is, in captions
SAID = 0.7  # of the width, for what is said


class MapPlaces(NamedTuple):
    """Where both pictures and the control, what is said, and the scale lie."""

    pictures: tuple[Side, ...]
    words: Box
    scale: Box


def methods_of(context: Context) -> tuple[Method, ...]:
    """Return the ways to draw a map that there are now."""
    return offered(gradients=not context.gradients.given_up, taught=context.taught)


@dataclass(frozen=True, slots=True)
class MoreMaps(WorkingScreen):
    """The visit, the way that maps are drawn, and what came of them."""

    method: Method = Method.GRAD_CAM
    drawn: CheckedDrawn | None = None

    @property
    def before(self) -> int:
        """Return the original's own answer."""
        return self.visit.original.first.label

    @property
    def after(self) -> int:
        """Return the attacked picture's own answer."""
        return self.visit.now.told.first.label

    @property
    def lie(self) -> int:
        """Return what a contrast weighs against the first answer."""
        return self.visit.rival(self.after)

    def asking(self, job: int) -> DrawChecked:
        """Return the maps and their control."""
        return DrawChecked(job, self.method, self.visit.shown, self.before, self.after, self.lie)

    def answered(self, reply: Reply) -> Self:
        """Return the screen with the maps."""
        return replace(self, drawn=reply) if isinstance(reply, CheckedDrawn) else self

    def pressed(self, event: Pressed, context: Context) -> Outcome:
        """Return the screen with other maps, or with the same and another control; or the way back."""
        del context
        match event:
            case Pressed("back"):
                return Outcome(ToBack(ToCards(self.visit)), self.stopped())
            case Pressed("method", Method() as method):
                return Outcome(MoreMaps(self.visit, method=method), self.stopped())
            case _:
                return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return both maps, the control, what they say, and the other ways to draw them."""
        layout = layout_of(context.panel)
        frame = framed(context, layout)
        places = _places(layout, frame.stage)
        methods = methods_of(context)
        there = self.method in methods  # the gradient process may have gone for good meanwhile
        following = methods[(methods.index(self.method) + 1) % len(methods)] if there else methods[0]
        tiles = [
            self._tile(context, layout, method, cell)
            for method, cell in zip(methods, columns(frame.deck, len(methods), layout.gap), strict=True)
        ]
        items = [*self._pictures(context, layout, places), *self._words(context, layout, places.words)]
        if self.work is not None:
            items += working(context, layout, places.scale, self.work)
        else:
            two_sided = self.method is Method.CONTRAST
            items += scale(layout, places.scale, self._ends(context), two_sided=two_sided)
        on = "retry" if self.lost and there else ControlId("method", following)
        return scene_of(context, "more-maps", [*tiles, *items, *frame.items], on)

    def _tile(self, context: Context, layout: Layout, method: Method, box: Box) -> Control:
        """Return what leads to a way to draw; the one that is shown is framed, waits, or tries again once lost."""
        here = method is self.method
        if here and self.lost:
            return tile(layout, "retry", box, context.texts("control.retry"), "again", size_px=layout.caption)
        words = context.texts(f"more_maps.{method}_name")
        waits = here and self.work is not None
        icon = "wait" if waits else ICONS[method]
        made = tile(layout, ControlId("method", method), box, words, icon, size_px=layout.caption)
        return replace(made, outline=Colour.TEXT if here else Colour.LINE, off=waits)

    def _pictures(self, context: Context, layout: Layout, places: MapPlaces) -> list[Item]:
        """Return the maps, or the pictures until they are drawn, each under its own answer."""
        shown = self.drawn is not None and self.drawn.check is not Check.UNFIT
        keys = keys_of(self.method) if shown else ("original", "adversarial", "")
        items: list[Item] = []
        for side, key, title, label in zip(
            places.pictures,
            keys,
            ("before", "after", "nothing_known"),
            (self.before, self.after, self.after),
            strict=True,
        ):
            items += pictured(
                context,
                layout,
                side,
                key,
                f"more_maps.{title}",
                accent=Colour.TRUTH if label == self.before else Colour.LIE,
                label=called(context, label),
            )
        return items

    def _words(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return how the maps are to be read, and what their control says."""
        texts = context.texts
        if self.lost:
            return plated(layout, box, texts("more_maps.lost"))
        loud = texts(f"more_maps.{self.method}")
        quiet = () if self.drawn is None else (texts(f"more_maps.{self.drawn.check}"),)
        return plated(layout, box, loud, quiet)

    def _ends(self, context: Context) -> tuple[str, str]:
        """Return what the two ends of the scale mean."""
        texts = context.texts
        match self.method:
            case Method.CONTRAST:
                return called(context, self.before), called(context, self.lie)
            case Method.CLASS_MAP:
                return texts("more_maps.against"), texts("more_maps.for")
            case Method.GRAD_CAM | Method.OCCLUSION:
                return texts("more_maps.little"), texts("more_maps.much")


def _places(layout: Layout, stage: Box) -> MapPlaces:
    """Return three pictures abreast over what is said; on a tall panel the third one stands below, beside that."""
    line, gap = round(layout.caption * LINE), layout.gap
    high = max(scale_px(layout), working_px(layout))  # the one stands where the other stood
    if layout.panel.portrait:
        side = min((stage.w - gap) // 2, (stage.h - high - 2 * gap) // 2 - line)
        square = stage.top(2 * (side + line) + gap)
        *cells, words = grid(square, 4, 2, gap)
        beneath = stage.under(square.h + gap).top(high)
        return MapPlaces(tuple(_under(line, cell, side) for cell in cells), words, beneath)
    foot = stage.foot(round(layout.caption * WORDS))
    row = stage.above(foot.h + layout.tight)
    side = min(row.h - line, (row.w - 2 * gap) // 3)
    abreast = (Box(x, row.y, side, row.h) for x in (row.x, row.x + (row.w - side) // 2, row.right - side))
    words = foot.left(round(foot.w * SAID))
    beside = foot.after(words.w + gap)
    beside = Box(beside.x, beside.y + (beside.h - high) // 2, beside.w, high)
    return MapPlaces(tuple(_under(line, cell, side) for cell in abreast), words, beside)


def _under(line: int, cell: Box, side: int) -> Side:
    """Return the place of a picture under a line."""
    picture = cell.under(line).top(side).left(side)
    return Side(cell.top(line), picture, picture.foot(0))
