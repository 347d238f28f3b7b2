"""The staff's first screen: how every part of the exhibit is, a tile each, and what to do where it is not well."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.health import CRASH, Finding, Health, Level, Phase
from kiosk.core.layout import Layout, best_across, grid
from kiosk.core.message import Tick
from kiosk.core.parts import scene_of, sentence
from kiosk.core.scene import Box, Colour, Control, Icon, Item, Look, Plate, Scene, Weight
from kiosk.core.screen import Outcome, Pressed, ScreenEvent, StaffScreen
from kiosk.core.staff_parts import foot_controls, led, matter, staff_frame
from kiosk.topics.staff.messages import BoardRead, ForgetCrash, ReadBoard

READ_EVERY_S = 3.0
ICONS = {Level.OK: "enter", Level.UNKNOWN: "unknown", Level.WARNING: "warning", Level.FAILED: "cross"}
OUTLINES = {
    Level.OK: Colour.LINE,
    Level.UNKNOWN: Colour.LINE,
    Level.WARNING: Colour.WARN,
    Level.FAILED: Colour.TEXT,
}
TILE_SHAPE = 1.9
LONGEST = 40
NARROWEST = 7.0  # a tile, by the height of its letters: the name of a part is to be read


@dataclass(frozen=True, slots=True)
class StaffHealth(StaffScreen):
    """What was read of the board, when it is read next, and the part that was asked about."""

    findings: tuple[Finding, ...] = ()
    due_s: float = 0.0
    asked: str = ""

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Tick() if context.now_s >= self.due_s:
                return Outcome(replace(self, due_s=context.now_s + READ_EVERY_S), (ReadBoard(),))
            case BoardRead(findings):
                return Outcome(replace(self, findings=findings))
            case Pressed("seen"):
                return Outcome(replace(self, asked=""), (ForgetCrash(),))
            case Pressed("back"):
                return Outcome(replace(self, asked=""))
            case Pressed("part", str(what)):
                return Outcome(replace(self, asked=what))
            case Pressed():
                return Outcome(led(event, context) or self)
            case _:
                return Outcome(self)

    def parts_found(self, context: Context) -> tuple[Finding, ...]:
        """Return a finding for each part: camera, model, gradient process as the exhibit knows them, then the board."""
        texts = context.texts
        camera = Finding("camera", Level.OK, texts("health.ready"))
        if not context.sees:
            found = context.camera_fault or texts("health.lost")
            camera = Finding("camera", Level.WARNING, found, texts("health.camera_advice"))
        model = _part(context, "model", context.model, "health.model_advice")
        gradients = _part(context, "gradients", context.gradients, "health.gradients_advice")
        doubtful = [
            Finding(
                choice.title,
                Level.WARNING,
                texts("health.disagrees", share=f"{agreement:.0%}"),
                texts("health.disagrees_advice"),
            )
            for choice in context.built
            if (agreement := choice.disagrees) is not None
        ]
        return (camera, model, *doubtful, gradients, *self.findings)

    def view(self, context: Context) -> Scene:
        """Return the tiles, or the part that was asked about."""
        layout, items, body = staff_frame(context, "health")
        found = self.parts_found(context)
        asked = next((finding for finding in found if finding.what == self.asked), None)
        if asked is None:
            most = max(1, body.w // round(layout.caption * NARROWEST))
            across = min(most, best_across(body, len(found), layout.tight, TILE_SHAPE, layout.least))
            for finding, box in zip(found, grid(body, len(found), across, layout.tight), strict=True):
                items += _tile(context, layout, finding, box)
            return scene_of(context, "staff-health", items, "leave")
        deck = body.foot(layout.touch)
        said = (asked.what, asked.found, asked.advice)
        items += matter(layout, body.above(layout.touch + layout.gap), ICONS[asked.level], said)
        controls = [("back", context.texts("control.back"), "back")]
        if asked.what == CRASH and asked.level is not Level.OK:
            controls.append(("seen", context.texts("health.seen"), "enter"))
        items += foot_controls(layout, deck, controls)
        return scene_of(context, "staff-health", items, controls[-1][0])


def _part(context: Context, what: str, health: Health, advice: str) -> Finding:
    """Return how a part of the exhibit is."""
    match health.phase:
        case Phase.READY:
            return Finding(what, Level.OK, context.texts("health.ready"))
        case Phase.WARMING:
            return Finding(what, Level.UNKNOWN, context.texts("health.warming"))
        case Phase.LOST:
            return Finding(
                what, Level.FAILED, health.reason or context.texts("health.lost"), context.texts(advice)
            )


def _tile(context: Context, layout: Layout, finding: Finding, box: Box) -> list[Item]:
    """Return one part: a sign, what it is, how it is; what is too long for a tile is read on its card."""
    found = finding.found if len(finding.found) <= LONGEST else context.texts("health.read")
    well = finding.level in (Level.OK, Level.UNKNOWN)
    size = layout.caption if layout.compact else layout.body
    side = layout.caption
    inner = box.inset(layout.tight // 2, layout.tight)
    line = round(layout.caption * 1.5)
    top = inner.top(line)
    return [
        Plate(box, layout.radius // 2, Colour.PANEL, OUTLINES[finding.level]),
        Icon(
            top.left(side).square(side),
            ICONS[finding.level],
            Colour.MUTE if well else OUTLINES[finding.level],
        ),
        sentence(
            top.after(side + layout.tight // 2),
            finding.what,
            layout.style(layout.caption, colour=Colour.MUTE),
        ),
        sentence(inner.under(line), found, layout.style(size, weight=Weight.SEMIBOLD, lines=3)),
        Control("part", box, Look.BARE, radius_px=layout.radius // 2, value=finding.what),
    ]
