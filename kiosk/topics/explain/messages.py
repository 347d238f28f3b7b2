"""What an answer leaned on, and why the noise works."""

from dataclasses import dataclass

from kiosk.core.message import Asking, Reply, Way
from kiosk.core.visit import Visit
from kiosk.topics.explain.facts import Pushed, Tally


@dataclass(frozen=True, slots=True)
class ToExplain(Way):
    """Ask why, for one label."""

    visit: Visit
    label: int


@dataclass(frozen=True, slots=True)
class DrawContrast(Asking):
    """Draw what speaks for a label against another, at the original and at iterate `step`.

    Say `ContrastDrawn` or `JobLost`.
    """

    label: int
    against: int
    step: int


@dataclass(frozen=True, slots=True)
class ContrastDrawn(Reply):
    """The answer to `DrawContrast`: both maps are on the shelf, on one scale.

    `exact` says that squares and biases are the log-odds; else the squares are the gradient's linearisation.
    """

    original: Tally
    adversarial: Tally
    exact: bool = True


@dataclass(frozen=True, slots=True)
class DrawMaps(Asking):
    """Draw both Grad-CAMs of a label, at the original and at iterate `step`; say `MapsDrawn` or `JobLost`."""

    label: int
    step: int


@dataclass(frozen=True, slots=True)
class MapsDrawn(Reply):
    """The answer to `DrawMaps`: both maps are on the shelf, on one scale; False where one holds no evidence at all."""

    label: int
    original_evidence: bool = True
    adversarial_evidence: bool = True


@dataclass(frozen=True, slots=True)
class DrawPushes(Asking):
    """Draw which way each dot of iterate `step`'s noise pushes, beside as much noise thrown by dice.

    Say `PushesDrawn` or `JobLost`.
    """

    label: int
    against: int
    step: int


@dataclass(frozen=True, slots=True)
class PushesDrawn(Reply):
    """The answer to `DrawPushes`: both are on the shelf.

    `before` is the log-odds without noise, `dots` is how many of the picture's the noise moved.
    """

    before: float
    made: Pushed
    thrown: Pushed
    dots: int
