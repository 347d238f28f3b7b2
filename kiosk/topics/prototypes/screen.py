"""The screen of a judge that explains itself: a patch of the picture, and the taught one that it looks like."""

from dataclasses import dataclass, replace
from typing import Self

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns, layout_of, rows
from kiosk.core.message import Asking, Reply, ToBack
from kiosk.core.parts import button, called, percent, scene_of, sentence
from kiosk.core.pieces.frame import framed
from kiosk.core.pieces.pair import Side, pair_of, pictured, plated
from kiosk.core.pieces.working import WorkingScreen, working, working_px
from kiosk.core.scene import Align, Bar, Box, Colour, Control, Item, Look, Picture, Plate, Scene, Weight
from kiosk.core.screen import Outcome, Pressed
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.prototypes.facts import Cell, Likeness, Reasoned
from kiosk.topics.prototypes.messages import AskReasons, FoolReasons, ReasonsFooled, ReasonsGiven

ROW = 1.5  # a part's bar with its points, in sizes of its type


@dataclass(frozen=True, slots=True)
class Prototypes(WorkingScreen):
    """The visit, what the judge said, and what is looked at of it.

    `after` says that the picture with noise is looked at, `part` which of its parts; `fools` that this judge is
    attacked, or about to be.
    """

    after: bool = False
    part: int = 0
    fools: bool = False
    told: ReasonsGiven | None = None
    fooled: ReasonsFooled | None = None

    @property
    def shown(self) -> Reasoned | None:
        """Return what the judge says of the picture that is looked at."""
        if self.told is None:
            return None
        if not self.after:
            return self.told.before
        return self.told.after if self.fooled is None else self.fooled.after

    @property
    def lie(self) -> int:
        """Return the label that this judge is to be made to say."""
        if self.told is None:
            return 0
        before, target = self.told.before, self.visit.target
        return before.rival if target is None or target == before.label else target

    def asking(self, job: int) -> Asking:
        """Return the question, or the attack."""
        return FoolReasons(job, self.lie) if self.fools else AskReasons(job, self.visit.shown)

    def answered(self, reply: Reply) -> Self:
        """Return the screen with what came of it."""
        match reply:
            case ReasonsGiven():
                return replace(self, told=reply)
            case ReasonsFooled():
                return replace(self, fooled=reply, fools=False, after=True, part=0)
            case _:
                return self

    def pressed(self, event: Pressed, context: Context) -> Outcome:
        """Return the screen with another part, with the other picture, with an attack begun, or the way back."""
        shown = self.shown
        match event:
            case Pressed("back"):
                return Outcome(ToBack(ToCards(self.visit)), self.stopped())
            case Pressed("part") if shown is not None and shown.parts:
                count = len(shown.parts)
                at = (
                    (self.part + 1) % count if event.by_button else min(count - 1, int(event.y * (count + 1)))
                )
                return Outcome(replace(self, part=at))
            case Pressed("other") if self.work is None and self.told is not None:
                return Outcome(replace(self, after=not self.after, part=0))
            case Pressed("fool") if self.work is None and self._may_be_fooled(context):
                return replace(self, fools=True).begun(context)
            case _:
                return Outcome(self)

    def _may_be_fooled(self, context: Context) -> bool:
        """Return whether there is a judge which nothing was tried on yet, and something that can try."""
        return self.told is not None and self.fooled is None and not context.gradients.given_up

    def view(self, context: Context) -> Scene:
        """Return both pictures with their patches joined, what the parts add up to, and one sentence."""
        layout = layout_of(context.panel)
        frame = framed(context, layout, context.texts("prototypes.title"))
        pair = pair_of(layout, frame.stage, 0, share=0.31)
        shown = self.shown
        noisy = "adversarial" if self.fooled is None else "prototypes-fooled"
        key = noisy if self.after else "original"
        items = pictured(context, layout, pair.before, key, "prototypes.yours")
        if shown is not None and shown.parts:
            items += self._joined(context, layout, pair.before, pair.after, shown)
        items += self._words(context, layout, pair.words, shown)
        controls = self._controls(context, layout, frame.deck)
        on = "retry" if self.lost else "fool" if self.after and self._may_be_fooled(context) else "other"
        return scene_of(context, "prototypes", [*items, *controls, *frame.items], on)

    def _controls(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return what shows the other picture, and what attacks this judge or tries again."""
        other, act = columns(box, 2, layout.gap)
        busy = self.work is not None
        swap = "prototypes.before" if self.after else "prototypes.after"
        swapped = button(layout, "other", other, context.texts(swap), "flip")
        swapped = replace(swapped, off=busy or self.told is None)
        if self.lost:
            return [swapped, button(layout, "retry", act, context.texts("control.retry"), "again")]
        fool = button(layout, "fool", act, context.texts("prototypes.fool"), "bolt")
        return [swapped, replace(fool, off=busy or not self._may_be_fooled(context))]

    def _joined(
        self, context: Context, layout: Layout, here: Side, there: Side, shown: Reasoned
    ) -> list[Item]:
        """Return the taught picture, and the frames around both patches with the line between them."""
        part, colour = shown.parts[self.part], self._colour(shown.label)
        thick = max(3, layout.tight // 2)
        title = context.texts("prototypes.taught", label=called(context, shown.label))
        style = layout.style(layout.caption, accent=colour, colour=Colour.MUTE, weight=Weight.SEMIBOLD)
        ends = _framed(here.picture, part.here), _framed(there.picture, part.there)
        return [
            sentence(there.title, title, style),
            Picture(there.picture, part.key, layout.radius),
            *(Plate(line, 0, colour) for line in _between(*ends, thick)),
            *(Plate(end, thick, None, colour, thick) for end in ends),
        ]

    def _words(self, context: Context, layout: Layout, box: Box, shown: Reasoned | None) -> list[Item]:
        """Return the sentence, and below it the parts, or how far the work is."""
        texts = context.texts
        if self.lost or shown is None or self.work is not None:
            key = "prototypes.lost" if self.lost else "prototypes.idea"
            kept = 0 if self.work is None else working_px(layout)
            items = plated(layout, box, texts(key), kept_px=kept)
            return items if self.work is None else items + working(context, layout, box, self.work)
        high = round(layout.caption * ROW)
        bars = box.foot(high * (len(shown.parts) + 1))
        label = called(context, shown.label)
        quiet = [] if layout.compact else self._quiet(context, shown)
        told = texts(f"prototypes.{self._said(shown)}", label=label)
        words = box.above(bars.h + layout.gap)
        return [
            *plated(layout, words, told, quiet, accent=self._colour(shown.label)),
            *self._parts(context, layout, bars, shown),
            Control("part", bars, Look.BARE, radius_px=layout.radius),
        ]

    def _parts(self, context: Context, layout: Layout, box: Box, shown: Reasoned) -> list[Item]:
        """Return a line for each part, and one for all others: its number, its points as a bar, its points."""
        most = max((*(part.points for part in shown.parts), shown.rest, 1e-6))
        items: list[Item] = []
        for number, line in enumerate(rows(box, len(shown.parts) + 1, 0)):
            part: Likeness | None = shown.parts[number] if number < len(shown.parts) else None
            given = shown.rest if part is None else part.points
            here = part is not None and number == self.part
            key = "prototypes.rest" if part is None else "prototypes.part"
            colour = Colour.TEXT if here else Colour.MUTE
            weight = Weight.EXTRABOLD if here else Weight.REGULAR
            style = layout.style(layout.caption, colour=colour, weight=weight)
            name, count = line.left(round(line.w * 0.34)), line.after(round(line.w * 0.84))
            thick = max(4, layout.tight)
            bar = Box(
                line.x + round(line.w * 0.36), line.y + (line.h - thick) // 2, round(line.w * 0.46), thick
            )
            items += [
                sentence(name, context.texts(key, number=number + 1), style),
                Bar(bar, max(0.0, given / most), self._colour(shown.label) if here else Colour.MUTE),
                sentence(count, f"{given:.1f}", replace(style, align=Align.RIGHT)),
            ]
        return items

    def _quiet(self, context: Context, shown: Reasoned) -> list[str]:
        """Return the sum, beside that without noise; else also how often this judge is right beside the other."""
        texts, told = context.texts, self.told
        number = f"{shown.score:.1f}"
        if self.after and told is not None:
            return [texts("prototypes.sum_after", number=number, before=f"{told.before.score:.1f}")]
        lines = [texts("prototypes.sum", number=number)]
        if told is not None and told.right is not None and told.others_right is not None:
            own, other = percent(context, told.right), percent(context, told.others_right)
            lines.append(texts("prototypes.right", own=own, other=other))
        return lines

    def _said(self, shown: Reasoned) -> str:
        """Return which sentence tells what is looked at."""
        if not self.after or self.told is None:
            return "says"
        turned = shown.label != self.told.before.label
        if self.fooled is not None:
            return "fooled" if turned else "withstood"
        return "tricked" if turned else "held"

    def _colour(self, label: int) -> Colour:
        """Return the colour of this judge's first answer, or of another."""
        return Colour.TRUTH if self.told is None or label == self.told.before.label else Colour.LIE


def _framed(picture: Box, cell: Cell) -> Box:
    """Return where a patch lies on a picture."""
    x, y = picture.w * cell.column // cell.columns, picture.h * cell.row // cell.rows
    right, bottom = picture.w * (cell.column + 1) // cell.columns, picture.h * (cell.row + 1) // cell.rows
    return Box(picture.x + x, picture.y + y, right - x, bottom - y)


def _between(here: Box, there: Box, thick: int) -> tuple[Box, Box, Box]:
    """Return a line from the right edge of one box to the left edge of another, with two corners."""
    begin, end = here.y + here.h // 2, there.y + there.h // 2
    middle = (here.right + there.x) // 2
    top = min(begin, end) - thick // 2
    return (
        Box(here.right, begin - thick // 2, middle - here.right + thick, thick),
        Box(middle, top, thick, abs(end - begin) + thick),
        Box(middle, end - thick // 2, there.x - middle, thick),
    )
