"""Paint on the attacked picture."""

from dataclasses import dataclass

from kiosk.core.message import Asking, Effect, Reply, Way
from kiosk.core.painting import Ink, Place, Tool
from kiosk.core.visit import Answer, Verdict, Visit


@dataclass(frozen=True, slots=True)
class ToSketchpad(Way):
    """Paint over the attacked picture."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class Stroke(Effect):
    """Paint one piece of a stroke on the picture, seen with the next frame; `begins` where a finger came down."""

    ink: Ink
    start: Place
    end: Place
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Stamp(Effect):
    """Set a stamp down on the picture, with its middle there."""

    shape: Tool
    ink: Ink
    place: Place


@dataclass(frozen=True, slots=True)
class ClearPaint(Effect):
    """Take all paint away."""


@dataclass(frozen=True, slots=True)
class UndoPaint(Effect):
    """Take back the last stroke, stamp or clean sheet."""


@dataclass(frozen=True, slots=True)
class JudgePainting(Asking):
    """Put the present `adversarial` under the paint there as `painted`, judge it, say `PaintingJudged` or `JobLost`."""


@dataclass(frozen=True, slots=True)
class PaintingJudged(Reply):
    """The answer to `JudgePainting`: the picture was judged as it was painted when that was asked.

    Then there was paint on it or not (`painted`), and something to undo or not (`undoable`).
    """

    answer: Answer
    verdict: Verdict
    painted: bool
    undoable: bool
