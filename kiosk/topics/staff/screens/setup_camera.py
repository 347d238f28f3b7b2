"""First start, 4: where the camera is mounted, with all that it sees and the square that is used."""

from dataclasses import dataclass

from kiosk.core.context import Context
from kiosk.core.layout import layout_of
from kiosk.core.message import Effect, Forget, ToAttract
from kiosk.core.parts import button, header, scene_of, sentence
from kiosk.core.scene import Box, Colour, Icon, Item, Picture, Plate, Scene, Weight
from kiosk.core.screen import Outcome, Pressed, ScreenEvent
from kiosk.topics.photograph.messages import StopLive
from kiosk.topics.staff.facts import STATIONS, Station
from kiosk.topics.staff.screens.setup import SetupScreen


@dataclass(frozen=True, slots=True)
class SetupCamera(SetupScreen):
    """The camera is shown."""

    def stopped(self) -> tuple[Effect, ...]:
        """Return what has to end with it: nothing that the camera saw stays."""
        return (StopLive(), Forget())

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        del context
        match event:
            case Pressed("leave" | "done"):
                return Outcome(ToAttract(), self.stopped())
            case _:
                return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return the camera's picture, where to mount it, and the end of the first start."""
        layout = layout_of(context.panel)
        items, stage = header(
            context, layout, Station.CAMERA.value, (("leave", "back", "leave"),), steps=STATIONS
        )
        if context.panel.portrait:
            side = min(stage.w, stage.h * 54 // 100)
            picture = Box(stage.x + (stage.w - side) // 2, stage.y, side, side)
            words = stage.under(side + layout.gap).above(layout.deck + layout.gap)
            done = stage.foot(layout.deck)
        else:
            side = min(stage.h, stage.w * 56 // 100)
            picture = stage.left(side).top(side)
            column = stage.after(side + 2 * layout.gap)
            done, words = column.foot(layout.deck), column.above(layout.deck + layout.gap)
        items += _seen(context, picture, layout.radius)
        cut = words.h * 40 // 100
        title, note = ("camera", "camera_ask") if context.camera else ("no_camera", "no_camera_ask")
        items += [
            sentence(
                words.top(cut),
                context.texts(f"setup.{title}"),
                layout.style(layout.label, weight=Weight.EXTRABOLD, lines=3),
            ),
            sentence(
                words.under(cut + layout.tight),
                context.texts(f"setup.{note}"),
                layout.style(layout.body, colour=Colour.MUTE, lines=7, middle=False),
            ),
            button(layout, "done", done, context.texts("control.done"), "enter"),
        ]
        return scene_of(context, "setup-camera", items, "done")


def _seen(context: Context, box: Box, radius: int) -> list[Item]:
    """Return what the camera sees, mirrored as people know themselves; or that there is none."""
    if context.camera:
        return [Picture(box, "framing", radius, mirrored=True)]
    return [Plate(box, radius), Icon(box.square(box.w // 2), "no-camera", Colour.MUTE)]
