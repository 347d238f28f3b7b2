"""A taught head: a small network from the model's embedding to a visitor's labels, and when it says "I don't know".

numpy alone runs it, in microseconds, beside ONNX Runtime. A head belongs to the one model file it was taught on.
"""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kiosk.core.lesson import FEWEST_LABELS, MOST_LABELS
from kiosk.errors import KioskError
from kiosk.vision.arrays import DAMAGED_ERRORS, Floats, arrays_in
from kiosk.vision.reading import one_line, read_small_file

HEAD_FORMAT = 1
MOST_LAYERS, LONGEST_NAME = 5, 64
# 1,600 examples of 1,280 channels and the widest layers need 12 MB; more is no head of ours.
MOST_BYTES = 64 * 2**20


class HeadError(KioskError, ValueError):
    """A head's file that is missing, damaged, or of another model."""


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer: outputs = weight @ inputs + bias. Shapes: weight (out, in), bias (out,); float32."""

    weight: Floats
    bias: Floats


@dataclass(frozen=True, eq=False)
class Doubt:
    """When a head says "I don't know": the embedding resembles no example enough, or no label is likely enough.

    Shapes: directions (examples, channels) float32, each of length 1. `least_likeness` is a cosine.
    """

    directions: Floats
    least_likeness: float
    least_confidence: float

    def likeness(self, embedding: Floats) -> float:
        """Return the cosine with the example it resembles most."""
        length = float(np.linalg.norm(embedding))
        return float((self.directions @ embedding).max()) / max(length, 1e-12)


@dataclass(frozen=True, eq=False)
class Head:
    """Label names, layers with ReLU between them, the standardisation of their input, and what doubt needs.

    The layers see (embedding - mean) / spread. Shapes: mean (channels,) float32. One spread for all channels: a few
    examples say too little of each one's.
    """

    labels: tuple[str, ...]
    model_sha256: str
    mean: Floats
    spread: float
    layers: tuple[Layer, ...]
    doubt: Doubt

    def logits(self, embedding: Floats) -> Floats:
        """Return one logit a label. Shapes: (channels,) or (n, channels) -> (labels,) or (n, labels); float32."""
        values: Floats = (embedding - self.mean) / np.float32(self.spread)
        for layer in self.layers[:-1]:
            values = np.maximum(values @ layer.weight.T + layer.bias, 0)
        return values @ self.layers[-1].weight.T + self.layers[-1].bias

    def knows(self, embedding: Floats) -> bool:
        """Return whether the head stands by its answer on an embedding, (channels,), or says "I don't know"."""
        logits = self.logits(embedding)
        confidence = 1 / float(np.exp(logits - logits.max()).sum())
        return (
            confidence >= self.doubt.least_confidence
            and self.doubt.likeness(embedding) >= self.doubt.least_likeness
        )


def directions(embeddings: Floats) -> Floats:
    """Return embeddings scaled to length 1. Shapes: (n, channels) float32."""
    lengths = np.linalg.norm(embeddings, axis=1, keepdims=True)
    scaled: Floats = (embeddings / np.maximum(lengths, 1e-12)).astype(np.float32)
    return scaled


def head_bytes(head: Head) -> bytes:
    """Return a head as a NumPy archive; the same head gives the same bytes."""
    arrays: dict[str, NDArray[Any]] = {
        "format": np.array(HEAD_FORMAT),
        "labels": np.array(head.labels),
        "model_sha256": np.array(head.model_sha256),
        "mean": head.mean,
        "spread": np.array(head.spread),
        "directions": head.doubt.directions,
        "doubt": np.array([head.doubt.least_likeness, head.doubt.least_confidence]),
    }
    for index, layer in enumerate(head.layers):
        arrays |= {f"weight_{index}": layer.weight, f"bias_{index}": layer.bias}
    out = BytesIO()
    np.savez(out, allow_pickle=False, **arrays)
    return out.getvalue()


def load_head(path: Path, model_sha256: str, channels: int) -> Head:
    """Return the head in a file, for the model of that digest and embedding size; raises HeadError otherwise."""
    try:
        content = read_small_file(path, 2 * MOST_BYTES)
    except FileNotFoundError:
        raise HeadError(f"{path}: no such file; teach one with: kiosk teach --from DIR --out FILE") from None
    except OSError as error:
        raise HeadError(f"{path}: cannot be read ({error.strerror or error})") from None
    return _read(content, str(path), model_sha256, channels)


def head_in(content: bytes, model_sha256: str, channels: int) -> Head:
    """Return the head in the bytes that `head_bytes` gave; raises HeadError as `load_head` does."""
    return _read(content, "the kept head", model_sha256, channels)


def _read(content: bytes, path: str, model_sha256: str, channels: int) -> Head:
    """Return the head in a file's bytes, which errors call by this path."""
    try:
        head = _assembled(arrays_in(content, 7 + 2 * MOST_LAYERS, MOST_BYTES))
        _refuse_unfit(head, channels)
    except (OSError, *DAMAGED_ERRORS) as error:
        raise HeadError(
            f"{path}: is no head of this kiosk, or damaged ({one_line(error)}); teach it again"
        ) from None
    if head.model_sha256 != model_sha256:
        raise HeadError(f"{path}: was taught on another model than the one in use; teach it again")
    return head


def _assembled(arrays: dict[str, NDArray[Any]]) -> Head:
    if arrays["format"].item() != HEAD_FORMAT:
        raise ValueError("it is of another version of this kiosk")
    count = sum(name.startswith("weight_") for name in arrays)
    least_likeness, least_confidence = arrays["doubt"].tolist()
    return Head(
        labels=tuple(str(name) for name in arrays["labels"].tolist()),
        model_sha256=str(arrays["model_sha256"]),
        mean=arrays["mean"],
        spread=float(arrays["spread"].item()),
        layers=tuple(Layer(arrays[f"weight_{i}"], arrays[f"bias_{i}"]) for i in range(count)),
        doubt=Doubt(arrays["directions"], float(least_likeness), float(least_confidence)),
    )


def _refuse_unfit(head: Head, channels: int) -> None:
    """Raise ValueError where shapes, types or values do not fit together."""
    names = head.labels
    if not FEWEST_LABELS <= len(names) <= MOST_LABELS or len(set(names)) != len(names):
        raise ValueError(f"its labels are {names}")
    if any(not 1 <= len(name) <= LONGEST_NAME for name in names):
        raise ValueError("a label's name is empty or too long")
    expected: list[tuple[Floats, tuple[int, ...]]] = [
        (head.mean, (channels,)),
        (head.doubt.directions, (*head.doubt.directions.shape[:1], channels)),
    ]
    width = channels
    for index, layer in enumerate(head.layers):
        out = len(names) if index == len(head.layers) - 1 else layer.bias.size
        expected += [(layer.weight, (out, width)), (layer.bias, (out,))]
        width = out
    for values, shape in expected:
        if values.shape != shape or values.dtype != np.float32 or not np.isfinite(values).all():
            raise ValueError(f"an array {values.shape} {values.dtype} where {shape} float32 was expected")
    if not head.layers or not head.doubt.directions.size:
        raise ValueError("it holds no layers or no examples")
    numbers = (head.spread, head.doubt.least_likeness, head.doubt.least_confidence)
    if not np.isfinite(numbers).all() or head.spread <= 0:
        raise ValueError(f"its spread and doubt are {numbers}")
