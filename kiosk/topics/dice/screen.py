"""The screen of the control experiment: as much noise, but thrown by dice."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns, layout_of
from kiosk.core.message import JobLost, Tick, ToEnd
from kiosk.core.parts import (
    answer_row,
    button,
    called,
    eased,
    header,
    rows_of,
    scene_of,
    sentence,
)
from kiosk.core.scene import Align, Box, Colour, Item, Picture, Plate, Scene, Weight
from kiosk.core.screen import Outcome, Pressed, ScreenEvent, VisitScreen, under_way
from kiosk.core.visit import Answer, Judged, Verdict, Visit
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.dice.messages import DiceRolled, RollDice

EASE_S = 0.2
LENS = 0.32  # of a picture's side


@dataclass(frozen=True, slots=True)
class Dice(VisitScreen):
    """The visit, the roll under way, the newest roll, and how many fooled it so far."""

    visit: Visit
    wanted: bool = True
    job: int | None = None
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

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Tick() if self.wanted:
                return self._roll(context)
            case DiceRolled(job, judged) if job == self.job:
                fooled = self.fooled + (judged.verdict is Verdict.FOOLED)
                rolled = replace(self, job=None, rolled=judged, rolls=self.rolls + 1, fooled=fooled)
                return Outcome(replace(rolled, changed_s=context.now_s))
            case JobLost(job) if job == self.job:
                return Outcome(replace(self, job=None, lost=True))
            case Pressed("roll") if self.job is None:
                return self._roll(context)
            case Pressed("back"):
                return Outcome(ToCards(self.visit), self.stopped())
            case Pressed("again"):
                return Outcome(ToEnd(), self.stopped())
            case _:
                return Outcome(self)

    def _roll(self, context: Context) -> Outcome:
        """Return the screen with the dice on their way."""
        rolling = replace(self, wanted=False, job=context.next_job, lost=False)
        return Outcome(rolling, (RollDice(context.next_job, self.visit.shown),))

    def view(self, context: Context) -> Scene:
        """Return both pictures with their answers, what that means, and the dice again."""
        layout = layout_of(context.panel)
        around = (("back", "back", "back"), ("again", "again", "again"))
        top, stage = header(context, layout, "", around, title=context.texts("dice.title"))
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
        deck, words = column.foot(layout.deck), column.above(layout.deck + layout.gap)
        items: list[Item] = []
        made, thrown = columns(pair, 2, layout.gap)
        items += self._side(context, layout, made, side, made=True)
        items += self._side(context, layout, thrown, side, made=False)
        items += self._words(context, layout, words)
        key, icon = ("dice.rolling", "wait") if self.job is not None or self.wanted else ("dice.roll", "dice")
        roll = button(layout, "roll", deck, context.texts(key), icon, size_px=round(layout.control * 1.25))
        return scene_of(context, "dice", [roll, *top, *items], "roll")

    def _side(self, context: Context, layout: Layout, box: Box, side: int, *, made: bool) -> list[Item]:
        """Return a picture with its noise in the corner, and what the network says to it."""
        line = round(layout.caption * 1.6)
        picture = Box(box.x, box.y + line, side, side)
        lens = round(side * LENS)
        rim = max(3, layout.tight // 2)
        corner = Box(picture.right - lens, picture.bottom - lens, lens, lens)
        keys = ("adversarial", "noise") if made else ("dice", "dice-noise")
        there = made or self.rolled is not None
        items: list[Item] = [
            sentence(
                box.top(line),
                context.texts("dice.made" if made else "dice.thrown"),
                layout.style(layout.caption, colour=Colour.MUTE, weight=Weight.SEMIBOLD),
            ),
            Picture(picture, keys[0] if there else "", layout.radius),
        ]
        if there:
            items += [
                Plate(
                    Box(corner.x - rim, corner.y - rim, lens + rim, lens + rim),
                    layout.radius // 2,
                    Colour.INK,
                ),
                Picture(corner, keys[1], layout.radius // 2),
            ]
        shown = self.visit.now if made else self.rolled
        if shown is None:
            return items
        part = 1.0 if made else eased(self.changed_s, context.now_s, EASE_S)
        below = box.under(line + side + layout.tight)
        return items + self._answer(context, layout, below, shown.answer, part)

    def _answer(self, context: Context, layout: Layout, box: Box, answer: Answer, part: float) -> list[Item]:
        """Return the first label of an answer: blue where it is the picture's own, else orange."""
        row = rows_of(answer, context, 1)[0]
        if row.confidence is None:
            return answer_row(context, layout, box, row, Colour.TEXT, large=True)
        colour = Colour.TRUTH if row.label == self.visit.original.first.label else Colour.LIE
        return answer_row(context, layout, box, row, colour, shown=row.confidence * part, large=True)

    def _words(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return what came of the roll, how large both noises are, and the score."""
        texts = context.texts
        now = self.visit.now
        score_h = round(layout.control * 1.8)
        size_h = round(layout.body * 2.6)
        told = box.above(score_h + size_h + layout.tight)
        size = texts("dice.size", most=now.linf_255, mean=f"{now.mean_255:.1f}")
        accent = Colour.LIE
        if self.lost:
            text = texts("dice.lost")
        elif self.rolled is None:
            text = texts("dice.idea")
        elif now.step == 0:
            text = texts("dice.none")
        else:
            said, truth = self.rolled.answer.first.label, self.visit.original.first.label
            key = "dice.same"
            if not self.rolled.answer.known:
                key = "dice.unknown"
            elif self.rolled.verdict is Verdict.FOOLED and not self.visit.boosts:
                key = "dice.fooled"
            elif said != truth:
                key = "dice.other"
            text = texts(key, label=called(context, said))
            accent = Colour.TRUTH if said == truth else Colour.LIE
        items: list[Item] = [
            Plate(told, layout.radius),
            sentence(
                told.inset(layout.gap, layout.tight // 2),
                text,
                layout.style(layout.control, accent=accent, lines=8),
            ),
            sentence(
                box.foot(score_h + size_h).top(size_h),
                size,
                layout.style(layout.caption, colour=Colour.MUTE, accent=Colour.TEXT, lines=2),
            ),
        ]
        if self.rolls and not self.visit.boosts:
            score = texts("dice.score", rolls=self.rolls, fooled=self.fooled)
            items.append(
                sentence(
                    box.foot(score_h),
                    score,
                    layout.style(layout.control, weight=Weight.EXTRABOLD, align=Align.LEFT),
                )
            )
        return items
