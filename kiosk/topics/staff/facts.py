"""What staff set up, and what they see counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from kiosk.core.context import Context, IdleTimes
from kiosk.core.layout import MM_PER_INCH, Panel
from kiosk.core.staff import AT_ONCE, COUNTDOWN, DIAGONAL, QUIET, Value, Values


class Station(Enum):
    """What is set up one after another at the first start."""

    PIN = "pin"
    SIZE = "size"
    BUTTONS = "buttons"
    CAMERA = "camera"


SETUP_QUIET_S = 300.0
STATIONS = tuple(station.value for station in Station)


@dataclass(frozen=True, slots=True)
class DayCounts:
    """What was counted under one name: today, and since the exhibit was first opened."""

    name: str
    today: int
    all: int


@dataclass(frozen=True, slots=True)
class Span:
    """An hour or a day: visits begun, ended by the visitor, and attacks that fooled."""

    name: str
    counted: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Length:
    """One line of a plot: its name, how long it is drawn, and what is told of it."""

    name: str
    amount: float
    told: str


@dataclass(frozen=True, slots=True)
class ScreenTime:
    """How often a screen was seen, and for how many seconds on the average."""

    name: str
    seen: int
    mean_s: float


@dataclass(frozen=True, slots=True)
class Answers:
    """How often visitors said that its first answer was right, nearly right, wrong, or that they do not know."""

    right: int = 0
    nearly: int = 0
    wrong: int = 0
    unsure: int = 0

    @property
    def known(self) -> int:
        """Return how many could tell."""
        return self.right + self.nearly + self.wrong


@dataclass(frozen=True, slots=True)
class Plots:
    """What is drawn of the counts: hours of today and of all days, the last days, screens, answers."""

    today: tuple[Span, ...] = ()
    hours: tuple[Span, ...] = ()
    days: tuple[Span, ...] = ()
    screens: tuple[ScreenTime, ...] = ()
    answers: Answers = field(default=Answers())


def with_settings(context: Context, settings: Values) -> Context:
    """Return the context once staff saved settings; those of the screen's size and idle times are in force at once."""
    changed = {key: value for key, value in settings if context.staff.value(key) != value}
    restart_due = context.staff.restart_due or not set(changed) <= {*AT_ONCE}
    return replace(
        context,
        staff=replace(context.staff, settings=settings, restart_due=restart_due),
        panel=panel_with(context.panel, changed),
        idle=idle_with(context.idle, changed),
    )


def panel_with(panel: Panel, settings: Mapping[str, Value]) -> Panel:
    """Return the panel with the diagonal of some settings."""
    inch = settings.get(DIAGONAL)
    if not isinstance(inch, int | float):
        return panel
    return Panel.of(panel.width_px, panel.height_px, inch * MM_PER_INCH)


def idle_with(idle: IdleTimes, settings: Mapping[str, Value]) -> IdleTimes:
    """Return the idle times of some settings."""
    quiet_s, countdown_s = settings.get(QUIET), settings.get(COUNTDOWN)
    if isinstance(quiet_s, int | float):
        idle = replace(idle, quiet_s=quiet_s)
    if isinstance(countdown_s, int | float):
        idle = replace(idle, countdown_s=countdown_s)
    return idle
