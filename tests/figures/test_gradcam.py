"""Our Grad-CAM, Grad-CAM++ and class-activation maps, unscaled, are the `grad-cam` package's on the same network."""

import gc
import importlib
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper

from kiosk.device.state_folder import StateFolder
from kiosk.explaining.maps import class_activation_map
from kiosk.gradients.client import GradientClient
from kiosk.gradients.compute.attacks import Attacker
from kiosk.gradients.compute.cell_maps import cell_map
from kiosk.gradients.compute.network import Network
from kiosk.gradients.protocol import MapMethod
from kiosk.vision.arrays import Floats
from kiosk.vision.classifier import Classifier
from kiosk.vision.heatmap import CellMap
from kiosk.vision.model_card import FLOAT_FILE, MODEL_FILE
from kiosk.vision.picture import Rgb
from tests.figures.figure import at_most

DIFFERENCE = 1e-4
SIDE = 32

pytestmark = pytest.mark.usefixtures("torch_module")


class Hookable(torch.nn.Module):
    """A Network whose features pass through a module, so that the package can put its hooks there.

    What follows them is in floats, as it is for us: a label whose logit is at its grid's end has no gradient there.
    """

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network
        self.features = torch.nn.Identity()
        self.place = torch.nn.Parameter(torch.zeros(()))  # the package asks where the parameters lie

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return the logits for a normalised input."""
        (features,) = self.network(pixels, ["features"])
        (logits,) = self.network.tail.resume({"features": self.features(features)}, ["logits"])
        return logits


class LogitsOnly(torch.nn.Module):
    """The PyTorch network that the build exports, as the package wants it: logits alone."""

    def __init__(self, net: Any) -> None:
        super().__init__()
        self.net = net
        self.features = net.features

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return the logits for a normalised input."""
        logits: torch.Tensor = self.net(pixels)[0]
        return logits


@pytest.fixture(scope="module")
def package() -> Any:
    """The `grad-cam` package, imported without its own imports' warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return importlib.import_module("pytorch_grad_cam")
        except ImportError as error:
            pytest.skip(
                f"THE GRAD-CAM ORACLE IS MISSING, must show 4 is not shown: {error}; ./deploy.sh test installs it"
            )


def _attacker(folder: Path, file: str) -> Attacker:
    with Classifier(folder) as classifier:
        return Attacker(Network.from_file(folder / file), classifier.card.mean, classifier.card.std)


def grad_cam(attacker: Attacker, picture: Rgb, label: int) -> Floats:
    """Our Grad-CAM, unscaled: (rows, columns)."""
    return cell_map(attacker, "grad-cam", picture, label).cells


def _pixels(attacker: Attacker, picture: Rgb) -> torch.Tensor:
    return attacker.normalised(torch.from_numpy(picture.astype(np.float32)))


def _theirs(package: Any, net: Any, pixels: torch.Tensor, label: int, way: str = "GradCAM") -> Any:
    """Return the package's map for a label at net.features, before it is scaled to one picture alone.

    It hooks them, so the input must ask for gradients.
    """
    targets = importlib.import_module("pytorch_grad_cam.utils.model_targets")
    with getattr(package, way)(model=net.eval(), target_layers=[net.features]) as cam:
        unscaled: list[Any] = []
        whole = cam.get_cam_image

        def keep(*given: Any) -> Any:
            unscaled.append(whole(*given))
            return unscaled[-1]

        cam.get_cam_image = keep
        cam(pixels.detach().requires_grad_(), [targets.ClassifierOutputTarget(label)])
    return np.maximum(unscaled[0][0], 0)


@pytest.mark.parametrize("file", [FLOAT_FILE, MODEL_FILE])
@pytest.mark.parametrize(("method", "way"), [("grad-cam", "GradCAM"), ("grad-cam++", "GradCAMPlusPlus")])
def test_equal_to_the_package(
    package: Any, state: StateFolder, pictures: list[Rgb], file: str, method: MapMethod, way: str
) -> None:
    attacker = _attacker(state.model(None), file)
    net = Hookable(attacker.network)
    rng = np.random.default_rng(0)
    differences = []
    for picture in pictures:
        pixels = _pixels(attacker, picture)
        with torch.no_grad():
            answer = int(net(pixels).argmax())
        for label in (answer, int(rng.integers(1000))):
            ours = cell_map(attacker, method, picture, label).cells
            differences.append(float(np.abs(ours - _theirs(package, net, pixels, label, way)).max()))

    at_most(
        f"{file}: {method} against grad-cam's, {len(differences)} maps, largest difference",
        max(differences),
        DIFFERENCE,
    )


def test_a_class_activation_map_is_what_the_gradient_says_of_each_cell(
    package: Any, state: StateFolder, pictures: list[Rgb], classifier: Classifier
) -> None:
    """It needs no gradient: behind a mean and one layer it is the package's HiResCAM, which takes one."""
    attacker, weights = _attacker(state.model(None), MODEL_FILE), classifier.last_layer
    assert weights is not None
    net = Hookable(attacker.network)
    differences = []
    for picture in pictures:
        prediction = classifier(picture)
        ours = np.maximum(class_activation_map(prediction, weights, prediction.label).cells, 0)
        theirs = _theirs(package, net, _pixels(attacker, picture), prediction.label, "HiResCAM")
        differences.append(float(np.abs(ours - theirs).max()))

    at_most(
        f"class-activation map against grad-cam's HiResCAM, {len(differences)} maps",
        max(differences),
        DIFFERENCE,
    )


def test_equal_to_the_package_on_the_network_that_was_exported(
    package: Any, state: StateFolder, pictures: list[Rgb]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torchvision's and timm's own, at import
        architectures: Any = importlib.import_module("kiosk.vision.build.architectures")
    design = architectures.architecture("efficientnet_lite0")
    net = LogitsOnly(design.make(design.default_weights()))
    attacker = _attacker(state.model(None), FLOAT_FILE)
    differences = []
    for picture in pictures[:12]:
        pixels = _pixels(attacker, picture)
        with torch.no_grad():
            label = int(net.eval()(pixels).argmax())
        ours = grad_cam(attacker, picture, label)
        differences.append(float(np.abs(ours - _theirs(package, net, pixels, label)).max()))

    at_most(
        f"Grad-CAM of float.onnx against grad-cam's on the network before its export, {len(differences)} maps",
        max(differences),
        DIFFERENCE,
    )


def test_the_gradient_process_answers_the_same(
    gradients: GradientClient, state: StateFolder, coffee: Rgb, noise_picture: Rgb
) -> None:
    attacker = _attacker(state.model(None), MODEL_FILE)
    answers: list[CellMap] = gradients.maps("grad-cam", [coffee, noise_picture], 967).result()

    for answer, picture in zip(answers, (coffee, noise_picture), strict=True):
        np.testing.assert_allclose(answer.cells, grad_cam(attacker, picture, 967), atol=1e-5)
        assert answer.cells.dtype == np.float32
        assert answer.cells.shape == (7, 7)
        assert answer.cells.min() >= 0


def _one_sided_attacker() -> Attacker:
    """Return a network of two labels: every feature speaks against the first and for the second."""
    nodes = [
        helper.make_node("Conv", ["input", "kernel"], ["sums"]),
        helper.make_node("Relu", ["sums"], ["features"]),
        helper.make_node("GlobalAveragePool", ["features"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["embedding"]),
        helper.make_node("Gemm", ["embedding", "head", "bias"], ["logits"], transB=1),
    ]
    constants = {
        "kernel": np.random.default_rng(0).standard_normal((4, 3, 1, 1)).astype(np.float32),
        "head": np.array([[-1.0] * 4, [1.0] * 4], np.float32),
        "bias": np.zeros(2, np.float32),
    }
    graph = helper.make_graph(
        nodes,
        "one-sided",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, (1, 3, SIDE, SIDE))],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
            for name in ("logits", "embedding", "features")
        ],
        [numpy_helper.from_array(values, name) for name, values in constants.items()],
    )
    return Attacker(Network(helper.make_model(graph)), (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))


def test_no_evidence_is_an_empty_map(noise_picture: Rgb) -> None:
    attacker, picture = _one_sided_attacker(), np.ascontiguousarray(noise_picture[:SIDE, :SIDE])

    assert cell_map(attacker, "grad-cam", picture, 0).peak == 0
    assert cell_map(attacker, "grad-cam", picture, 1).peak > 0


def test_a_flat_picture_makes_no_undefined_values() -> None:
    attacker, grey = _one_sided_attacker(), np.full((SIDE, SIDE, 3), 200, np.uint8)

    for label in (0, 1):
        assert np.isfinite(grad_cam(attacker, grey, label)).all()


def test_it_leaves_no_gradients_behind(state: StateFolder, coffee: Rgb) -> None:
    attacker = _attacker(state.model(None), MODEL_FILE)
    first = grad_cam(attacker, coffee, 967)
    before = _live_tensors()
    for _ in range(5):
        again = grad_cam(attacker, coffee, 967)

    alive, with_gradients = _live_tensors()
    assert alive <= before[0], "others' may have gone meanwhile"
    assert with_gradients <= before[1]
    assert torch.is_grad_enabled()
    assert again.tobytes() == first.tobytes()


def _live_tensors() -> tuple[int, int]:
    """Return how many tensors are alive, and how many of them take part in gradients."""
    gc.collect()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # asking old objects what they are wakes deprecation warnings
        tensors = [thing for thing in gc.get_objects() if type(thing) is torch.Tensor]
    return len(tensors), sum(t.requires_grad or t.grad_fn is not None or t.grad is not None for t in tensors)
