"""The teaching screen as it is shown: the camera, one card a label, and what to do next in one line."""

from dataclasses import dataclass

from kiosk.core.context import Context
from kiosk.core.layout import Layout, best_across, grid, layout_of, rows, split
from kiosk.core.lesson import ENOUGH_BURSTS, MOST_LABELS, TaughtLabel
from kiosk.core.message import Effect
from kiosk.core.parts import COUNT_S, button, countdown, scene_of, sentence, staff_corner, tile
from kiosk.core.pieces.frame import framed
from kiosk.core.scene import (
    Align,
    Box,
    Colour,
    Control,
    ControlId,
    Icon,
    Item,
    Look,
    Picture,
    Plate,
    Scene,
    Weight,
    Words,
    plain,
)
from kiosk.core.screen import TeachingScreen
from kiosk.topics.photograph.messages import StopLive

THUMB_MM = 9.0
LEAST_CARDS = 4  # the first cards are not larger than those of four labels


TROUBLE = 3  # so many pictures lost one after another are worth a word


@dataclass(frozen=True, slots=True)
class Burst:
    """One burst: its number, when its countdown is over, and when its next picture is due."""

    number: int
    starts_s: float
    due_s: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """A picture that is being looked at: its job, where its label stands, its burst."""

    job: int
    at: int
    burst: int


@dataclass(frozen=True, slots=True)
class TeachView(TeachingScreen):
    """Which label (the lesson is never without) is shown now, and the burst under way.

    `lost` is how many pictures were lost one after another, `refused` says that the label was asked to take more
    than it may have.
    """

    at: int = 0
    burst: Burst | None = None
    waiting: tuple[Waiting, ...] = ()
    lost: int = 0
    refused: bool = False

    @property
    def held(self) -> tuple[int, ...]:
        """Return the jobs of the pictures that are being looked at."""
        return tuple(one.job for one in self.waiting)

    def stopped(self) -> tuple[Effect, ...]:
        """Return the end of the camera's frames; pictures that are still being looked at are not kept."""
        return (*TeachingScreen.stopped(self), StopLive())

    def label(self, context: Context) -> TaughtLabel:
        """Return the label that is shown now."""
        return context.lesson.labels[self.at]

    def view(self, context: Context) -> Scene:
        """Return the camera with its button, the labels beside it (below it on tall panels), and the next action."""
        layout = layout_of(context.panel)
        text, primary = self.coach(context)
        frame = framed(context, layout, text, deck=2)
        stage = frame.stage
        if context.panel.portrait:
            record, actions = rows(frame.deck, 2, layout.gap)
            rest = stage
            lines = 1 if len(context.lesson.labels) < LEAST_CARDS else 2
            cards = rest.foot(lines * round(layout.touch * 1.3) + (lines - 1) * layout.gap)
            side = min(rest.w, rest.h - cards.h - layout.gap)
            camera = Box(rest.x + (rest.w - side) // 2, rest.y, side, side)
        else:
            side = min(stage.h, round(stage.w * 0.45))
            camera, cards = stage.left(side).top(side), layout.reached(stage.after(side + layout.gap))
            record, actions = split(frame.deck, (1.0, 1.55), layout.gap)
        return scene_of(
            context,
            "teach",
            [
                staff_corner(context),
                # the light goes from what is done most often to the ways out
                self._record(context, layout, record),
                *self._camera(context, layout, camera),
                *self._cards(context, layout, cards),
                *self._actions(context, layout, actions),
                *frame.items,
            ],
            primary,
        )

    def coach(self, context: Context) -> tuple[str, str | ControlId]:
        """Return what to do next, in words, and the control that does it."""
        label, knows = self.label(context), self._knows(context)
        finished, primary, subject = self._next_step(context)
        if not context.sees:
            key, primary = "no_camera", "try" if knows else "train" if context.lesson.teachable else "back"
        elif self.refused:
            key, subject = "full", label
        elif self.burst is not None:
            key = "counting" if self._counting(context) else "recording"
        elif self.lost >= TROUBLE:
            key = "lost"
        elif knows:
            key = finished
        elif not label.examples:
            key = "next" if self.at else "first"
        elif label.bursts < ENOUGH_BURSTS:
            key = "other_side"
        else:
            key = finished if label.enough else "more"
        if context.sees and (self.burst is not None or not (label.enough or knows)):
            primary, subject = "record", label
        name = context.signs[subject.sign].name
        return context.texts(f"teach.{key}", label=name, count=len(label.examples), most=MOST_LABELS), primary

    def _next_step(self, context: Context) -> tuple[str, str | ControlId, TaughtLabel]:
        """Return what comes when the label shown has enough pictures: words, control, and the label that is meant."""
        lesson = context.lesson
        if self._knows(context):
            once = next((at for at, label in enumerate(lesson.labels) if label.bursts < ENOUGH_BURSTS), None)
            if once is None:
                return "known", "try", self.label(context)
            here = "record" if once == self.at else ControlId("label", once)
            return "untested", here, lesson.labels[once]
        unfinished = next((at for at, label in enumerate(lesson.labels) if not label.enough), None)
        if unfinished is not None:
            return "unfinished", ControlId("label", unfinished), lesson.labels[unfinished]
        if not lesson.teachable:
            return "second", "add", self.label(context)
        return "ready_full" if lesson.full else "ready", "train", self.label(context)

    def _knows(self, context: Context) -> bool:
        """Return whether all that is here has been learned."""
        return context.visitor.taught is not None and context.lesson.known

    def _counting(self, context: Context) -> bool:
        """Return whether a burst is counted down to."""
        return self.burst is not None and context.now_s < self.burst.starts_s

    def _camera(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return the camera's picture; with the countdown over it, then with an outline while pictures are taken."""
        burst, counting = self.burst, self._counting(context)
        outline = Colour.TRUTH if burst is not None and not counting else None
        inner = box.inset(layout.tight)
        shown: list[Item] = [Picture(inner, "camera", layout.radius, mirrored=True, outline=outline)]
        if burst is None or not counting:
            return shown
        return countdown(layout, box, shown, COUNT_S - (burst.starts_s - context.now_s))

    def _record(self, context: Context, layout: Layout, box: Box) -> Control:
        """Return the button that takes a burst of pictures."""
        key, icon = "control.record", "record"
        if self.burst is not None:
            key, icon = ("teach.ready_to", "hold") if self._counting(context) else ("teach.shooting", "wait")
        return button(layout, "record", box, context.texts(key), icon, size_px=round(layout.control * 1.15))

    def _cards(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return one card a label, and one to add another."""
        labels = context.lesson.labels
        count = len(labels) + (len(labels) < MOST_LABELS)
        places = max(LEAST_CARDS, count)
        across = best_across(box, places, layout.gap, 1.25, layout.least)
        cells = grid(box, places, across, layout.gap)[:count]
        items: list[Item] = []
        for at, (label, cell) in enumerate(zip(labels, cells, strict=False)):
            items += _card(label, context, layout, cell, chosen=at == self.at)
            items.append(Control("label", cell, Look.BARE, radius_px=layout.radius, value=at))
        if count > len(labels):
            items.append(
                tile(layout, "add", cells[-1], context.texts("control.add"), "plus", size_px=layout.body)
            )
        return items

    def _actions(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return the pictures of the label, and the training once there is something to train, or what it came to."""
        album, train = split(box, (1.0, 1.2), layout.gap)
        lesson, items = context.lesson, list[Item]()
        size = round(layout.control * 1.15)
        if self.label(context).examples:
            items.append(
                button(layout, "album", album, context.texts("control.album"), "album", size_px=layout.body)
            )
        if self._knows(context):
            items.append(button(layout, "try", train, context.texts("control.try"), "camera", size_px=size))
        elif lesson.teachable:
            items.append(
                button(layout, "train", train, context.texts("control.train"), "train", size_px=size)
            )
        else:
            note = context.texts("teach.two")
            items.append(
                sentence(
                    train,
                    note,
                    layout.style(
                        layout.body, colour=Colour.MUTE, align=Align.CENTRE, lines=3, weight=Weight.SEMIBOLD
                    ),
                )
            )
        return items


def _card(label: TaughtLabel, context: Context, layout: Layout, cell: Box, *, chosen: bool) -> list[Item]:
    """Return a label's drawing, name and count, and its newest pictures as far as they fit."""
    sign = context.signs[label.sign]
    pad = max(4, layout.tight // 2)
    inner = cell.inset(max(2 * pad, layout.radius // 2), 2 * pad)
    narrow = inner.w < 9 * layout.caption  # the name is below drawing and count
    line = round(layout.caption * 1.35)
    head = inner.top(min(layout.touch, max(line, round(inner.h * (0.3 if narrow else 0.34)))))
    icon = head.left(min(head.h, inner.w // 3)).square(min(head.h, inner.w // 3))
    number_w = min(inner.w // 2, round(layout.body * 1.9))
    size = min(layout.body, head.h)
    tint = Colour.TRUTH if chosen else Colour.TEXT
    count = plain(str(len(label.examples)), tint if label.enough else Colour.MUTE)
    number = Box(inner.right - number_w, head.y, number_w, head.h)
    name = head.after(icon.w + pad).left(inner.w - icon.w - number_w - 2 * pad)
    below = inner.under(head.h + pad)
    if narrow:
        name, below, size = below.top(line), below.under(line + pad), min(size, layout.caption)
    items: list[Item] = [
        Plate(cell, layout.radius, outline=Colour.TRUTH if chosen else Colour.LINE, outline_px=3),
        Icon(icon, sign.icon, tint),
        Words(number, count, size, layout.caption_floor, Weight.EXTRABOLD, Align.RIGHT),
        Words(name, plain(sign.name, tint), size, layout.caption_floor, Weight.SEMIBOLD),
    ]
    if label.examples:
        return items + _newest(label, context, below, pad)
    if below.w < 6 * layout.caption or below.h < 2 * layout.caption:
        return items
    empty = context.texts("teach.empty")
    return [*items, sentence(below, empty, layout.style(layout.caption, colour=Colour.MUTE, lines=2))]


def _newest(label: TaughtLabel, context: Context, box: Box, pad: int) -> list[Item]:
    """Return the newest pictures of a label, in as many rows as fit."""
    wished = context.panel.px(THUMB_MM)
    down = max(1, round((box.h + pad) / (wished + pad)))
    side = min(2 * wished, (box.h + pad) // down - pad)
    if side < wished // 2:
        return []
    across = max(1, (box.w + pad) // (side + pad))
    items: list[Item] = []
    for number, example in enumerate(label.examples[::-1][: across * down]):
        row, column = divmod(number, across)
        spot = Box(box.x + column * (side + pad), box.y + row * (side + pad), side, side)
        items.append(Picture(spot, example.key, pad, behind=Colour.PANEL))
    return items
