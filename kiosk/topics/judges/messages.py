"""Other models look at the same two pictures."""

from dataclasses import dataclass

from kiosk.core.message import Asking, Reply, Way
from kiosk.core.visit import Answer, Visit


@dataclass(frozen=True, slots=True)
class ToJudges(Way):
    """Ask the other models too."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one model says of both pictures; `exact` is the model that judges, before it was made small."""

    model: str
    original: Answer
    adversarial: Answer
    exact: bool = False


@dataclass(frozen=True, slots=True)
class AskJudges(Asking):
    """Let every other model with the same labels look at the original and iterate `step`.

    Say `JobAdvanced` again and again, then `JudgesAsked`, or `JobLost`.
    """

    step: int


@dataclass(frozen=True, slots=True)
class JudgesAsked(Reply):
    """The answer to `AskJudges`."""

    opinions: tuple[Opinion, ...]
