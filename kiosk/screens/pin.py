"""The screen that asks for the staff's PIN, slower after each wrong try."""

import math
from dataclasses import dataclass, field, replace

from kiosk.core.effects import AskPin, Effect, TryPin
from kiosk.core.events import PinChecked
from kiosk.core.keypad import Asked, pad_items, primary, typed
from kiosk.core.layout import layout_of
from kiosk.core.parts import scene_of
from kiosk.core.scene import Scene
from kiosk.core.screen import Hall, Pressed, ScreenEvent, ToAttract, ToStaff, Way
from kiosk.core.staff import StaffPage
from kiosk.device.staff_pin import is_pin


@dataclass(frozen=True, slots=True)
class Pin:
    """The digits typed, whether a PIN is being tried or was wrong, until when none is looked at, and what is amiss."""

    digits: str = field(default="", repr=False)
    trying: bool = False
    wrong: bool = False
    until_s: float = 0.0
    fault: str = ""


def entering() -> tuple[Effect, ...]:
    """What has to start with this screen."""
    return (AskPin(),)


def update(slice_: Pin, event: ScreenEvent, hall: Hall) -> tuple[Pin | Way, tuple[Effect, ...]]:
    """The next slice or the way on."""
    match event:
        case Pressed("leave"):
            return ToAttract(), ()
        case PinChecked(right=True):
            return ToStaff(StaffPage.HEALTH), ()
        case PinChecked(right, wait_s, fault):
            wrong = slice_.wrong if right is None else True
            return replace(slice_, trying=False, wrong=wrong, until_s=hall.now_s + wait_s, fault=fault), ()
        case Pressed() if slice_.trying or hall.now_s < slice_.until_s:
            return slice_, ()
        case Pressed("enter") if is_pin(slice_.digits):
            return Pin(trying=True), (TryPin(slice_.digits),)
        case Pressed(control):
            return replace(slice_, digits=typed(slice_.digits, control), wrong=False), ()
        case _:
            return slice_, ()


def view(slice_: Pin, hall: Hall) -> Scene:
    """The question, what became of the last try, and the pad."""
    leave = ("leave", "back", hall.texts("control.leave"))
    asked = Asked(hall.texts("pin.title"), _note(slice_, hall), len(slice_.digits), (leave,))
    items = pad_items(hall, layout_of(hall.panel), asked)
    return scene_of(hall, "pin", items, primary(slice_.digits))


def _note(slice_: Pin, hall: Hall) -> str:
    """The quiet line: trouble first, then the wait, then whether the last try was wrong."""
    left_s = slice_.until_s - hall.now_s
    if slice_.fault:
        return slice_.fault
    if slice_.trying:
        return hall.texts("pin.trying")
    if left_s > 0:
        return hall.texts("pin.wait", seconds=math.ceil(left_s))
    return hall.texts("pin.wrong" if slice_.wrong else "pin.note")
