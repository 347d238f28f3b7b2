"""What every screen is told and may answer: the hall around it, what it hears, and the ways that lead on."""

from dataclasses import dataclass

from kiosk.core.events import (
    DiceRolled,
    GradientsChanged,
    JobLost,
    LiveJudged,
    MapsDrawn,
    PaintingJudged,
    PictureTaken,
    StepJudged,
    Tick,
    UploadSeen,
    UploadsListed,
)
from kiosk.core.model import Film, Health, IdleTimes, Labels, Panel, Texts, Visit


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
    stick: bool = False


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


News = (
    LiveJudged
    | PictureTaken
    | StepJudged
    | MapsDrawn
    | DiceRolled
    | PaintingJudged
    | UploadSeen
    | UploadsListed
    | JobLost
    | GradientsChanged
)
ScreenEvent = Tick | Pressed | Dragged | Released | News


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
class ToUpload:
    """Take a picture from a USB stick."""


@dataclass(frozen=True, slots=True)
class ToCards:
    """See what more there is to try with the attacked picture."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class ToDice:
    """Compare with noise thrown by dice."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class ToSketchpad:
    """Paint over the attacked picture."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class ToEnd:
    """End the visit: forget, visibly, then attract."""


@dataclass(frozen=True, slots=True)
class ToAttract:
    """Wait for somebody."""


Way = ToLive | ToUpload | ToChoose | ToAttack | ToExplain | ToCards | ToDice | ToSketchpad | ToEnd | ToAttract
