"""Which hint helps before a picture is taken: rules on what was measured, each with its threshold.

The thresholds were set on made-up pictures (tests/topics/photograph/test_hints.py), with room on both sides.
"""

from dataclasses import dataclass, replace
from enum import Enum

from kiosk.core.labels import Labels
from kiosk.core.visit import Answer

DARK = 60.0  # of 255: with a fifth of the light there are up to 45, with half of it 85 to 110
BLURRED = 0.55  # sharp pictures have 0.1 to 0.44, what moves by a twentieth of the picture 0.63 to 0.72
DOUBTFUL, LOST = 2.9, 4.0  # nats, of 6.9: one thing in full view has up to 2.7, two of them from 3.4
# Parts of the picture, which are 49ths: a thing of a third of its width has up to 19, plain ground at least 42.
SMALL, EMPTY = 0.395, 0.7
APART = 0.5  # two names of one thing have up to 0.36, of a face 0.45; two things from 0.58
WORN, SURE_OF_IT = 0.25, 0.6
STEADY_S = 0.5


class Hint(Enum):
    """What would help now."""

    DARK = "dark"
    STILL = "still"
    PERSON = "person"
    ONE = "one"
    EMPTY = "empty"
    CLOSER = "closer"
    STRANGE = "strange"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was measured of a live picture, as `kiosk.vision.seen` defines it."""

    light: float
    blur: float
    doubt: float
    spread: float
    apartness: float


def hint_for(seen: Seen, answer: Answer, labels: Labels, *, taught: bool) -> Hint | None:
    """Return the hint that helps first: light before stillness, then what is before the camera; None where all is well.

    Of what a visitor taught only light and stillness are known: its labels may be anything, a person too.
    """
    if seen.light < DARK:
        return Hint.DARK
    if seen.blur > BLURRED:
        return Hint.STILL
    if taught or seen.doubt < DOUBTFUL:
        return None
    worn = sum(row.confidence for row in answer.top if row.label in labels.worn)
    if worn >= WORN and answer.first.confidence < SURE_OF_IT:
        return Hint.PERSON
    if seen.apartness > APART:
        return Hint.ONE
    if seen.spread > EMPTY:
        return Hint.EMPTY
    if seen.spread < SMALL:
        return Hint.CLOSER
    return Hint.STRANGE if seen.doubt > LOST else None


@dataclass(frozen=True, slots=True)
class SteadyHint:
    """The hint on the screen, and the one that was measured last, since when."""

    shown: Hint | None = None
    newest: Hint | None = None
    since_s: float = 0.0

    def heard(self, hint: Hint | None, now_s: float) -> "SteadyHint":
        """Return what becomes of it after a measurement: a hint that does not last is not shown."""
        if hint is not self.newest:
            return SteadyHint(self.shown, hint, now_s)
        return replace(self, shown=hint) if now_s - self.since_s >= STEADY_S else self
