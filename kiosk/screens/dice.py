"""The screen of the control experiment: as much noise, but thrown by dice."""

from dataclasses import dataclass, replace

from kiosk.core.effects import DropJob, Effect, RollDice
from kiosk.core.events import DiceRolled, JobLost, Tick
from kiosk.core.layout import Layout, columns, layout_of
from kiosk.core.model import Answer, Judged, Verdict, Visit
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
from kiosk.core.screen import Hall, Pressed, ScreenEvent, ToCards, ToEnd, Way

EASE_S = 0.2
LENS = 0.32  # of a picture's side


@dataclass(frozen=True, slots=True)
class Dice:
    """The visit, the roll under way, the newest roll, and how many fooled it so far."""

    visit: Visit
    wanted: bool = True
    job: int | None = None
    rolled: Judged | None = None
    rolls: int = 0
    fooled: int = 0
    lost: bool = False
    changed_s: float = 0.0


def update(slice_: Dice, event: ScreenEvent, hall: Hall) -> tuple[Dice | Way, tuple[Effect, ...]]:
    """The next slice or the way on."""
    stop: tuple[Effect, ...] = () if slice_.job is None else (DropJob(slice_.job),)
    match event:
        case Tick() if slice_.wanted:
            return _roll(slice_, hall)
        case DiceRolled(job, judged) if job == slice_.job:
            fooled = slice_.fooled + (judged.verdict is Verdict.FOOLED)
            rolled = replace(slice_, job=None, rolled=judged, rolls=slice_.rolls + 1, fooled=fooled)
            return replace(rolled, changed_s=hall.now_s), ()
        case JobLost(job) if job == slice_.job:
            return replace(slice_, job=None, lost=True), ()
        case Pressed("roll") if slice_.job is None:
            return _roll(slice_, hall)
        case Pressed("back"):
            return ToCards(slice_.visit), stop
        case Pressed("again"):
            return ToEnd(), stop
        case _:
            return slice_, ()


def _roll(slice_: Dice, hall: Hall) -> tuple[Dice, tuple[Effect, ...]]:
    """The dice are on their way."""
    rolling = replace(slice_, wanted=False, job=hall.next_job, lost=False)
    return rolling, (RollDice(hall.next_job, slice_.visit.shown),)


def view(slice_: Dice, hall: Hall) -> Scene:
    """Both pictures with their answers, what that means, and the dice again."""
    layout = layout_of(hall.panel)
    around = (("back", "back", "back"), ("again", "again", "again"))
    top, stage = header(hall, layout, "", around, title=hall.texts("dice.title"))
    line = round(layout.caption * 1.6)
    answer = round(layout.caption * 2.9)
    if hall.panel.portrait:
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
    items += _side(slice_, hall, layout, made, side, made=True)
    items += _side(slice_, hall, layout, thrown, side, made=False)
    items += _words(slice_, hall, layout, words)
    key, icon = ("dice.rolling", "wait") if slice_.job is not None or slice_.wanted else ("dice.roll", "dice")
    roll = button(layout, "roll", deck, hall.texts(key), icon, size_px=round(layout.control * 1.25))
    return scene_of(hall, "dice", [roll, *top, *items], "roll")


def _side(slice_: Dice, hall: Hall, layout: Layout, box: Box, side: int, *, made: bool) -> list[Item]:
    """A picture with its noise in the corner, and what the network says to it."""
    line = round(layout.caption * 1.6)
    picture = Box(box.x, box.y + line, side, side)
    lens = round(side * LENS)
    rim = max(3, layout.tight // 2)
    corner = Box(picture.right - lens, picture.bottom - lens, lens, lens)
    keys = ("adversarial", "noise") if made else ("dice", "dice-noise")
    there = made or slice_.rolled is not None
    items: list[Item] = [
        sentence(
            box.top(line), hall.texts("dice.made" if made else "dice.thrown"), layout.caption, layout,
            colour=Colour.MUTE, weight=Weight.SEMIBOLD,
        ),
        Picture(picture, keys[0] if there else "", layout.radius),
    ]  # fmt: skip
    if there:
        items += [
            Plate(
                Box(corner.x - rim, corner.y - rim, lens + rim, lens + rim), layout.radius // 2, Colour.INK
            ),
            Picture(corner, keys[1], layout.radius // 2),
        ]
    shown = slice_.visit.now if made else slice_.rolled
    if shown is None:
        return items
    part = 1.0 if made else eased(slice_.changed_s, hall.now_s, EASE_S)
    below = box.under(line + side + layout.tight)
    return items + _answer(slice_, hall, layout, below, shown.answer, part)


def _answer(slice_: Dice, hall: Hall, layout: Layout, box: Box, answer: Answer, part: float) -> list[Item]:
    """The first label of an answer: blue where it is the picture's own, else orange."""
    row = rows_of(answer, hall, 1)[0]
    if row.confidence is None:
        return answer_row(hall, layout, box, row, Colour.TEXT, large=True)
    colour = Colour.TRUTH if row.label == slice_.visit.original.first.label else Colour.LIE
    return answer_row(hall, layout, box, row, colour, shown=row.confidence * part, large=True)


def _words(slice_: Dice, hall: Hall, layout: Layout, box: Box) -> list[Item]:
    """What came of the roll, how large both noises are, and the score."""
    texts = hall.texts
    now = slice_.visit.now
    score_h = round(layout.control * 1.8)
    size_h = round(layout.body * 2.6)
    told = box.above(score_h + size_h + layout.tight)
    size = texts("dice.size", most=now.linf_255, mean=f"{now.mean_255:.1f}")
    accent = Colour.LIE
    if slice_.lost:
        text = texts("dice.lost")
    elif slice_.rolled is None:
        text = texts("dice.idea")
    elif now.step == 0:
        text = texts("dice.none")
    else:
        said, truth = slice_.rolled.answer.first.label, slice_.visit.original.first.label
        key = "dice.same"
        if not slice_.rolled.answer.known:
            key = "dice.unknown"
        elif slice_.rolled.verdict is Verdict.FOOLED and not slice_.visit.boosts:
            key = "dice.fooled"
        elif said != truth:
            key = "dice.other"
        text = texts(key, label=called(hall, said))
        accent = Colour.TRUTH if said == truth else Colour.LIE
    items: list[Item] = [
        Plate(told, layout.radius),
        sentence(
            told.inset(layout.gap, layout.tight // 2), text, layout.control, layout, accent=accent, lines=8
        ),
        sentence(
            box.foot(score_h + size_h).top(size_h), size, layout.caption, layout,
            colour=Colour.MUTE, accent=Colour.TEXT, lines=2,
        ),
    ]  # fmt: skip
    if slice_.rolls and not slice_.visit.boosts:
        score = texts("dice.score", rolls=slice_.rolls, fooled=slice_.fooled)
        items.append(
            sentence(
                box.foot(score_h), score, layout.control, layout, weight=Weight.EXTRABOLD, align=Align.LEFT
            )
        )
    return items
