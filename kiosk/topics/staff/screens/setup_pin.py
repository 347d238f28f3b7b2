"""First start, 1: the staff choose their PIN, typed twice. There is no default."""

from dataclasses import dataclass, field, replace

from kiosk.core.context import Context, IdleTimes
from kiosk.core.keypad import Asked, pad_items, primary, typed
from kiosk.core.layout import layout_of
from kiosk.core.message import ToAttract
from kiosk.core.parts import scene_of
from kiosk.core.scene import Scene
from kiosk.core.screen import NEVER_S, Outcome, Pressed, ScreenEvent, StaffScreen
from kiosk.core.staff import is_pin
from kiosk.topics.staff.facts import SETUP_QUIET_S, STATIONS, Station
from kiosk.topics.staff.messages import ChoosePin, PinChosen, ToSetup


@dataclass(frozen=True, slots=True)
class SetupPin(StaffScreen):
    """The digits typed, those typed first, and what to say: `note` is a key of the texts, `fault` a line as it is."""

    may_leave: bool = True
    digits: str = field(default="", repr=False)
    first: str = field(default="", repr=False)
    keeping: bool = False
    note: str = "setup.pin_note"
    fault: str = ""

    secret = True

    def quiet_s(self, idle: IdleTimes) -> float:
        """Return how long it may stay untouched: a first start waits for its PIN without end."""
        del idle
        return SETUP_QUIET_S if self.may_leave else NEVER_S

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Pressed("leave") if self.may_leave:
                return Outcome(ToAttract())
            case Pressed("keep") if context.staff.pin_chosen:
                return Outcome(ToSetup(Station.SIZE))
            case PinChosen(""):
                return Outcome(ToSetup(Station.SIZE))
            case PinChosen(fault):
                return Outcome(SetupPin(self.may_leave, fault=fault))
            case Pressed() if self.keeping:
                return Outcome(self)
            case Pressed("enter") if is_pin(self.digits):
                return self._entered()
            case Pressed():
                return Outcome(replace(self, digits=typed(self.digits, event)))
            case _:
                return Outcome(self)

    def _entered(self) -> Outcome:
        """Typed once, it is asked for again; typed twice the same, it is kept."""
        if not self.first:
            return Outcome(SetupPin(self.may_leave, first=self.digits, note="setup.pin_again"))
        if self.digits != self.first:
            return Outcome(SetupPin(self.may_leave, note="setup.pin_differs"))
        keeping = SetupPin(self.may_leave, keeping=True, note="setup.pin_keeping")
        return Outcome(keeping, (ChoosePin(self.digits),))

    def view(self, context: Context) -> Scene:
        """Return the question and the pad; where there is a PIN already, it may be kept."""
        others = [("leave", "back", context.texts("control.leave"))] if self.may_leave else []
        if context.staff.pin_chosen and not self.first:
            others.append(("keep", "enter", context.texts("setup.pin_keep")))
        title = context.texts("setup.pin_title_again" if self.first else "setup.pin_title")
        note = self.fault or context.texts(self.note)
        asked = Asked(title, note, len(self.digits), tuple(others), Station.PIN.value, STATIONS)
        items = pad_items(context, layout_of(context.panel), asked)
        return scene_of(context, "setup-pin", items, primary(self.digits))
