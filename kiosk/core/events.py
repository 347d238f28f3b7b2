"""What happened: every event that `program.update` hears."""

from dataclasses import dataclass

from kiosk.core.datasets import DatasetKept, DatasetOpened, DatasetsFound
from kiosk.core.model import Answer, Button, Epoch, Film, FoundModel, Health, Judged, Verdict
from kiosk.core.staff import DayCounts, StaffFacts, UpdateFacts, Values
from kiosk.core.vaccine import Stage, VaccineReport
from kiosk.device.findings import Finding


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
    """The answer to `TakePicture`, `TakeStockPicture` and `TakeUpload`: `original` is on the shelf and was judged."""

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
class DiceRolled:
    """The answer to `RollDice`: the dice's picture and noise are on the shelf, and the picture was judged."""

    job: int
    judged: Judged


@dataclass(frozen=True, slots=True)
class PaintingJudged:
    """The answer to `JudgePainting`: the picture was judged as it was painted when that was asked."""

    job: int
    answer: Answer
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class UploadSeen:
    """One picture of the USB stick, its number there, is on the shelf as the next `upload-…`."""

    job: int
    number: int


@dataclass(frozen=True, slots=True)
class UploadsListed:
    """The answer to `ListUploads`, after all its `UploadSeen`: where the next page would start, None at the end."""

    job: int
    following: int | None


@dataclass(frozen=True, slots=True)
class StickFound:
    """There are pictures on a USB stick (or in a folder that staff named)."""


@dataclass(frozen=True, slots=True)
class StickLost:
    """There are none any more."""


@dataclass(frozen=True, slots=True)
class ExampleRecorded:
    """The answer to `RecordExample`: the picture is on the shelf as `example-JOB`."""

    job: int


@dataclass(frozen=True, slots=True)
class EpochTrained:
    """`TrainHead` is so far; more follows."""

    job: int
    epoch: Epoch


@dataclass(frozen=True, slots=True)
class HeadTrained:
    """The answer to `TrainHead`: the head judges from now on.

    `predicted` is each example's label by a network that never saw its burst, -1 where none could be tested.
    """

    job: int
    predicted: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class VaccineUnderWay:
    """`GiveVaccine` is so far (0..1) in this stage; more follows."""

    job: int
    stage: Stage
    share: float


@dataclass(frozen=True, slots=True)
class VaccineGiven:
    """The answer to `GiveVaccine`: another head judges from now on; the picture is an example too, `example-JOB`.

    `others` are the numbers of the examples that the report's other attacks were made on, `predicted` is as in
    `HeadTrained`, for the same examples, and `burst` is the one that the picture joined. `original` and `steps` are
    what the head says now of the visitor's picture and of every iterate there is.
    """

    job: int
    report: VaccineReport
    others: tuple[int, ...]
    predicted: tuple[int, ...]
    burst: int
    original: Answer
    steps: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class ModelsFound:
    """The built models there are, and the name of the exhibit's own, which judges when a visit begins."""

    models: tuple[FoundModel, ...]
    default: str


@dataclass(frozen=True, slots=True)
class ModelChosen:
    """The answer to `ChooseModel`: that model judges from now on, and this is what it says to `original`."""

    job: int
    name: str
    answer: Answer


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
    | DatasetKept
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
    | DiceRolled
    | PaintingJudged
    | UploadSeen
    | UploadsListed
    | StickFound
    | StickLost
    | ExampleRecorded
    | EpochTrained
    | HeadTrained
    | VaccineUnderWay
    | VaccineGiven
    | ModelsFound
    | ModelChosen
    | DatasetsFound
    | DatasetOpened
    | JobLost
    | GradientsChanged
    | ModelChanged
    | FilmReady
    | RecordingTaken
    | StaffFound
    | StaffNews
)
