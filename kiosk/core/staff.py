"""What staff see and choose: the values of their screens."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from kiosk.core.model import IdleTimes, Panel

MM_PER_INCH = 25.4
DIAGONAL = "display.diagonal_inch"
QUIET, COUNTDOWN = (f"idle.{name}" for name in ("quiet_s", "countdown_s"))
AT_ONCE = (DIAGONAL, QUIET, COUNTDOWN)  # all other settings take effect at the next start
CORNER = "corner"  # the hidden control that leads to the staff's screens
CORNER_HOLD_S = 3.0

Value = str | int | float
Values = tuple[tuple[str, Value], ...]


class Station(Enum):
    """What is set up one after another at the first start."""

    PIN = "pin"
    SIZE = "size"
    BUTTONS = "buttons"
    CAMERA = "camera"


STATIONS = tuple(station.value for station in Station)


class StaffPage(Enum):
    """The staff's screens behind the PIN."""

    HEALTH = "health"
    COUNTS = "counts"
    DATASETS = "datasets"
    TUNING = "tuning"
    REPAIR = "repair"


@dataclass(frozen=True, slots=True)
class StaffFacts:
    """What the exhibit knows for its staff.

    `pin_chosen`: there is one. `may_choose`: where there is none, it may be chosen on this screen. `closed`: for
    repair. `settings`: those that staff may change, by dotted key, as the next start will find them.
    `restart_due`: some of them differ from those in force.
    """

    pin_chosen: bool = False
    may_choose: bool = True
    closed: bool = False
    settings: Values = ()
    restart_due: bool = False

    def value(self, key: str) -> Value | None:
        """The value of a setting, None where it is not known."""
        return dict(self.settings).get(key)


@dataclass(frozen=True, slots=True)
class DayCounts:
    """What was counted under one name: today, and since the exhibit was first opened."""

    name: str
    today: int
    all: int


class UpdateStage(Enum):
    """How far an update from a USB stick is."""

    NONE = "none"
    ASKED = "asked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class UpdateFacts:
    """The release that a stick offers (empty: none), how far an update is, and the last line told of it."""

    offered: str = ""
    stage: UpdateStage = UpdateStage.NONE
    line: str = ""


def panel_with(panel: Panel, settings: Mapping[str, Value]) -> Panel:
    """The panel with the diagonal of some settings."""
    inch = settings.get(DIAGONAL)
    if not isinstance(inch, int | float):
        return panel
    return Panel.of(panel.width_px, panel.height_px, inch * MM_PER_INCH)


def idle_with(idle: IdleTimes, settings: Mapping[str, Value]) -> IdleTimes:
    """The idle times of some settings."""
    quiet_s, countdown_s = settings.get(QUIET), settings.get(COUNTDOWN)
    if isinstance(quiet_s, int | float):
        idle = replace(idle, quiet_s=quiet_s)
    if isinstance(countdown_s, int | float):
        idle = replace(idle, countdown_s=countdown_s)
    return idle
