"""The screen that asks why, as it is shown: two pictures, what each adds up to, one sentence, and other ways to ask."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns, layout_of
from kiosk.core.parts import button, called, scene_of, sentence, tile
from kiosk.core.pieces.frame import framed
from kiosk.core.scene import (
    Box,
    Colour,
    Control,
    ControlId,
    Item,
    Picture,
    Plate,
    Scene,
    Weight,
    Words,
    plain,
)
from kiosk.core.screen import VisitScreen, under_way
from kiosk.core.visit import Visit
from kiosk.topics.explain.facts import Page
from kiosk.topics.explain.messages import ContrastDrawn, MapsDrawn, PushesDrawn
from kiosk.topics.explain.screens.sides import caption, legend, outcome, sides_of, told

LABELS = 4
LINE, BELOW = 1.3, 3.1  # a line above a picture, and what stands below it, in captions
KEYS = {
    Page.CONTRAST: ("contrast-original", "contrast-adversarial"),
    Page.ALONE: ("gradcam-original", "gradcam-adversarial"),
    Page.REASON: ("pushes-made", "pushes-thrown"),
}
ICONS = {Page.CONTRAST: "matrix", Page.ALONE: "eye", Page.REASON: "pushes"}


@dataclass(frozen=True, slots=True)
class ExplainView(VisitScreen):
    """The visit, the label asked for, what is shown of it, and how far that is drawn."""

    visit: Visit
    label: int
    page: Page = Page.CONTRAST
    job: int | None = None
    drawn: ContrastDrawn | MapsDrawn | PushesDrawn | None = None
    lost: bool = False
    picture = "adversarial"

    @property
    def held(self) -> tuple[int, ...]:
        """Return the job under way."""
        return under_way(self.job)

    @property
    def truth(self) -> int:
        """Return its first answer, which the other one is weighed against."""
        return self.visit.original.first.label

    @property
    def rival(self) -> int:
        """Return the answer that is weighed against the first one: the one asked for, else the lie, else the next."""
        return self.visit.rival(self.label)

    @property
    def named(self) -> int:
        """Return the label that the page is about."""
        return self.label if self.page is Page.ALONE else self.rival

    def offered(self, context: Context, count: int) -> tuple[int, ...]:
        """Return the labels that can be asked for: both answers, the one asked for, then the runners-up."""
        visit = self.visit
        ranked = [self.truth, visit.now.answer.first.label, self.named]
        for pair in zip(visit.now.answer.top[1:], visit.original.top[1:], strict=False):
            ranked += [row.label for row in pair]
        allowed = [label for label in dict.fromkeys(ranked) if context.labels.name(label) is not None]
        return tuple(allowed[:count])

    def view(self, context: Context) -> Scene:
        """Return both pictures with their sums, the sentence, the legend, and other ways to ask."""
        layout = layout_of(context.panel)
        small = layout.compact and not context.panel.portrait  # the pictures take the stations' place too
        frame = framed(context, layout, step="" if small else "why")
        items, rest = [*frame.items], frame.stage
        said = LINE * (1 if context.panel.portrait else 2)  # of a map that is dark
        below = round(layout.caption * (said if self.page is Page.ALONE else BELOW))
        line = _above_px(layout) + below + layout.tight
        if context.panel.portrait:
            side = (rest.w - layout.gap) // 2
            pair, words = rest.top(side + line), rest.under(side + line + layout.gap)
        else:
            side = min(rest.h - line, round(rest.w * (0.265 if small else 0.3)))
            pair = rest.left(side * 2 + layout.gap).top(side + line)
            words = rest.after(pair.w + layout.gap * (1 if small else 2))
        items += self._pictures(context, layout, pair, side)
        items += self._words(context, layout, words)
        *pages, last = columns(frame.deck, 3, layout.gap)
        items += self._pages(context, layout, pages)
        items.append(self._next(context, layout, last))
        on = "cards" if self.visit.shown else "other"
        return scene_of(context, "explain", items, "retry" if self.lost else on)

    def _pictures(self, context: Context, layout: Layout, box: Box, side: int) -> list[Item]:
        """Return both pictures, with a line above each, and below what came of it."""
        keys = ("original", "adversarial") if self.drawn is None else KEYS[self.page]
        sides = sides_of(self.visit, self.named, self.drawn, made_by_dice=self.page is Page.REASON)
        items: list[Item] = []
        for key, shown, cell in zip(keys, sides, columns(box, 2, layout.gap), strict=True):
            above = cell.top(_above_px(layout))
            picture = Box(cell.x, above.bottom, side, side)
            below = cell.under(picture.bottom - cell.y + layout.tight)
            items += [
                Picture(picture, key, layout.radius),
                *caption(context, layout, above, shown),
                *outcome(context, layout, Box(cell.x, below.y, side, below.h), shown),
            ]
        return items

    def _words(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return one sentence, what it does not tell, the legend, and the labels to ask for."""
        legend_h = round(layout.caption * 1.5)
        items: list[Item] = []
        told = box
        if self.page is Page.ALONE:
            items += self._labels(context, layout, box.foot(layout.touch + legend_h))
            told = told.above(layout.touch + legend_h + layout.tight)
        items += legend(layout, told.foot(legend_h), self._ends(context), self.page)
        told = told.above(legend_h + layout.tight)
        return [
            Plate(told, layout.radius),
            self._sentence(context, layout, told.inset(layout.gap, layout.tight // 2)),
            *items,
        ]

    def _ends(self, context: Context) -> tuple[str, str]:
        """Return what the two ends of the scale mean."""
        if self.page is Page.ALONE:
            return context.texts("explain.little"), context.texts("explain.much")
        return called(context, self.truth), called(context, self.rival)

    def _sentence(self, context: Context, layout: Layout, box: Box) -> Words:
        """Return what the page says, or how far it is."""
        texts = context.texts
        if self.drawn is not None:
            runs = told(context, self.visit, self.named, self.drawn)
        elif context.gradients.given_up:
            runs = plain(texts("explain.never"))
        else:
            runs = plain(texts("explain.lost" if self.lost else "explain.drawing"))
        return replace(sentence(box, "", layout.style(layout.control, lines=9)), runs=runs)

    def _labels(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return the labels that can be asked for, under a line that says what for."""
        least = max(layout.least, round(layout.caption * 5.6))
        across = max(2, min(LABELS, (box.w + layout.gap) // (least + layout.gap)))
        labels = self.offered(context, across)
        words = context.texts("explain.ask")
        style = layout.style(layout.caption, colour=Colour.MUTE, weight=Weight.SEMIBOLD)
        items: list[Item] = [sentence(box.above(layout.touch), words, style)]
        for label, cell in zip(labels, columns(box.foot(layout.touch), across, layout.gap), strict=False):
            tint = Colour.TRUTH if label == self.truth else Colour.LIE if label == self.named else Colour.TEXT
            chip = tile(
                layout, ControlId("label", label), cell, called(context, label), size_px=layout.caption
            )
            outline = tint if label == self.named else Colour.LINE
            items.append(replace(chip, tint=tint, outline=outline))
        return items

    def _pages(self, context: Context, layout: Layout, cells: Sequence[Box]) -> list[Item]:
        """Return the ways to the other pages; without noise there is no reason why it works."""
        pages = [page for page in Page if page is not Page.REASON or self.visit.shown]
        others = [page for page in pages if page is not self.page]
        draw = tile if context.panel.portrait else button
        return [
            draw(
                layout,
                ControlId("page", page),
                cell,
                context.texts(f"control.page_{page}"),
                ICONS[page],
                size_px=layout.caption if context.panel.portrait else layout.body,
            )
            for page, cell in zip(others, cells, strict=False)
        ]

    def _next(self, context: Context, layout: Layout, box: Box) -> Control:
        """Return the next action: what more there is to try, or another lie where there is no noise yet."""
        draw = tile if context.panel.portrait else button
        name, words, icon = "other", "another", "other"
        if self.visit.shown:
            name, words, icon = "cards", "cards", "cards"
        if self.lost:
            name, words, icon = "retry", "retry", "again"
        return draw(layout, name, box, context.texts(f"control.{words}"), icon, size_px=layout.body)


def _above_px(layout: Layout) -> int:
    """Return how high the words above a picture are: on a small panel they have two lines."""
    return round(layout.caption * LINE * (2 if layout.compact else 1))
