"""What an answer leaned on."""

from dataclasses import dataclass

from kiosk.core.message import Asking, Reply, Way
from kiosk.core.visit import Visit


@dataclass(frozen=True, slots=True)
class ToExplain(Way):
    """Ask why, for one label."""

    visit: Visit
    label: int


@dataclass(frozen=True, slots=True)
class DrawMaps(Asking):
    """Draw both Grad-CAMs of a label, at the original and at iterate `step`; say `MapsDrawn` or `JobLost`."""

    label: int
    step: int


@dataclass(frozen=True, slots=True)
class MapsDrawn(Reply):
    """The answer to `DrawMaps`: both maps are on the shelf; False where a map holds no evidence at all."""

    label: int
    original_evidence: bool = True
    adversarial_evidence: bool = True
