"""A model that staff add: an ONNX classifier of their own, checked, quantised, measured and installed as ours are."""

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import torch

from kiosk.device.state_folder import StateFolder
from kiosk.gradients.compute.attacks import Attacker
from kiosk.gradients.compute.network import Network
from kiosk.vision.build import calibration
from kiosk.vision.build.architectures import imagenet_labels
from kiosk.vision.build.finish import Specification, install, logits, quantised
from kiosk.vision.build.foreign import activation_type
from kiosk.vision.build.onnx_file import BROKEN, first_line, printable
from kiosk.vision.model_card import FLOAT_FILE, MODEL_FILE, ModelCard, ModelError
from kiosk.words.label_file import LabelFile

GIVEN_QUANTISED = "none: the file was given quantised"
CHECKING_SEED, CHECKING_EACH = 2, 2
# Exact arithmetic gives 0; roundings that fall the other way now and then stay below this.
MOST_DIFFERENCE = 0.1
# ImageNet's names are spelt a little differently from list to list.
LEAST_SAME_NAMES = 0.95


def add_model(
    state: StateFolder,
    file: Path,
    adopted: Path,
    *,
    name: str,
    labels: LabelFile,
    mean: tuple[float, float, float],
    std: tuple[float, float, float],
    activations: str,
    on_stage: Callable[[str], None] = lambda _: None,
) -> ModelCard:
    """Return the card of an added and installed model; on any error the models that were there stay.

    `adopted` is the file in this kiosk's form.

    Raises ModelError with the reason why a file does not fit.
    """
    wanted = Specification(name, mean, std, with_imagenet_names(labels.names), labels.blocked)
    on_stage("checking the network")
    try:
        return _added(state, adopted, wanted, activations, on_stage)
    except ModelError as error:
        raise ModelError(f"{file}: {printable(str(error))}") from None
    except BROKEN as error:  # what PyTorch and ONNX Runtime raise on a network that fits and makes no sense
        raise ModelError(f"{file}: cannot be run here ({first_line(error)})") from None


def _added(
    state: StateFolder,
    adopted: Path,
    wanted: Specification,
    activations: str,
    on_stage: Callable[[str], None],
) -> ModelCard:
    model = onnx.load(adopted)
    given_as = activation_type(model)
    with tempfile.TemporaryDirectory(prefix="kiosk-add-") as temporary:
        folder = Path(temporary)
        onnx.save(model, folder / (MODEL_FILE if given_as else FLOAT_FILE))
        _check_gradients(folder / (MODEL_FILE if given_as else FLOAT_FILE), wanted)
        if given_as:
            return install(state, folder, wanted, given_as, GIVEN_QUANTISED, on_stage)
        on_stage("quantising")
        used = quantised(folder, wanted, activations)
        _check_gradients(folder / MODEL_FILE, wanted)
        return install(state, folder, wanted, used, calibration.DESCRIPTION, on_stage)


def with_imagenet_names(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return ImageNet's names as our own models have them, where a list is ImageNet's in another spelling.

    Visitors then read the friendly names, and never those of the classes that could hurt.
    """
    ours = imagenet_labels()
    if len(labels) != len(ours):
        return labels
    same = sum(_plain(given) == _plain(known) for given, known in zip(labels, ours, strict=True))
    return ours if same >= LEAST_SAME_NAMES * len(ours) else labels


def _plain(name: str) -> str:
    """Return a class name without its WordNet number, its synonyms and its case."""
    return re.sub(r"^n\d{8}\s+", "", name).split(",")[0].replace("_", " ").strip().casefold()


def _check_gradients(file: Path, wanted: Specification) -> None:
    """Raise ModelError where PyTorch answers otherwise than ONNX Runtime, or no gradient reaches the picture."""
    crops = calibration.crops(calibration.OBJECTS, CHECKING_SEED, CHECKING_EACH, wanted.input_size)
    pictures = [picture for picture, _ in crops]
    network = Network.from_file(file)
    attacker = Attacker(network, wanted.mean, wanted.std)
    inputs = wanted.inputs(pictures)
    expected = logits(file, inputs)
    if not np.isfinite(expected).all():
        raise ModelError("it answers photographs with infinite or undefined numbers; check --mean and --std")
    with torch.no_grad():
        answers = [network(torch.from_numpy(tensor), ["logits"])[0].numpy() for tensor in inputs]
    lengths = np.linalg.norm(expected, axis=1)
    differences = np.linalg.norm(expected - np.concatenate(answers), axis=1)
    if float(np.median(differences - MOST_DIFFERENCE * lengths)) > 0:
        raise ModelError(
            "the gradient process computes other answers than ONNX Runtime; it cannot be attacked here"
        )
    gradient = attacker.gradient(pictures[0].astype(np.float32), int(expected[0].argmax()))
    if not np.isfinite(gradient).all() or not gradient.any():
        raise ModelError("no gradient reaches the picture; it cannot be attacked")
