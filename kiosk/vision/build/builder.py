"""One model's way from weights to a measured, installed int8 file. The same build gives the same bytes."""

import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from kiosk.state_folder import StateFolder
from kiosk.vision.build import calibration
from kiosk.vision.build.architectures import Architecture, architecture, imagenet_labels, read_weights
from kiosk.vision.build.export import export
from kiosk.vision.build.quantise import quantise
from kiosk.vision.build.stock import write_stock
from kiosk.vision.classifier import OUTPUTS, open_session
from kiosk.vision.model_card import (
    CARD_FILE,
    FLOAT_FILE,
    MODEL_FILE,
    Measured,
    ModelCard,
    card_bytes,
    file_sha256,
)
from kiosk.vision.picture import to_input

CALIBRATION_SEED, CALIBRATION_EACH = 0, 10
MEASURING_SEED, MEASURING_EACH, MEASURING_LEAST = 1, 40, 0.7
# On Arm int8 activations are the native kernels; uint8 must be clearly faster there to be taken.
ARM_UINT8_GAIN = 1.15
TIMED_RUNS = 30


@dataclass(frozen=True)
class _Variant:
    """One way to quantise activations."""

    activations: str
    reduce_range: bool = False

    @property
    def file(self) -> str:
        """Return the name of this candidate's file while it is one."""
        return f"{self.activations}{'-7bit' if self.reduce_range else ''}.onnx"


def build_model(
    state: StateFolder,
    name: str,
    *,
    weights: Path | None,
    activations: str,
    on_stage: Callable[[str], None] = lambda _: None,
) -> ModelCard:
    """Return the card of a freshly built and installed model; on any error the models that were there stay.

    Raises BadArgumentError for an unknown name, ModelError for weights that are not this model's.
    """
    design = architecture(name)
    on_stage("checking the weights")
    net = design.make(design.default_weights() if weights is None else read_weights(weights))
    with tempfile.TemporaryDirectory(prefix="kiosk-build-") as temporary:
        folder = Path(temporary)
        on_stage("exporting")
        onnx.save(export(net, design.input_size), folder / FLOAT_FILE)
        on_stage("quantising")
        variant = _quantised(folder, design, activations)
        on_stage("measuring")
        card = _measured(folder, design, variant)
        on_stage("installing")
        files = {file: (folder / file).read_bytes() for file in (MODEL_FILE, FLOAT_FILE)}
        state.install_model(name, card.sha256, files | {CARD_FILE: card_bytes(card)})
    on_stage("preparing the stock pictures")
    write_stock(state.stock)
    return card


def _quantised(folder: Path, design: Architecture, activations: str) -> _Variant:
    """Write the int8 file and return how: as asked, or as suits this processor."""
    inputs = [
        to_input(picture, design.mean, design.std)
        for picture, _ in calibration.crops(
            calibration.PHOTOGRAPHS, CALIBRATION_SEED, CALIBRATION_EACH, design.input_size
        )
    ]
    candidates = _candidates(activations, platform.machine(), Path("/proc/cpuinfo").read_text("utf-8"))
    for variant in candidates:
        quantise(
            folder / FLOAT_FILE,
            folder / variant.file,
            inputs,
            activations=variant.activations,
            reduce_range=variant.reduce_range,
        )
    chosen = candidates[0]
    if len(candidates) > 1:
        score = _speed if chosen.activations == "int8" else _closeness
        gains = [score(folder, variant, inputs) for variant in candidates]
        if gains[1] > gains[0] * (ARM_UINT8_GAIN if chosen.activations == "int8" else 1):
            chosen = candidates[1]
    (folder / chosen.file).replace(folder / MODEL_FILE)
    return chosen


def _candidates(activations: str, machine: str, processor: str) -> list[_Variant]:
    """Return the ways worth trying on a processor, the preferred one first."""
    if activations != "auto":
        return [_Variant(activations)]
    if machine in ("aarch64", "arm64"):
        return [_Variant("int8"), _Variant("uint8")]
    # Without VNNI the 16-bit sums of 8-bit products saturate; 7-bit weights do not.
    uint8 = _Variant("uint8")
    return [uint8] if "vnni" in processor else [uint8, _Variant("uint8", reduce_range=True)]


def _speed(folder: Path, variant: _Variant, inputs: Sequence[NDArray[np.float32]]) -> float:
    """Return inferences a second, by the median."""
    session = open_session(folder / variant.file, threads=1)
    times = []
    for _ in range(TIMED_RUNS):
        since_s = time.perf_counter()
        session.run(["logits"], {"input": inputs[0]})
        times.append(time.perf_counter() - since_s)
    return 1 / statistics.median(times)


def _closeness(folder: Path, variant: _Variant, inputs: Sequence[NDArray[np.float32]]) -> float:
    """Return the mean cosine between the float model's logits and the variant's."""
    float_logits = _logits(folder / FLOAT_FILE, inputs)
    return float(_cosines(float_logits, _logits(folder / variant.file, inputs)).mean())


def _measured(folder: Path, design: Architecture, variant: _Variant) -> ModelCard:
    """Return the card, with figures from crops that the calibration did not see."""
    pictures, classes = zip(
        *calibration.crops(
            calibration.OBJECTS, MEASURING_SEED, MEASURING_EACH, design.input_size, least=MEASURING_LEAST
        ),
        strict=True,
    )
    inputs = [to_input(picture, design.mean, design.std) for picture in pictures]
    exact, rounded = _logits(folder / FLOAT_FILE, inputs), _logits(folder / MODEL_FILE, inputs)
    return ModelCard(
        name=design.name,
        input_size=design.input_size,
        mean=design.mean,
        std=design.std,
        labels=imagenet_labels(),
        outputs=OUTPUTS,
        activations=variant.activations,
        calibration=calibration.DESCRIPTION,
        sha256=file_sha256(folder / MODEL_FILE),
        measured=Measured(
            crops=len(pictures),
            agreement=round(float((exact.argmax(1) == rounded.argmax(1)).mean()), 4),
            logit_cosine=round(float(np.median(_cosines(exact, rounded))), 4),
            top1_int8=_top1(rounded, classes),
            top1_float=_top1(exact, classes),
            int8_bytes=(folder / MODEL_FILE).stat().st_size,
            float_bytes=(folder / FLOAT_FILE).stat().st_size,
        ),
    )


def _logits(file: Path, inputs: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Return a model file's logits: (inputs, labels)."""
    session = open_session(file, threads=2)
    return np.concatenate([session.run(["logits"], {"input": tensor})[0] for tensor in inputs])


def _cosines(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the cosine of each row of a with its row of b."""
    cosines: NDArray[np.float32] = (a * b).sum(1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))
    return cosines


def _top1(logits: NDArray[np.float32], classes: Sequence[frozenset[int]]) -> float | None:
    """Return how often the answer is right, over the crops of photographs whose right answers are known."""
    right = [int(row.argmax()) in known for row, known in zip(logits, classes, strict=True) if known]
    return round(sum(right) / len(right), 4) if right else None
