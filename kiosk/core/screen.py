"""What every screen is told and may answer: the hall around it, what it hears, and the ways that lead on."""

from dataclasses import dataclass, field

from kiosk.core.datasets import DatasetOpened, DatasetsFound, KeptDataset
from kiosk.core.events import (
    ButtonDown,
    ButtonUp,
    DiceRolled,
    EpochTrained,
    ExampleRecorded,
    GradientsChanged,
    HeadTrained,
    JobLost,
    LiveJudged,
    MapsDrawn,
    ModelChosen,
    PaintingJudged,
    PictureTaken,
    RecordingTaken,
    StaffNews,
    StepJudged,
    Tick,
    UploadSeen,
    UploadsListed,
    VaccineGiven,
    VaccineUnderWay,
)
from kiosk.core.lesson import Lesson, Sign
from kiosk.core.model import Epoch, Film, Health, IdleTimes, Labels, ModelChoice, Panel, Texts, Visit
from kiosk.core.staff import StaffFacts, StaffPage, Station


@dataclass(frozen=True, slots=True)
class Hall:
    """What a screen may know beside its own slice; `labels` are those of the model that judges, `chosen`.

    `film` is there while the model that it shows judges: the exhibit's own. `lesson` is what the visitor taught so
    far, `datasets` are those that staff keep.
    """

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
    signs: tuple[Sign, ...] = ()
    models: tuple[ModelChoice, ...] = ()
    chosen: str = ""
    lesson: Lesson = field(default=Lesson())
    datasets: tuple[KeptDataset, ...] = ()
    staff: StaffFacts = field(default=StaffFacts())
    notices: tuple[str, ...] = ()

    @property
    def taught(self) -> bool:
        """Whether what the visitor taught judges now."""
        return any(model.taught for model in self.models if model.name == self.chosen)

    @property
    def teaches(self) -> bool:
        """Whether visitors can teach: there are signs for it, and a gradient process or the hope of one."""
        return bool(self.signs) and not self.gradients.for_good

    def vaccine_for(self, visit: Visit) -> bool:
        """Whether what judges now can be vaccinated with the picture on the screen."""
        return self.taught and self.lesson.learned and visit.fools


@dataclass(frozen=True, slots=True)
class Pressed:
    """A control of the present screen was pressed, by touch or by button (made by `program.update`).

    `x` and `y` say where on it, 0..1; a button presses its middle. `held` says that a finger keeps it, so that
    `Released` follows.
    """

    control: str
    x: float = 0.5
    y: float = 0.5
    held: bool = False


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
    | RecordingTaken
    | StepJudged
    | MapsDrawn
    | DiceRolled
    | PaintingJudged
    | UploadSeen
    | UploadsListed
    | ExampleRecorded
    | EpochTrained
    | HeadTrained
    | VaccineUnderWay
    | VaccineGiven
    | ModelChosen
    | DatasetsFound
    | DatasetOpened
    | JobLost
    | GradientsChanged
)
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
class ToVaccine:
    """Teach it what the attacked picture really is."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class ToVaccinated:
    """It learned that the picture is a `label`, not the `lie`: see whether that helped; the visit is as judged now."""

    visit: Visit
    label: int
    lie: int
    given: VaccineGiven


@dataclass(frozen=True, slots=True)
class ToModels:
    """Let another model look at the picture."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class ToOtherModel:
    """Another model judges now, and gave this picture its own answer: choose a lie for it."""

    name: str
    visit: Visit


@dataclass(frozen=True, slots=True)
class ToTeach:
    """Teach it: show examples of the label that stands there; without a lesson, go on with the visitor's own."""

    lesson: Lesson | None = None
    at: int | None = None


@dataclass(frozen=True, slots=True)
class ToSigns:
    """Pick what the next label is called."""

    lesson: Lesson


@dataclass(frozen=True, slots=True)
class ToAlbum:
    """Look through the pictures of a label, or through those of one cell of the test."""

    lesson: Lesson
    at: int
    said: int | None = None


@dataclass(frozen=True, slots=True)
class ToTraining:
    """Let it learn."""

    lesson: Lesson


@dataclass(frozen=True, slots=True)
class ToTrained:
    """It has learned, and judges with what it learned; `epochs` is how that went."""

    lesson: Lesson
    epochs: tuple[Epoch, ...]


@dataclass(frozen=True, slots=True)
class ToConfusion:
    """See where it was right and wrong in its own test."""

    lesson: Lesson


@dataclass(frozen=True, slots=True)
class ToOpened:
    """Go on with what staff had kept, in the place of all that was taught."""

    opened: DatasetOpened


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


TeachWay = ToTeach | ToSigns | ToAlbum | ToTraining | ToTrained | ToConfusion | ToOpened
MoreWay = ToCards | ToDice | ToSketchpad | ToVaccine
StaffWay = ToPin | ToStaff | ToSetup
Way = (
    ToLive
    | ToUpload
    | ToChoose
    | ToAttack
    | ToExplain
    | MoreWay
    | ToModels
    | ToOtherModel
    | TeachWay
    | ToVaccinated
    | ToEnd
    | ToAttract
    | StaffWay
)
