"""The attack screen as it is shown: a sum of pictures, written across or, on tall panels, down."""

from dataclasses import dataclass, replace

from kiosk.core.layout import Layout, columns, layout_of, rows, split
from kiosk.core.model import BUDGET, Answer, Judged, Phase, Verdict
from kiosk.core.parts import (
    GUESSING,
    answer_row,
    button,
    called,
    eased,
    rows_of,
    scene_of,
    sentence,
    tile,
)
from kiosk.core.scene import (
    Align,
    Box,
    Colour,
    Control,
    Dot,
    Icon,
    Item,
    Look,
    Picture,
    Plate,
    Ring,
    Scene,
    Weight,
    Words,
    plain,
)
from kiosk.core.screen import (
    Hall,
)
from kiosk.screens.attack import Attack, fooled, recording, won
from kiosk.screens.attack_places import Sum, places

EASE_S = 0.2


def view(slice_: Attack, hall: Hall) -> Scene:
    """The equation, the dots, and one next action."""
    layout = layout_of(hall.panel)
    visit = slice_.visit
    place, around, deck = places(hall, layout, won=won(visit), vaccine=hall.vaccine_for(visit))
    action, noise = _deck(slice_, hall, layout, deck)
    items = [*action, *around]  # the light goes from the next action to the other ways on, the noise last
    items += _pictures(slice_, hall, layout, place)
    items += _answers(slice_, hall, layout, place)
    items += _verdict(slice_, hall, layout, place.verdict)
    items += noise
    primary = "fool"
    if watches(slice_, hall):
        primary = "watch" if recording(hall) else "again"
    elif won(visit):
        primary = "why"
    elif visit.spent:
        primary = "another"
    return scene_of(hall, "attack", items, primary, arrows=False)


def watches(slice_: Attack, hall: Hall) -> bool:
    """Whether the next action is to watch the recorded attack: no steps can be made here, or it was watched."""
    visit = slice_.visit
    if visit.recorded:
        return fooled(visit) or visit.spent
    return hall.gradients.for_good


def _pictures(slice_: Attack, hall: Hall, layout: Layout, place: Sum) -> list[Item]:
    """The two heroes, the noise between them, the signs, the noise in plain words."""
    visit = slice_.visit
    texts = hall.texts
    key = "noise" if slice_.noise_view else "adversarial"
    lie = visit.fools
    caption = "attack.result_noise" if slice_.noise_view else "attack.result" if lie else "attack.with_noise"
    chip = round(layout.caption * 1.9)
    badge = Box(place.noise.right - chip, place.noise.bottom - chip, chip, chip)
    now = visit.now
    short = "_short" if place.plain_words.w < layout.caption * 11 else ""
    words = (
        texts("attack.noise_none")
        if now.step == 0
        else texts(
            f"attack.noise_words{short}",
            most=now.linf_255,
            mean=texts("attack.mean", number=f"{now.mean_255:.1f}"),
        )
    )
    centre = Align.LEFT if hall.panel.portrait else Align.CENTRE

    def small(box: Box, text: str, align: Align = Align.LEFT, lines: int = 1) -> Words:
        weight = Weight.SEMIBOLD if lines == 1 else Weight.REGULAR
        return sentence(
            box, text, layout.caption, layout, colour=Colour.MUTE, accent=Colour.TEXT, weight=weight,
            align=align, lines=lines, middle=lines == 1,
        )  # fmt: skip

    return [
        small(place.original_caption, texts("attack.recorded" if visit.recorded else "attack.original")),
        Picture(place.original, "original", layout.radius),
        Icon(place.plus, "plus", Colour.MUTE),
        small(place.noise_caption, texts("attack.noise"), centre),
        Picture(place.noise, "noise", layout.radius),
        Plate(badge, layout.radius // 2, Colour.INK),
        Icon(badge.inset(chip // 6), "picture" if slice_.noise_view else "eye", Colour.TEXT),
        Control("noise", place.noise, Look.BARE, radius_px=layout.radius),
        small(place.plain_words, words, centre, 3),
        Icon(place.equals, "equals", Colour.MUTE),
        small(place.result_caption, texts(caption)),
        Picture(
            place.result,
            key,
            layout.radius,
            outline=Colour.LIE if lie else Colour.TRUTH if visit.boosts else None,
        ),
    ]


def _answers(slice_: Attack, hall: Hall, layout: Layout, place: Sum) -> list[Item]:
    """Both answers with their bars; every bar leads to the maps of its label."""
    visit = slice_.visit
    truth = visit.original.said
    part = eased(slice_.changed_s, hall.now_s, EASE_S)
    items = _answer(hall, layout, place, visit.original, truth, 1.0, None)
    items += _answer(hall, layout, place, visit.now.told, truth, part, slice_.before, result=True)
    if visit.recorded or hall.gradients.for_good:  # nobody can draw maps
        return [item for item in items if not isinstance(item, Control)]
    return items


def _answer(
    hall: Hall,
    layout: Layout,
    place: Sum,
    answer: Answer,
    truth: int | None,
    part: float,
    before: Judged | None,
    *,
    result: bool = False,
) -> list[Item]:
    """One answer: the first label large, the others below, each (or the block) a control."""
    box = place.result_rows if result else place.original_rows
    shown = rows_of(answer, hall, place.lines)
    first = box.h - layout.least - layout.tight if place.single else round(box.h * 0.58)
    gap = layout.tight if place.single else layout.tight // 2
    cells = (box.top(first), box.under(first + gap))
    side = "shown" if result else "original"
    items: list[Item] = []
    for number, (row, cell) in enumerate(zip(shown, cells, strict=False)):
        colour = Colour.TRUTH if row.label == truth else Colour.LIE
        here = row.confidence or 0.0
        old = here if before is None or row.label is None else before.answer.confidence(row.label)
        moving = old + (here - old) * part
        inner = cell.above(layout.tight // 2) if place.single else cell
        items += answer_row(hall, layout, inner, row, colour, shown=moving, large=number == 0)
        if row.label is not None and (place.single or number == 0):
            target = cell if place.single else box
            name = f"bar-{side}-{row.label}"
            items.append(Control(name, target, Look.BARE, radius_px=layout.radius // 2))
    return items


def closeness(judged: Judged, target: int | None, truth: int) -> float:
    """How near the target is to being said, 0..1."""
    first = judged.answer.first
    if target is not None:
        return min(1.0, judged.target_confidence / first.confidence) if first.confidence > 0 else 0.0
    rest = max((row.confidence for row in judged.answer.top if row.label != truth), default=0.0)
    return min(1.0, rest / first.confidence) if first.confidence > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Said:
    """The verdict in words: a large line, a quiet one, and how near it is where it is near."""

    title: str
    colour: Colour
    note: str
    ring: float | None = None
    wish: bool = False


def _said(slice_: Attack, hall: Hall) -> Said:
    """What is said of the step on the screen; trouble goes before everything else in the quiet line."""
    visit, texts = slice_.visit, hall.texts
    wanted = texts("attack.anything") if visit.target is None else called(hall, visit.target)
    nearly = visit.now.verdict is Verdict.NEARLY
    if visit.boosts:
        said = Said(texts("attack.boost"), Colour.TRUTH, texts("attack.boost_note"))
    elif fooled(visit):
        key = "attack.fooled_one" if visit.shown == 1 else "attack.fooled_note"
        if visit.now.answer.first.confidence < GUESSING:
            key = "attack.fooled_guess"
        key = key if visit.now.answer.known else "attack.fooled_doubt"
        said = Said(texts("attack.fooled"), Colour.LIE, texts(key, steps=visit.shown))
    elif visit.shown == 0:
        said = Said(wanted, Colour.LIE, "", wish=True)
    else:
        note = texts("attack.spent") if visit.spent else texts("attack.aim", label=wanted)
        near = closeness(visit.now, visit.target, visit.original.first.label) if nearly else None
        said = Said(texts("attack.nearly" if nearly else "attack.not_yet"), Colour.TEXT, note, near)
    if visit.recorded:
        return replace(said, note=texts("attack.recorded_note"))
    if hall.gradients.for_good:
        note = texts("attack.never_watch" if recording(hall) else "attack.never_note")
        return Said(texts("attack.never"), Colour.TEXT, note)
    if hall.gradients.phase is not Phase.LOST and not slice_.lost:
        return said
    note = texts("attack.gradients_lost" if hall.gradients.phase is Phase.LOST else "attack.lost")
    if said.wish:  # alone, the lie would read as the answer
        return Said(texts("attack.moment"), Colour.TEXT, note)
    return replace(said, note=note)


def _verdict(slice_: Attack, hall: Hall, layout: Layout, box: Box) -> list[Item]:
    """One of three states, large; below it what it means or what to do."""
    said = _said(slice_, hall)
    title, colour, note, ring = said.title, said.colour, said.note, said.ring
    align = side_of_note = Align.LEFT if hall.panel.portrait else Align.CENTRE
    cut = max(round(box.h * 0.42), min(round(layout.label * 1.3), box.h // 2))
    head, tail = box.top(cut), box.under(cut)
    items: list[Item] = []
    if said.wish:  # a quiet line, then what it shall say
        ask = hall.texts("attack.wish")
        items.append(
            sentence(head, ask, layout.body, layout, colour=Colour.MUTE, align=align, weight=Weight.SEMIBOLD)
        )
        head = tail.top(min(tail.h, round(layout.label * 1.5)))
    if ring is not None:
        side = min(head.h, round(layout.label * 1.2))
        # the ring and the word stand together in the middle; the word's width is only known to the painter
        word = (
            0
            if align is Align.LEFT
            else head.w - side - layout.tight - round(layout.label * 0.6 * len(title))
        )
        dial = Box(head.x + max(0, word // 2), head.y + (head.h - side) // 2, side, side)
        items.append(Ring(dial, ring, Colour.LIE, max(3, layout.tight // 2)))
        head = Box(dial.right + layout.tight, head.y, head.right - dial.right - layout.tight, head.h)
        align = Align.LEFT
    runs = plain(title, colour)
    size = layout.label if not slice_.visit.boosts else layout.control
    weight = Weight.EXTRABOLD
    items.append(Words(head, runs, size, layout.caption_floor, weight, align, True, 2))
    if note:
        quiet = sentence(
            tail,
            note,
            layout.caption,
            layout,
            colour=Colour.MUTE,
            accent=Colour.LIE,
            align=side_of_note,
            lines=4,
            middle=False,
        )
        items.append(quiet)
    return items


def _deck(slice_: Attack, hall: Hall, layout: Layout, deck: Box) -> tuple[list[Item], list[Item]]:
    """The next action; and less noise, the dots, more noise."""
    if hall.panel.portrait:
        upper, last = rows(deck, 2, layout.gap)
        less, dots, more = split(upper, (0.8, 1.6, 0.8), layout.gap)
    else:
        less, dots, more, last = split(deck, (1.0, 2.1, 1.0, 2.5), layout.gap)
    texts = hall.texts
    size = layout.caption
    return _action(slice_, hall, layout, last), [
        tile(layout, "less", less, texts("control.less"), "minus", size_px=size),
        *_dots(slice_, hall, layout, dots),
        tile(layout, "more", more, texts("control.more"), "plus", size_px=size),
    ]


def _action(slice_: Attack, hall: Hall, layout: Layout, box: Box) -> list[Item]:
    """The next action: fool it, then ask why; where nothing helps, another lie."""
    visit = slice_.visit
    texts = hall.texts
    size = round(layout.control * 1.3)
    if watches(slice_, hall):
        if not recording(hall):
            return []
        key = (
            "attack.waiting"
            if slice_.job is not None
            else "control.rewatch"
            if visit.recorded
            else "control.watch"
        )
        return [button(layout, "watch", box, texts(key), "film", size_px=size)]
    if won(visit):
        return [button(layout, "why", box, texts("control.why"), "eye", size_px=size)]
    if visit.spent:
        return [button(layout, "another", box, texts("control.another"), "other", size_px=size)]
    icon, key, note = "bolt", "control.boost" if visit.boosts else "control.fool", ""
    progress: float | None = None
    if slice_.running:
        icon, key = "wait", "attack.running"
    elif hall.gradients.phase is not Phase.READY:
        icon, key = "wait", "attack.warming"
        progress = hall.gradients.progress
        note = texts("attack.remembered") if slice_.remembered else ""
    elif slice_.lost:
        key = "attack.again"
    control = button(layout, "fool", box, texts(key), icon, size_px=size, note=note)
    if progress is not None:
        control = Control(
            control.name, box, text=control.text, icon=icon, size_px=size, floor_px=control.floor_px,
            radius_px=control.radius_px, progress=progress, note=note,
        )  # fmt: skip
    return [control]


def _dots(slice_: Attack, hall: Hall, layout: Layout, box: Box) -> list[Item]:
    """One dot a step, the one on the screen filled; where not all fit, those around it."""
    visit = slice_.visit
    total = len(visit.steps)
    fit = max(1, box.w // layout.touch)
    first = min(max(0, visit.shown - fit // 2), max(0, total - fit))
    shown = range(first, min(total, first + fit))
    cells = columns(box, fit, 0)
    big, small = round(layout.caption * 1.0), round(layout.caption * 0.62)
    middle = box.y + box.h // 2
    items: list[Item] = [Plate(Box(box.x, middle - 1, box.w, 3), 1, Colour.LINE)]
    for number, cell in enumerate(cells):
        step = first + number
        if step not in shown:
            if step <= BUDGET:
                items.append(Dot(cell.square(small // 2), Colour.LINE))
            continue
        here = step == visit.shown
        reached = visit.steps[step].verdict is Verdict.FOOLED and not visit.boosts and step > 0
        colour = Colour.LIE if reached else Colour.TEXT if here else Colour.MUTE
        items.append(Dot(cell.square(big if here else small), colour, filled=step <= visit.shown))
        if here:
            label = Box(cell.x, middle + big // 2, cell.w, box.bottom - middle - big // 2)
            count = hall.texts("attack.step", step=step)
            items.append(
                sentence(label, count, layout.caption, layout, colour=Colour.MUTE, align=Align.CENTRE)
            )
        items.append(Control(f"step-{step}", cell, Look.BARE, radius_px=layout.radius // 2))
    return items
