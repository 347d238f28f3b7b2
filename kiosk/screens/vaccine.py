"""The screen of the vaccine: what the attacked picture really is, and how far the teaching of it is."""

from dataclasses import dataclass, replace

from kiosk.core.effects import DropJob, Effect, GiveVaccine
from kiosk.core.events import GradientsChanged, JobLost, Tick, VaccineGiven, VaccineUnderWay
from kiosk.core.layout import Layout, best_across, grid, layout_of, rows
from kiosk.core.model import Phase, Visit
from kiosk.core.parts import button, called, headline, scene_of, sentence, tile
from kiosk.core.scene import Align, Bar, Box, Colour, Icon, Item, Picture, Plate, Scene, Weight, Words, plain
from kiosk.core.screen import Hall, Pressed, ScreenEvent, ToCards, ToEnd, ToVaccinated, Way
from kiosk.core.vaccine import Stage

STEPS = ("before", "learn", "after")
STEP_OF = {Stage.ATTACKING_BEFORE: 0, Stage.COPYING: 1, Stage.TRAINING: 1, Stage.ATTACKING_AFTER: 2}


@dataclass(frozen=True, slots=True)
class Vaccine:
    """The visit, what its picture really is, and how the job is: wanted, under way (`job`, its stage), or lost."""

    visit: Visit
    label: int
    wanted: bool = False
    job: int | None = None
    stage: Stage | None = None
    share: float = 0.0
    lost: bool = False

    @property
    def lie(self) -> int:
        """What the picture is taken for."""
        return self.visit.now.answer.first.label

    @property
    def busy(self) -> bool:
        """Whether it is being given, or soon will be."""
        return self.wanted or self.job is not None


Outcome = tuple[Vaccine | Way, tuple[Effect, ...]]


def opened(visit: Visit, hall: Hall) -> Vaccine:
    """The screen with the first answer to the clean picture that is not the lie."""
    taught = range(len(hall.labels.names))
    ranked = (row.label for row in visit.original.top if row.label in taught)
    lie = visit.now.answer.first.label
    return Vaccine(visit, next(label for label in (*ranked, *taught) if label != lie))


def update(slice_: Vaccine, event: ScreenEvent, hall: Hall) -> Outcome:
    """The next slice or the way on."""
    match event:
        case Tick() if slice_.wanted and hall.gradients.phase is Phase.READY:
            given = replace(slice_, wanted=False, job=hall.next_job)
            return given, (GiveVaccine(hall.next_job, slice_.visit.shown, slice_.label, slice_.lie),)
        case VaccineUnderWay(job, stage, share) if job == slice_.job:
            return replace(slice_, stage=stage, share=share), ()
        case VaccineGiven(job) if job == slice_.job and event.steps:
            shown = min(slice_.visit.shown, len(event.steps) - 1)
            visit = replace(slice_.visit, original=event.original, steps=event.steps, shown=shown)
            return ToVaccinated(visit, slice_.label, slice_.lie, event), ()
        case JobLost(job) if job == slice_.job:
            return _idle(slice_, lost=True), ()
        case GradientsChanged(health) if health.phase is Phase.LOST and slice_.job is not None:
            return _idle(slice_, lost=True), _dropped(slice_)
        case Pressed(control):
            return _pressed(slice_, control, hall)
        case _:
            return slice_, ()


def _pressed(slice_: Vaccine, control: str, hall: Hall) -> Outcome:
    match control.partition("-"):
        case ("label", _, number) if int(number) in range(len(hall.labels.names)) and not slice_.busy:
            return replace(slice_, label=int(number)), ()
        case ("give", _, _) if not slice_.busy:
            return Vaccine(slice_.visit, slice_.label, wanted=True), ()
        case ("cancel", _, _):
            return _idle(slice_), _dropped(slice_)
        case ("back", _, _):
            return ToCards(slice_.visit), _dropped(slice_)
        case ("again", _, _):
            return ToEnd(), _dropped(slice_)
        case _:
            return slice_, ()


def _idle(slice_: Vaccine, *, lost: bool = False) -> Vaccine:
    """Nothing is under way any more."""
    return Vaccine(slice_.visit, slice_.label, lost=lost)


def _dropped(slice_: Vaccine) -> tuple[Effect, ...]:
    """Nobody waits for the vaccine any more."""
    return () if slice_.job is None else (DropJob(slice_.job),)


def view(slice_: Vaccine, hall: Hall) -> Scene:
    """The picture with its lie; beside it what it can really be, or how far the teaching is."""
    layout = layout_of(hall.panel)
    title = "lost" if slice_.lost else "busy" if slice_.busy else "ask"
    text = hall.texts(f"vaccine.{title}", label=called(hall, slice_.label))
    leave = ("cancel", "cancel", "cancel") if slice_.busy else ("back", "back", "back")
    headed, stage = headline(hall, layout, text, (leave, ("again", "again", "again")))
    deck, rest = stage.foot(layout.deck), stage.above(layout.deck + layout.gap)
    if slice_.busy:  # there is nothing to press
        rest = stage
    line = round(layout.control * 2.2)
    if hall.panel.portrait:
        side = min(rest.w, round(rest.h * 0.5) - line)
        beside = rest.under(side + line + layout.gap)
        picture = Box(rest.x + (rest.w - side) // 2, rest.y, side, side)
    else:
        side = min(rest.h - line, round(rest.w * 0.42))
        beside = rest.after(side + layout.gap * 2)
        picture = rest.left(side).top(side)
    said = hall.texts("vaccine.says", label=called(hall, slice_.lie))
    told = Box(picture.x, picture.bottom, side, line)
    align = Align.CENTRE if hall.panel.portrait else Align.LEFT
    items: list[Item] = [
        Picture(picture, "adversarial", layout.radius, outline=Colour.LIE),
        sentence(told, said, layout.control, layout, weight=Weight.SEMIBOLD, align=align, lines=2),
    ]
    if slice_.busy:
        return scene_of(hall, "vaccine", [*headed, *items, *_progress(slice_, hall, layout, beside)], "")
    key, icon = ("control.retry", "again") if slice_.lost else ("vaccine.give", "vaccine")
    give = button(layout, "give", deck, hall.texts(key), icon, size_px=round(layout.control * 1.2))
    shown = _lost(hall, layout, beside) if slice_.lost else _choice(slice_, hall, layout, beside)
    return scene_of(hall, "vaccine", [give, *shown, *headed, *items], "give")


def _choice(slice_: Vaccine, hall: Hall, layout: Layout, box: Box) -> list[Item]:
    """The question, all labels but the lie, and what the vaccine does."""
    labels = [label for label in range(len(hall.labels.names)) if label != slice_.lie]
    icons = {offered.label: offered.icon for offered in hall.labels.tiles}
    said, cells = _wall(hall, layout, box, len(labels))
    tiles: list[Item] = []
    for label, cell in zip(labels, cells, strict=True):
        control = tile(layout, f"label-{label}", cell, called(hall, label), icons.get(label, ""))
        if label == slice_.label:
            control = replace(control, outline=Colour.TRUTH, tint=Colour.TRUTH)
        tiles.append(control)
    return [*tiles, *said]


def _wall(hall: Hall, layout: Layout, box: Box, count: int) -> tuple[list[Item], tuple[Box, ...]]:
    """The words around so many tiles, and where those lie; where tiles would be too small, words make room."""
    line, note = round(layout.body * 1.5), round(layout.body * 2.8)
    ask = sentence(box.top(line), hall.texts("vaccine.which"), layout.body, layout, colour=Colour.MUTE)
    idea = sentence(
        box.foot(note), hall.texts("vaccine.idea"), layout.body, layout, colour=Colour.MUTE, lines=2
    )
    for said, above, below in (([ask, idea], line, note), ([ask], line, 0), ([], 0, 0)):
        wall = box.under(above + layout.tight).above(below + layout.tight)
        cells = grid(wall, count, best_across(wall, count, layout.gap, 1.3, layout.least), layout.gap)
        if cells[-1].h >= layout.least:
            return [*said], cells
    return [], cells


def _lost(hall: Hall, layout: Layout, box: Box) -> list[Item]:
    """That nothing has changed."""
    note = hall.texts("vaccine.lost_note")
    return [sentence(box, note, layout.control, layout, colour=Colour.MUTE, lines=5)]


def _progress(slice_: Vaccine, hall: Hall, layout: Layout, box: Box) -> list[Item]:
    """The three steps of a vaccination, one below the other; the present one with its bar."""
    now = -1 if slice_.stage is None else STEP_OF[slice_.stage]
    items: list[Item] = []
    for number, (step, cell) in enumerate(zip(STEPS, rows(box, len(STEPS), layout.gap), strict=True)):
        here = number == now
        key = "copy" if here and slice_.stage is Stage.COPYING else step
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
                words.above(thick + layout.tight), hall.texts(f"vaccine.{key}"), layout.control, layout,
                colour=tint, weight=weight, lines=3,
            ),
        ]  # fmt: skip
        if here:
            items.append(Bar(words.foot(thick), slice_.share, Colour.TEXT))
    return items


def _mark(layout: Layout, box: Box, number: int, now: int, tint: Colour) -> list[Item]:
    """A tick for a step that is done, an hourglass for the present one, its number for one to come."""
    if number <= now:
        return [Icon(box, "wait" if number == now else "done", tint)]
    size = min(layout.label, box.h)
    return [
        Words(box, plain(str(number + 1), tint), size, layout.caption_floor, Weight.SEMIBOLD, Align.CENTRE)
    ]
