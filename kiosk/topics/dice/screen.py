"""The screen of the control experiment: as much noise, but thrown by dice."""

from dataclasses import dataclass, replace
from math import pi, sin

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns, layout_of
from kiosk.core.message import JobLost, Tick, ToBack
from kiosk.core.parts import (
    answer_row,
    button,
    called,
    eased,
    rows_of,
    scene_of,
    sentence,
)
from kiosk.core.pieces.frame import framed
from kiosk.core.scene import Box, Colour, Icon, Item, Picture, Plate, Scene, Weight
from kiosk.core.screen import Outcome, Pressed, ScreenEvent, VisitScreen, under_way
from kiosk.core.visit import Answer, Judged, Verdict, Visit
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.dice.messages import DiceRolled, RollDice

EASE_S = 0.2
LENS = 0.32  # of a picture's side
# The dice tumble at least so long; a die shows its next face with each quarter turn, less than three a second.
ROLL_S, TURN_DEG_PER_S, HOPS_PER_S = 1.2, 200.0, 1.4
TILT_DEG, FACES, THROWN = 10, 6, 3
MOST_TALLIED = 8  # more rolls are a number only


@dataclass(frozen=True, slots=True)
class Dice(VisitScreen):
    """The visit, the roll under way, the newest roll, and how many fooled it so far.

    `thrown_s` is when the dice were thrown; what came of it (`landed`) is shown when they have tumbled long enough.
    """

    visit: Visit
    wanted: bool = True
    job: int | None = None
    thrown_s: float = 0.0
    landed: Judged | None = None
    rolled: Judged | None = None
    rolls: int = 0
    fooled: int = 0
    lost: bool = False
    changed_s: float = 0.0
    picture = "adversarial"

    @property
    def held(self) -> tuple[int, ...]:
        """Return the roll under way."""
        return under_way(self.job)

    @property
    def tumbling(self) -> bool:
        """Return whether dice are on their way."""
        return self.wanted or self.job is not None or self.landed is not None

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Tick() if self.wanted:
                return self._roll(context)
            case Tick() if self.landed is not None and context.now_s >= self.thrown_s + ROLL_S:
                fooled = self.fooled + (self.landed.verdict is Verdict.FOOLED)
                rolled = replace(self, landed=None, rolled=self.landed, rolls=self.rolls + 1, fooled=fooled)
                return Outcome(replace(rolled, changed_s=context.now_s))
            case DiceRolled(job, judged) if job == self.job:
                return Outcome(replace(self, job=None, landed=judged))
            case JobLost(job) if job == self.job:
                return Outcome(replace(self, job=None, lost=True))
            case Pressed("roll") if not self.tumbling:
                return self._roll(context)
            case Pressed("back"):
                return Outcome(ToBack(ToCards(self.visit)), self.stopped())
            case _:
                return Outcome(self)

    def _roll(self, context: Context) -> Outcome:
        """Return the screen with the dice on their way."""
        job = context.next_job
        rolling = replace(self, wanted=False, job=job, lost=False, thrown_s=context.now_s)
        return Outcome(rolling, (RollDice(job, self.visit.shown),))

    def view(self, context: Context) -> Scene:
        """Return both pictures with their answers, what that means, and the dice again."""
        layout = layout_of(context.panel)
        frame = framed(context, layout, context.texts("dice.title"))
        top, stage = frame.items, frame.stage
        line = round(layout.caption * 1.6)
        answer = round(layout.caption * 2.9)
        if context.panel.portrait:
            side = (stage.w - layout.gap) // 2
            pair = stage.top(line + side + answer + layout.tight)
            column = stage.under(pair.h + layout.gap)
        else:
            share = 0.3 if layout.compact else 0.35
            side = min(stage.h - line - answer - layout.tight, round(stage.w * share))
            pair = stage.left(side * 2 + layout.gap).top(line + side + answer + layout.tight)
            column = stage.after(pair.w + layout.gap * 2)
        items: list[Item] = []
        made, thrown = columns(pair, 2, layout.gap)
        items += self._side(context, layout, made, side, made=True)
        items += self._side(context, layout, thrown, side, made=False)
        items += self._words(context, layout, column)
        key, icon = ("dice.rolling", "wait") if self.tumbling else ("dice.roll", "dice")
        roll = button(
            layout, "roll", frame.deck, context.texts(key), icon, size_px=round(layout.control * 1.25)
        )
        roll = replace(roll, off=icon == "wait")
        return scene_of(context, "dice", [roll, *top, *items], "roll")

    def _side(self, context: Context, layout: Layout, box: Box, side: int, *, made: bool) -> list[Item]:
        """Return a picture with its noise in the corner, and what the network says to it."""
        line = round(layout.caption * 1.6)
        picture = Box(box.x, box.y + line, side, side)
        lens = round(side * LENS)
        rim = max(3, layout.tight // 2)
        corner = Box(picture.right - lens, picture.bottom - lens, lens, lens)
        keys = ("adversarial", "noise") if made else ("dice", "dice-noise")
        said = sentence(
            box.top(line),
            context.texts("dice.made" if made else "dice.thrown"),
            layout.style(layout.caption, colour=Colour.MUTE, weight=Weight.SEMIBOLD),
        )
        if not made and self.tumbling:
            since_s = context.now_s - self.thrown_s
            return [said, Plate(picture, layout.radius), *_tumbling(picture, since_s, self.rolls)]
        shown = self.visit.now if made else self.rolled
        if shown is None:
            return [said, Picture(picture, "original", layout.radius)]
        part = 1.0 if made else eased(self.changed_s, context.now_s, EASE_S)
        below = box.under(line + side + layout.tight)
        return [
            said,
            Picture(picture, keys[0], layout.radius),
            Plate(
                Box(corner.x - rim, corner.y - rim, lens + rim, lens + rim), layout.radius // 2, Colour.INK
            ),
            Picture(corner, keys[1], layout.radius // 2),
            *self._answer(context, layout, below, shown.answer, part),
        ]

    def _answer(self, context: Context, layout: Layout, box: Box, answer: Answer, part: float) -> list[Item]:
        """Return the first label of an answer: blue where it is the picture's own, else orange."""
        row = rows_of(answer, context, 1)[0]
        if row.confidence is None:
            return answer_row(context, layout, box, row, Colour.TEXT, large=True)
        colour = Colour.TRUTH if row.label == self.visit.original.first.label else Colour.LIE
        return answer_row(context, layout, box, row, colour, shown=row.confidence * part, large=True)

    def _words(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return what came of the roll and what that means, how large both noises are, and the score."""
        score = round(layout.control * (1.5 if layout.compact else 2.9))
        size = round(layout.caption * (1.4 if context.panel.portrait else 2.6))
        told = box.above(score + size + layout.tight * 2)
        room = told.inset(layout.gap, layout.tight)
        text, accent = self._said(context)
        items: list[Item] = [Plate(told, layout.radius)]
        if self._proves:
            cut = round(room.h * 0.42)
            size_px = round(layout.control * (1.0 if layout.compact else 1.25))
            conclusion = layout.style(size_px, weight=Weight.EXTRABOLD, lines=5)
            items.append(sentence(room.under(cut + layout.tight), context.texts("dice.aimed"), conclusion))
            room = room.top(cut)
        items.append(sentence(room, text, layout.style(layout.control, accent=accent, lines=8)))
        now = self.visit.now
        items.append(
            sentence(
                box.foot(score + size + layout.tight).top(size),
                context.texts("dice.size", most=now.linf_255, mean=f"{now.mean_255:.1f}"),
                layout.style(layout.caption, colour=Colour.MUTE, accent=Colour.TEXT, lines=2),
            )
        )
        if self.rolls and not self.visit.boosts:
            items += self._score(context, layout, box.foot(score))
        return items

    @property
    def _proves(self) -> bool:
        """Return whether the rolls show that noise has to be aimed: the made one fools, and none of the thrown did."""
        return self.visit.fools and self.rolls > 0 and self.fooled == 0 and not self.tumbling

    def _said(self, context: Context) -> tuple[str, Colour]:
        """Return what came of the newest roll, and the colour of the label in it."""
        texts, now = context.texts, self.visit.now
        if self.lost:
            return texts("dice.lost"), Colour.LIE
        if now.step == 0:
            return texts("dice.none"), Colour.LIE
        if self.tumbling or self.rolled is None:
            return texts("dice.idea"), Colour.LIE
        said, truth = self.rolled.answer.first.label, self.visit.original.first.label
        key = "dice.same"
        if not self.rolled.answer.known:
            key = "dice.unknown"
        elif self.rolled.verdict is Verdict.FOOLED and not self.visit.boosts:
            key = "dice.fooled"
        elif said != truth:
            key = "dice.other"
        return texts(key, label=called(context, said)), Colour.TRUTH if said == truth else Colour.LIE

    def _score(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return how many rolls fooled it: in words, and a die for each of the first few where there is room."""
        row = box.above(round(layout.control * 1.5))
        shown = min(self.rolls, MOST_TALLIED, row.w // (row.h + layout.tight))
        items: list[Item] = [
            Icon(
                Box(row.x + at * (row.h + layout.tight), row.y, row.h, row.h),
                _die(at, 0.0),
                Colour.LIE if at < self.fooled else Colour.MUTE,
            )
            for at in range(shown if row.h else 0)
        ]
        key = "dice.score_one" if self.rolls == 1 else "dice.score"
        text = context.texts(key, rolls=self.rolls, fooled=self.fooled)
        style = layout.style(layout.control, weight=Weight.EXTRABOLD)
        return [*items, sentence(box.foot(round(layout.control * 1.5)), text, style)]


def _die(number: int, turned_deg: float) -> str:
    """Return the drawing of a die that has turned so far: each quarter turn brings another face up."""
    face = (number * 4 + int(turned_deg // 90) * 2 + 2) % (FACES + 1) or FACES
    return f"die-{face}-{int(turned_deg % 90) // TILT_DEG * TILT_DEG}"


def _tumbling(box: Box, since_s: float, rolls: int) -> list[Item]:
    """Return dice that hop and turn in a box, each a little later than the one before."""
    side = box.w // 4
    items: list[Item] = []
    for number, cell in enumerate(columns(box.inset(box.w // 12), THROWN, 0)):
        at_s = max(0.0, since_s - 0.09 * number)
        height = abs(sin(pi * HOPS_PER_S * at_s))
        floor = box.y + round(box.h * 0.62) + (number % 2) * side // 3
        y = floor - round(height * (floor - box.y - side // 4))
        place = Box(cell.x + (cell.w - side) // 2, y, side, side)
        turned = 20.0 + 25.0 * number + TURN_DEG_PER_S * at_s
        items.append(Icon(place, _die(rolls + number, turned), Colour.TEXT))
    return items
