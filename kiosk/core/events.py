"""What happened: every event that `program.update` hears."""

from dataclasses import dataclass

from kiosk.core.model import Answer, Button, Film, Health, Judged
from kiosk.core.staff import DayCounts, StaffFacts, UpdateFacts, Values
from kiosk.findings import Finding


@dataclass(frozen=True, slots=True)
class Tick:
    """Time went on; the first event of every frame (monotonic seconds, from any start)."""

    now_s: float


@dataclass(frozen=True, slots=True)
class Touched:
    """A finger came down; the mouse is finger -1."""

    x_px: int
    y_px: int
    finger: int = -1


@dataclass(frozen=True, slots=True)
class Moved:
    """A finger that is down moved."""

    x_px: int
    y_px: int
    finger: int = -1


@dataclass(frozen=True, slots=True)
class Lifted:
    """A finger came up."""

    finger: int = -1


@dataclass(frozen=True, slots=True)
class ButtonDown:
    """A physical button went down."""

    button: Button


@dataclass(frozen=True, slots=True)
class ButtonUp:
    """A physical button came up."""

    button: Button


@dataclass(frozen=True, slots=True)
class LiveJudged:
    """The classifier looked at a newer camera frame."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class CameraFound:
    """The camera gives frames (again)."""


@dataclass(frozen=True, slots=True)
class CameraLost:
    """There is no camera, or it gives no frames."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class PictureTaken:
    """The answer to `TakePicture` and `TakeStockPicture`: `original` is on the shelf and was judged."""

    job: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class StepJudged:
    """The answer to `RunStep`: the new iterate is on the stack, shown as `adversarial`, and was judged."""

    job: int
    judged: Judged


@dataclass(frozen=True, slots=True)
class MapsDrawn:
    """The answer to `DrawMaps`: both maps are on the shelf; False where a map holds no evidence at all."""

    job: int
    label: int
    original_evidence: bool = True
    adversarial_evidence: bool = True


@dataclass(frozen=True, slots=True)
class JobLost:
    """The answer to any job that could not be done."""

    job: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GradientsChanged:
    """The gradient process warms, is ready, or was lost."""

    health: Health


@dataclass(frozen=True, slots=True)
class ModelChanged:
    """The classifier is being made ready, is ready, or is missing (LOST)."""

    health: Health


@dataclass(frozen=True, slots=True)
class FilmReady:
    """The attract loop's pictures are on the shelf."""

    film: Film


@dataclass(frozen=True, slots=True)
class RecordingTaken:
    """The answer to `TakeRecording`: its picture is `original`, was judged, and will become `target`."""

    job: int
    answer: Answer
    target: int


@dataclass(frozen=True, slots=True)
class StaffFound:
    """What the exhibit found for its staff when it started; `begins`: nobody has chosen a PIN yet, so they shall."""

    staff: StaffFacts
    begins: bool = False


@dataclass(frozen=True, slots=True)
class PinChecked:
    """The answer to `AskPin` and `TryPin`: whether the PIN was right (None: none was tried), and how long to wait.

    `fault` is why no PIN can be checked at all.
    """

    right: bool | None
    wait_s: float = 0.0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class PinChosen:
    """The answer to `ChoosePin`; `fault` is why it could not be kept."""

    fault: str = ""


@dataclass(frozen=True, slots=True)
class BoardRead:
    """The answer to `ReadBoard` and `ForgetCrash`."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class CountsRead:
    """The answer to `ReadCounts`; `fault` is why they could not be read."""

    counts: tuple[DayCounts, ...]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class CountsExported:
    """The answer to `ExportCounts`: the name of the file on the stick, or why there is none."""

    file: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class SettingsSaved:
    """The answer to `SaveSettings`: all settings as the next start will find them; `fault` is why none was changed."""

    settings: Values
    fault: str = ""


@dataclass(frozen=True, slots=True)
class ClosedMarked:
    """The answer to `MarkClosed`; `fault` is why a later start will not know."""

    closed: bool
    fault: str = ""


@dataclass(frozen=True, slots=True)
class UpdateTold:
    """The answer to `LookForUpdate` and `BeginUpdate`."""

    update: UpdateFacts


HandEvent = Touched | Moved | Lifted | ButtonDown | ButtonUp
StaffNews = (
    PinChecked
    | PinChosen
    | BoardRead
    | CountsRead
    | CountsExported
    | SettingsSaved
    | ClosedMarked
    | UpdateTold
)
Event = (
    Tick
    | HandEvent
    | LiveJudged
    | CameraFound
    | CameraLost
    | PictureTaken
    | StepJudged
    | MapsDrawn
    | JobLost
    | GradientsChanged
    | ModelChanged
    | FilmReady
    | RecordingTaken
    | StaffFound
    | StaffNews
)
