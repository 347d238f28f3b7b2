"""What shall be done: every effect that the performer carries out."""

from dataclasses import dataclass, field

from kiosk.core.datasets import DatasetEffect, OpenDataset
from kiosk.core.lesson import Lesson
from kiosk.core.painting import Ink, Place, Tool
from kiosk.core.staff import Values


@dataclass(frozen=True, slots=True)
class StartLive:
    """Keep `camera` fresh; unless only looking is wanted, classify its frames and say `LiveJudged` for each."""

    judging: bool = True


@dataclass(frozen=True, slots=True)
class StopLive:
    """Stop showing and classifying camera frames."""


@dataclass(frozen=True, slots=True)
class StartFraming:
    """Keep `framing` fresh: all that the camera sees, dark but for the square that is used; `StopLive` ends it."""


@dataclass(frozen=True, slots=True)
class TakePicture:
    """Freeze the newest frame as `original`, judge it, say `PictureTaken` or `JobLost`."""

    job: int


@dataclass(frozen=True, slots=True)
class TakeStockPicture:
    """Put one of our own pictures there instead (no camera), say `PictureTaken` or `JobLost`."""

    job: int


@dataclass(frozen=True, slots=True)
class StartStack:
    """Begin a new stack at the original for this target (None: anything but the original's label)."""

    target: int | None


@dataclass(frozen=True, slots=True)
class RunStep:
    """Take one step from iterate `at_step`, judge it, say `StepJudged` or `JobLost`."""

    job: int
    at_step: int


@dataclass(frozen=True, slots=True)
class ShowStep:
    """Show iterate `step` of the stack as `adversarial` and `noise` (0 is the original)."""

    step: int


@dataclass(frozen=True, slots=True)
class DrawMaps:
    """Draw both Grad-CAMs of a label, at the original and at iterate `step`; say `MapsDrawn` or `JobLost`."""

    job: int
    label: int
    step: int


@dataclass(frozen=True, slots=True)
class RollDice:
    """Throw dice for noise as large as that of iterate `step`, the job's number being the seed.

    Put it there as `dice` and `dice-noise`, judge it, say `DiceRolled` or `JobLost`.
    """

    job: int
    step: int


@dataclass(frozen=True, slots=True)
class Stroke:
    """Paint one piece of a stroke on the picture, seen with the next frame; `begins` where a finger came down."""

    ink: Ink
    start: Place
    end: Place
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Stamp:
    """Set a stamp down on the picture, with its middle there."""

    shape: Tool
    ink: Ink
    place: Place


@dataclass(frozen=True, slots=True)
class ClearPaint:
    """Take all paint away."""


@dataclass(frozen=True, slots=True)
class JudgePainting:
    """Put the present `adversarial` under the paint there as `painted`, judge it, say `PaintingJudged` or `JobLost`."""

    job: int


@dataclass(frozen=True, slots=True)
class ListUploads:
    """Look at the pictures on the USB stick from number `start` on, until `count` could be read.

    Each is put there as `upload-0`, `upload-1` and so on, and said with `UploadSeen`; then comes `UploadsListed`.
    """

    job: int
    start: int
    count: int


@dataclass(frozen=True, slots=True)
class TakeUpload:
    """Freeze picture `number` on the USB stick as `original`, judge it, say `PictureTaken` or `JobLost`."""

    job: int
    number: int


@dataclass(frozen=True, slots=True)
class RecordExample:
    """Keep the newest frame as the example of this job's number, say `ExampleRecorded` or `JobLost`."""

    job: int


@dataclass(frozen=True, slots=True)
class DropExamples:
    """Let go of examples."""

    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TrainHead:
    """Teach a lesson's labels, by these names; say `EpochTrained` again and again, then `HeadTrained`, or `JobLost`."""

    job: int
    names: tuple[str, ...]
    lesson: Lesson


@dataclass(frozen=True, slots=True)
class GiveVaccine:
    """Teach that iterate `step` is really a `label`, not the `lie` that it is taken for.

    Say `VaccineUnderWay` again and again, then `VaccineGiven`, or `JobLost`: then nothing has changed.
    """

    job: int
    step: int
    label: int
    lie: int


@dataclass(frozen=True, slots=True)
class ChooseModel:
    """Let another model judge, `original` first; say `ModelChosen`, or `JobLost`: then the old one goes on."""

    job: int
    name: str


@dataclass(frozen=True, slots=True)
class TakeRecording:
    """Put the recorded attack's picture there as `original`; its steps are then played by `RunStep`.

    Say `RecordingTaken` or `JobLost`.
    """

    job: int


@dataclass(frozen=True, slots=True)
class AskPin:
    """Say `PinChecked` with how long to wait before the PIN may be tried."""


@dataclass(frozen=True, slots=True)
class TryPin:
    """Compare with the staff's PIN, say `PinChecked`."""

    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChoosePin:
    """Make this the staff's PIN, say `PinChosen`."""

    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReadBoard:
    """Read how the board is, and the last crash; say `BoardRead`."""


@dataclass(frozen=True, slots=True)
class ForgetCrash:
    """Somebody has read of the last crash: remove it, and say `BoardRead`."""


@dataclass(frozen=True, slots=True)
class ReadCounts:
    """Say `CountsRead`."""


@dataclass(frozen=True, slots=True)
class ExportCounts:
    """Write all counts to a USB stick, say `CountsExported`."""


@dataclass(frozen=True, slots=True)
class SaveSettings:
    """Keep changes of settings, by dotted key, for the next start; say `SettingsSaved`."""

    changes: Values


@dataclass(frozen=True, slots=True)
class MarkClosed:
    """Close the exhibit for repair, or open it again, also for later starts; say `ClosedMarked`."""

    closed: bool


@dataclass(frozen=True, slots=True)
class RestartCamera:
    """Close the camera and open it again."""


@dataclass(frozen=True, slots=True)
class RestartGradients:
    """End the gradient process and start it again, also one that was given up."""


@dataclass(frozen=True, slots=True)
class RestartExhibit:
    """End the exhibit, for the system to start it again."""


@dataclass(frozen=True, slots=True)
class LookForUpdate:
    """Look for a release on a USB stick, and how far an update is; say `UpdateTold`."""


@dataclass(frozen=True, slots=True)
class BeginUpdate:
    """Ask the system for an update from the stick, say `UpdateTold`."""


@dataclass(frozen=True, slots=True)
class DropJob:
    """Nobody waits for this job any more: its result must not reach the stack or the shelf."""

    job: int


@dataclass(frozen=True, slots=True)
class ForgetPicture:
    """Wipe the picture with its iterates, maps and answers, as `Forget` does; what was taught stays."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Wipe everything of the visitor, here and in the gradient process; the exhibit's own model judges again."""


PhotoEffect = StartLive | StopLive | StartFraming | TakePicture | TakeStockPicture | RestartCamera
AttackEffect = StartStack | RunStep | ShowStep | DrawMaps | TakeRecording
PaintEffect = Stroke | Stamp | ClearPaint | JudgePainting
UploadEffect = ListUploads | TakeUpload
TeachEffect = RecordExample | DropExamples | TrainHead
StaffEffect = (
    AskPin
    | TryPin
    | ChoosePin
    | ReadBoard
    | ForgetCrash
    | ReadCounts
    | ExportCounts
    | SaveSettings
    | MarkClosed
    | RestartGradients
    | RestartExhibit
    | LookForUpdate
    | BeginUpdate
)
Effect = (
    PhotoEffect
    | AttackEffect
    | RollDice
    | PaintEffect
    | UploadEffect
    | TeachEffect
    | DatasetEffect
    | GiveVaccine
    | ChooseModel
    | StaffEffect
    | DropJob
    | ForgetPicture
    | Forget
)
Asking = (  # what is answered by the number of a job
    TakePicture
    | TakeStockPicture
    | TakeUpload
    | ListUploads
    | RunStep
    | DrawMaps
    | TakeRecording
    | RollDice
    | JudgePainting
    | RecordExample
    | TrainHead
    | OpenDataset
    | GiveVaccine
    | ChooseModel
)
