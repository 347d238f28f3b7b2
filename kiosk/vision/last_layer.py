"""The last layer of a model file: what each label listens to in the pooled features."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from kiosk.vision.arrays import Floats

LAST = "Gemm"
PASSED_ON = ("QuantizeLinear", "DequantizeLinear", "Flatten")


def last_layer(file: Path) -> Floats | None:
    """Return the weights from the embedding to the logits, (labels, channels); None where more lies between them."""
    graph = onnx.load(file, load_external_data=False).graph
    made_by = {output: node for node in graph.node for output in node.output}
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    node = _origin(made_by, "logits")
    if node is None or node.op_type != LAST or not _is_embedding(made_by, node.input[0]):
        return None
    weights = _weights(made_by, constants, node.input[1])
    turned = any(attribute.name == "transB" and attribute.i for attribute in node.attribute)
    return None if weights is None else np.ascontiguousarray(weights if turned else weights.T)


def _origin(made_by: Mapping[str, onnx.NodeProto], name: str) -> onnx.NodeProto | None:
    """Return the node that computes a tensor, whatever rounds it afterwards."""
    node = made_by.get(name)
    while node is not None and node.op_type in PASSED_ON:
        node = made_by.get(node.input[0])
    return node


def _is_embedding(made_by: Mapping[str, onnx.NodeProto], name: str) -> bool:
    """Return whether a tensor is the embedding itself, or that rounded."""
    return name == "embedding" or _origin(made_by, name) is _origin(made_by, "embedding")


def _weights(
    made_by: Mapping[str, onnx.NodeProto], constants: Mapping[str, NDArray[np.generic]], name: str
) -> Floats | None:
    """Return a constant as floats; one in 8 bits has a unit and a zero for each of its rows, or for all."""
    if name in constants:
        return constants[name].astype(np.float32)
    node = made_by.get(name)
    if node is None or node.op_type != "DequantizeLinear" or node.input[0] not in constants:
        return None
    stored, unit, *zero = (constants[part].astype(np.float32) for part in node.input)
    axis = next((attribute.i for attribute in node.attribute if attribute.name == "axis"), 1)
    shape = [-1 if at == axis % stored.ndim else 1 for at in range(stored.ndim)] if unit.ndim else []
    exact = stored - (zero[0].reshape(shape) if zero else 0.0)
    weights: Floats = exact * unit.reshape(shape)
    return weights
