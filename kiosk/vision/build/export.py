"""PyTorch -> float ONNX: static batch and padding, batch norms folded, and only the operators the kiosk runs."""

import logging
import warnings

import onnx
import torch

from kiosk.vision.build.architectures import ThreeOutputs
from kiosk.vision.build.graph import strip_provenance
from kiosk.vision.build.shape_rewrites import name_pooling
from kiosk.vision.classifier import OUTPUTS
from kiosk.vision.model_card import ModelError

OPSET = 18


def export(net: ThreeOutputs, input_size: int) -> onnx.ModelProto:
    """Return the network as an ONNX graph with a fixed (1, 3, size, size) input and the kiosk's three outputs."""
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of its own future changes
        program = torch.onnx.export(
            net.eval(),
            (torch.zeros(1, 3, input_size, input_size),),
            dynamo=True,
            opset_version=OPSET,
            input_names=["input"],
            output_names=list(OUTPUTS),
            external_data=False,
            verbose=False,
        )
    if program is None:
        raise ModelError("export: PyTorch returned no ONNX program")
    model: onnx.ModelProto = onnx.shape_inference.infer_shapes(program.model_proto)
    name_pooling(model.graph)
    strip_provenance(model)
    onnx.checker.check_model(model, full_check=True)
    return onnx.shape_inference.infer_shapes(model)
