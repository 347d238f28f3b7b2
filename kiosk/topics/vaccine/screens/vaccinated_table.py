"""All that was tried after a vaccine, for those who want to know more: the same picture, other pictures, clean ones."""

from kiosk.core.context import Context
from kiosk.core.layout import Layout, grid, rows, split
from kiosk.core.lesson import Example
from kiosk.core.parts import called, percent, sentence
from kiosk.core.scene import Align, Bar, Box, Colour, Icon, Item, Picture, Plate, Weight, Words, plain
from kiosk.core.visit import Answer
from kiosk.topics.vaccine.facts import Resistance, VaccineReport

ACROSS = 4  # other pictures in a row, of which there are two


def table(
    answer: Answer,
    report: VaccineReport,
    numbers: tuple[int, ...],
    context: Context,
    layout: Layout,
    box: Box,
) -> list[Item]:
    """Return three things that were tried, and what it gets right without noise.

    `answer` is what is said to the same picture now, `numbers` whose pictures the report's others are.
    """
    clean = _clean(report, context)
    size = layout.caption if context.panel.portrait else layout.body
    strip, rest = _foot(box, round(size * 1.5) * len(clean), layout)
    same, photo, others = _places(context, layout, rest)
    return [
        *_same(answer, report, context, layout, same),
        *_photo(report, context, layout, photo),
        *_others(report, numbers, context, layout, others),
        *(
            sentence(cell, text, layout.style(size))
            for text, cell in zip(clean, rows(strip, len(clean), 0), strict=True)
        ),
    ]


def steps_in_words(steps: int | None, report: VaccineReport, context: Context) -> str:
    """Return a number of steps in words; None: it took more than were tried."""
    if steps is None:
        return context.texts("vaccinated.over", steps=report.most_steps)
    return context.texts("vaccinated.step" if steps == 1 else "vaccinated.steps", steps=steps)


def _same(answer: Answer, report: VaccineReport, context: Context, layout: Layout, box: Box) -> list[Item]:
    """Return the attacked picture once more, and what it is taken for now: below it, beside it on tall panels."""
    right = report.same_picture_right
    plate, room = _panel(layout, box)
    line = round(layout.control * 2.4)
    if context.panel.portrait:
        picture = room.left(room.h)
        title, said = _titled(context, layout, room.after(room.h + layout.gap), "same")
    else:
        title, below = _titled(context, layout, room, "same")
        side = min(below.w, below.h - line - layout.tight)
        picture = Box(below.x + (below.w - side) // 2, below.y, side, side)
        said = below.under(side + layout.tight).top(line)
    mark = round(layout.control * 1.2)
    colour = Colour.TRUTH if right else Colour.LIE
    key = ("right" if right else "fooled") if answer.known else "unsure"
    text = context.texts(f"vaccinated.{key}", label=called(context, answer.first.label))
    return [
        plate,
        title,
        Picture(picture, "adversarial", layout.radius // 2, outline=colour, behind=Colour.PANEL),
        Icon(Box(said.x, said.y + (said.h - mark) // 2, mark, mark), "done" if right else "cancel", colour),
        sentence(
            said.after(mark + layout.tight),
            text,
            layout.style(layout.control, accent=colour, lines=2, weight=Weight.SEMIBOLD),
        ),
    ]


def _photo(report: VaccineReport, context: Context, layout: Layout, box: Box) -> list[Item]:
    """Return how many steps a new attack on the photograph needed, and needs now: two bars."""
    plate, room = _panel(layout, box)
    title, room = _titled(context, layout, room, "photo")
    photo = report.same_photo
    harder = Colour.TRUTH if photo.grew else Colour.LIE
    items: list[Item] = [plate, title]
    for (key, steps, colour), cell in zip(
        (("before", photo.before, Colour.MUTE), ("after", photo.after, harder)),
        rows(room, 2, layout.tight),
        strict=True,
    ):
        when, number, bar = _line(layout, cell, single=context.panel.portrait)
        share = min(1.0, (steps or report.most_steps) / report.most_steps)
        tint = Colour.TEXT if colour is Colour.MUTE else colour
        size = min(layout.label, round(number.h * 0.8))
        align = Align.RIGHT if context.panel.portrait else Align.LEFT
        items += [
            sentence(
                when, context.texts(f"vaccinated.{key}"), layout.style(layout.caption, colour=Colour.MUTE)
            ),
            sentence(
                number,
                steps_in_words(steps, report, context),
                layout.style(size, colour=tint, weight=Weight.EXTRABOLD, align=align),
            ),
            Bar(bar, share, colour),
        ]
    return items


def _others(
    report: VaccineReport, numbers: tuple[int, ...], context: Context, layout: Layout, box: Box
) -> list[Item]:
    """Return the other pictures, each with the steps it took before and takes now."""
    count = len(report.others)
    plate, room = _panel(layout, box)
    key = "others" if count else "no_others"
    title, room = _titled(context, layout, room, key, grown=report.grown, count=count)
    items: list[Item] = [plate, title]
    line = round(layout.caption * 1.35)
    for number, cell in enumerate(grid(room, 2 * ACROSS, ACROSS, layout.tight)[:count]):
        side = min(cell.w, cell.h - line)
        picture = Box(cell.x + (cell.w - side) // 2, cell.y + (cell.h - line - side) // 2, side, side)
        key = Example(numbers[number], 0).key if number < len(numbers) else ""
        items += [
            Picture(picture, key, layout.radius // 3, behind=Colour.PANEL),
            _pair(report.others[number], report, context, layout, Box(cell.x, picture.bottom, cell.w, line)),
        ]
    return items


def _places(context: Context, layout: Layout, box: Box) -> tuple[Box, Box, Box]:
    """Return where the three panels lie: side by side, or one above the other."""
    if not context.panel.portrait:
        same, photo, others = split(box, (1.0, 1.05, 1.9), layout.gap)
        return same, photo, others
    picture, bars = round(layout.touch * 1.25), round(layout.touch * 1.5)
    rest = box.under(picture + layout.tight)
    return box.top(picture), rest.top(bars), rest.under(bars + layout.tight)


def _foot(box: Box, height: int, layout: Layout) -> tuple[Box, Box]:
    """Return the lower part of a box, and what is left above it."""
    return box.foot(height), box.above(height + layout.tight)


def _panel(layout: Layout, box: Box) -> tuple[Plate, Box]:
    """Return a surface, and the room on it."""
    return Plate(box, layout.radius), box.inset(layout.tight if layout.compact else layout.gap, layout.tight)


def _titled(context: Context, layout: Layout, room: Box, key: str, **values: str | int) -> tuple[Words, Box]:
    """Return a title at the head of some room, and what is left below."""
    line = round(layout.caption * 1.5)
    text = context.texts(f"vaccinated.{key}", **values)
    title = sentence(
        room.top(line),
        text,
        layout.style(layout.caption, weight=Weight.SEMIBOLD, colour=Colour.MUTE, accent=Colour.TEXT),
    )
    return title, room.under(line + layout.tight // 2)


def _line(layout: Layout, cell: Box, *, single: bool) -> tuple[Box, Box, Box]:
    """Return where the word, the number and the bar of one attack lie: in one line, or the bar below the others."""
    if single:
        thick = min(cell.h // 2, max(8, layout.tight * 2))
        when, bar, number = split(cell, (1.0, 1.3, 1.9), layout.tight)
        return when, number, Box(bar.x, bar.y + (bar.h - thick) // 2, bar.w, thick)
    thick = max(8, min(layout.tight * 2, cell.h // 5))
    high = min(cell.h - thick, round(layout.label * 1.3))
    line = Box(cell.x, cell.y + (cell.h - high - thick) // 2, cell.w, high)
    word = round(layout.caption * 3.6)
    return line.left(word), line.after(word), Box(cell.x, line.bottom, cell.w, thick)


def _pair(other: Resistance, report: VaccineReport, context: Context, layout: Layout, box: Box) -> Words:
    """Return steps before and after: blue where it is harder now."""
    was, now = (
        context.texts("vaccinated.more", steps=report.most_steps) if steps is None else str(steps)
        for steps in (other.before, other.after)
    )
    text = context.texts("vaccinated.pair", before=was, after=now)
    colour = Colour.TRUTH if other.grew else Colour.MUTE
    size = layout.caption
    return Words(box, plain(text, colour), size, layout.caption_floor, Weight.SEMIBOLD, Align.CENTRE)


def _clean(report: VaccineReport, context: Context) -> list[str]:
    """Return what it gets right without noise, and with a little of it where that was measured."""
    before, after = (percent(context, share) for share in (report.clean_before, report.clean_after))
    told = [context.texts("vaccinated.clean", before=before, after=after)]
    if not report.tested:
        told = [context.texts("vaccinated.untested")]
    if report.robust is not None:
        before, after = (percent(context, share) for share in (report.robust.before, report.robust.after))
        budget = f"{report.robust.budget_255:g}"
        told.append(context.texts("vaccinated.robust", before=before, after=after, budget=budget))
    return told
