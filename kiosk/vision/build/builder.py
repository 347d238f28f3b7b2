"""One model's way from weights to a measured, installed int8 file. The same build gives the same bytes."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import onnx

from kiosk.device.state_folder import StateFolder
from kiosk.vision.build import calibration
from kiosk.vision.build.architectures import architecture, imagenet_labels, read_weights
from kiosk.vision.build.export import export
from kiosk.vision.build.finish import Specification, install, quantised
from kiosk.vision.model_card import FLOAT_FILE, ModelCard


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
    wanted = Specification(
        design.name, design.mean, design.std, imagenet_labels(), input_size=design.input_size
    )
    with tempfile.TemporaryDirectory(prefix="kiosk-build-") as temporary:
        folder = Path(temporary)
        on_stage("exporting")
        onnx.save(export(net, design.input_size), folder / FLOAT_FILE)
        on_stage("quantising")
        used = quantised(folder, wanted, activations)
        return install(state, folder, wanted, used, calibration.DESCRIPTION, on_stage)
