"""The screen that asks why: what one answer leaned on, in both pictures."""

from dataclasses import dataclass, replace

from kiosk.core.effects import DrawMaps, DropJob, Effect
from kiosk.core.events import GradientsChanged, JobLost, MapsDrawn, Tick
from kiosk.core.layout import Layout, columns, layout_of
from kiosk.core.model import Phase, Visit
from kiosk.core.parts import Row, answer_row, button, called, header, rows_of, scene_of, sentence, tile
from kiosk.core.scene import Align, Box, Colour, Item, Legend, Picture, Plate, Run, Scene, Weight, plain
from kiosk.core.screen import (
    Hall,
    Pressed,
    ScreenEvent,
    ToAttack,
    ToCards,
    ToChoose,
    ToEnd,
    Way,
)

LABELS = 4
CAPTION = 1.6
TITLES = ("explain.original", "explain.adversarial")


@dataclass(frozen=True, slots=True)
class Explain:
    """The visit, the label asked for, and how far its maps are."""

    visit: Visit
    label: int
    wanted: bool = True
    job: int | None = None
    drawn: MapsDrawn | None = None
    lost: bool = False
    plain: bool = False


Outcome = tuple[Explain | Way, tuple[Effect, ...]]


def update(slice_: Explain, event: ScreenEvent, hall: Hall) -> Outcome:
    """The next slice or the way on."""
    match event:
        case Tick() if slice_.wanted and slice_.job is None and hall.gradients.phase is Phase.READY:
            asked = replace(slice_, wanted=False, job=hall.next_job, lost=False)
            return asked, (DrawMaps(hall.next_job, slice_.label, slice_.visit.shown),)
        case MapsDrawn(job) if job == slice_.job:
            return replace(slice_, job=None, drawn=event, lost=False), ()
        case JobLost(job) if job == slice_.job:
            return replace(slice_, job=None, lost=True), ()
        case GradientsChanged(health) if health.phase is Phase.LOST and slice_.job is not None:
            return replace(slice_, job=None, lost=True), (DropJob(slice_.job),)
        case GradientsChanged(health) if health.phase is Phase.READY and slice_.lost:
            return replace(slice_, wanted=True), ()
        case Pressed(control):
            return _pressed(slice_, control, hall)
        case _:
            return slice_, ()


def _pressed(slice_: Explain, control: str, hall: Hall) -> Outcome:
    stop: tuple[Effect, ...] = () if slice_.job is None else (DropJob(slice_.job),)
    match control.partition("-"):
        case ("label", _, number) if hall.labels.name(int(number)) is not None:
            if int(number) == slice_.label and not slice_.lost:
                return slice_, ()
            asked = Explain(slice_.visit, int(number), plain=slice_.plain)
            return asked, stop
        case ("map", _, _):
            return replace(slice_, plain=not slice_.plain), ()
        case ("retry", _, _):
            return replace(slice_, wanted=True, lost=False), ()
        case ("back", _, _):
            return ToAttack(slice_.visit), stop
        case ("cards", _, _):
            return ToCards(slice_.visit), stop
        case ("other", _, _):
            return ToChoose(Visit(slice_.visit.original)), stop
        case ("again", _, _):
            return ToEnd(), stop
        case _:
            return slice_, ()


def offered(slice_: Explain, hall: Hall, count: int) -> tuple[int, ...]:
    """The labels that can be asked for: both answers, the one asked for, then the runners-up."""
    visit = slice_.visit
    ranked = [visit.original.first.label, visit.now.answer.first.label, slice_.label]
    for pair in zip(visit.now.answer.top[1:], visit.original.top[1:], strict=False):
        ranked += [row.label for row in pair]
    allowed = [label for label in dict.fromkeys(ranked) if hall.labels.name(label) is not None]
    return tuple(allowed[:count])


def view(slice_: Explain, hall: Hall) -> Scene:
    """Both maps, the sentence, the legend, the labels to ask for."""
    layout = layout_of(hall.panel)
    if hall.panel.portrait:
        shown = "retry" if slice_.lost else "map_show" if slice_.plain else "map_hide"
        around = (
            ("back", "back", "back_attack"),
            ("retry", "again", shown) if slice_.lost else ("map", "eye", shown),
        )
        items, stage = header(hall, layout, "why", (*around, ("again", "again", "again")))
        deck, rest = stage.foot(layout.deck), stage.above(layout.deck + layout.gap)
        side = (rest.w - layout.gap) // 2
        line = round(layout.touch * 0.9 + layout.caption * CAPTION)
        pair = rest.top(side + line)
        words = rest.under(pair.h + layout.gap)
    else:
        items, stage = header(
            hall, layout, "why", (("back", "back", "back_attack"), ("again", "again", "again"))
        )
        deck, rest = stage.foot(layout.deck), stage.above(layout.deck + layout.gap)
        line = round(layout.caption * (2.9 + CAPTION))
        side = min(rest.h - line - layout.tight, round(rest.w * 0.33))
        pair = rest.left(side * 2 + layout.gap).top(side + line + layout.tight)
        words = rest.after(pair.w + layout.gap * 2)
    items += _maps(slice_, hall, layout, pair, side)
    items += _words(slice_, hall, layout, words)
    items += _deck(slice_, hall, layout, deck)
    on = "cards" if slice_.visit.shown else "other"
    return scene_of(hall, "explain", items, "retry" if slice_.lost else on)


def _maps(slice_: Explain, hall: Hall, layout: Layout, box: Box, side: int) -> list[Item]:
    """The two pictures, each under its map; above it what the network says, below how sure it is of the label."""
    visit = slice_.visit
    answers = (visit.original, visit.now.told)
    mapped = slice_.drawn is not None and not slice_.plain
    keys = ("gradcam-original", "gradcam-adversarial") if mapped else ("original", "adversarial")
    evidence = (True, True)
    if slice_.drawn is not None:
        evidence = (slice_.drawn.original_evidence, slice_.drawn.adversarial_evidence)
    truth = visit.original.said
    items: list[Item] = []
    for number, cell in enumerate(columns(box, 2, layout.gap)):
        picture = Box(cell.x, cell.y + round(layout.caption * CAPTION), side, side)
        items.append(Picture(picture, keys[number], layout.radius))
        if mapped and not evidence[number]:
            strip = picture.foot(round(layout.caption * 1.8))
            nothing = hall.texts("explain.nothing")
            items += [
                Plate(strip, layout.radius // 2, Colour.INK),
                sentence(strip.inset(layout.tight, 0), nothing, layout.caption, layout, align=Align.CENTRE),
            ]
        answer, caption = answers[number], cell.top(round(layout.caption * CAPTION))
        says = Colour.TRUTH if answer.said == truth else Colour.LIE
        told = hall.texts(TITLES[number], label=rows_of(answer, hall, 1)[0].name)
        items.append(sentence(caption, told, layout.caption, layout, colour=Colour.MUTE, accent=says))
        row = Row(slice_.label, called(hall, slice_.label), answer.confidence(slice_.label))
        below = cell.under(picture.bottom - cell.y + layout.tight)
        items += answer_row(hall, layout, below, row, _tint(visit, slice_.label), large=True)
    return items


def _words(slice_: Explain, hall: Hall, layout: Layout, box: Box) -> list[Item]:
    """The labels to ask for, one sentence, what it does not tell, and the legend."""
    texts = hall.texts
    least = max(layout.least, hall.panel.px(17.0 * layout.scale))
    across = max(2, min(LABELS, (box.w + layout.gap) // (least + layout.gap)))
    labels = offered(slice_, hall, across)
    ask_h = round(layout.caption * 1.5)
    legend_h = round(layout.caption * 1.5)
    chips = box.foot(layout.touch)
    ask = Box(box.x, chips.y - ask_h, box.w, ask_h)
    legend = Box(box.x, ask.y - legend_h - layout.tight, box.w, legend_h)
    told = Box(box.x, box.y, box.w, legend.y - box.y - layout.tight)
    caution: tuple[Run, ...] = ()
    if slice_.drawn is None and hall.gradients.for_good:
        text = texts("explain.never")
    elif slice_.lost:
        text = texts("explain.lost")
    elif slice_.drawn is None:
        text = texts("explain.drawing")
    else:
        text = texts("explain.sentence", label=called(hall, slice_.label))
        caution = plain(" " + texts("explain.caution"), Colour.MUTE)
    accent = Colour.TRUTH if slice_.label == slice_.visit.original.first.label else Colour.LIE
    inner = told.inset(layout.gap, layout.tight // 2)
    told_words = sentence(inner, text, layout.control, layout, accent=accent, lines=8)
    items: list[Item] = [
        Plate(told, layout.radius),
        replace(told_words, runs=told_words.runs + caution),
        *_legend(hall, layout, legend),
        sentence(
            ask, texts("explain.ask"), layout.caption, layout, colour=Colour.MUTE, weight=Weight.SEMIBOLD
        ),
    ]
    for label, cell in zip(labels, columns(chips, len(labels), layout.gap), strict=True):
        tint = _tint(slice_.visit, label)
        chosen = label == slice_.label
        chip = tile(layout, f"label-{label}", cell, called(hall, label), size_px=layout.caption)
        items.append(replace(chip, tint=tint, outline=tint if chosen else Colour.LINE))
    return items


def _tint(visit: Visit, label: int) -> Colour:
    """Blue for what it said first, orange for what it says now."""
    if label == visit.original.first.label:
        return Colour.TRUTH
    return Colour.LIE if label == visit.now.answer.first.label else Colour.TEXT


def _legend(hall: Hall, layout: Layout, box: Box) -> list[Item]:
    """The scale of the maps between its two words."""
    word = round(layout.caption * 3.2)
    bar = Box(box.x + word, box.y, box.w - 2 * word, box.h).inset(layout.tight, box.h // 4)
    return [
        sentence(box.left(word), hall.texts("explain.little"), layout.caption, layout, colour=Colour.MUTE),
        Legend(bar),
        sentence(
            Box(box.right - word, box.y, word, box.h),
            hall.texts("explain.much"), layout.caption, layout, colour=Colour.MUTE, align=Align.RIGHT,
        ),
    ]  # fmt: skip


def _deck(slice_: Explain, hall: Hall, layout: Layout, deck: Box) -> list[Item]:
    """The map on and off (in the header of tall panels), another lie, and what more there is to try."""
    texts = hall.texts
    size = round(layout.control * 1.15)
    cells = [*columns(deck, 2 if hall.panel.portrait else 3, layout.gap)]
    if not slice_.visit.shown:  # there is no noise yet that more could be tried with
        other = button(layout, "other", cells[-1], texts("control.another"), "other", size_px=size)
    else:
        other = button(layout, "other", cells[-2], texts("control.another"), "other")
    items: list[Item] = [other]
    if slice_.visit.shown:
        items.insert(0, button(layout, "cards", cells[-1], texts("control.cards"), "cards", size_px=size))
    if hall.panel.portrait:
        return items
    shown = "control.map_show" if slice_.plain else "control.map_hide"
    if slice_.lost:
        return [*items, button(layout, "retry", cells[0], texts("control.retry"), "again")]
    return [*items, button(layout, "map", cells[0], texts(shown), "eye")]
