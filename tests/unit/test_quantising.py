"""Int8 layers answer on average as the float network's do: what rounding shifts is shifted back."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from kiosk.vision.build.quantising.biases import correct_biases
from kiosk.vision.build.quantising.quantise import quantise

CHANNELS = 8
COUNT = 12


def network(named: str) -> onnx.ModelProto:
    """Return a small network of each kind of layer, its nodes called as told."""
    rng = np.random.default_rng(0)
    weights = {
        "stem": rng.normal(0, 0.3, (CHANNELS, 3, 3, 3)),
        "stem_bias": rng.normal(0, 0.1, CHANNELS),
        "deep": rng.normal(0, 0.3, (CHANNELS, 1, 3, 3)),
        "deep_bias": rng.normal(0, 0.1, CHANNELS),
        "last": rng.normal(0, 0.3, (5, CHANNELS)),
        "last_bias": rng.normal(0, 0.1, 5),
        "low": np.array(0),
        "high": np.array(1),
    }
    nodes = [
        helper.make_node("Conv", ["input", "stem", "stem_bias"], ["a"], name="stem", strides=[2, 2]),
        helper.make_node("Clip", ["a", "low", "high"], ["b"], name="bounded"),
        helper.make_node("Conv", ["b", "deep", "deep_bias"], ["c"], name="deep", group=CHANNELS),
        helper.make_node("Relu", ["c"], ["features"], name="cut"),
        helper.make_node("GlobalAveragePool", ["features"], ["pooled"], name="pool"),
        helper.make_node("Flatten", ["pooled"], ["embedding"], name="flat"),
        helper.make_node("Gemm", ["embedding", "last", "last_bias"], ["logits"], name="last", transB=1),
    ]
    for node in nodes:
        node.name = named.format(node.name)
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, (1, 3, 16, 16))],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, (1, 5))],
        [numpy_helper.from_array(values.astype(np.float32), name) for name, values in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)


def inputs() -> list[NDArray[np.float32]]:
    rng = np.random.default_rng(1)
    return [rng.normal(0.3, 0.5, (1, 3, 16, 16)).astype(np.float32) for _ in range(COUNT)]


def layers(model: onnx.ModelProto) -> list[onnx.NodeProto]:
    return [node for node in model.graph.node if node.op_type in ("Conv", "Gemm")]


def channel_means(model: onnx.ModelProto, names: Sequence[str]) -> list[NDArray[np.float32]]:
    """Return the mean of each channel of some tensors over all inputs."""
    told = {output.name for output in model.graph.output}
    model.graph.output.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names if name not in told
    )
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    outcomes = [session.run(list(names), {"input": values}) for values in inputs()]
    return [
        np.mean([v.reshape(v.shape[1], -1).mean(1) for v in values], axis=0)
        for values in zip(*outcomes, strict=True)
    ]


def bias_units(rounded: onnx.ModelProto) -> list[NDArray[np.float32]]:
    """Return what one step of each layer's biases is worth."""
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in rounded.graph.initializer}
    rounding = {node.output[0]: node for node in rounded.graph.node if node.op_type == "DequantizeLinear"}
    return [constants[rounding[layer.input[2]].input[1]] for layer in layers(rounded)]


@pytest.mark.parametrize("activations", ["uint8", "int8"])
def test_each_channel_answers_on_average_as_the_float_networks(activations: str, tmp_path: Path) -> None:
    exact, file = network("{}"), tmp_path / "int8.onnx"
    onnx.save(exact, tmp_path / "float.onnx")
    quantise(tmp_path / "float.onnx", file, inputs(), activations=activations)
    rounded = onnx.load(file)
    correct_biases(exact, rounded, inputs())
    units = bias_units(rounded)
    wanted = channel_means(exact, [layer.output[0] for layer in layers(exact)])
    found = channel_means(rounded, [layer.output[0] for layer in layers(rounded)])
    assert [layer.name for layer in layers(rounded)] == [layer.name for layer in layers(exact)]
    for a, b, unit in zip(found, wanted, units, strict=True):
        assert (np.abs(a - b) <= 0.5 * unit + 1e-5).all()


def test_layers_without_names_stay_as_they_are(tmp_path: Path) -> None:
    exact, file = network(""), tmp_path / "int8.onnx"
    onnx.save(exact, tmp_path / "float.onnx")
    quantise(tmp_path / "float.onnx", file, inputs(), activations="uint8")
    rounded = onnx.load(file)
    correct_biases(exact, rounded, inputs())
    assert rounded == onnx.load(file)
