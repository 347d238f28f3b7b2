"""The screens for what is missing: no camera, no model yet; calm words and what is still possible."""

from dataclasses import dataclass, replace

from kiosk.core.effects import Effect, TakeStockPicture
from kiosk.core.events import JobLost, PictureTaken, Tick
from kiosk.core.layout import Layout, layout_of
from kiosk.core.model import Phase, Visit
from kiosk.core.parts import button, header, scene_of, sentence, staff_corner
from kiosk.core.scene import Align, Bar, Box, Colour, Icon, Item, Plate, Scene, Weight
from kiosk.core.screen import (
    Hall,
    Pressed,
    ScreenEvent,
    ToAttract,
    ToChoose,
    ToEnd,
    ToLive,
    ToUpload,
    Way,
)


@dataclass(frozen=True, slots=True)
class NoCamera:
    """A visit without a camera: one of our own pictures can be taken instead (`job` while it comes)."""

    job: int | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class NoModel:
    """There is nothing that could look at a picture (yet); `awaited` by somebody who touched the screen."""

    awaited: bool = False


def update_camera(
    slice_: NoCamera, event: ScreenEvent, hall: Hall
) -> tuple[NoCamera | Way, tuple[Effect, ...]]:
    """The next slice or the way on; a camera that comes back is used at once."""
    match event:
        case Tick() if hall.camera and slice_.job is None:
            return ToLive(), ()
        case Pressed("stock") if slice_.job is None:
            return NoCamera(hall.next_job), (TakeStockPicture(hall.next_job),)
        case Pressed("stick") if slice_.job is None:
            return ToUpload(), ()
        case PictureTaken(job, answer) if job == slice_.job:
            return ToChoose(Visit(answer)), ()
        case JobLost(job) if job == slice_.job:
            return replace(slice_, job=None, failed=True), ()
        case Pressed("again"):
            return ToEnd(), ()
        case _:
            return slice_, ()


def update_model(slice_: NoModel, event: ScreenEvent, hall: Hall) -> tuple[NoModel | Way, tuple[Effect, ...]]:
    """The next slice, or the way on as soon as there is a model."""
    del event
    if hall.model.phase is not Phase.READY:
        return slice_, ()
    return (ToLive() if slice_.awaited else ToAttract()), ()


def _calm(hall: Hall, layout: Layout, stage: Box, icon: str, title: str, note: str) -> tuple[list[Item], Box]:
    """A drawing, a large line, a quiet one; and the box for what follows."""
    deck = round(layout.deck * 1.15)
    foot = stage.foot(deck)
    rest = stage.above(deck + layout.gap)
    if hall.panel.portrait:
        side = round(rest.w * 0.62)
        drawing = Box(rest.x + (rest.w - side) // 2, rest.y + round(rest.h * 0.06), side, side)
        words = rest.under(drawing.bottom - rest.y + layout.gap)
        align = Align.CENTRE
    else:
        side = min(rest.h, round(rest.w * 0.38))
        drawing = Box(rest.x, rest.y + (rest.h - side) // 2, side, side)
        words = rest.after(side + layout.gap * 3)
        width = words.w
        foot = Box(words.x, foot.y, width, foot.h)
        align = Align.LEFT
    cut = round(words.h * 0.5)
    items: list[Item] = [
        Plate(drawing, layout.radius),
        Icon(drawing.square(round(drawing.w * 0.56)), icon, Colour.MUTE),
        sentence(
            words.top(cut), hall.texts(title), round(layout.label * 1.3), layout,
            weight=Weight.EXTRABOLD, align=align, lines=3,
        ),
        sentence(
            words.under(cut), hall.texts(note), layout.control, layout,
            colour=Colour.MUTE, align=align, lines=5, middle=False,
        ),
    ]  # fmt: skip
    return items, foot


def view_camera(slice_: NoCamera, hall: Hall) -> Scene:
    """No camera, said calmly; our own picture is the next action."""
    layout = layout_of(hall.panel)
    around = (("stick", "stick", "stick"),) if hall.stick else ()
    items, stage = header(hall, layout, "show", (*around, ("again", "again", "again")))
    note = "fault.stock_failed" if slice_.failed else "fault.camera_note"
    calm, foot = _calm(hall, layout, stage, "no-camera", "fault.camera", note)
    key = "live.looking" if slice_.job is not None else "control.stock"
    size = round(layout.control * 1.2)
    items += [*calm, button(layout, "stock", foot, hall.texts(key), "picture", size_px=size)]
    return scene_of(hall, "no-camera", items, "stock")


def view_model(slice_: NoModel, hall: Hall) -> Scene:
    """Getting ready with its progress, or what the staff should do."""
    del slice_
    layout = layout_of(hall.panel)
    missing = hall.model.phase is Phase.LOST
    name = "model-missing" if missing else "model-warming"
    title, note = ("fault.model", "fault.model_note") if missing else ("fault.warming", "fault.warming_note")
    items, foot = _calm(hall, layout, layout.page, "wrench" if missing else "wait", title, note)
    if not missing:
        bar = Box(foot.x, foot.y + foot.h // 3, foot.w, max(8, layout.tight * 2))
        items.append(Bar(bar, hall.model.progress or 0.0, Colour.TEXT))
    items.append(staff_corner(hall, layout))
    return scene_of(hall, name, items, "")
