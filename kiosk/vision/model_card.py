"""The model card beside each model file: everything needed to use it, and the digest that ties the two together."""

import hashlib
import math
from collections.abc import Iterator
from pathlib import Path

import msgspec

from kiosk.errors import KioskError
from kiosk.vision.reading import DamagedJsonError, decoded_json, read_small_file

MODEL_FILE = "classifier.onnx"
FLOAT_FILE = "float.onnx"
CARD_FILE = "classifier.json"
INPUT_SIZE = 224
MOST_CARD_BYTES = 4 * 2**20
SMALLEST_SIDE, LARGEST_SIDE = 8, 1024
FEWEST_LABELS = 2
BUILT_HERE = (
    "efficientnet_lite0",
    "efficientnet_lite1",
    "efficientnet_lite2",
    "mobilenet_v2",
    "mobilenet_v3_small",
    "mobilenet_v3_large",
)


class ModelError(KioskError, ValueError):
    """A model that is missing, damaged, foreign or not the one its card describes."""


class Measured(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the build measured on package photographs it did not calibrate on. Rates are fractions 0..1.

    None where it cannot be known: a model that was given quantised has no float twin, and right answers are known for
    ImageNet's labels only.
    """

    crops: int
    agreement: float | None
    logit_cosine: float | None
    top1_int8: float | None
    top1_float: float | None
    int8_bytes: int
    float_bytes: int | None


class ModelCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The facts of one built model; the same build writes the same card, so it holds no times and no dates.

    `blocked` are the indices of labels that visitors must not read, by the staff who added the model.
    """

    name: str
    input_size: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    labels: tuple[str, ...]
    outputs: tuple[str, ...]
    activations: str
    calibration: str
    sha256: str
    measured: Measured
    blocked: tuple[int, ...] = ()


def file_sha256(path: Path) -> str:
    """Return a file's SHA-256 as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_card(folder: Path) -> ModelCard:
    """Return the card of the model in a folder after checking the model file's digest; raises ModelError."""
    path, model = folder / CARD_FILE, folder / MODEL_FILE
    for needed in (path, model):
        if not needed.is_file():
            raise ModelError(f"{needed}: missing; build it with: kiosk model build efficientnet_lite0")
    try:
        card: ModelCard = decoded_json(read_small_file(path, MOST_CARD_BYTES), ModelCard)
        digest = file_sha256(model)
    except DamagedJsonError as error:
        raise ModelError(f"{path}: is no model card of this kiosk ({error}); build the model again") from None
    except OSError as error:
        raise ModelError(f"{folder}: the model cannot be read ({error.strerror}); build it again") from None
    for complaint in _complaints(card):
        raise ModelError(f"{path}: is no model card of this kiosk ({complaint}); build the model again")
    if digest != card.sha256:
        raise ModelError(
            f"{model}: is not the file its card describes (SHA-256 differs); build the model again"
        )
    return card


def _complaints(card: ModelCard) -> Iterator[str]:
    """Yield what no model can have; a card that is damaged in one letter may still be JSON."""
    if not SMALLEST_SIDE <= card.input_size <= LARGEST_SIDE:
        yield f"its pictures have {card.input_size} pixels a side"
    if not all(map(math.isfinite, (*card.mean, *card.std))) or min(card.std) <= 0:
        yield "its mean and std are no numbers to scale pixels by"
    if len(card.labels) < FEWEST_LABELS or not all(name and name.isprintable() for name in card.labels):
        yield "its labels have no names"
    if not all(0 <= index < len(card.labels) for index in card.blocked):
        yield "it blocks labels that it has not"


def card_bytes(card: ModelCard) -> bytes:
    """Return a card as its JSON file's bytes, indented for people."""
    return msgspec.json.format(msgspec.json.encode(card), indent=2) + b"\n"
