"""Every operator the gradient process runs, in small graphs beside ONNX Runtime; what it does not run is refused."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from kiosk.gradients.compute.network import Network, UnsupportedOperatorError
from kiosk.gradients.compute.quantised import Geometry
from kiosk.vision.build.quantising.quantise import narrow_weights
from kiosk.vision.model_card import ModelError

IR_VERSION, OPSET = 9, 18
SCALE = np.array(0.05, np.float32)
CENTRE = np.array(128, np.uint8)
WIDEST_WEIGHT = 64 if narrow_weights() else 127  # above, ONNX Runtime itself would be wrong here
RNG = np.random.default_rng(0)

Constants = dict[str, NDArray[Any]]

pytestmark = pytest.mark.usefixtures("torch_module")


def _node(kind: str, inputs: str, output: str = "output", **attributes: Any) -> onnx.NodeProto:
    return helper.make_node(kind, inputs.split(), [output], f"{kind}_to_{output}", **attributes)


def _graph(nodes: Sequence[onnx.NodeProto], **constants: NDArray[Any]) -> onnx.ModelProto:
    """Return a graph from `input`, (1, 4, 9, 9), to `output`."""
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, (1, 4, 9, 9))],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(values, name) for name, values in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)


def _floats(*shape: int) -> NDArray[np.float32]:
    return RNG.standard_normal(shape).astype(np.float32)


def _there_and_back(name: str, output: str) -> list[onnx.NodeProto]:
    """Return a quantise pair around the constants s and z."""
    return [
        _node("QuantizeLinear", f"{name} s z", f"{name}_q"),
        _node("DequantizeLinear", f"{name}_q s z", output),
    ]


def _without_inputs() -> onnx.ModelProto:
    model = _graph([_node("Relu", "input")], input=_floats(1, 4, 9, 9))
    del model.graph.input[:]
    return model


def _quantised_conv(kernel: tuple[int, ...], scales: int, **attributes: Any) -> onnx.ModelProto:
    """Return a convolution as quantisation writes it: int8 weights, int32 bias, a quantise pair on either side."""
    weight_scale = RNG.uniform(0.005, 0.02, scales).astype(np.float32)
    constants: Constants = {
        "k": RNG.integers(-WIDEST_WEIGHT, WIDEST_WEIGHT + 1, kernel).astype(np.int8),
        "ks": weight_scale if scales > 1 else weight_scale.reshape(()),
        "kz": np.zeros(scales if scales > 1 else (), np.int8),
        "b": RNG.integers(-500, 500, kernel[0]).astype(np.int32),
        "bs": np.float32(SCALE) * np.broadcast_to(weight_scale, (kernel[0],)),
        "bz": np.zeros(kernel[0], np.int32),
    }
    nodes = [
        *_there_and_back("input", "x"),
        _node("DequantizeLinear", "k ks kz", "kernel", axis=0),
        _node("DequantizeLinear", "b bs bz", "bias", axis=0),
        _node("Conv", "x kernel bias", "sums", **attributes),
        *_there_and_back("sums", "output"),
    ]
    return _graph(nodes, s=SCALE, z=CENTRE, **constants)


def _weights_only_conv() -> onnx.ModelProto:
    """Return a convolution of a float input whose weights and result are quantised."""
    nodes = [
        _node("DequantizeLinear", "k ks kz", "kernel", axis=0),
        _node("Conv", "input kernel b", "sums"),
        *_there_and_back("sums", "output"),
    ]
    kernel = RNG.integers(-WIDEST_WEIGHT, WIDEST_WEIGHT + 1, (6, 4, 3, 3)).astype(np.int8)
    scales: Constants = {"ks": np.full(6, 0.05, np.float32), "kz": np.zeros(6, np.int8)}
    return _graph(nodes, s=SCALE, z=CENTRE, k=kernel, b=_floats(6), **scales)


def _quantised_sum() -> onnx.ModelProto:
    """Return a sum of two quantised activations whose grids differ; many of its values lie on a half."""
    nodes = [
        *_there_and_back("input", "first"),
        _node("Mul", "input half", "less"),
        _node("QuantizeLinear", "less t z", "less_q"),
        _node("DequantizeLinear", "less_q t z", "second"),
        _node("Add", "first second", "sum"),
        _node("QuantizeLinear", "sum u w", "sum_q"),
        _node("DequantizeLinear", "sum_q u w"),
    ]
    scales: Constants = {
        "t": np.array(0.015, np.float32),
        "u": np.array(0.0375, np.float32),
        "w": np.array(77, np.uint8),
    }
    return _graph(nodes, s=SCALE, z=CENTRE, half=np.array(0.5, np.float32), **scales)


EQUAL = {
    "an int8 sum": _quantised_sum(),
    "a padded convolution": _graph([_node("Conv", "input k", pads=[1, 1, 1, 1])], k=_floats(6, 4, 3, 3)),
    "uneven padding and a stride": _graph(
        [_node("Conv", "input k b", pads=[0, 0, 1, 1], strides=[2, 2])], k=_floats(6, 4, 3, 3), b=_floats(6)
    ),
    "a dilated convolution in groups": _graph(
        [_node("Conv", "input k", group=2, dilations=[2, 2])], k=_floats(6, 2, 3, 3)
    ),
    "an int8 convolution": _quantised_conv((6, 4, 3, 3), 6, pads=[1, 1, 1, 1]),
    "an int8 convolution with one scale": _quantised_conv((6, 4, 3, 3), 1),
    "an int8 convolution with uneven padding": _quantised_conv(
        (6, 4, 3, 3), 6, pads=[0, 0, 1, 1], strides=[2, 2]
    ),
    "an int8 depthwise convolution": _quantised_conv((4, 1, 5, 5), 4, group=4, pads=[2, 2, 2, 2]),
    "an int8 pointwise convolution": _quantised_conv((8, 4, 1, 1), 8),
    "an int8 pointwise convolution with a stride": _quantised_conv((8, 4, 1, 1), 8, strides=[2, 2]),
    "pooling and a head": _graph(
        [
            _node("GlobalAveragePool", "input", "pooled"),
            _node("Flatten", "pooled", "flat", axis=1),
            _node("Gemm", "flat m b", transB=1, alpha=0.5, beta=2.0),
        ],
        m=_floats(5, 4),
        b=_floats(5),
    ),
    "a head the other way round": _graph(
        [_node("GlobalAveragePool", "input", "p"), _node("Flatten", "p", "f"), _node("Gemm", "f m")],
        m=_floats(4, 5),
    ),
    "clips": _graph(
        [_node("Clip", "input low", "above"), _node("Clip", "above low high")],
        low=np.array(-0.5, np.float32),
        high=np.array(0.5, np.float32),
    ),
    "hard-swish, hard-sigmoid, their product": _graph(
        [
            _node("HardSwish", "input", "a"),
            _node("HardSigmoid", "input", "b", alpha=1 / 6, beta=0.5),
            _node("Mul", "a b"),
        ]
    ),
    "quantised activations through everything": _graph(
        [
            *_there_and_back("input", "x"),
            _node("HardSwish", "x", "a"),
            _node("HardSigmoid", "x", "b"),
            _node("Relu", "x", "c"),
            _node("Clip", "x low high", "d"),
            _node("Mul", "a b", "e"),
            _node("Mul", "c d", "f"),
            _node("Add", "e f", "g"),
            _node("Add", "x c", "h"),
            _node("Add", "g h"),
        ],
        s=SCALE,
        z=CENTRE,
        low=np.array(-0.2, np.float32),
        high=np.array(1.1, np.float32),
    ),
    "signed activations": _graph(_there_and_back("input", "output"), s=SCALE, z=np.array(-7, np.int8)),
    "weights alone quantised": _weights_only_conv(),
    "constants added and multiplied": _graph(
        [
            _node("Add", "input one", "a"),
            _node("Mul", "each a", "b"),
            _node("Add", "each b", "c"),
            _node("Mul", "c one"),
        ],
        one=_floats(1),
        each=_floats(1, 4, 1, 1),
    ),
    "constants added to and multiplied with quantised activations": _graph(
        [
            *_there_and_back("input", "x"),
            _node("DequantizeLinear", "e es", "each"),
            _node("Add", "x each", "a"),
            _node("Mul", "a each", "b"),
            _node("Add", "b x", "c"),
            *_there_and_back("c", "output"),
        ],
        s=SCALE,
        z=CENTRE,
        e=np.arange(-2, 2, dtype=np.int8).reshape(1, 4, 1, 1),
        es=np.array(0.317, np.float32),
    ),
}


@pytest.mark.parametrize("case", sorted(EQUAL))
def test_equal_to_onnx_runtime(case: str) -> None:
    values = np.random.default_rng(1).standard_normal((1, 4, 9, 9)).astype(np.float32)
    session = onnxruntime.InferenceSession(
        EQUAL[case].SerializeToString(), providers=["CPUExecutionProvider"]
    )
    (expected,) = session.run(None, {"input": values})
    (result,) = Network(EQUAL[case])(torch.from_numpy(values), ["output"])

    np.testing.assert_allclose(result.numpy(), expected, rtol=1e-5, atol=1e-5)


Type = type[np.uint8] | type[np.int8]
POOLINGS: dict[str, tuple[str, dict[str, Any]]] = {
    "the largest of four": ("MaxPool", {"kernel_shape": [2, 2], "strides": [2, 2]}),
    "the largest, padded": ("MaxPool", {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 0, 1, 1]}),
    "the mean of four": ("AveragePool", {"kernel_shape": [2, 2], "strides": [2, 2]}),
    "the mean, padded": ("AveragePool", {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}),
    "the mean, padded unevenly": (
        "AveragePool",
        {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [0, 0, 1, 1]},
    ),
    "the mean with its pads": (
        "AveragePool",
        {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1], "count_include_pad": 1},
    ),
    "the mean of all": ("GlobalAveragePool", {}),
    "a sigmoid": ("Sigmoid", {}),
    "side by side": ("Concat", {"axis": 1}),
}


@pytest.mark.parametrize("kind", [np.uint8, np.int8])
@pytest.mark.parametrize("case", sorted(POOLINGS))
def test_integers_are_onnx_runtimes(case: str, kind: Type) -> None:
    rng = np.random.default_rng(3)
    operator, given = POOLINGS[case]
    for round_ in range(6):
        same = round_ % 2 == 0 and operator != "Sigmoid"
        first, second = _random_grid(rng, kind), _random_grid(rng, kind)
        third = first if same or operator == "MaxPool" else _random_grid(rng, kind)
        if operator == "Sigmoid":
            third = np.float32(1 / 255), kind(np.iinfo(kind).min)
        nodes = [*_pair("input", "x", "1"), *_pair("input", "y", "2")]
        nodes.append(_node(operator, "x y" if operator == "Concat" else "x", "z", **given))
        named = zip("123", (first, second, third), strict=True)
        grids: Constants = {
            f"{letter}{at}": np.array(value)
            for at, grid in named
            for letter, value in zip("sz", grid, strict=True)
        }
        model = _graph([*nodes, *_pair("z", "output", "3")], **grids)
        integers = rng.integers(np.iinfo(kind).min, np.iinfo(kind).max + 1, (1, 4, 9, 9))
        values = ((integers - int(first[1])) * first[0]).astype(np.float32)
        (expected,) = onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"input": values})
        (result,) = Network(model)(torch.from_numpy(values), ["output"])

        np.testing.assert_array_equal(np.rint(result.numpy() / third[0]), np.rint(expected / third[0]))


@pytest.mark.parametrize("kind", [np.uint8, np.int8])
def test_means_of_whole_maps_that_lie_on_halves_are_rounded_as_onnx_runtime_rounds_them(kind: Type) -> None:
    """Half a step decides by the last bit of one float32 factor."""
    rng = np.random.default_rng(5)
    for _ in range(30):
        scale, zero = _random_grid(rng, kind)
        out = np.float32(scale * np.float32(2 / 81))
        grids: Constants = {
            "s1": np.array(scale),
            "z1": np.array(zero),
            "s3": np.array(out),
            "z3": np.array(zero),
        }
        nodes = [*_pair("input", "x", "1"), _node("GlobalAveragePool", "x", "z"), *_pair("z", "output", "3")]
        model = _graph(nodes, **grids)
        integers = rng.integers(-2, 3, (1, 4, 9, 9)) + int(zero)
        held = np.clip(integers, np.iinfo(kind).min, np.iinfo(kind).max)
        values = ((held - int(zero)) * scale).astype(np.float32)
        (expected,) = onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"input": values})
        (result,) = Network(model)(torch.from_numpy(values), ["output"])
        np.testing.assert_array_equal(np.rint(result.numpy() / out), np.rint(expected / out))


def _random_grid(rng: np.random.Generator, kind: Type) -> tuple[np.float32, np.integer[Any]]:
    return np.float32(rng.uniform(0.01, 0.3)), kind(rng.integers(np.iinfo(kind).min, np.iinfo(kind).max + 1))


def _pair(name: str, output: str, at: str) -> list[onnx.NodeProto]:
    """Return a quantise pair around a numbered grid."""
    return [
        _node("QuantizeLinear", f"{name} s{at} z{at}", f"{name}_q{at}"),
        _node("DequantizeLinear", f"{name}_q{at} s{at} z{at}", output),
    ]


@pytest.mark.parametrize("case", [case for case in sorted(POOLINGS) if "all" not in case])
def test_gradient_through_integers_is_that_without_rounding(case: str) -> None:
    """Where nothing saturates, and no two values of a window are equal, as in floats."""
    operator, given = POOLINGS[case]
    values = np.random.default_rng(4).permutation(324).reshape(1, 4, 9, 9).astype(np.float32) / 8 + 1
    grid: Constants = {"s1": np.array(0.25, np.float32), "z1": np.array(0, np.uint8)}
    joined = "x x" if operator == "Concat" else "x"
    quantised = _graph(
        [*_pair("input", "x", "1"), _node(operator, joined, "z", **given), *_pair("z", "output", "1")], **grid
    )
    plain = _graph([_node(operator, joined.replace("x", "input"), "output", **given)])
    gradients = []
    for model in (quantised, plain):
        leaf = torch.from_numpy(values).requires_grad_()
        network = Network(model)
        with network.unrounded():
            (result,) = network(leaf, ["output"])
        weights = torch.arange(result.numel(), dtype=torch.float32).reshape(result.shape)
        gradients.append(torch.autograd.grad((result * weights).sum(), leaf)[0].numpy())
    of_integers, of_floats = gradients
    np.testing.assert_allclose(of_integers, of_floats, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("pads", [(0, 0, 0, 0), (1, 1, 1, 1), (0, 0, 1, 1), (3, 3, 3, 3), (2, 1, 0, 3)])
@pytest.mark.parametrize(
    ("side", "stride", "dilation"), [(3, 1, 1), (3, 2, 1), (5, 2, 1), (3, 1, 2), (2, 3, 1)]
)
def test_depthwise_gradient_is_autograds(
    pads: tuple[int, ...], side: int, stride: int, dilation: int
) -> None:
    """Which has a form of its own, since PyTorch's is slow on Arm."""
    geometry = Geometry((stride, stride), pads, (dilation, dilation), 8)
    torch.manual_seed(0)
    x = torch.randn(1, 8, 14, 13).contiguous(memory_format=torch.channels_last).requires_grad_()
    weight = torch.randn(8, 1, side, side)
    result = geometry.convolve(x, weight, None)
    gradient = torch.randn_like(result)
    (expected,) = torch.autograd.grad(result, x, gradient)
    turned = geometry.backward(x.detach(), weight, gradient)
    assert float((turned - expected).abs().max()) <= 8e-7 * float(expected.abs().max())


@pytest.mark.parametrize("kind", ["Add", "Mul"])
def test_every_pair_of_integers_gives_onnx_runtimes_integer(kind: str) -> None:
    rng = np.random.default_rng(2)
    pairs = np.stack(np.meshgrid(np.arange(256), np.arange(256))).astype(np.float32)[np.newaxis]
    for _ in range(30):
        first, second = rng.uniform(0.01, 0.3, 2)
        third = first * second * rng.uniform(50, 200) if kind == "Mul" else rng.uniform(0.01, 0.3)
        grids = [(scale, int(rng.integers(256))) for scale in (first, second, third)]
        model = _pairs_combined(kind, grids)
        (expected,) = onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"input": pairs})
        (result,) = Network(model)(torch.from_numpy(pairs), ["output"])

        scale = np.float32(grids[2][0])
        np.testing.assert_array_equal(np.rint(result.numpy() / scale), np.rint(expected / scale))


def _pairs_combined(kind: str, grids: Sequence[tuple[float, int]]) -> onnx.ModelProto:
    """Return a graph that reads two channels as the integers of the first two grids and combines them on the third."""
    nodes: list[onnx.NodeProto] = []
    constants: Constants = {}
    for at, name in enumerate(("first", "second", "result")):
        scale, zero = np.float32(grids[at][0]), grids[at][1]
        constants |= {f"s_{name}": np.array(scale), f"z_{name}": np.array(zero, np.uint8)}
        if name == "result":
            nodes.append(_node(kind, "first second", name))
        else:
            pick = np.zeros((1, 2, 1, 1), np.float32)
            pick[0, at] = scale
            constants |= {f"pick_{name}": pick, f"less_{name}": np.array([-scale * zero], np.float32)}
            nodes.append(_node("Conv", f"input pick_{name} less_{name}", f"{name}_float"))
        of = name if name == "result" else f"{name}_float"
        nodes += [
            _node("QuantizeLinear", f"{of} s_{name} z_{name}", f"{name}_q"),
            _node("DequantizeLinear", f"{name}_q s_{name} z_{name}", "output" if name == "result" else name),
        ]
    model = _graph(nodes, **constants)
    model.graph.input[0].CopyFrom(helper.make_tensor_value_info("input", TensorProto.FLOAT, (1, 2, 256, 256)))
    return model


REFUSED = {
    "an unknown operator": (_graph([_node("Tanh", "input")]), r"operator Tanh \(Tanh_to_output\)"),
    "a pooling rounded up": (
        _graph([_node("MaxPool", "input", kernel_shape=[2, 2], ceil_mode=1)]),
        r"operator MaxPool \(MaxPool_to_output\): only 2-D with explicit padding",
    ),
    "a scale a channel for an activation": (
        _graph(
            [_node("QuantizeLinear", "input s z", "q", axis=1), _node("DequantizeLinear", "q s z", axis=1)],
            s=np.full(4, SCALE),
            z=np.full(4, CENTRE),
        ),
        r"operator QuantizeLinear \(QuantizeLinear_to_q\): only one",
    ),
    "16-bit activations": (
        _graph([_node("QuantizeLinear", "input s z")], s=SCALE, z=np.array(0, np.uint16)),
        "operator QuantizeLinear .*uint8 or int8",
    ),
    "weights with a scale an input channel": (
        _graph(
            [_node("DequantizeLinear", "k ks kz", "kernel", axis=1), _node("Conv", "input kernel")],
            k=np.ones((6, 4, 3, 3), np.int8),
            ks=np.full(4, SCALE),
            kz=np.zeros(4, np.int8),
        ),
        r"operator DequantizeLinear \(DequantizeLinear_to_kernel\): a scale an input channel",
    ),
    "a scale that is computed": (
        _graph([_node("Relu", "input", "s"), _node("QuantizeLinear", "input s z")], z=CENTRE),
        "operator QuantizeLinear .*not a constant",
    ),
    "another scale back than forth": (
        _graph(
            [_node("QuantizeLinear", "input s z", "q"), _node("DequantizeLinear", "q t z")],
            s=SCALE,
            t=np.array(2 * SCALE),
            z=CENTRE,
        ),
        "operator DequantizeLinear .*scale",
    ),
    "another zero point back than forth": (
        _graph(
            [_node("QuantizeLinear", "input s z", "q"), _node("DequantizeLinear", "q s y")],
            s=SCALE,
            z=CENTRE,
            y=np.array(100, np.uint8),
        ),
        "operator DequantizeLinear",
    ),
    "two constants added": (
        _graph([_node("Add", "c c", "d"), _node("Add", "input d")], c=_floats(1)),
        r"operator Add \(Add_to_d\): both its inputs are constants",
    ),
    "an operator on a constant": (
        _graph([_node("Relu", "c", "d"), _node("Add", "input d")], c=_floats(1)),
        r"operator Relu \(Relu_to_d\): input 0 \(c\) is not computed from the picture",
    ),
    "no input": (_without_inputs(), "takes 0 inputs"),
    "padding left to the runtime": (
        _graph([_node("Conv", "input k", auto_pad="SAME_UPPER")], k=_floats(6, 4, 3, 3)),
        r"operator Conv \(Conv_to_output\): only 2-D with explicit padding",
    ),
    "weights that are computed": (
        _graph([_node("Relu", "input", "k"), _node("Conv", "input k")]),
        "operator Conv .*not a constant",
    ),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_what_it_does_not_run_is_refused_by_name(case: str) -> None:
    model, words = REFUSED[case]
    with pytest.raises(UnsupportedOperatorError, match=words):
        Network(model)


NO_MODELS = {"an empty file": b"", "a text": b"no model", "random bytes": bytes(range(256)) * 4}


@pytest.mark.parametrize("case", sorted(NO_MODELS))
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, case: str) -> None:
    file = tmp_path / "classifier.onnx"
    file.write_bytes(NO_MODELS[case])
    with pytest.raises(ModelError, match=r"classifier\.onnx"):
        Network.from_file(file)
