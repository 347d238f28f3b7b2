"""How the parts of the exhibit are: what the program goes by, and what staff read."""

from dataclasses import dataclass
from enum import Enum, auto

CRASH = "last crash"  # what the finding on the exhibit's last end is about


class Phase(Enum):
    """How a part of the exhibit (model, gradient process) is doing."""

    WARMING = auto()
    READY = auto()
    LOST = auto()


@dataclass(frozen=True, slots=True)
class Health:
    """The phase of one part; while it warms how far it is (0..1, None where unknown).

    A part that is lost comes back by itself in a moment, unless a `reason` says why it will not.
    """

    phase: Phase
    progress: float | None = None
    reason: str = ""

    @property
    def given_up(self) -> bool:
        """Return whether it is lost and nobody should wait for it."""
        return self.phase is Phase.LOST and bool(self.reason)


class Level(Enum):
    """How bad a finding is; only a failed part keeps the exhibit from opening. What nobody looked at is not OK."""

    OK = "ok"
    UNKNOWN = "unknown"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: which part, how bad, what was found, and what to do (empty where nothing is)."""

    what: str
    level: Level
    found: str
    advice: str = ""


def can_open(findings: tuple[Finding, ...]) -> bool:
    """Return whether the exhibit can open."""
    return all(finding.level is not Level.FAILED for finding in findings)
