"""First start, 1: the staff choose their PIN, typed twice. There is no default."""

from dataclasses import dataclass, field, replace

from kiosk.core.effects import ChoosePin, Effect
from kiosk.core.events import PinChosen
from kiosk.core.keypad import Asked, pad_items, primary, typed
from kiosk.core.layout import layout_of
from kiosk.core.parts import scene_of
from kiosk.core.scene import Scene
from kiosk.core.screen import Hall, Pressed, ScreenEvent, ToAttract, ToSetup, Way
from kiosk.core.staff import Station
from kiosk.device.staff_pin import is_pin


@dataclass(frozen=True, slots=True)
class SetupPin:
    """The digits typed, those typed first, and what to say: `note` is a key of the texts, `fault` a line as it is."""

    may_leave: bool = True
    digits: str = field(default="", repr=False)
    first: str = field(default="", repr=False)
    keeping: bool = False
    note: str = "setup.pin_note"
    fault: str = ""


def update(slice_: SetupPin, event: ScreenEvent, hall: Hall) -> tuple[SetupPin | Way, tuple[Effect, ...]]:
    """The next slice or the way on."""
    match event:
        case Pressed("leave") if slice_.may_leave:
            return ToAttract(), ()
        case Pressed("keep") if hall.staff.pin_chosen:
            return ToSetup(Station.SIZE), ()
        case PinChosen(""):
            return ToSetup(Station.SIZE), ()
        case PinChosen(fault):
            return SetupPin(slice_.may_leave, fault=fault), ()
        case Pressed() if slice_.keeping:
            return slice_, ()
        case Pressed("enter") if is_pin(slice_.digits):
            return _entered(slice_)
        case Pressed(control):
            return replace(slice_, digits=typed(slice_.digits, control)), ()
        case _:
            return slice_, ()


def _entered(slice_: SetupPin) -> tuple[SetupPin, tuple[Effect, ...]]:
    """Typed once, it is asked for again; typed twice the same, it is kept."""
    if not slice_.first:
        return SetupPin(slice_.may_leave, first=slice_.digits, note="setup.pin_again"), ()
    if slice_.digits != slice_.first:
        return SetupPin(slice_.may_leave, note="setup.pin_differs"), ()
    return SetupPin(slice_.may_leave, keeping=True, note="setup.pin_keeping"), (ChoosePin(slice_.digits),)


def view(slice_: SetupPin, hall: Hall) -> Scene:
    """The question and the pad; where there is a PIN already, it may be kept."""
    others = [("leave", "back", hall.texts("control.leave"))] if slice_.may_leave else []
    if hall.staff.pin_chosen and not slice_.first:
        others.append(("keep", "enter", hall.texts("setup.pin_keep")))
    title = hall.texts("setup.pin_title_again" if slice_.first else "setup.pin_title")
    note = slice_.fault or hall.texts(slice_.note)
    asked = Asked(title, note, len(slice_.digits), tuple(others), Station.PIN.value)
    items = pad_items(hall, layout_of(hall.panel), asked)
    return scene_of(hall, "setup-pin", items, primary(slice_.digits))
