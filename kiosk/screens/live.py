"""The screen with the camera: what it sees, what it says, and the shutter."""

from dataclasses import dataclass, replace

from kiosk.core.effects import DropJob, Effect, StartLive, StopLive, TakePicture
from kiosk.core.events import JobLost, LiveJudged, PictureTaken, Tick
from kiosk.core.layout import Layout, layout_of, rows
from kiosk.core.model import Answer, Visit
from kiosk.core.parts import answer_row, button, header, rows_of, scene_of, sentence, sureness
from kiosk.core.scene import (
    Align,
    Box,
    Colour,
    Item,
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
    Pressed,
    ScreenEvent,
    ToChoose,
    ToEnd,
    ToTeach,
    ToUpload,
    Way,
)

COUNT_FROM = 3
BEAT_S = 0.8
EASE_S = 0.15
NUDGE_BELOW = 0.25
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Live:
    """The smoothed answer, the countdown (when it began) and the job of the picture that is being taken."""

    since_s: float
    answer: Answer | None = None
    shares: tuple[tuple[int, float], ...] = ()
    eased_s: float = 0.0
    counting_since_s: float | None = None
    job: int | None = None
    failed: bool = False


def entering() -> tuple[Effect, ...]:
    """What has to start with this screen."""
    return (StartLive(),)


def update(slice_: Live, event: ScreenEvent, hall: Hall) -> tuple[Live | Way, tuple[Effect, ...]]:
    """The next slice or the way on."""
    match event:
        case Pressed("again"):
            return _left(slice_, ToEnd())
        case Pressed("teach") if hall.teaches:
            return _left(slice_, ToTeach())
        case Pressed("stick") if slice_.job is None:
            return ToUpload(), (StopLive(),)
        case Pressed("shoot") if slice_.counting_since_s is None and slice_.job is None:
            return replace(slice_, counting_since_s=hall.now_s, failed=False), ()
        case Tick():
            return _ticked(slice_, hall)
        case LiveJudged(answer):
            return replace(slice_, answer=answer), ()
        case PictureTaken(job, answer) if job == slice_.job:
            return ToChoose(Visit(answer)), ()
        case JobLost(job) if job == slice_.job:
            return replace(slice_, job=None, failed=True), (StartLive(),)
        case _:
            return slice_, ()


def _left(slice_: Live, way: Way) -> tuple[Way, tuple[Effect, ...]]:
    """The way on; nobody waits for a picture any more."""
    return way, (StopLive(),) if slice_.job is None else (StopLive(), DropJob(slice_.job))


def _ticked(slice_: Live, hall: Hall) -> tuple[Live, tuple[Effect, ...]]:
    """The bars a little nearer to their answer; at the end of the countdown the picture is taken."""
    began = slice_.counting_since_s
    if began is not None and hall.now_s - began >= COUNT_FROM * BEAT_S:
        taking = replace(slice_, counting_since_s=None, job=hall.next_job)
        return taking, (StopLive(), TakePicture(hall.next_job))
    if slice_.answer is None:
        return replace(slice_, eased_s=hall.now_s), ()
    part = min(1.0, max(0.0, hall.now_s - slice_.eased_s) / EASE_S)
    before = dict(slice_.shares)
    shares = tuple(
        (row.label, _nearer(before.get(row.label, 0.0), row.confidence, part)) for row in slice_.answer.top
    )
    return replace(slice_, shares=shares, eased_s=hall.now_s), ()


def _nearer(here: float, there: float, part: float) -> float:
    """A value on its way to another; it arrives when nobody could see the rest."""
    moved = here + (there - here) * part
    return there if abs(there - moved) < 0.004 else moved


def view(slice_: Live, hall: Hall) -> Scene:
    """The mirrored camera as large as it goes, the answer beside it, the shutter."""
    layout = layout_of(hall.panel)
    around = [("again", "again", "again")]
    if hall.stick:
        around.insert(0, ("stick", "stick", "stick"))
    if hall.teaches:
        around.insert(0, ("teach", "teach", "teach_more" if hall.taught else "teach"))
    top, stage = header(hall, layout, "show", around)
    shutter_h = round(layout.deck * 1.15)
    if hall.panel.portrait:
        shutter = stage.foot(shutter_h)
        rest = stage.above(shutter_h + layout.gap)
        side = min(rest.w, round(rest.h * 0.58))
        picture = Box(rest.x + (rest.w - side) // 2, rest.y, side, side)
        words = rest.under(side + layout.gap)
    else:
        side = min(stage.h, round(stage.w * 0.56))
        picture = stage.left(side).top(side)
        column = stage.after(side + layout.gap * 2)
        shutter = column.foot(shutter_h)
        words = column.above(shutter_h + layout.gap)
    items = [*top, *_camera(slice_, hall, layout, picture), *_says(slice_, hall, layout, words)]
    icon, key = ("camera", "live.shoot")
    if slice_.counting_since_s is not None:
        icon, key = ("hold", "live.hold")
    elif slice_.job is not None:
        icon, key = ("wait", "live.looking")
    size = round(layout.control * 1.25)
    items.append(button(layout, "shoot", shutter, hall.texts(key), icon, size_px=size))
    return scene_of(hall, "live", items, "shoot")


def _camera(slice_: Live, hall: Hall, layout: Layout, box: Box) -> list[Item]:
    """The camera's picture, mirrored as people know themselves; while it counts, a frame that empties."""
    frame = layout.tight
    picture = Picture(box.inset(frame), "camera", layout.radius, mirrored=True)
    if slice_.counting_since_s is None:
        return [picture]
    gone = (hall.now_s - slice_.counting_since_s) / BEAT_S
    beat = min(COUNT_FROM - 1, max(0, int(gone)))
    share = 1.0 - min(1.0, gone / COUNT_FROM)
    side = round(box.w * 0.3)
    badge = Box(box.right - side, box.bottom - side, side, side)
    return [
        Ring(box, share, Colour.TEXT, frame, layout.radius + frame),
        picture,
        Plate(badge, side // 2, Colour.INK),
        Words(
            badge.inset(side // 6),
            plain(str(COUNT_FROM - beat)),
            round(side * 0.6),
            layout.floor,
            Weight.EXTRABOLD,
            Align.CENTRE,
        ),
    ]


def _says(slice_: Live, hall: Hall, layout: Layout, box: Box) -> list[Item]:
    """What the network says now: one huge label, the runners-up, and a nudge where it only guesses."""
    line = round(layout.caption * 1.5)
    caption = hall.texts("live.sees")
    shown = rows_of(slice_.answer, hall, SHOWN) if slice_.answer else ()
    sure = shown[0].confidence if shown and shown[0].label is not None else None
    unsure = sure is None or sure < NUDGE_BELOW
    if sure is not None and not unsure:
        caption = hall.texts("live.sees_sure", sure=sureness(hall, sure))
    items: list[Item] = [
        sentence(box.top(line), caption, layout.caption, layout, colour=Colour.MUTE, weight=Weight.SEMIBOLD)
    ]
    nudge_h = round(layout.body * 2.8) if unsure or slice_.failed or not layout.compact else 0
    nudge_key = "live.nudge_taught" if hall.taught else "live.nudge"
    key = "live.failed" if slice_.failed else nudge_key if unsure else "live.ready"
    if nudge_h:
        tone = Colour.TEXT if unsure else Colour.MUTE
        nudge = box.foot(nudge_h)
        items.append(sentence(nudge, hall.texts(key), layout.body, layout, colour=tone, lines=3))
    body = box.under(line + layout.tight).above(nudge_h + layout.tight)
    first_h = round(layout.label * 1.8)
    room = body.h - first_h
    count = max(1, min(SHOWN, 1 + room // (round(layout.body * 1.35) + layout.tight * 2)))
    cells = [body.top(first_h), *rows(body.under(first_h + layout.tight), max(1, count - 1), layout.tight)]
    shares = dict(slice_.shares)
    limit = round(layout.body * 2.2)
    for number, (row, cell) in enumerate(zip(shown[:count], cells, strict=False)):
        share = shares.get(row.label, 0.0) if row.label is not None else row.confidence or 0.0
        cell = cell if number == 0 else cell.top(min(cell.h, limit))
        colour = Colour.TEXT if row.confidence is None else Colour.TRUTH
        items += answer_row(hall, layout, cell, row, colour, shown=share, large=number == 0)
    return items
