"""The PIN once more, as the proof that staff want an update: the system compares it, not the exhibit."""

from dataclasses import dataclass, field, replace

from kiosk.core.context import Context
from kiosk.core.layout import near_layout_of
from kiosk.core.parts import scene_of
from kiosk.core.scene import Scene
from kiosk.core.screen import Outcome, Pressed, ScreenEvent, StaffScreen
from kiosk.core.staff import UpdateFacts, is_pin
from kiosk.topics.staff.messages import BeginUpdate, PinChecked, ToUpdate, UpdateTold
from kiosk.topics.staff.screens.keypad import Asked, pad_items, primary, typed
from kiosk.topics.staff.screens.pin import held_up


@dataclass(frozen=True, slots=True)
class UpdatePin(StaffScreen):
    """What is to be installed, the digits typed, whether they are being tried or were wrong, and until when to wait."""

    shown: UpdateFacts
    digits: str = field(default="", repr=False)
    trying: bool = False
    wrong: bool = False
    until_s: float = 0.0
    fault: str = ""

    secret = True

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Pressed("back"):
                return Outcome(ToUpdate())
            case UpdateTold(told):
                return Outcome(ToUpdate(told))
            case PinChecked(right, wait_s, fault):
                wrong = self.wrong if right is None else True
                until_s = context.now_s + wait_s
                return Outcome(replace(self, trying=False, wrong=wrong, until_s=until_s, fault=fault))
            case Pressed() if self.trying or context.now_s < self.until_s:
                return Outcome(self)
            case Pressed("enter") if is_pin(self.digits):
                begin = BeginUpdate(self.digits, self.shown)
                return Outcome(UpdatePin(self.shown, trying=True), (begin,))
            case Pressed():
                return Outcome(replace(self, digits=typed(self.digits, event), wrong=False))
            case _:
                return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return what the PIN is asked for, what became of the last try, and the pad."""
        back = ("back", "back", context.texts("control.back"))
        asked = Asked(context.texts("pin.update_title"), self._note(context), len(self.digits), (back,))
        items = pad_items(context, near_layout_of(context.panel), asked)
        return scene_of(context, "update-pin", items, primary(self.digits))

    def _note(self, context: Context) -> str:
        held = held_up(context, self.fault, self.until_s, trying=self.trying)
        if held or self.wrong:
            return held or context.texts("pin.wrong")
        return context.texts("pin.update_note", release=self.shown.offered, signer=self.shown.signer)
