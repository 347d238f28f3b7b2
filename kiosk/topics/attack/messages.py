"""The lie, and the attack: step by step until the classifier says it."""

from dataclasses import dataclass

from kiosk.core.message import Asking, Effect, Reply, Way
from kiosk.core.visit import Answer, Judged, Visit


@dataclass(frozen=True, slots=True)
class ToChoose(Way):
    """Choose a (new) lie for the picture."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class ToAttack(Way):
    """Fool it."""

    visit: Visit

    @property
    def anew(self) -> bool:
        """Return whether it begins: then the stack that earlier screens showed is gone."""
        return len(self.visit.steps) < 2


@dataclass(frozen=True, slots=True)
class ToLook(Way):
    """Look closely at both pictures, or at the noise alone."""

    visit: Visit
    noise: bool = False


@dataclass(frozen=True, slots=True)
class StartStack(Effect):
    """Begin a new stack at the original for this target (None: anything but the original's label)."""

    target: int | None


@dataclass(frozen=True, slots=True)
class RunStep(Asking):
    """Take one step from iterate `at_step`, judge it, say `StepJudged` or `JobLost`."""

    at_step: int


@dataclass(frozen=True, slots=True)
class SeekQuiet(Asking):
    """Look for the least noise that keeps the lie with that `confidence`; what is found lies above step `at_step`.

    It begins at the stack's top. Say `QuieterJudged` for each that is much quieter, at last `QuietEnded`, or `JobLost`.
    """

    at_step: int
    confidence: float


@dataclass(frozen=True, slots=True)
class ShowStep(Effect):
    """Show iterate `step` of the stack as `adversarial` and `noise` (0 is the original)."""

    step: int


@dataclass(frozen=True, slots=True)
class TakeRecording(Asking):
    """Put the recorded attack's picture there as `original`; its steps are then played by `RunStep`.

    Say `RecordingTaken` or `JobLost`.
    """


@dataclass(frozen=True, slots=True)
class StepJudged(Reply):
    """The answer to `RunStep`: the new iterate is on the stack, shown as `adversarial`, and was judged."""

    judged: Judged


@dataclass(frozen=True, slots=True)
class QuieterJudged(Reply):
    """What `SeekQuiet` found so far: a quieter iterate is on the stack, shown as `adversarial`; it keeps the lie."""

    judged: Judged


@dataclass(frozen=True, slots=True)
class QuietEnded(Reply):
    """What ends `SeekQuiet`: no less noise is looked for."""


@dataclass(frozen=True, slots=True)
class RecordingTaken(Reply):
    """The answer to `TakeRecording`: its picture is `original`, was judged, and will become `target`."""

    answer: Answer
    target: int
