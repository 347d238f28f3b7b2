"""What shall be done: every effect that the performer carries out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StartLive:
    """Classify camera frames and say `LiveJudged` for each; keep `camera` fresh."""


@dataclass(frozen=True, slots=True)
class StopLive:
    """Stop classifying camera frames."""


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
class DropJob:
    """Nobody waits for this job any more: its result must not reach the stack or the shelf."""

    job: int


@dataclass(frozen=True, slots=True)
class Forget:
    """Wipe every picture, iterate, map and answer of the visitor, here and in the gradient process."""


PhotoEffect = StartLive | StopLive | TakePicture | TakeStockPicture
AttackEffect = StartStack | RunStep | ShowStep | DrawMaps
Effect = PhotoEffect | AttackEffect | DropJob | Forget
