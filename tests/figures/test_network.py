"""Issue 2, must show 3 and 4: PyTorch runs the very file ONNX Runtime runs, and its gradient is right."""

import importlib
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from kiosk.device.state_folder import StateFolder
from kiosk.gradients.compute import operators
from kiosk.gradients.compute.attacks import Attacker, log_odds
from kiosk.gradients.compute.cell_maps import cell_map
from kiosk.gradients.compute.network import Network
from kiosk.vision.classifier import OUTPUTS, Classifier
from kiosk.vision.heatmap import CellMap
from kiosk.vision.model_card import FLOAT_FILE, MODEL_FILE
from kiosk.vision.picture import Rgb, to_input
from tests.figures.figure import at_least, at_most, enough, most_of, told

# Random weights leave many labels nearly equal, so a rounding that differs once in a while turns some answers.
TOP1_EQUAL = 0.99
LOGIT_DIFFERENCE_MEDIAN = 1e-4
LOGIT_SPREAD = 4.0
DIRECTIONS, DIRECTED_PICTURES, DIFFERENCE_255 = 4, 3, 1e-5
EXACT_ERROR, DELIVERED_ERROR = 1e-4, 1e-2

Builder = Callable[[StateFolder, str, Path | None], None]

pytestmark = pytest.mark.usefixtures("torch_module")


# ---- must show 3: PyTorch against ONNX Runtime


@pytest.mark.parametrize("name", ["efficientnet_lite0", "mobilenet_v2"])
def test_pytorch_answers_as_onnx_runtime(
    name: str, state: StateFolder, mobilenet_v2: Path, pictures: list[Rgb]
) -> None:
    folder = mobilenet_v2 if name == mobilenet_v2.name else state.model(name)
    equal, differences = _compared(folder, pictures)

    most_of(
        f"{name}: PyTorch answers as ONNX Runtime", equal, len(pictures), enough(TOP1_EQUAL, len(pictures))
    )
    told(f"{name}: largest difference of a logit", f"{differences.max():.2g}")
    at_most(f"{name}: difference of logits, median", float(np.median(differences)), LOGIT_DIFFERENCE_MEDIAN)
    assert _contrast(folder, pictures[0]).exact, (
        "behind an average and a linear layer squares are the log-odds"
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mobilenet_v3_small", "mobilenet_v3_large"])
def test_pytorch_answers_as_onnx_runtime_with_random_weights(
    name: str, build_model: Builder, tmp_path: Path, pictures: list[Rgb]
) -> None:
    weights = tmp_path / "weights.pth"
    _write_random_weights(name, weights, pictures[:12])
    state = StateFolder(tmp_path / "state")
    build_model(state, name, weights)
    folder = state.model(name)

    with Classifier(folder) as classifier:
        predictions = [classifier(picture) for picture in pictures]
    spread = float(np.std([prediction.logits for prediction in predictions], axis=0).mean())
    equal, differences = _compared(folder, pictures)

    at_least(f"{name}, random weights: spread of a logit over the photographs", spread, LOGIT_SPREAD / 4)
    most_of(
        f"{name}, random weights: PyTorch answers as ONNX Runtime",
        equal,
        len(pictures),
        enough(TOP1_EQUAL, len(pictures)),
    )
    told(
        f"{name}, random weights: largest and median difference of a logit",
        f"{differences.max():.2g}, {np.median(differences):.2g}",
    )
    bent, (first, second) = _contrast(folder, pictures[0]), predictions[0].logits[:2]
    assert not bent.exact, "its tail bends: squares are the gradient's linearisation"
    at_most(
        f"{name}, random weights: a contrast's total against the rounded logits",
        abs(bent.total - float(first - second)),
        spread,
    )


def test_every_output_is_onnx_runtimes(state: StateFolder, coffee: Rgb) -> None:
    folder = state.model(None)
    with Classifier(folder) as classifier:
        expected = classifier(coffee)
        pixels = _pixels(classifier, coffee)
    with torch.no_grad():
        results = Network.from_file(folder / MODEL_FILE)(pixels, OUTPUTS)

    for name, result in zip(OUTPUTS, results, strict=True):
        np.testing.assert_allclose(
            result[0].numpy(), getattr(expected, name), rtol=1e-4, atol=1e-4, err_msg=name
        )


def _contrast(folder: Path, picture: Rgb) -> CellMap:
    """Return label 0's squares against label 1's."""
    with Classifier(folder) as classifier:
        attacker = Attacker(Network.from_file(folder / MODEL_FILE), classifier.card.mean, classifier.card.std)
    return cell_map(attacker, "contrast", picture, 0, 1)


def _compared(folder: Path, pictures: Sequence[Rgb]) -> tuple[int, NDArray[np.float64]]:
    """Return on how many pictures the top label is equal, and each picture's largest difference of a logit."""
    net = Network.from_file(folder / MODEL_FILE)
    equal, differences = 0, []
    with Classifier(folder) as classifier, torch.no_grad():
        for picture in pictures:
            expected = classifier(picture).logits
            logits = net(_pixels(classifier, picture), ["logits"])[0][0].numpy()
            equal += int(logits.argmax() == expected.argmax())
            differences.append(float(np.abs(logits - expected).max()))
    return equal, np.array(differences)


def _pixels(classifier: Classifier, picture: Rgb) -> torch.Tensor:
    return torch.from_numpy(to_input(picture, classifier.card.mean, classifier.card.std))


def _write_random_weights(name: str, file: Path, pictures: Sequence[Rgb]) -> None:
    """Write seeded random weights in torchvision's layout whose logits depend on the picture.

    Fresh weights give logits of 1e-10: each batch norm is therefore set to what pictures bring it, and the last layer
    is scaled and shifted until every label's logit spreads by LOGIT_SPREAD around 0.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torchvision's and timm's own, at import
        architectures: Any = importlib.import_module("kiosk.vision.build.architectures")
    torch.manual_seed(0)
    design = architectures.architecture(name)
    net = design.make(None).eval()
    pixels = torch.from_numpy(np.concatenate([to_input(p, design.mean, design.std) for p in pictures]))
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None
            module.train()
    with torch.no_grad():
        net(pixels)
        logits, _, _ = net.eval()(pixels)
        last, mean = net.head[-1], logits.mean(0)
        gain = LOGIT_SPREAD / (logits - mean).std()
        last.weight *= gain
        last.bias.copy_((last.bias - mean) * gain)
    torch.save({key.replace("head.", "classifier."): value for key, value in net.state_dict().items()}, file)


# ---- must show 4: the gradient


def test_gradient_is_that_of_central_differences(
    state: StateFolder, pictures: list[Rgb], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = state.model(None)
    attacker = _attacker(folder, FLOAT_FILE)
    monkeypatch.setattr(operators, "_tensor", _double)  # the same graph in float64: differences without noise
    exact = _attacker(folder, FLOAT_FILE)
    rng = np.random.default_rng(0)
    errors, delivered_errors = [], []
    for picture in pictures[:DIRECTED_PICTURES]:
        point, label = picture.astype(np.float64), int(rng.integers(1000))
        directions = [_unit(rng.standard_normal(point.shape)) for _ in range(DIRECTIONS)]
        slopes = np.array([_slope(exact, point, direction, label) for direction in directions])
        gradient = _exact_gradient(exact, point, label)
        delivered = attacker.gradient(picture.astype(np.float32), label)
        errors.append(_error(gradient, directions, slopes))
        delivered_errors.append(_error(delivered, directions, slopes))

    directions_named = f"{DIRECTIONS} random directions on {len(errors)} photographs"
    at_most(f"gradient in float64 against central differences, {directions_named}", max(errors), EXACT_ERROR)
    at_most(
        f"gradient as delivered against central differences, {directions_named}",
        max(delivered_errors),
        DELIVERED_ERROR,
    )


def test_log_odds_go_the_way_of_the_log_probability(state: StateFolder, coffee: Rgb) -> None:
    attacker = _attacker(state.model(None), FLOAT_FILE)
    cosines = []
    for label in (504, 967, 3):
        of_odds = attacker.gradient(coffee.astype(np.float32), label)
        leaf = torch.from_numpy(coffee.astype(np.float32)).requires_grad_()
        (logits,) = attacker.network(attacker.normalised(leaf), ["logits"])
        (of_logarithm,) = torch.autograd.grad(logits.log_softmax(1)[0, label], leaf)
        cosines.append(_cosine(of_odds, of_logarithm.numpy()))

    at_least("log-odds' gradient with the log-probability's, least cosine", min(cosines), 0.9999)


def test_int8_gradient_beside_the_float_gradient(state: StateFolder, pictures: list[Rgb]) -> None:
    folder = state.model(None)
    exact, rounded = _attacker(folder, FLOAT_FILE), _attacker(folder, MODEL_FILE)
    rng = np.random.default_rng(0)
    agreements, cosines = [], []
    for picture in pictures[:12]:
        label = int(rng.integers(1000))
        a = exact.gradient(picture.astype(np.float32), label)
        b = rounded.gradient(picture.astype(np.float32), label)
        agreements.append(float((np.sign(a) == np.sign(b)).mean()))
        cosines.append(_cosine(a, b))

    told("int8 gradient with the float gradient, cosine, median", f"{np.median(cosines):.3f}")
    at_least(
        "int8 gradient's signs equal to the float gradient's, median", float(np.median(agreements)), 0.65
    )


def _attacker(folder: Path, file: str) -> Attacker:
    with Classifier(folder) as classifier:
        return Attacker(Network.from_file(folder / file), classifier.card.mean, classifier.card.std)


def _double(values: NDArray[Any]) -> torch.Tensor:
    return torch.from_numpy(np.array(values, np.float64))


def _unit(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return values / float(np.linalg.norm(values))


def _objective(attacker: Attacker, point: torch.Tensor, label: int) -> torch.Tensor:
    return log_odds(attacker.network(attacker.normalised(point), ["logits"])[0], label)


def _slope(
    attacker: Attacker, point: NDArray[np.float64], direction: NDArray[np.float64], label: int
) -> float:
    with torch.no_grad():
        ahead, behind = (
            float(_objective(attacker, torch.from_numpy(point + side * DIFFERENCE_255 * direction), label))
            for side in (1, -1)
        )
    return (ahead - behind) / (2 * DIFFERENCE_255)


def _exact_gradient(attacker: Attacker, point: NDArray[np.float64], label: int) -> NDArray[np.float64]:
    leaf = torch.from_numpy(point.copy()).requires_grad_()
    (gradient,) = torch.autograd.grad(_objective(attacker, leaf, label), leaf)
    return np.asarray(gradient.numpy(), np.float64)


def _error(
    gradient: NDArray[Any], directions: Sequence[NDArray[np.float64]], slopes: NDArray[np.float64]
) -> float:
    """Return the relative error of a gradient's slopes, over all directions together."""
    told_slopes = np.array([float((gradient * direction).sum()) for direction in directions])
    return float(np.linalg.norm(told_slopes - slopes) / np.linalg.norm(slopes))


def _cosine(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    return float((a.astype(np.float64) * b).sum() / (np.linalg.norm(a) * np.linalg.norm(b)))
