"""First start, 4: where the camera is mounted, with all that it sees and the square that is used."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns, near_layout_of
from kiosk.core.message import Effect, Forget, ToAttract
from kiosk.core.parts import button, scene_of, sentence
from kiosk.core.scene import Box, Colour, Item, Scene, Weight
from kiosk.core.screen import Outcome, Pressed, ScreenEvent
from kiosk.core.staff import MIRRORED, TURNED
from kiosk.core.staff_parts import framing_sight, setup_header
from kiosk.topics.photograph.messages import OrientCamera, StopLive
from kiosk.topics.staff.facts import STATIONS, Station
from kiosk.topics.staff.messages import SaveSettings, SettingsSaved
from kiosk.topics.staff.screens.setup import SetupScreen

# On the screen it turns clockwise: what is seen there is mirrored, as people know themselves.
QUARTER = 270


@dataclass(frozen=True, slots=True)
class SetupCamera(SetupScreen):
    """The camera is shown; how it was turned and mirrored here (None: as it was), and why that could not be kept."""

    turned: int | None = None
    mirrored: bool | None = None
    fault: str = ""

    def stopped(self) -> tuple[Effect, ...]:
        """Return what has to end with it: nothing that the camera saw stays."""
        return (StopLive(), Forget())

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Pressed("leave" | "done"):
                return Outcome(ToAttract(), self.stopped())
            case Pressed("turn") if context.sees:
                turned, mirrored = self._hangs(context)
                return self._hung((turned + QUARTER) % 360, mirrored)
            case Pressed("mirror") if context.sees:
                turned, mirrored = self._hangs(context)
                return self._hung(turned, not mirrored)
            case SettingsSaved(_, fault):
                return Outcome(replace(self, fault=fault))
            case _:
                return Outcome(self)

    def _hangs(self, context: Context) -> tuple[int, bool]:
        """Return how the camera is turned and mirrored now."""
        turned, mirrored = context.staff.value(TURNED), context.staff.value(MIRRORED)
        known = turned if isinstance(turned, int) else 0
        return (
            known if self.turned is None else self.turned,
            bool(mirrored) if self.mirrored is None else self.mirrored,
        )

    def _hung(self, turned: int, mirrored: bool) -> Outcome:
        """Return the screen with the camera turned and mirrored like this: at once, and kept for later starts."""
        kept = SaveSettings(((TURNED, turned), (MIRRORED, mirrored)))
        return Outcome(SetupCamera(turned, mirrored), (OrientCamera(turned, mirrored), kept))

    def view(self, context: Context) -> Scene:
        """Return the camera's picture, where to mount it, and the end of the first start."""
        layout = near_layout_of(context.panel)
        items, stage = setup_header(context, layout, Station.CAMERA.value, STATIONS)
        if context.panel.portrait:
            side = min(stage.w, stage.h * (46 if context.sees else 54) // 100)
            picture = Box(stage.x + (stage.w - side) // 2, stage.y, side, side)
            words = stage.under(side + layout.gap).above(layout.deck + layout.gap)
            done = stage.foot(layout.deck)
        else:
            side = min(stage.h, stage.w * 56 // 100)
            picture = stage.left(side).top(side)
            column = stage.after(side + 2 * layout.gap)
            done, words = column.foot(layout.deck), column.above(layout.deck + layout.gap)
        items += framing_sight(context, picture, layout.radius)
        if context.sees:
            items += _turners(context, layout, words.foot(layout.touch))
            words = words.above(layout.touch + layout.gap)
        cut = words.h * (30 if context.sees else 34) // 100
        title, note = ("camera", "camera_ask") if context.sees else ("no_camera", "no_camera_ask")
        reason = self.fault or context.camera_fault
        said = context.texts(f"setup.{note}")
        items += [
            sentence(
                words.top(cut),
                context.texts(f"setup.{title}"),
                layout.style(layout.label, weight=Weight.EXTRABOLD, lines=3),
            ),
            sentence(
                words.under(cut + layout.tight),
                f"{reason}. {said}" if reason else said,
                layout.style(layout.body, colour=Colour.MUTE, lines=9, middle=False),
            ),
            button(layout, "done", done, context.texts("control.done"), "enter"),
        ]
        return scene_of(context, "setup-camera", items, "done")


def _turners(context: Context, layout: Layout, box: Box) -> list[Item]:
    """Return the controls that turn the picture by a quarter, and mirror it."""
    turn, mirror = columns(box, 2, layout.gap)
    texts = context.texts
    return [
        button(layout, "turn", turn, texts("setup.turn"), "turn"),
        button(layout, "mirror", mirror, texts("setup.mirror"), "mirror"),
    ]
