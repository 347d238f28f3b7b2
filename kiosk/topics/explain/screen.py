"""The screen that asks why: what one answer leaned on, in both pictures."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.health import Phase
from kiosk.core.layout import Layout, columns, layout_of
from kiosk.core.message import DropJob, GradientsChanged, JobLost, Tick, ToBack
from kiosk.core.parts import Row, answer_row, button, called, header, rows_of, scene_of, sentence, tile
from kiosk.core.scene import (
    Align,
    Box,
    Colour,
    ControlId,
    Item,
    Legend,
    Picture,
    Plate,
    Run,
    Scene,
    Weight,
    plain,
)
from kiosk.core.screen import Outcome, Pressed, Screen, ScreenEvent, VisitScreen, under_way, visit_of
from kiosk.core.visit import Visit
from kiosk.topics.attack.messages import ToAttack, ToChoose
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.explain.messages import DrawMaps, MapsDrawn

LABELS = 4
CAPTION = 1.6
TITLES = ("explain.original", "explain.adversarial")


@dataclass(frozen=True, slots=True)
class Explain(VisitScreen):
    """The visit, the label asked for, and how far its maps are."""

    visit: Visit
    label: int
    wanted: bool = True
    job: int | None = None
    drawn: MapsDrawn | None = None
    lost: bool = False
    plain: bool = False
    picture = "adversarial"

    @property
    def held(self) -> tuple[int, ...]:
        """Return the job under way."""
        return under_way(self.job)

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Tick() if self.wanted and self.job is None and context.gradients.phase is Phase.READY:
                asked = replace(self, wanted=False, job=context.next_job, lost=False)
                return Outcome(asked, (DrawMaps(context.next_job, self.label, self.visit.shown),))
            case MapsDrawn(job) if job == self.job:
                return Outcome(replace(self, job=None, drawn=event, lost=False))
            case JobLost(job) if job == self.job:
                return Outcome(replace(self, job=None, lost=True))
            case GradientsChanged(health) if health.phase is Phase.LOST and self.job is not None:
                return Outcome(replace(self, job=None, lost=True), (DropJob(self.job),))
            case GradientsChanged(health) if health.phase is Phase.READY and self.lost:
                return Outcome(replace(self, wanted=True))
            case Pressed():
                return self._pressed(event, context)
            case _:
                return Outcome(self)

    def resumed(self, left: Screen, context: Context) -> Outcome:
        """Return it with its maps; those that were never drawn, or are of other noise, are drawn now."""
        del context
        visit = visit_of(left) or self.visit
        stale = self.drawn is None or visit.shown != self.visit.shown
        return Outcome(replace(self, visit=visit, job=None, wanted=stale))

    def _pressed(self, event: Pressed, context: Context) -> Outcome:
        match event:
            case Pressed("label", int(label)) if context.labels.name(label) is not None:
                if label == self.label and not self.lost:
                    return Outcome(self)
                asked = Explain(self.visit, label, plain=self.plain)
                return Outcome(asked, self.stopped())
            case Pressed("map"):
                return Outcome(replace(self, plain=not self.plain))
            case Pressed("retry"):
                return Outcome(replace(self, wanted=True, lost=False))
            case Pressed("back"):
                return Outcome(ToBack(ToAttack(self.visit)), self.stopped())
            case Pressed("cards"):
                return Outcome(ToCards(self.visit), self.stopped())
            case Pressed("other"):
                return Outcome(ToChoose(self.visit.afresh), self.stopped())
            case _:
                return Outcome(self)

    def offered(self, context: Context, count: int) -> tuple[int, ...]:
        """Return the labels that can be asked for: both answers, the one asked for, then the runners-up."""
        visit = self.visit
        ranked = [visit.original.first.label, visit.now.answer.first.label, self.label]
        for pair in zip(visit.now.answer.top[1:], visit.original.top[1:], strict=False):
            ranked += [row.label for row in pair]
        allowed = [label for label in dict.fromkeys(ranked) if context.labels.name(label) is not None]
        return tuple(allowed[:count])

    def view(self, context: Context) -> Scene:
        """Return both maps, the sentence, the legend, the labels to ask for."""
        layout = layout_of(context.panel)
        if context.panel.portrait:
            shown = "retry" if self.lost else "map_show" if self.plain else "map_hide"
            around = (
                ("back", "back", "back_attack"),
                ("retry", "again", shown) if self.lost else ("map", "eye", shown),
            )
            items, stage = header(context, layout, "why", (*around, ("again", "again", "again")))
            deck, rest = stage.foot(layout.deck), stage.above(layout.deck + layout.gap)
            side = (rest.w - layout.gap) // 2
            line = round(layout.touch * 0.9 + layout.caption * CAPTION)
            pair = rest.top(side + line)
            words = rest.under(pair.h + layout.gap)
        else:
            items, stage = header(
                context, layout, "why", (("back", "back", "back_attack"), ("again", "again", "again"))
            )
            deck, rest = stage.foot(layout.deck), stage.above(layout.deck + layout.gap)
            line = round(layout.caption * (2.9 + CAPTION))
            side = min(rest.h - line - layout.tight, round(rest.w * 0.33))
            pair = rest.left(side * 2 + layout.gap).top(side + line + layout.tight)
            words = rest.after(pair.w + layout.gap * 2)
        items += self._maps(context, layout, pair, side)
        items += self._words(context, layout, words)
        items += self._deck(context, layout, deck)
        on = "cards" if self.visit.shown else "other"
        return scene_of(context, "explain", items, "retry" if self.lost else on)

    def _maps(self, context: Context, layout: Layout, box: Box, side: int) -> list[Item]:
        """Return both pictures under their maps, with what the network says above and how sure it is below."""
        visit = self.visit
        answers = (visit.original, visit.now.told)
        mapped = self.drawn is not None and not self.plain
        keys = ("gradcam-original", "gradcam-adversarial") if mapped else ("original", "adversarial")
        evidence = (True, True)
        if self.drawn is not None:
            evidence = (self.drawn.original_evidence, self.drawn.adversarial_evidence)
        truth = visit.original.said
        items: list[Item] = []
        for number, cell in enumerate(columns(box, 2, layout.gap)):
            picture = Box(cell.x, cell.y + round(layout.caption * CAPTION), side, side)
            items.append(Picture(picture, keys[number], layout.radius))
            if mapped and not evidence[number]:
                strip = picture.foot(round(layout.caption * 1.8))
                nothing = context.texts("explain.nothing")
                items += [
                    Plate(strip, layout.radius // 2, Colour.INK),
                    sentence(
                        strip.inset(layout.tight, 0),
                        nothing,
                        layout.style(layout.caption, align=Align.CENTRE),
                    ),
                ]
            answer, caption = answers[number], cell.top(round(layout.caption * CAPTION))
            says = Colour.TRUTH if answer.said == truth else Colour.LIE
            told = context.texts(TITLES[number], label=rows_of(answer, context, 1)[0].name)
            items.append(
                sentence(caption, told, layout.style(layout.caption, colour=Colour.MUTE, accent=says))
            )
            row = Row(self.label, called(context, self.label), answer.confidence(self.label))
            below = cell.under(picture.bottom - cell.y + layout.tight)
            items += answer_row(context, layout, below, row, _tint(visit, self.label), large=True)
        return items

    def _words(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return the labels to ask for, one sentence, what it does not tell, and the legend."""
        texts = context.texts
        least = max(layout.least, context.panel.px(17.0 * layout.scale))
        across = max(2, min(LABELS, (box.w + layout.gap) // (least + layout.gap)))
        labels = self.offered(context, across)
        ask_h = round(layout.caption * 1.5)
        legend_h = round(layout.caption * 1.5)
        chips = box.foot(layout.touch)
        ask = Box(box.x, chips.y - ask_h, box.w, ask_h)
        legend = Box(box.x, ask.y - legend_h - layout.tight, box.w, legend_h)
        told = Box(box.x, box.y, box.w, legend.y - box.y - layout.tight)
        caution: tuple[Run, ...] = ()
        if self.drawn is None and context.gradients.given_up:
            text = texts("explain.never")
        elif self.lost:
            text = texts("explain.lost")
        elif self.drawn is None:
            text = texts("explain.drawing")
        else:
            text = texts("explain.sentence", label=called(context, self.label))
            caution = plain(" " + texts("explain.caution"), Colour.MUTE)
        accent = Colour.TRUTH if self.label == self.visit.original.first.label else Colour.LIE
        inner = told.inset(layout.gap, layout.tight // 2)
        told_words = sentence(inner, text, layout.style(layout.control, accent=accent, lines=8))
        items: list[Item] = [
            Plate(told, layout.radius),
            replace(told_words, runs=told_words.runs + caution),
            *_legend(context, layout, legend),
            sentence(
                ask,
                texts("explain.ask"),
                layout.style(layout.caption, colour=Colour.MUTE, weight=Weight.SEMIBOLD),
            ),
        ]
        for label, cell in zip(labels, columns(chips, len(labels), layout.gap), strict=True):
            tint = _tint(self.visit, label)
            chosen = label == self.label
            chip = tile(
                layout, ControlId("label", label), cell, called(context, label), size_px=layout.caption
            )
            items.append(replace(chip, tint=tint, outline=tint if chosen else Colour.LINE))
        return items

    def _deck(self, context: Context, layout: Layout, deck: Box) -> list[Item]:
        """Return the map on and off (in the header of tall panels), another lie, and what more there is to try."""
        texts = context.texts
        size = round(layout.control * 1.15)
        cells = [*columns(deck, 2 if context.panel.portrait else 3, layout.gap)]
        if not self.visit.shown:  # there is no noise yet that more could be tried with
            other = button(layout, "other", cells[-1], texts("control.another"), "other", size_px=size)
        else:
            other = button(layout, "other", cells[-2], texts("control.another"), "other")
        items: list[Item] = [other]
        if self.visit.shown:
            items.insert(0, button(layout, "cards", cells[-1], texts("control.cards"), "cards", size_px=size))
        if context.panel.portrait:
            return items
        shown = "control.map_show" if self.plain else "control.map_hide"
        if self.lost:
            return [*items, button(layout, "retry", cells[0], texts("control.retry"), "again")]
        return [*items, button(layout, "map", cells[0], texts(shown), "eye")]


def _tint(visit: Visit, label: int) -> Colour:
    """Return blue for what it said first, orange for what it says now."""
    if label == visit.original.first.label:
        return Colour.TRUTH
    return Colour.LIE if label == visit.now.answer.first.label else Colour.TEXT


def _legend(context: Context, layout: Layout, box: Box) -> list[Item]:
    """Return the scale of the maps between its two words."""
    word = round(layout.caption * 3.2)
    bar = Box(box.x + word, box.y, box.w - 2 * word, box.h).inset(layout.tight, box.h // 4)
    return [
        sentence(
            box.left(word), context.texts("explain.little"), layout.style(layout.caption, colour=Colour.MUTE)
        ),
        Legend(bar),
        sentence(
            Box(box.right - word, box.y, word, box.h),
            context.texts("explain.much"),
            layout.style(layout.caption, colour=Colour.MUTE, align=Align.RIGHT),
        ),
    ]
