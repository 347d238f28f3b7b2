"""What every screen is told and may answer: the hall around it, what it hears, and the ways that lead on."""

from dataclasses import dataclass, field

from kiosk.core.events import (
    ButtonDown,
    ButtonUp,
    GradientsChanged,
    JobLost,
    LiveJudged,
    MapsDrawn,
    PictureTaken,
    RecordingTaken,
    StaffNews,
    StepJudged,
    Tick,
)
from kiosk.core.model import Film, Health, IdleTimes, Labels, Panel, Texts, Visit
from kiosk.core.staff import StaffFacts, StaffPage, Station


@dataclass(frozen=True, slots=True)
class Hall:
    """What a screen may know beside its own slice."""

    panel: Panel
    texts: Texts
    labels: Labels
    now_s: float
    camera: bool
    gradients: Health
    model: Health
    film: Film | None
    next_job: int
    idle: IdleTimes
    staff: StaffFacts = field(default=StaffFacts())
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pressed:
    """A control of the present screen was pressed, by touch or by button (made by `program.update`).

    `x` and `y` say where on it, 0..1; a button presses its middle.
    """

    control: str
    x: float = 0.5
    y: float = 0.5


@dataclass(frozen=True, slots=True)
class Dragged:
    """The finger that holds a control moved, to there on it (0..1)."""

    control: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Released:
    """The finger that held a control let go of it."""

    control: str


News = LiveJudged | PictureTaken | RecordingTaken | StepJudged | MapsDrawn | JobLost | GradientsChanged
ScreenEvent = Tick | Pressed | Dragged | Released | ButtonDown | ButtonUp | News | StaffNews


@dataclass(frozen=True, slots=True)
class ToLive:
    """Take a (new) picture."""


@dataclass(frozen=True, slots=True)
class ToChoose:
    """Choose a (new) lie for the picture."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class ToAttack:
    """Fool it."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class ToExplain:
    """Ask why, for one label."""

    visit: Visit
    label: int


@dataclass(frozen=True, slots=True)
class ToEnd:
    """End the visit: forget, visibly, then attract."""


@dataclass(frozen=True, slots=True)
class ToAttract:
    """Wait for somebody."""


@dataclass(frozen=True, slots=True)
class ToPin:
    """Ask for the staff's PIN."""


@dataclass(frozen=True, slots=True)
class ToStaff:
    """Show one of the staff's screens: the PIN was right."""

    page: StaffPage


@dataclass(frozen=True, slots=True)
class ToSetup:
    """Set a part of the exhibit up; `may_leave` is False while it cannot open without."""

    station: Station
    may_leave: bool = True


StaffWay = ToPin | ToStaff | ToSetup
Way = ToLive | ToChoose | ToAttack | ToExplain | ToEnd | ToAttract | StaffWay
