"""The attack screen as it is shown: a sum of pictures, written across or, on tall panels, down."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.health import Phase
from kiosk.core.layout import Layout, columns, layout_of, split
from kiosk.core.parts import (
    answer_row,
    button,
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
from kiosk.core.screen import VisitScreen, under_way
from kiosk.core.visit import BUDGET, Answer, Judged, Verdict, Visit
from kiosk.topics.attack.facts import fooled, heading, once_won, seeks_quiet, timely, won
from kiosk.topics.attack.screens.attack_places import Sum, places
from kiosk.topics.attack.screens.attack_words import noise_size, said, with_noise
from kiosk.topics.attract.messages import Film

EASE_S = 0.2


@dataclass(frozen=True, slots=True)
class AttackView(VisitScreen):
    """The visit, the step under way, one press that waits for it, and the search for less noise.

    `running` goes on until it is convinced of the lie; `asked_s` is when its last step was asked for; `remembered` is
    "fool", "more" or nothing; `before` and `changed_s` are what the bars move from and since when. `touched_s` is when
    something was pressed here.
    """

    visit: Visit
    job: int | None = None
    running: bool = False
    remembered: str = ""
    quieting: int | None = None
    lost: bool = False
    before: Judged | None = None
    changed_s: float = 0.0
    asked_s: float = 0.0
    touched_s: float = 0.0
    picture = "adversarial"

    @property
    def held(self) -> tuple[int, ...]:
        """Return the jobs under way."""
        return under_way(self.job, self.quieting)

    @property
    def busy(self) -> bool:
        """Return whether more noise is on its way, or will be as soon as it can."""
        return self.running or bool(self.remembered) or self.job is not None

    @property
    def settled(self) -> bool:
        """Return whether no less noise is looked for here any more."""
        return not seeks_quiet(self.visit)

    def view(self, context: Context) -> Scene:
        """Return the equation, the dots, and one next action."""
        layout = layout_of(context.panel)
        visit = self.visit
        place, around, deck = places(context, layout, won=once_won(visit), card=timely(visit, context))
        action, noise = self._deck(context, layout, deck)
        items = [*action, *around]  # the light goes from the next action to the other ways on, the noise last
        items += self._pictures(context, layout, place)
        items += self._answers(context, layout, place)
        items += self._dots(context, layout, place.dots)
        items += self._verdict(context, layout, place.verdict)
        items += noise
        primary = "fool"
        if self.watches(context):
            primary = "watch" if Film.shown_by(context).steps else "again"
        elif won(visit):
            primary = "why"
        elif visit.spent:
            primary = "another"
        return scene_of(context, "attack", items, primary, arrows=False)

    @property
    def goes_on(self) -> bool:
        """Return whether noise is added by itself until it is fooled, now or as soon as that can begin."""
        return self.running or self.remembered == "fool"

    def ended(self, context: Context) -> bool:
        """Return whether there can be no more noise than this."""
        visit = self.visit
        never = context.gradients.given_up and not visit.recorded
        return visit.shown + 1 >= len(visit.steps) and (visit.spent or never)

    def watches(self, context: Context) -> bool:
        """Return whether the next action is to watch the recorded attack: no steps can be made, or it was watched."""
        visit = self.visit
        if visit.recorded:
            return fooled(visit) or visit.spent
        return context.gradients.given_up

    def _pictures(self, context: Context, layout: Layout, place: Sum) -> list[Item]:
        """Return the two heroes, the noise between them, the signs, the noise in plain words."""
        visit = self.visit
        texts = context.texts
        lie = visit.fools
        chip = round(layout.caption * 1.9)
        badge = Box(place.result.right - chip, place.result.bottom - chip, chip, chip)
        words = noise_size(visit.now, context)
        centre, beyond = (Align.LEFT, Align.LEFT) if context.panel.portrait else (Align.CENTRE, Align.RIGHT)

        def small(box: Box, text: str, align: Align = Align.LEFT, lines: int = 1) -> Words:
            weight = Weight.SEMIBOLD if lines == 1 else Weight.REGULAR
            return sentence(
                box,
                text,
                layout.style(
                    layout.caption,
                    colour=Colour.MUTE,
                    accent=Colour.TEXT,
                    weight=weight,
                    align=align,
                    lines=lines,
                    middle=lines == 1,
                ),
            )

        return [
            small(place.original_caption, texts(heading(visit))),
            Picture(place.original, "original", layout.radius),
            Icon(place.plus, "plus", Colour.MUTE),
            small(place.noise_caption, texts("attack.noise"), centre),
            Picture(place.noise, "noise", layout.radius),
            Control("noise", place.noise_reach, Look.BARE, radius_px=layout.radius),
            small(place.plain_words, words, centre, 3),
            Icon(place.equals, "equals", Colour.MUTE),
            small(place.result_caption, with_noise(visit, context), beyond),
            Picture(
                place.result,
                "adversarial",
                layout.radius,
                outline=Colour.LIE if lie else Colour.TRUTH if visit.boosts else None,
            ),
            Plate(badge, layout.radius // 2, Colour.INK),
            Icon(badge.inset(chip // 6), "lens", Colour.TEXT),
            Control("look", place.result, Look.BARE, radius_px=layout.radius),
        ]

    def _answers(self, context: Context, layout: Layout, place: Sum) -> list[Item]:
        """Return both answers with their bars; every bar leads to the maps of its label."""
        visit = self.visit
        truth = visit.original.said
        part = eased(self.changed_s, context.now_s, EASE_S)
        items = _answer(context, layout, place, visit.original, truth, 1.0, None)
        items += _answer(context, layout, place, visit.now.told, truth, part, self.before, result=True)
        if visit.recorded or context.gradients.given_up:  # no maps can be drawn
            return [item for item in items if not isinstance(item, Control)]
        return items

    def _verdict(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return one of three states, large; below it what it means or what to do."""
        told = said(
            self.visit,
            context,
            running=self.running,
            quieting=self.quieting is not None,
            lost=self.lost,
        )
        title, colour, note, ring = told.title, told.colour, told.note, told.ring
        align = side_of_note = Align.LEFT if context.panel.portrait else Align.CENTRE
        if context.panel.portrait:  # beside each other
            head, tail = split(box, (1.0, 1.3), layout.gap)
        else:
            cut = max(round(box.h * 0.42), min(round(layout.label * 1.3), box.h // 2))
            head, tail = box.top(cut), box.under(cut)
        items: list[Item] = []
        if told.wish:  # a quiet line, then what it is to say
            ask = context.texts("attack.wish")
            items.append(
                sentence(
                    head,
                    ask,
                    layout.style(layout.body, colour=Colour.MUTE, align=align, weight=Weight.SEMIBOLD),
                )
            )
            head = tail
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
        size = layout.label if not self.visit.boosts else layout.control
        weight = Weight.EXTRABOLD
        items.append(Words(head, runs, size, layout.caption_floor, weight, align, True, 2))
        if note:
            quiet = sentence(
                tail,
                note,
                layout.style(
                    layout.caption,
                    colour=Colour.MUTE,
                    accent=Colour.LIE,
                    align=side_of_note,
                    lines=4,
                    middle=False,
                ),
            )
            items.append(quiet)
        return items

    def _deck(self, context: Context, layout: Layout, deck: Box) -> tuple[list[Item], list[Item]]:
        """Return the next action; and less noise, more noise."""
        draw, wide = (
            (tile, round(layout.caption * 3.9)) if layout.compact else (button, round(layout.caption * 5.4))
        )
        wide, gap = max(layout.least, wide), layout.tight
        less, more = deck.left(wide), deck.after(wide + gap).left(wide)
        last = deck.after(2 * wide + gap + layout.gap)
        texts = context.texts
        size, ended = layout.caption, self.ended(context) or self.goes_on
        words = ("noise", "noise") if layout.compact else ("less", "more")
        fewer = draw(layout, "less", less, texts(f"control.{words[0]}"), "minus", size_px=size)
        further = draw(layout, "more", more, texts(f"control.{words[1]}"), "plus", size_px=size)
        return self._action(context, layout, last), [
            replace(fewer, repeats=True, off=not (self.visit.shown or self.busy)),
            replace(further, repeats=True, off=ended),
        ]

    def _action(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return the next action: fool it, then ask why; where nothing helps, another lie."""
        visit = self.visit
        texts = context.texts
        size = round(layout.control * 1.3)
        if self.watches(context):
            if not Film.shown_by(context).steps:
                return []
            key = (
                "attack.waiting"
                if self.job is not None
                else "control.rewatch"
                if visit.recorded
                else "control.watch"
            )
            return [button(layout, "watch", box, texts(key), "film", size_px=size)]
        if won(visit):
            return [button(layout, "why", box, texts("control.why"), "eye", size_px=size)]
        if visit.spent:
            return [button(layout, "another", box, texts("control.another"), "other", size_px=size)]
        icon, key = "bolt", "control.boost" if visit.boosts else "control.fool"
        progress: float | None = None
        if self.running:
            icon, key = "wait", "attack.running"
        elif context.gradients.phase is not Phase.READY:
            icon, key = "wait", "attack.remembered" if self.remembered else "attack.warming"
            progress = context.gradients.progress
        elif self.lost:
            key = "attack.again"
        control = button(layout, "fool", box, texts(key), icon, size_px=size)
        return [replace(control, progress=progress, off=self.goes_on)]

    def _dots(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return one dot a step, the one on the screen filled; where not all fit, those around it."""
        visit = self.visit
        total = len(visit.steps)
        fit = max(1, box.w // layout.touch)
        first = min(max(0, visit.shown - fit // 2), max(0, total - fit))
        shown = range(first, min(total, first + fit))
        cells = columns(box, fit, 0)
        big, small = round(layout.caption * 1.0), round(layout.caption * 0.62)
        named = box.h > 2.4 * layout.caption  # there is room for the number of the step below its dot
        middle = box.y + (round(layout.caption * 0.7) if named else box.h // 2)
        items: list[Item] = [Plate(Box(box.x, middle - 1, box.w, 3), 1, Colour.LINE)]
        for number, cell in enumerate(cells):
            step = first + number
            if step not in shown:
                if step <= BUDGET:
                    items.append(Dot(_around(cell, middle, small // 2), Colour.LINE))
                continue
            here = step == visit.shown
            reached = visit.steps[step].verdict is Verdict.FOOLED and not visit.boosts and step > 0
            colour = Colour.LIE if reached else Colour.TEXT if here else Colour.MUTE
            items.append(
                Dot(_around(cell, middle, big if here else small), colour, filled=step <= visit.shown)
            )
            if here and named:
                label = Box(cell.x, middle + big // 2, cell.w, box.bottom - middle - big // 2)
                name = "attack.step_quiet" if visit.steps[step].quiet else "attack.step"
                count = context.texts(name, step=step)
                items.append(
                    sentence(
                        label, count, layout.style(layout.caption, colour=Colour.MUTE, align=Align.CENTRE)
                    )
                )
            if cell.h >= layout.least:
                items.append(Control("step", cell, Look.BARE, radius_px=layout.radius // 2, value=step))
        return items


def _around(cell: Box, middle: int, side: int) -> Box:
    """Return a square on a line, in the middle of its part of it."""
    return Box(cell.x + (cell.w - side) // 2, middle - side // 2, side, side)


def _answer(
    context: Context,
    layout: Layout,
    place: Sum,
    answer: Answer,
    truth: int | None,
    part: float,
    before: Judged | None,
    *,
    result: bool = False,
) -> list[Item]:
    """Return one answer: the first label large, the others below, each (or the block) a control."""
    box = place.result_rows if result else place.original_rows
    shown = rows_of(answer, context, place.lines)
    first = box.h - layout.least - layout.tight if place.single else round(box.h * 0.56)
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
        items += answer_row(context, layout, inner, row, colour, shown=moving, large=number == 0)
        if row.label is not None and (place.single or number == 0):
            target = cell if place.single else box
            items.append(
                Control("bar", target, Look.BARE, radius_px=layout.radius // 2, value=(side, row.label))
            )
    return items
