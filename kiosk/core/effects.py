"""What shall be done: every effect that the performer carries out."""

from dataclasses import dataclass, field

from kiosk.core.staff import Values


@dataclass(frozen=True, slots=True)
class StartLive:
    """Classify camera frames and say `LiveJudged` for each; keep `camera` fresh."""


@dataclass(frozen=True, slots=True)
class StopLive:
    """Stop classifying camera frames."""


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
class Forget:
    """Wipe every picture, iterate, map and answer of the visitor, here and in the gradient process."""


PhotoEffect = StartLive | StopLive | StartFraming | TakePicture | TakeStockPicture | RestartCamera
AttackEffect = StartStack | RunStep | ShowStep | DrawMaps | TakeRecording
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
Effect = PhotoEffect | AttackEffect | StaffEffect | DropJob | Forget
