"""The attack that survives paper: step, reply, verdicts on the view and on the picture, next step.

Its meter is the share of the last views that already lie. When all of them do it goes on to its last steps, which
settle: ended there and then, it would survive as well, and be louder.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from kiosk.gradients.client import GradientClient
from kiosk.recapture.preset import PRESETS, Preset
from kiosk.recapture.proof import Proof
from kiosk.recapture.ranges import Ranges
from kiosk.vision.arrays import Floats
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.picture import Rgb

METERED_VIEWS = 12


@dataclass(frozen=True)
class Proofing:
    """How the attack is made: its preset, the views it prepares for, and what they are drawn from."""

    preset: Preset = PRESETS["standard"]
    ranges: Ranges = field(default_factory=Ranges)
    seed: int = 0


class Meter:
    """What share of the last views lies."""

    def __init__(self) -> None:
        self._lies = deque[bool](maxlen=METERED_VIEWS)

    def add(self, lies: bool) -> None:
        """Count another view in the place of the oldest."""
        self._lies.append(lies)

    @property
    def share(self) -> float:
        """Return the share, of twelve even where fewer were seen."""
        return sum(self._lies) / METERED_VIEWS


def print_proof_iterates(
    classifier: AnyClassifier, gradients: GradientClient, original: Rgb, target: int, proofing: Proofing
) -> Iterator[Floats]:
    """Yield iterate after iterate; once all of the last views lie, only the last steps are still made."""
    proof, meter, step = Proof.begun(original), Meter(), 0
    while step < proofing.preset.gradients:
        proof = gradients.print_proof_step(
            proof,
            original,
            target,
            step,
            proofing.preset,
            ranges=proofing.ranges,
            seed=proofing.seed,
            head=classifier.head,
        ).result()
        yield proof.iterate
        meter.add(classifier(proof.view).label == target)
        step = proofing.preset.after(step, all_lie=meter.share == 1)
