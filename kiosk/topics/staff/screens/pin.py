"""The screen that asks for the staff's PIN, slower after each wrong try."""

import math
from dataclasses import dataclass, field, replace

from kiosk.core.context import Context, IdleTimes
from kiosk.core.layout import near_layout_of
from kiosk.core.message import ToAttract
from kiosk.core.parts import scene_of
from kiosk.core.scene import Scene
from kiosk.core.screen import Outcome, Pressed, ScreenEvent, StaffScreen
from kiosk.core.staff import is_pin
from kiosk.topics.staff.messages import PinChecked, ToHealth, ToRepair, TryPin
from kiosk.topics.staff.screens.keypad import Asked, pad_items, primary, typed

QUIET_S = 30.0


@dataclass(frozen=True, slots=True)
class Pin(StaffScreen):
    """The digits typed, whether a PIN is being tried or was wrong, until when none is looked at, and what is amiss."""

    digits: str = field(default="", repr=False)
    trying: bool = False
    wrong: bool = False
    until_s: float = 0.0
    fault: str = ""

    secret = True

    def quiet_s(self, idle: IdleTimes) -> float:
        """Return how long it may stay untouched: visitors reach it, so that it goes soon."""
        del idle
        return QUIET_S

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Pressed("leave"):
                return Outcome(ToAttract())
            case PinChecked(right=True):
                return Outcome(ToRepair() if context.staff.after_hours else ToHealth())
            case PinChecked(right, wait_s, fault):
                wrong = self.wrong if right is None else True
                return Outcome(
                    replace(self, trying=False, wrong=wrong, until_s=context.now_s + wait_s, fault=fault)
                )
            case Pressed() if self.trying or context.now_s < self.until_s:
                return Outcome(self)
            case Pressed("enter") if is_pin(self.digits):
                return Outcome(Pin(trying=True), (TryPin(self.digits),))
            case Pressed():
                return Outcome(replace(self, digits=typed(self.digits, event), wrong=False))
            case _:
                return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return the question, what became of the last try, and the pad."""
        leave = ("leave", "back", context.texts("control.leave"))
        asked = Asked(context.texts("pin.title"), self._note(context), len(self.digits), (leave,))
        items = pad_items(context, near_layout_of(context.panel), asked)
        return scene_of(context, "pin", items, primary(self.digits))

    def _note(self, context: Context) -> str:
        """Return the quiet line: trouble first, then the wait, then whether the last try was wrong."""
        last = context.texts("pin.wrong" if self.wrong else "pin.note")
        return held_up(context, self.fault, self.until_s, trying=self.trying) or last


def held_up(context: Context, fault: str, until_s: float, *, trying: bool) -> str:
    """Return why no PIN can be tried now: trouble, a try under way, or the wait; empty where one can."""
    left_s = until_s - context.now_s
    if fault:
        return fault
    if trying:
        return context.texts("pin.trying")
    return context.texts("pin.wait", seconds=math.ceil(left_s)) if left_s > 0 else ""
