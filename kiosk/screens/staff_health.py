"""The staff's first screen: how every part of the exhibit is, a tile each, and what to do where it is not well."""

from dataclasses import dataclass, replace

from kiosk.core.effects import Effect, ForgetCrash, ReadBoard
from kiosk.core.events import BoardRead, Tick
from kiosk.core.layout import Layout, best_across, grid
from kiosk.core.model import Health, Phase
from kiosk.core.parts import scene_of, sentence
from kiosk.core.scene import Box, Colour, Control, Icon, Item, Look, Plate, Scene, Weight
from kiosk.core.screen import Hall, Pressed, ScreenEvent, Way
from kiosk.core.staff import StaffPage
from kiosk.core.staff_parts import foot_controls, led, matter, staff_frame
from kiosk.device.findings import CRASH, Finding, Level

READ_EVERY_S = 3.0
ICONS = {Level.OK: "enter", Level.WARNING: "warning", Level.FAILED: "cross"}
TILE_SHAPE = 1.9
LONGEST = 40


@dataclass(frozen=True, slots=True)
class StaffHealth:
    """What was read of the board, when it is read next, and the part that was asked about."""

    findings: tuple[Finding, ...] = ()
    due_s: float = 0.0
    asked: str = ""


def update(
    slice_: StaffHealth, event: ScreenEvent, hall: Hall
) -> tuple[StaffHealth | Way, tuple[Effect, ...]]:
    """The next slice or the way on."""
    match event:
        case Tick() if hall.now_s >= slice_.due_s:
            return replace(slice_, due_s=hall.now_s + READ_EVERY_S), (ReadBoard(),)
        case BoardRead(findings):
            return replace(slice_, findings=findings), ()
        case Pressed("seen"):
            return replace(slice_, asked=""), (ForgetCrash(),)
        case Pressed("back"):
            return replace(slice_, asked=""), ()
        case Pressed(control):
            kind, _, what = control.partition("-")
            if kind == "part":
                return replace(slice_, asked=what), ()
            return led(control) or slice_, ()
        case _:
            return slice_, ()


def parts_found(slice_: StaffHealth, hall: Hall) -> tuple[Finding, ...]:
    """A finding for every part: camera, model and gradient process as the exhibit knows them, then the board."""
    texts = hall.texts
    camera = Finding("camera", Level.OK, texts("health.ready"))
    if not hall.camera:
        camera = Finding("camera", Level.WARNING, texts("health.lost"), texts("health.camera_advice"))
    model = _part(hall, "model", hall.model, "health.model_advice")
    gradients = _part(hall, "gradient process", hall.gradients, "health.gradients_advice")
    return (camera, model, gradients, *slice_.findings)


def _part(hall: Hall, what: str, health: Health, advice: str) -> Finding:
    """How a part of the exhibit is."""
    match health.phase:
        case Phase.READY:
            return Finding(what, Level.OK, hall.texts("health.ready"))
        case Phase.WARMING:
            return Finding(what, Level.OK, hall.texts("health.warming"))
        case Phase.LOST:
            return Finding(what, Level.FAILED, health.reason or hall.texts("health.lost"), hall.texts(advice))


def view(slice_: StaffHealth, hall: Hall) -> Scene:
    """The tiles, or the part that was asked about."""
    layout, items, body = staff_frame(hall, StaffPage.HEALTH)
    found = parts_found(slice_, hall)
    asked = next((finding for finding in found if finding.what == slice_.asked), None)
    if asked is None:
        across = best_across(body, len(found), layout.tight, TILE_SHAPE, layout.least)
        for finding, box in zip(found, grid(body, len(found), across, layout.tight), strict=True):
            items += _tile(hall, layout, finding, box)
        return scene_of(hall, "staff-health", items, "leave")
    deck = body.foot(layout.touch)
    said = (asked.what, asked.found, asked.advice)
    items += matter(layout, body.above(layout.touch + layout.gap), ICONS[asked.level], said)
    controls = [("back", hall.texts("control.back"), "back")]
    if asked.what == CRASH and asked.level is not Level.OK:
        controls.append(("seen", hall.texts("health.seen"), "enter"))
    items += foot_controls(layout, deck, controls)
    return scene_of(hall, "staff-health", items, controls[-1][0])


def _tile(hall: Hall, layout: Layout, finding: Finding, box: Box) -> list[Item]:
    """One part: a sign, what it is, how it is; what is too long for a tile is read on its card."""
    found = finding.found if len(finding.found) <= LONGEST else hall.texts("health.read")
    well = finding.level is Level.OK
    size = layout.caption if layout.compact else layout.body
    side = round(layout.caption * 1.2)
    inner = box.inset(layout.tight)
    line = round(layout.caption * 1.5)
    top = inner.top(line)
    return [
        Plate(box, layout.radius // 2, Colour.PANEL, Colour.LINE if well else Colour.TEXT),
        Icon(top.left(side).square(side), ICONS[finding.level], Colour.MUTE if well else Colour.TEXT),
        sentence(
            top.after(side + layout.tight), finding.what, layout.caption, layout, colour=Colour.MUTE,
        ),
        sentence(
            inner.under(line), found, size, layout,
            weight=Weight.SEMIBOLD, lines=3,
        ),
        Control(f"part-{finding.what}", box, Look.BARE, radius_px=layout.radius // 2),
    ]  # fmt: skip
