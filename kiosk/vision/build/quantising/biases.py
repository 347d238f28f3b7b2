"""Biases shifted back: rounding moves the mean of a layer's channels, and its bias can undo that at no cost.

Empirical bias correction, after Nagel et al. 2019, "Data-Free Quantization Through Weight Equalization and Bias
Correction", arXiv:1906.04721, section 4.2.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from kiosk.vision.build.graph import prune

LAYERS = ("Conv", "Gemm")
# Two of any processor's: the sums, and so the bytes, do not depend on how many it has.
THREADS = 2
BIAS = 2  # of a layer's inputs: pixels, weights, bias


def correct_biases(
    exact: onnx.ModelProto, rounded: onnx.ModelProto, inputs: Sequence[NDArray[np.float32]]
) -> None:
    """Shift the biases of an int8 model until each channel's mean over the inputs is what the float model's is.

    In the order of the layers, so that each is corrected for what is left of the errors before it. Layers are compared
    before what bounds them (Clip, Relu), which rounding has made part of them. One without bias or name stays as it is.
    """
    compared = {node.name: node.output[0] for node in exact.graph.node if node.name}
    layers = [layer for layer in _layers(rounded) if layer.name in compared]
    if not layers:
        return
    wanted = _means(exact, [compared[layer.name] for layer in layers], inputs)
    dequantised = {node.output[0]: node for node in rounded.graph.node if node.op_type == "DequantizeLinear"}
    constants = {tensor.name: tensor for tensor in rounded.graph.initializer}
    for layer, mean in zip(layers, wanted, strict=True):
        (found,) = _means(rounded, layer.output[:1], inputs)
        bias, scale = (constants[name] for name in dequantised[layer.input[BIAS]].input[:2])
        _shift(bias, (found - mean) / numpy_helper.to_array(scale))


def _layers(rounded: onnx.ModelProto) -> Iterator[onnx.NodeProto]:
    """Yield the layers whose bias is a rounded one, in their order."""
    dequantised = {node.output[0] for node in rounded.graph.node if node.op_type == "DequantizeLinear"}
    for node in rounded.graph.node:
        if node.op_type in LAYERS and len(node.input) > BIAS and node.input[BIAS] in dequantised:
            yield node


def _shift(bias: TensorProto, units: NDArray[np.float32]) -> None:
    """Take so many of its units from each value of a rounded bias."""
    bounds = np.iinfo(np.int32)
    shifted = np.clip(numpy_helper.to_array(bias) - np.rint(units).astype(np.int64), bounds.min, bounds.max)
    bias.CopyFrom(numpy_helper.from_array(shifted.astype(np.int32), bias.name))


def _means(
    model: onnx.ModelProto, names: Sequence[str], inputs: Sequence[NDArray[np.float32]]
) -> list[NDArray[np.float32]]:
    """Return the means of some tensors' channels over all inputs: (channels,) each."""
    part = onnx.ModelProto()
    part.CopyFrom(model)
    del part.graph.output[:]
    part.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names)
    prune(part.graph)  # what comes after is not computed
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        part.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    of_each = [
        [_channel_means(values) for values in session.run(list(names), {"input": tensor})]
        for tensor in inputs
    ]
    return [np.mean(of_one, axis=0, dtype=np.float32) for of_one in zip(*of_each, strict=True)]


def _channel_means(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean of each channel of a layer's output: (1, channels) or (1, channels, rows, columns)."""
    means: NDArray[np.float32] = values.mean(axis=(0, *range(2, values.ndim)))
    return means
