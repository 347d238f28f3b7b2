"""First start, 1: the staff choose their PIN, typed twice. There is no default."""

from dataclasses import dataclass, field, replace

from kiosk.core.context import Context, IdleTimes
from kiosk.core.layout import near_layout_of
from kiosk.core.message import ToAttract
from kiosk.core.parts import scene_of
from kiosk.core.scene import Scene
from kiosk.core.screen import NEVER_S, Outcome, Pressed, ScreenEvent, StaffScreen
from kiosk.core.staff import is_pin
from kiosk.topics.staff.facts import SETUP_QUIET_S, STATIONS, Station
from kiosk.topics.staff.messages import ChoosePin, PinChosen, ToSetup
from kiosk.topics.staff.screens.keypad import Asked, pad_items, primary, typed


@dataclass(frozen=True, slots=True)
class SetupPin(StaffScreen):
    """The digits typed, those typed first, and what to say: `note` is a key of the texts, `fault` a line as it is.

    `old` is the present PIN as it was typed, None while it is asked for.
    """

    may_leave: bool = True
    old: str | None = field(default="", repr=False)
    digits: str = field(default="", repr=False)
    first: str = field(default="", repr=False)
    keeping: bool = False
    note: str = "setup.pin_note"
    fault: str = ""

    secret = True

    @classmethod
    def begun(cls, context: Context, may_leave: bool, fault: str = "") -> "SetupPin":
        """Return it as it begins: where there is a PIN, that one comes first."""
        if context.staff.pin_chosen:
            return cls(may_leave, old=None, note="setup.pin_old_note", fault=fault)
        return cls(may_leave, fault=fault)

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
                return Outcome(SetupPin.begun(context, self.may_leave, fault))
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
        if self.old is None:
            return Outcome(SetupPin(self.may_leave, old=self.digits))
        if not self.first:
            again = SetupPin(self.may_leave, self.old, first=self.digits, note="setup.pin_again")
            return Outcome(again)
        if self.digits != self.first:
            return Outcome(SetupPin(self.may_leave, self.old, note="setup.pin_differs"))
        keeping = SetupPin(self.may_leave, keeping=True, note="setup.pin_keeping")
        return Outcome(keeping, (ChoosePin(self.digits, self.old),))

    def _title(self) -> str:
        if self.old is None:
            return "setup.pin_title_old"
        return "setup.pin_title_again" if self.first else "setup.pin_title"

    def view(self, context: Context) -> Scene:
        """Return the question and the pad; where there is a PIN already, it may be kept."""
        others = [("leave", "back", context.texts("control.leave"))] if self.may_leave else []
        if context.staff.pin_chosen and not self.first:
            others.append(("keep", "enter", context.texts("setup.pin_keep")))
        title = context.texts(self._title())
        note = self.fault or context.texts(self.note)
        asked = Asked(title, note, len(self.digits), tuple(others), Station.PIN.value, STATIONS)
        items = pad_items(context, near_layout_of(context.panel), asked)
        return scene_of(context, "setup-pin", items, primary(self.digits))
