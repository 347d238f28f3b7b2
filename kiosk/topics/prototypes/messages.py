"""A judge that explains itself looks at the visitor's pictures, and can be attacked too."""

from dataclasses import dataclass

from kiosk.core.message import Asking, Reply, Way
from kiosk.core.visit import Visit
from kiosk.topics.prototypes.facts import Reasoned


@dataclass(frozen=True, slots=True)
class ToPrototypes(Way):
    """Ask the judge that gives its reasons."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class AskReasons(Asking):
    """Let it judge the original and iterate `step`, taught first where it was not yet.

    Say `JobAdvanced` again and again, then `ReasonsGiven`, or `JobLost`.
    """

    step: int


@dataclass(frozen=True, slots=True)
class ReasonsGiven(Reply):
    """The answer to `AskReasons`; the taught pictures that its parts name are on the shelf.

    `right` and `others_right` are the shares (0..1) of the same taught pictures that this judge and the taught head
    answer rightly without having learned from their bursts; None where no burst can be left out.
    """

    before: Reasoned
    after: Reasoned
    right: float | None
    others_right: float | None


@dataclass(frozen=True, slots=True)
class FoolReasons(Asking):
    """Attack that judge itself, from the original on, until it says `lie` or has withstood enough.

    Say `JobAdvanced` again and again, then `ReasonsFooled`, or `JobLost`.
    """

    lie: int


@dataclass(frozen=True, slots=True)
class ReasonsFooled(Reply):
    """The answer to `FoolReasons`; the picture after so many steps is on the shelf as `prototypes-fooled`."""

    after: Reasoned
    steps: int
