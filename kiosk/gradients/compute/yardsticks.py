"""What `kiosk bench` times inside PyTorch: our attack step beside a plain pass of the float twin."""

import time
from pathlib import Path

import numpy as np
import torch

from kiosk.gradients.compute.attacks import Attacker
from kiosk.gradients.compute.cell_maps import cell_map
from kiosk.gradients.compute.network import Network
from kiosk.gradients.compute.print_proof import print_proof_step
from kiosk.recapture.preset import PRESETS
from kiosk.recapture.proof import Proof
from kiosk.recapture.ranges import Ranges
from kiosk.vision.model_card import FLOAT_FILE, MODEL_FILE, ModelCard
from kiosk.vision.picture import Rgb

STANDARD, RANGES = PRESETS["standard"], Ranges()
MATRIX_SIDE = 1024
MATRIX_RUNS = 8


class Yardsticks:
    """A model's networks in this process, on one thread; each method does one piece of work to be timed."""

    def __init__(self, folder: Path, card: ModelCard, picture: Rgb) -> None:
        torch.set_num_threads(1)
        self._picture, self._iterate = picture, picture.astype(np.float32)
        self._proof, self._views = Proof.begun(picture), 0
        self._attacker = Attacker(Network.from_file(folder / MODEL_FILE), card.mean, card.std)
        self._plain = Network.from_file(folder / FLOAT_FILE) if (folder / FLOAT_FILE).is_file() else None

    @property
    def has_float(self) -> bool:
        """Return whether the float twin was kept beside the model."""
        return self._plain is not None

    def step(self) -> None:
        """Do one attack step on the int8 graph."""
        self._attacker.step("sign", self._iterate, self._iterate, 0, 1.0, 4.0)

    def print_proof_step(self) -> None:
        """Do one step of the attack that survives paper, at a view of its own."""
        self._views += 1
        print_proof_step(self._attacker, self._proof, self._iterate, 0, 0, STANDARD, RANGES, self._views)

    def plain_pass(self) -> None:
        """Run the float network forwards and backwards: batch norms folded, channels last, nothing else done."""
        if self._plain is not None:
            pixels = self._attacker.normalised(torch.from_numpy(self._iterate)).requires_grad_()
            (logits,) = self._plain(pixels, ["logits"])
            torch.autograd.grad(logits.log_softmax(1)[0, 0], pixels)

    def grad_cam(self) -> None:
        """Compute one Grad-CAM map."""
        cell_map(self._attacker, "grad-cam", self._picture, 0)


def peak_gflops() -> float:
    """Return this processor's float32 speed on one thread, by the best of some matrix products. Units: 1e9 / s."""
    a = torch.rand(MATRIX_SIDE, MATRIX_SIDE)
    seconds = []
    for _ in range(MATRIX_RUNS):
        since_s = time.perf_counter()
        a @ a
        seconds.append(time.perf_counter() - since_s)
    return 2 * MATRIX_SIDE**3 / min(seconds) / 1e9
