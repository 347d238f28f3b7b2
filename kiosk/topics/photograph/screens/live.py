"""The screen with the camera: what it sees, what it says, and the shutter."""

from dataclasses import dataclass, field, replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout, layout_of, rows
from kiosk.core.message import Count, Effect, JobLost, Tick, Way
from kiosk.core.parts import (
    COUNT_S,
    answer_row,
    button,
    countdown,
    eased,
    rows_of,
    scene_of,
    sentence,
    sureness,
)
from kiosk.core.pieces.frame import Labelled, framed
from kiosk.core.scene import (
    Align,
    Box,
    Colour,
    Icon,
    Item,
    Picture,
    Plate,
    Scene,
    Weight,
)
from kiosk.core.screen import Outcome, Pressed, Screen, ScreenEvent, VisitScreen, under_way
from kiosk.core.visit import Answer
from kiosk.topics.photograph.facts import Hint, SteadyHint, hint_for
from kiosk.topics.photograph.messages import (
    LiveJudged,
    MapLive,
    PictureTaken,
    StartLive,
    Stick,
    StopLive,
    TakePicture,
    ToFirstAnswer,
    ToLive,
    ToUpload,
)
from kiosk.topics.photograph.screens.shutter import SHUTS_S, shutter
from kiosk.topics.teaching.messages import ToTeach

EASE_S = 0.15
NUDGE_BELOW = 0.25
SHOWN = 5
HINT_ICONS = {
    Hint.DARK: "train",  # a bulb
    Hint.STILL: "hold",
    Hint.PERSON: "no-person",
    Hint.ONE: "one",
    Hint.EMPTY: "hand",
    Hint.CLOSER: "closer",
    Hint.STRANGE: "no-person",
}


@dataclass(frozen=True, slots=True)
class Live(VisitScreen):
    """The smoothed answer, the countdown (when it began), the job of the picture that is being taken since `shot_s`.

    `maps` says that the picture can be `mapped`: bright where the answer leans on it.
    """

    since_s: float
    answer: Answer | None = None
    shares: tuple[tuple[int, float], ...] = ()
    eased_s: float = 0.0
    counting_since_s: float | None = None
    job: int | None = None
    shot_s: float = 0.0
    failed: bool = False
    hint: SteadyHint = field(default=SteadyHint())
    maps: bool = False
    mapped: bool = False

    needs_camera = True

    @property
    def held(self) -> tuple[int, ...]:
        """Return the job of the picture that is being taken."""
        return under_way(self.job)

    @property
    def awaits(self) -> bool:
        """Return whether the first look at anything, or the picture's, is still to come."""
        return self.answer is None or bool(self.held)

    def stopped(self) -> tuple[Effect, ...]:
        """Return the end of the camera's frames, and of the picture that is being taken."""
        return (StopLive(), *VisitScreen.stopped(self))

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Pressed("teach") if context.teaches:
                return self._left(ToTeach())
            case Pressed("stick") if self.job is None:
                return Outcome(ToUpload(), (StopLive(),))
            case Pressed("shoot") if self.counting_since_s is None and self.job is None:
                return Outcome(replace(self, counting_since_s=context.now_s, failed=False))
            case Pressed("map") if self.maps and self.job is None:
                return Outcome(replace(self, mapped=not self.mapped), (MapLive(not self.mapped),))
            case Tick():
                return self._ticked(context)
            case LiveJudged(answer, seen, maps):
                hint = None if seen is None else hint_for(seen, answer, context.labels, taught=context.taught)
                heard = self.hint.heard(hint, context.now_s)
                return Outcome(
                    replace(self, answer=answer, hint=heard, maps=maps, mapped=self.mapped and maps)
                )
            case PictureTaken(job, answer) if job == self.job:
                return Outcome(ToFirstAnswer(answer, own=context.sees), (Count(("pictures",)),))
            case JobLost(job) if job == self.job:
                return Outcome(replace(self, job=None, failed=True, mapped=False), (StartLive(),))
            case _:
                return Outcome(self)

    def resumed(self, left: Screen, context: Context) -> Outcome:
        """Return the way in, where all is looked at that a picture needs."""
        del left, context
        return Outcome(ToLive())

    def _left(self, way: Way) -> Outcome:
        """Return the way on; what began here stops."""
        return Outcome(way, self.stopped())

    def _ticked(self, context: Context) -> Outcome:
        """Return the bars a little nearer to their answer; at the end of the countdown the picture is taken."""
        began = self.counting_since_s
        if began is not None and context.now_s - began >= COUNT_S:
            taking = replace(self, counting_since_s=None, job=context.next_job, shot_s=context.now_s)
            return Outcome(taking, (StopLive(), TakePicture(context.next_job)))
        if self.answer is None:
            return Outcome(replace(self, eased_s=context.now_s))
        part = min(1.0, max(0.0, context.now_s - self.eased_s) / EASE_S)
        before = dict(self.shares)
        shares = tuple(
            (row.label, _nearer(before.get(row.label, 0.0), row.confidence, part)) for row in self.answer.top
        )
        return Outcome(replace(self, shares=shares, eased_s=context.now_s))

    def view(self, context: Context) -> Scene:
        """Return the mirrored camera as large as it goes, the answer beside it, the shutter."""
        layout = layout_of(context.panel)
        others = []
        if context.teaches:
            others.append(Labelled("teach", "teach", "teach_more" if context.taught else "teach"))
        stick = context.fact(Stick).found
        if self.mapped or (self.maps and not stick):  # both would leave the shutter too little room
            others.append(Labelled("map", "eye", "live.unmap" if self.mapped else "live.map"))
        elif stick:
            others.append(Labelled("stick", "stick", "stick"))
        frame = framed(context, layout, step="show", back=None, others=others)
        stage = frame.stage
        if context.panel.portrait:
            side = min(stage.w, round(stage.h * 0.58))
            picture = Box(stage.x + (stage.w - side) // 2, stage.y, side, side)
            words = stage.under(side + layout.gap)
        else:
            side = min(stage.h, round(stage.w * 0.56))
            picture = stage.left(side).top(side)
            words = stage.after(side + layout.gap * 2)
        items = [*frame.items, *self._camera(context, layout, picture), *self._says(context, layout, words)]
        icon, key = ("camera", "live.shoot")
        if self.counting_since_s is not None:
            icon, key = ("hold", "live.hold")
        elif self.job is not None:
            icon, key = ("wait", "live.looking")
        size = round(layout.control * 1.25)
        shoot = button(layout, "shoot", frame.deck, context.texts(key), icon, size_px=size)
        items.append(replace(shoot, off=icon != "camera"))
        return scene_of(context, "live", items, "shoot")

    def _camera(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return the camera's picture, mirrored as people know themselves; while it counts, a frame that empties."""
        frame = layout.tight
        shown: list[Item] = [Picture(box.inset(frame), "camera", layout.radius, mirrored=context.sees)]
        if not context.sees:
            shown += _not_the_camera(context, layout, box.inset(frame))
        if self.job is not None:
            shown += shutter(box.inset(frame), eased(self.shot_s, context.now_s, SHUTS_S))
        if self.counting_since_s is None:
            return shown
        return countdown(layout, box, shown, context.now_s - self.counting_since_s)

    def _says(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return what the network says now: one huge label, the runners-up, and a nudge where it only guesses."""
        line = round(layout.caption * 1.5)
        caption = context.texts("live.sees" if context.sees else "live.stock_sees")
        shown = rows_of(self.answer, context, SHOWN) if self.answer else ()
        sure = shown[0].confidence if shown and shown[0].label is not None else None
        unsure = sure is None or sure < NUDGE_BELOW or not context.sees
        if sure is not None and not unsure:
            caption = context.texts("live.sees_sure", sure=sureness(context, sure))
        items: list[Item] = [
            sentence(
                box.top(line),
                caption,
                layout.style(layout.caption, colour=Colour.MUTE, weight=Weight.SEMIBOLD),
            )
        ]
        nudge_h = round(layout.body * 2.8)
        items += self._hint(context, layout, box.foot(nudge_h), unsure=unsure)
        body = box.under(line + layout.tight).above(nudge_h + layout.tight)
        first_h = round(layout.label * 1.8)
        room = body.h - first_h
        count = max(1, min(SHOWN, 1 + room // (round(layout.body * 1.35) + layout.tight * 2)))
        cells = [
            body.top(first_h),
            *rows(body.under(first_h + layout.tight), max(1, count - 1), layout.tight),
        ]
        shares = dict(self.shares)
        limit = round(layout.body * 2.2)
        for number, (row, cell) in enumerate(zip(shown[:count], cells, strict=False)):
            share = shares.get(row.label, 0.0) if row.label is not None else row.confidence or 0.0
            cell = cell if number == 0 else cell.top(min(cell.h, limit))
            colour = Colour.TEXT if row.confidence is None else Colour.TRUTH
            items += answer_row(context, layout, cell, row, colour, shown=share, large=number == 0)
        return items

    def _hint(self, context: Context, layout: Layout, box: Box, *, unsure: bool) -> list[Item]:
        """Return what would help now, with its drawing; where nothing has to, that a picture can be taken."""
        hint = self.hint.shown if context.sees else None
        icon, key, tone = "", "live.ready", Colour.MUTE
        if self.failed:
            key, tone = "live.failed", Colour.TEXT
        elif self.mapped:
            icon, key, tone = "eye", "live.mapped", Colour.TEXT
        elif not context.sees:
            key, tone = "live.stock_nudge", Colour.TEXT
        elif hint is not None:
            icon, key, tone = HINT_ICONS[hint], f"hint.{hint.value}", Colour.TEXT
        elif unsure:
            icon, key, tone = "hand", "live.nudge_taught" if context.taught else "hint.empty", Colour.TEXT
        words, style = box, layout.style(layout.body, colour=tone, lines=3)
        items: list[Item] = []
        if icon:
            style = layout.style(layout.control, colour=tone, weight=Weight.SEMIBOLD, lines=3)
            side = round(layout.body * 1.9)
            items.append(Icon(box.left(side).square(side), icon, tone))
            words = box.after(side + layout.tight * 2)
        return [*items, sentence(words, context.texts(key), style)]


def _not_the_camera(context: Context, layout: Layout, box: Box) -> list[Item]:
    """Return what visitors read over pictures that are not of their own: across the top, where nothing else lies."""
    strip = box.top(round(layout.body * 4.2))
    words = strip.inset(layout.tight * 2, layout.tight // 2)
    style = layout.style(layout.body, weight=Weight.EXTRABOLD, align=Align.CENTRE, lines=3)
    return [
        Plate(strip, layout.radius, Colour.INK, Colour.TEXT),
        sentence(words, context.texts("live.stock"), style),
    ]


def _nearer(here: float, there: float, part: float) -> float:
    """Return a value on its way to another; it arrives when the rest cannot be seen."""
    moved = here + (there - here) * part
    return there if abs(there - moved) < 0.004 else moved
