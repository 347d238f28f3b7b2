"""First start, 4: where the camera is mounted, with all that it sees and the square that is used."""

from dataclasses import dataclass

from kiosk.core.effects import Effect, Forget, StartFraming, StopLive
from kiosk.core.layout import layout_of
from kiosk.core.parts import button, header, scene_of, sentence
from kiosk.core.scene import Box, Colour, Icon, Item, Picture, Plate, Scene, Weight
from kiosk.core.screen import Hall, Pressed, ScreenEvent, ToAttract, Way
from kiosk.core.staff import STATIONS, Station


@dataclass(frozen=True, slots=True)
class SetupCamera:
    """The camera is shown."""


def entering() -> tuple[Effect, ...]:
    """What has to start with this screen."""
    return (StartFraming(),)


def leaving() -> tuple[Effect, ...]:
    """What has to end with it: nothing that the camera saw stays."""
    return (StopLive(), Forget())


def update(
    slice_: SetupCamera, event: ScreenEvent, hall: Hall
) -> tuple[SetupCamera | Way, tuple[Effect, ...]]:
    """The next slice or the way on."""
    del hall
    match event:
        case Pressed("leave" | "done"):
            return ToAttract(), leaving()
        case _:
            return slice_, ()


def view(slice_: SetupCamera, hall: Hall) -> Scene:
    """The camera's picture, where to mount it, and the end of the first start."""
    del slice_
    layout = layout_of(hall.panel)
    items, stage = header(hall, layout, Station.CAMERA.value, (("leave", "back", "leave"),), steps=STATIONS)
    if hall.panel.portrait:
        side = min(stage.w, stage.h * 54 // 100)
        picture = Box(stage.x + (stage.w - side) // 2, stage.y, side, side)
        words = stage.under(side + layout.gap).above(layout.deck + layout.gap)
        done = stage.foot(layout.deck)
    else:
        side = min(stage.h, stage.w * 56 // 100)
        picture = stage.left(side).top(side)
        column = stage.after(side + 2 * layout.gap)
        done, words = column.foot(layout.deck), column.above(layout.deck + layout.gap)
    items += _seen(hall, picture, layout.radius)
    cut = words.h * 40 // 100
    title, note = ("camera", "camera_ask") if hall.camera else ("no_camera", "no_camera_ask")
    items += [
        sentence(
            words.top(cut), hall.texts(f"setup.{title}"), layout.label, layout,
            weight=Weight.EXTRABOLD, lines=3,
        ),
        sentence(
            words.under(cut + layout.tight), hall.texts(f"setup.{note}"), layout.body, layout,
            colour=Colour.MUTE, lines=7, middle=False,
        ),
        button(layout, "done", done, hall.texts("control.done"), "enter"),
    ]  # fmt: skip
    return scene_of(hall, "setup-camera", items, "done")


def _seen(hall: Hall, box: Box, radius: int) -> list[Item]:
    """What the camera sees, mirrored as people know themselves; or that there is none."""
    if hall.camera:
        return [Picture(box, "framing", radius, mirrored=True)]
    return [Plate(box, radius), Icon(box.square(box.w // 2), "no-camera", Colour.MUTE)]
