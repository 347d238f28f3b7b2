"""The screen of the vaccine: what the attacked picture really is, and how far the teaching of it is."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.health import Phase
from kiosk.core.layout import Layout, best_across, grid, layout_of, rows
from kiosk.core.message import GradientsChanged, JobLost, Tick, ToBack
from kiosk.core.parts import button, called, scene_of, sentence, tile
from kiosk.core.pieces.frame import BACK, CANCEL, framed
from kiosk.core.scene import (
    Align,
    Bar,
    Box,
    Colour,
    ControlId,
    Icon,
    Item,
    Picture,
    Plate,
    Scene,
    Weight,
    Words,
    plain,
)
from kiosk.core.screen import Outcome, Pressed, ScreenEvent, TeachingScreen, under_way
from kiosk.core.visit import Rating, Visit
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.vaccine.facts import Stage
from kiosk.topics.vaccine.messages import GiveVaccine, ToVaccinated, VaccineGiven, VaccineUnderWay

STEPS = ("before", "learn", "after")
STEP_OF = {Stage.ATTACKING_BEFORE: 0, Stage.COPYING: 1, Stage.TRAINING: 1, Stage.ATTACKING_AFTER: 2}


@dataclass(frozen=True, slots=True)
class Vaccine(TeachingScreen):
    """The visit, what its picture really is, and how the job is: wanted, under way (`job`, its stage), or lost."""

    visit: Visit
    label: int
    wanted: bool = False
    job: int | None = None
    stage: Stage | None = None
    share: float = 0.0
    lost: bool = False
    picture = "adversarial"
    passing = True

    @property
    def held(self) -> tuple[int, ...]:
        """Return the job under way."""
        return under_way(self.job)

    @property
    def lie(self) -> int:
        """Return what the picture is taken for."""
        return self.visit.now.answer.first.label

    @property
    def busy(self) -> bool:
        """Return whether it is being given, or soon will be."""
        return self.wanted or self.job is not None

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Tick() if self.wanted and context.gradients.phase is Phase.READY:
                given = replace(self, wanted=False, job=context.next_job)
                return Outcome(given, (GiveVaccine(context.next_job, self.visit.loud, self.label, self.lie),))
            case VaccineUnderWay(job, stage, share) if job == self.job:
                return Outcome(replace(self, stage=stage, share=share))
            case VaccineGiven(job) if job == self.job and event.steps:
                again = zip(event.steps, self.visit.steps, strict=False)
                steps = tuple(replace(step, quiet=before.quiet) for step, before in again)
                shown = min(self.visit.shown, len(steps) - 1)
                visit = replace(self.visit, original=event.original, steps=steps, shown=shown)
                return Outcome(ToVaccinated(visit, self.label, self.lie, event))
            case JobLost(job) if job == self.job:
                return Outcome(self._idle(lost=True))
            case GradientsChanged(health) if health.phase is Phase.LOST and self.job is not None:
                return Outcome(self._idle(lost=True), self.stopped())
            case Pressed():
                return self._pressed(event, context)
            case _:
                return Outcome(self)

    def _pressed(self, event: Pressed, context: Context) -> Outcome:
        match event:
            case Pressed("label", int(label)) if label in range(len(context.labels.names)) and not self.busy:
                return Outcome(replace(self, label=label))
            case Pressed("give") if not self.busy:
                return Outcome(Vaccine(self.visit, self.label, wanted=True))
            case Pressed("cancel"):
                return Outcome(self._idle(), self.stopped())
            case Pressed("back"):
                return Outcome(ToBack(ToCards(self.visit)), self.stopped())
            case _:
                return Outcome(self)

    def _idle(self, *, lost: bool = False) -> "Vaccine":
        """Return nothing is under way any more."""
        return Vaccine(self.visit, self.label, lost=lost)

    def view(self, context: Context) -> Scene:
        """Return the picture with its lie; beside it what it can really be, or how far the teaching is."""
        layout = layout_of(context.panel)
        title = "lost" if self.lost else "busy" if self.busy else "ask"
        text = context.texts(f"vaccine.{title}", label=called(context, self.label))
        frame = framed(context, layout, text, back=CANCEL if self.busy else BACK, deck=int(not self.busy))
        headed, rest, deck = frame.items, frame.stage, frame.deck
        line = round(layout.control * 2.2)
        if context.panel.portrait:
            side = min(rest.w, round(rest.h * 0.5) - line)
            beside = rest.under(side + line + layout.gap)
            picture = Box(rest.x + (rest.w - side) // 2, rest.y, side, side)
        else:
            side = min(rest.h - line, round(rest.w * 0.42))
            beside = rest.after(side + layout.gap * 2)
            picture = rest.left(side).top(side)
        said = context.texts("vaccine.says", label=called(context, self.lie))
        told = Box(picture.x, picture.bottom, side, line)
        align = Align.CENTRE if context.panel.portrait else Align.LEFT
        items: list[Item] = [
            Picture(picture, "adversarial", layout.radius, outline=Colour.LIE),
            sentence(told, said, layout.style(layout.control, weight=Weight.SEMIBOLD, align=align, lines=2)),
        ]
        if self.busy:
            return scene_of(
                context, "vaccine", [*headed, *items, *self._progress(context, layout, beside)], ""
            )
        key, icon = ("control.retry", "again") if self.lost else ("vaccine.give", "vaccine")
        give = button(layout, "give", deck, context.texts(key), icon, size_px=round(layout.control * 1.2))
        shown = _lost(context, layout, beside) if self.lost else self._choice(context, layout, beside)
        return scene_of(context, "vaccine", [give, *shown, *headed, *items], "give")

    def _choice(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return the question, all labels but the lie, and what the vaccine does."""
        labels = [label for label in range(len(context.labels.names)) if label != self.lie]
        icons = {offered.label: offered.icon for offered in context.labels.tiles}
        said, cells = _wall(context, layout, box, len(labels))
        tiles: list[Item] = []
        for label, cell in zip(labels, cells, strict=True):
            control = tile(
                layout, ControlId("label", label), cell, called(context, label), icons.get(label, "")
            )
            if label == self.label:
                control = replace(control, outline=Colour.TRUTH, tint=Colour.TRUTH)
            tiles.append(control)
        return [*tiles, *said]

    def _progress(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return the three steps of a vaccination, one below the other; the present one with its bar."""
        now = -1 if self.stage is None else STEP_OF[self.stage]
        items: list[Item] = []
        for number, (step, cell) in enumerate(zip(STEPS, rows(box, len(STEPS), layout.gap), strict=True)):
            here = number == now
            key = "copy" if here and self.stage is Stage.COPYING else step
            inner = cell.inset(layout.gap, layout.tight)
            side = min(inner.h, round(layout.control * 1.5))
            mark = Box(inner.x, inner.y + (inner.h - side) // 2, side, side)
            words = inner.after(side + layout.gap)
            thick = max(8, layout.tight * 2)
            tint = Colour.TEXT if here else Colour.MUTE
            weight = Weight.SEMIBOLD if here else Weight.REGULAR
            items += [
                Plate(cell, layout.radius, outline=Colour.TEXT if here else None),
                *_mark(layout, mark, number, now, tint),
                sentence(
                    words.above(thick + layout.tight),
                    context.texts(f"vaccine.{key}"),
                    layout.style(layout.control, colour=tint, weight=weight, lines=3),
                ),
            ]
            if here:
                items.append(Bar(words.foot(thick), self.share, Colour.TEXT))
        return items


def opened(visit: Visit, context: Context) -> Vaccine:
    """Return the screen with the first answer to the clean picture that is not the lie, nor wrong to the visitor."""
    taught = range(len(context.labels.names))
    lie = visit.now.answer.first.label
    likely = [row.label for row in visit.original.top if row.label in taught]
    likely += [label for label in taught if label not in likely]
    if visit.rated is Rating.WRONG and visit.original.known:
        likely.append(likely.pop(0))
    return Vaccine(visit, next(label for label in likely if label != lie))


def _wall(context: Context, layout: Layout, box: Box, count: int) -> tuple[list[Item], tuple[Box, ...]]:
    """Return the words around so many tiles, and where those lie; where tiles would be too small, words make room."""
    line, note = round(layout.body * 1.5), round(layout.body * 2.8)
    ask = sentence(
        box.top(line), context.texts("vaccine.which"), layout.style(layout.body, colour=Colour.MUTE)
    )
    idea = sentence(
        box.foot(note), context.texts("vaccine.idea"), layout.style(layout.body, colour=Colour.MUTE, lines=2)
    )
    for said, above, below in (([ask, idea], line, note), ([ask], line, 0), ([], 0, 0)):
        wall = layout.reached(box.under(above + layout.tight).above(below + layout.tight))
        cells = grid(wall, count, best_across(wall, count, layout.gap, 1.3, layout.least), layout.gap)
        if cells[-1].h >= layout.least:
            return [*said], cells
    return [], cells


def _lost(context: Context, layout: Layout, box: Box) -> list[Item]:
    """Return that nothing has changed."""
    note = context.texts("vaccine.lost_note")
    return [sentence(box, note, layout.style(layout.control, colour=Colour.MUTE, lines=5))]


def _mark(layout: Layout, box: Box, number: int, now: int, tint: Colour) -> list[Item]:
    """Return a tick for a step that is done, an hourglass for the present one, its number for one to come."""
    if number <= now:
        return [Icon(box, "wait" if number == now else "done", tint)]
    size = min(layout.label, box.h)
    return [
        Words(box, plain(str(number + 1), tint), size, layout.caption_floor, Weight.SEMIBOLD, Align.CENTRE)
    ]
