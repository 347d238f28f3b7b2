"""The least noise that keeps the lie, on every photograph, as the exhibit looks for it after *Fooled!*."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from kiosk.attack.noise import NoiseSize, noise_size
from kiosk.device.state_folder import StateFolder
from kiosk.settings.sections import GradientSettings, Settings
from kiosk.topics.attack.facts import quieter
from kiosk.topics.attack.performing.quieting import QUIET_GRADIENTS
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import Rgb
from tests.figures.figure import at_least, at_most, enough, most_of, told
from tests.lies import lie_about
from tests.process.rehearsal import Rehearsal, own
from tests.topics.attack.quieted import Quieted

GRADIENTS, MADE_QUIETER, PSNR_DB, FRAME_MS = 40, 0.95, 52.0, 33.0
FRAMES_PHOTOGRAPHS = 12


@dataclass(frozen=True)
class Row:
    """A picture that was fooled and left alone: the noise before and after, and what the model says at last."""

    loud: NoiseSize
    least: NoiseSize
    fooled: bool
    confidence: float
    exact: bool

    @property
    def quieter(self) -> bool:
        """Whether it was made quieter, by at least a third of the L2."""
        return quieter(self.least.l2_255, self.loud.l2_255)


@pytest.fixture(scope="module")
def rehearsal(state: StateFolder) -> Iterator[Rehearsal]:
    settings = Settings(gradients=GradientSettings(threads=1))
    with own(state, f"pictures:{state.stock}", settings) as rehearsal:
        rehearsal.ready()
        yield rehearsal


def quietened(rehearsal: Rehearsal, classifier: Classifier, original: Rgb, target: int) -> Row | None:
    """Return what became of a picture, None where it was not fooled."""
    attack = Quieted.begun(rehearsal, classifier, original, target, drawn=False)
    attack.fool()
    if not attack.screen.visit.fools:
        return None
    loud = attack.picture
    attack.left_alone()
    least = attack.picture
    said = classifier(least)
    exact = True
    if attack.screen.visit.now.quiet:
        attack.touch("less")
        exact = np.array_equal(attack.picture, loud)
        attack.touch("more")
        exact = exact and np.array_equal(attack.picture, least)
    sizes = noise_size(original, loud), noise_size(original, least)
    return Row(*sizes, said.label == target, float(said.probabilities[target]), exact)


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_the_least_noise_that_keeps_the_lie(
    rehearsal: Rehearsal, classifier: Classifier, photographs: list[Path], pictures: list[Rgb]
) -> None:
    found = [
        quietened(rehearsal, classifier, original, lie_about(path, classifier(original).label))
        for path, original in zip(photographs, pictures, strict=True)
    ]
    rows = [row for row in found if row is not None]
    made = [row for row in rows if row.quieter]
    told("quiet: photographs that were fooled", f"{len(rows)} of {len(found)}")
    for name, size in (("before", [row.loud for row in made]), ("after", [row.least for row in made])):
        l2, mean = (np.median([getattr(one, way) for one in size]) for way in ("l2_255", "mean_255"))
        told(f"quiet: L2, average change, medians {name}", f"{l2:.0f}, {mean:.2f}")
    told("quiet: confidence in the lie, median", f"{np.median([row.confidence for row in made]):.2f}")
    psnr_db = [row.least.psnr_db or 0.0 for row in made]
    told("quiet: PSNR, least, largest", f"{min(psnr_db):.1f}, {max(psnr_db):.1f} dB")
    at_most("quiet: further gradients", QUIET_GRADIENTS, GRADIENTS)
    most_of("quiet: made quieter by a third of the L2", len(made), len(rows), enough(MADE_QUIETER, len(rows)))
    most_of("quiet: the lie is top-1 on the 8-bit picture", sum(r.fooled for r in made), len(made), len(made))
    most_of("quiet: less and more noise are bit-exact", sum(r.exact for r in made), len(made), len(made))
    at_least("quiet: PSNR, median", float(np.median(psnr_db)), PSNR_DB, " dB")


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_no_frame_waits_for_it(
    rehearsal: Rehearsal, classifier: Classifier, photographs: list[Path], pictures: list[Rgb]
) -> None:
    few = slice(None, None, max(1, len(pictures) // FRAMES_PHOTOGRAPHS))
    frames_s: list[float] = []
    for path, original in zip(photographs[few], pictures[few], strict=True):
        attack = Quieted.begun(rehearsal, classifier, original, lie_about(path, classifier(original).label))
        attack.fool()
        if attack.screen.visit.fools:
            attack.left_alone()
        frames_s += attack.frames_s
    told("quiet: frames while it is looked for", f"{len(frames_s)}")
    at_most("quiet: p99 of a frame", float(np.percentile(frames_s, 99)) * 1e3, FRAME_MS, " ms")
