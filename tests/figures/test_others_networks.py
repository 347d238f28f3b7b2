"""Issue 6, 19: networks as PyTorch's exporters write them are added, and are computed as ONNX Runtime does."""

import importlib
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from kiosk.gradients.compute.attacks import Attacker
from kiosk.gradients.compute.network import Network
from kiosk.vision.build.foreign import adopt
from kiosk.vision.build.quantising.quantise import quantise
from kiosk.vision.classifier import OUTPUTS
from kiosk.vision.picture import Rgb, to_input
from tests.figures.figure import at_most, most_of

LABELS, CALIBRATING = 5, 12
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
# A value on the other side of a half once in a while; HardSwish alone is computed in floats by both.
DIFFERENT_LOGITS = 1

Exporter = Callable[[torch.nn.Module, Path], object]

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("torch_module")]


def by_default(net: torch.nn.Module, file: Path) -> None:
    """Export as PyTorch does by default: its newer exporter, weights in a second file."""
    program = torch.onnx.export(net, (torch.zeros(1, 3, 224, 224),), dynamo=True, verbose=False)
    assert program is not None
    program.save(file, external_data=True)


def by_script(net: torch.nn.Module, file: Path) -> None:
    torch.onnx.export(net, (torch.zeros(1, 3, 224, 224),), file, dynamo=False, opset_version=17)


def in_halves(net: torch.nn.Module, file: Path) -> None:
    example = torch.zeros(1, 3, 224, 224).half()
    torch.onnx.export(net.half(), (example,), file, dynamo=False, opset_version=17)


def calibrated(name: str, pixels: torch.Tensor) -> torch.nn.Module:
    """Return a torchvision network with seeded random weights, its batch norms set to what pictures bring them."""
    models: Any = importlib.import_module("torchvision.models")
    torch.manual_seed(0)
    net: torch.nn.Module = getattr(models, name)(weights=None, num_classes=LABELS).eval()
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None
            module.reset_running_stats()
            module.train()
    with torch.no_grad():
        net(pixels)
    return net.eval()


@pytest.mark.parametrize("export", [by_default, by_script, in_halves])
@pytest.mark.parametrize("name", ["resnet18", "squeezenet1_1", "efficientnet_b0", "densenet121"])
def test_a_network_of_torchvision(name: str, export: Exporter, pictures: list[Rgb], tmp_path: Path) -> None:
    inputs = [to_input(picture, MEAN, STD) for picture in pictures]
    theirs, exact, rounded = (tmp_path / f"{file}.onnx" for file in ("theirs", "float", "int8"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporters warn of their own changes
        export(calibrated(name, torch.from_numpy(np.concatenate(inputs[:CALIBRATING]))), theirs)
    onnx.save(adopt(theirs, LABELS, 224), exact)
    quantise(exact, rounded, inputs[:CALIBRATING], activations="uint8")

    written = f"{name}, {export.__name__.replace('_', ' ')}"
    for file, kind in ((exact, "float"), (rounded, "int8")):
        session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
        network, equal, differences = Network(onnx.load(file)), 0, []
        for values in inputs[:20]:
            expected = session.run(OUTPUTS, {"input": values})
            with torch.no_grad():
                results = network(torch.from_numpy(values), OUTPUTS)
            pairs = [(a.numpy(), b) for a, b in zip(results, expected, strict=True)]
            differences.append(max(float(np.abs(a - b).max() / max(np.abs(b).max(), 1e-9)) for a, b in pairs))
            equal += differences[-1] < 1e-6
        if kind == "int8":
            most_of(f"{written}: all int8 outputs are ONNX Runtime's", equal, 20, 20 - DIFFERENT_LOGITS)
        else:
            at_most(f"{written}: float outputs differ by, at most", max(differences), 1e-2)
    gradient = Attacker(Network(onnx.load(rounded)), MEAN, STD).gradient(pictures[0].astype(np.float32), 1)
    assert np.isfinite(gradient).all()
    assert gradient.any()
