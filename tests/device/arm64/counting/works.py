"""Run in the emulation: does each work that is counted, once it is warm, between marks.

python -m tests.device.arm64.counting.works MODELS SPANS

MODELS is the folder that `models` made; SPANS is written, the list of what was done between which marks.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy as np
import torch

from kiosk.gradients.compute import print_proof
from kiosk.gradients.compute.attacks import Attacker
from kiosk.gradients.compute.cell_maps import cell_map
from kiosk.gradients.compute.network import Network
from kiosk.recapture.preset import PRESETS
from kiosk.recapture.proof import Proof
from kiosk.recapture.ranges import Ranges
from kiosk.recapture.simulator import Sight, View
from kiosk.vision.classifier import Classifier
from kiosk.vision.model_card import FLOAT_FILE, MODEL_FILE, read_card
from kiosk.vision.picture import Rgb
from tests.device.arm64.counting import spans
from tests.device.arm64.counting.marks import EachOperator, Marks
from tests.device.arm64.counting.models import folder_of, read_picture

LABEL = 0
STEP_255, BUDGET_255 = 1.0, 4.0
EMPTY = 9  # the first marks, not warm yet, cost more
VIEWS = 6  # a view's cost depends on its blur and on its JPEG


class Gradients:
    """What the gradient process does, on one thread."""

    def __init__(self, folder: Path, picture: Rgb) -> None:
        torch.set_num_threads(1)
        card = read_card(folder)
        self.attacker = Attacker(Network.from_file(folder / MODEL_FILE), card.mean, card.std)
        self._picture, self._iterate = picture, picture.astype(np.float32)

    def gradient(self) -> None:
        """Take one gradient."""
        self.attacker.gradient(self._iterate, LABEL)

    def grad_cam(self) -> None:
        """Draw one Grad-CAM."""
        cell_map(self.attacker, "grad-cam", self._picture, LABEL)

    def attack_step(self) -> None:
        """Take one step of the attack on the screen."""
        self.attacker.step("sign", self._iterate, self._iterate, LABEL, STEP_255, BUDGET_255)

    def print_proof_step(self, seed: int) -> None:
        """Take one step of the attack that survives paper, at the view of a seed."""
        print_proof.print_proof_step(
            self.attacker,
            Proof.begun(self._picture),
            self._iterate,
            LABEL,
            0,
            PRESETS["standard"],
            Ranges(),
            seed,
        )


def infer(marks: Marks, models: Path, picture: Rgb) -> None:
    """Count one answer of each kind of model."""
    kinds = {
        spans.INT8: ("int8", MODEL_FILE),
        spans.UINT8: ("uint8", MODEL_FILE),
        spans.FLOAT: ("uint8", FLOAT_FILE),
    }
    for name, (activations, file) in kinds.items():
        with Classifier(folder_of(models, activations), file=file) as classifier:
            classifier(picture)
            with marks.around(name):
                classifier(picture)


def differentiate(marks: Marks, gradients: Gradients) -> None:
    """Count a gradient, as a whole and by operator, and a Grad-CAM."""
    for name, work in ((spans.GRADIENT, gradients.gradient), (spans.GRAD_CAM, gradients.grad_cam)):
        work()
        with marks.around(name):
            work()
    with EachOperator(marks), marks.around(spans.OPERATORS):
        gradients.gradient()


def attack(marks: Marks, gradients: Gradients) -> None:
    """Count a step of either attack by part, of the one that survives paper at several views."""
    gradients.attack_step()
    gradients.print_proof_step(VIEWS)
    with parts_counted(marks, gradients.attacker):
        with marks.around(spans.ATTACK_STEP):
            gradients.attack_step()
        for seed in range(VIEWS):
            with marks.around(spans.PRINT_PROOF_STEP):
                gradients.print_proof_step(seed)


@contextmanager
def parts_counted(marks: Marks, attacker: Attacker) -> Iterator[None]:
    """Count meanwhile what an attack's step calls."""
    parts = {
        "view drawn": (print_proof, "draw_view"),
        "picture seen": (View, "see"),
        "photograph, by JPEG": (Sight, "photograph"),
        "network's gradient": (attacker, "gradient"),
        "pull-back": (Sight, "pull_back"),
    }
    with ExitStack() as stack:
        for name, (owner, function) in parts.items():
            stack.enter_context(patch.object(owner, function, marks.counted(name, getattr(owner, function))))
        yield


def main(models: Path, written: Path) -> None:
    """Do everything."""
    marks, picture = Marks(), read_picture(models)
    for _ in range(EMPTY):
        with marks.around(spans.NOTHING):
            pass
    infer(marks, models, picture)
    gradients = Gradients(folder_of(models, "int8"), picture)
    differentiate(marks, gradients)
    attack(marks, gradients)
    spans.write_spans(written, marks.spans)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
