"""What others' exporters write is brought into this kiosk's form: same answers, PyTorch's as ONNX Runtime's."""

import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from kiosk.gradients.compute.network import Network
from kiosk.vision.build.apart import adopt_apart
from kiosk.vision.build.foreign import adopt
from kiosk.vision.build.quantise import quantise
from kiosk.vision.classifier import OUTPUTS
from kiosk.vision.model_card import ModelError
from tests.unit.foreign_models import (
    BODY,
    CELL,
    OPPONENT,
    TAIL,
    Weights,
    classifier,
    node,
    with_weights_beside,
)

pytestmark = pytest.mark.usefixtures("torch_module")

INPUTS = Path(__file__).parents[2].parent / "shared" / "inputs" / "models"
CELLS = 224 // CELL
CONV = BODY[0]


def one(value: float) -> NDArray[np.float32]:
    return np.array([value], np.float32)


def a_channel(*values: float) -> NDArray[np.float32]:
    return np.array(values, np.float32).reshape(1, 3, 1, 1)


def whole(*values: int) -> NDArray[np.int64]:
    return np.array(values, np.int64)


EYE = np.eye(3, dtype=np.float32)
SQUARE = (0.5 * EYE + 0.1).reshape(3, 3, 1, 1)
WEIGHTS: Weights = {
    "third": one(1 / 3),
    "half": one(0.5),
    "three": one(3),
    "sixth": one(1 / 6),
    "none": np.array(0, np.float32),
    "six": np.array(6, np.float32),
    "each": a_channel(0.5, 2, -1),
    "spread": np.array([0.5, 2, 3], np.float32),
    "mean": np.array([0.1, -0.2, 0.3], np.float32),
    "square": SQUARE,
    "kernel3": np.tile(OPPONENT[:, :, None, None] / 9, (1, 1, 3, 3)).astype(np.float32),
    "bias": np.array([0.1, 0.2, 0.3], np.float32),
    "around": whole(0, 0, 1, 1, 0, 0, 1, 0),
    "rows_and_columns": whole(2, 3),
    "axis3": whole(3),
    "axis2": whole(2),
    "vector_shape": whole(-1, 3),
    "map_shape": whole(-1, 3, 1, 1),
}
POOLED = [node("GlobalAveragePool", "map", "pooled"), node("Flatten", "pooled", "vector")]
SQUEEZED = [node("ReduceMean", "cells rows_and_columns", "means", keepdims=0)]

FITTING: dict[str, list[onnx.NodeProto]] = {
    "a product without a sum": [*BODY, *POOLED, node("MatMul", "vector matrix", "scores")],
    "a reshape behind the pooling": [
        *BODY,
        node("GlobalAveragePool", "map", "pooled"),
        node("Reshape", "pooled vector_shape", "vector"),
        node("MatMul", "vector matrix", "product"),
        node("Add", "product bias", "answers"),
        node("Softmax", "answers", "scores"),
    ],
    "a convolution and two squeezes": [
        *BODY,
        node("GlobalAveragePool", "map", "pooled"),
        node("Conv", "pooled square", "heads"),
        node("Squeeze", "heads axis3", "less"),
        node("Squeeze", "less axis2", "scores"),
    ],
    "differences and quotients": [
        node("Div", "pixels half", "scaled"),
        node("Sub", "scaled each", "shifted"),
        node("Sub", "three shifted", "turned"),
        node("Conv", "turned kernel", "cells", strides=[CELL, CELL]),
        node("Relu", "cells", "map"),
        *TAIL,
    ],
    "a batch norm before its layer": [
        CONV,
        node("Relu", "cells", "plain"),
        node("BatchNormalization", "plain spread bias mean spread", "normed", epsilon=0.01),
        node("Relu", "normed", "map"),
        *TAIL,
    ],
    "zeros put around": [
        CONV,
        node("Pad", "cells around", "wider"),
        node("MaxPool", "wider", "map", kernel_shape=[3, 3], strides=[2, 2]),
        *TAIL,
    ],
    "padding left to the runtime": [
        CONV,
        node("Conv", "cells kernel3", "mixed", auto_pad="SAME_UPPER", strides=[2, 2]),
        node("MaxPool", "mixed", "less", kernel_shape=[2, 2], strides=[2, 2], auto_pad="SAME_LOWER"),
        node("AveragePool", "less", "small", kernel_shape=[3, 3], strides=[2, 2], auto_pad="SAME_UPPER"),
        node("Conv", "small square", "map"),
        *TAIL,
    ],
    "rounded up": [
        CONV,
        node("MaxPool", "cells", "less", kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1),
        node("AveragePool", "less", "small", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1),
        node("Conv", "small square", "map"),
        *TAIL,
    ],
    "poolings and a join": [
        CONV,
        node("MaxPool", "cells", "most", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]),
        node("AveragePool", "cells", "mean_of", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]),
        node("Concat", "most mean_of", "both", axis=1),
        node("Conv", "both wide", "map"),
        *TAIL,
    ],
    "SiLU": [CONV, node("Sigmoid", "cells", "gate"), node("Mul", "cells gate", "map"), *TAIL],
    "squeeze and excite as Keras spells it": [
        CONV,
        *SQUEEZED,
        node("Reshape", "means map_shape", "square_means"),
        node("Conv", "square_means square", "mixed"),
        node("Sigmoid", "mixed", "gate"),
        node("Mul", "cells gate", "map"),
        *TAIL,
    ],
    "hard swish as Keras spells it": [
        CONV,
        node("Add", "cells three", "more"),
        node("Clip", "more none six", "clipped"),
        node("Mul", "clipped sixth", "gate"),
        node("Mul", "cells gate", "map"),
        *TAIL,
    ],
    "the pooling last, as in SqueezeNet": [
        *BODY,
        node("Conv", "map square", "of_labels"),
        node("Relu", "of_labels", "positive"),
        node("GlobalAveragePool", "positive", "pooled"),
        node("Flatten", "pooled", "scores"),
    ],
    "its means not pooled, but reduced": [
        *BODY,
        node("ReduceMean", "map rows_and_columns", "vector", keepdims=0),
        TAIL[2],
    ],
}


def pictures(count: int) -> list[NDArray[np.float32]]:
    rng = np.random.default_rng(0)
    colours = rng.uniform(-1, 1, (count, 1, 3, 4, 4)).astype(np.float32)
    return [np.kron(colour, np.ones((1, 1, 56, 56), np.float32)) for colour in colours]


def answers(model: onnx.ModelProto, picture: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """Return every output of a model."""
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (given,) = session.get_inputs()
    results: list[NDArray[np.float32]] = session.run(None, {given.name: picture})
    return results


def fitting(case: str) -> onnx.ModelProto:
    wide = np.concatenate([SQUARE, SQUARE], axis=1)
    return classifier(FITTING[case], weights=WEIGHTS | {"wide": wide})


@pytest.mark.parametrize("case", sorted(FITTING))
def test_answers_as_before_and_as_pytorch(case: str, tmp_path: Path) -> None:
    given, file = fitting(case), tmp_path / "theirs.onnx"
    onnx.save(given, file)
    adopted = adopt(file, 3, 224)
    network = Network(adopted)
    for picture in pictures(2):
        ours = answers(adopted, picture)
        (theirs,) = answers(given, picture)
        scores = np.exp(ours[0]) / np.exp(ours[0]).sum() if "Softmax" in operators(given) else ours[0]
        np.testing.assert_allclose(scores, theirs, rtol=1e-4, atol=1e-5)
        for result, expected in zip(network(torch.from_numpy(picture), OUTPUTS), ours, strict=True):
            np.testing.assert_allclose(result.numpy(), expected, rtol=1e-4, atol=1e-5)
    pools = "AveragePool MaxPool GlobalAveragePool"
    ours_alone = f"{pools} Add Clip Concat Conv Flatten Gemm HardSigmoid HardSwish Mul Relu Sigmoid"
    assert operators(adopted) <= set(ours_alone.split())


@pytest.mark.parametrize("activations", ["uint8", "int8"])
@pytest.mark.parametrize("case", sorted(FITTING))
def test_quantised_it_computes_onnx_runtimes_integers(case: str, activations: str, tmp_path: Path) -> None:
    onnx.save(fitting(case), tmp_path / "theirs.onnx")
    onnx.save(adopt(tmp_path / "theirs.onnx", 3, 224), tmp_path / "float.onnx")
    quantise(tmp_path / "float.onnx", tmp_path / "int8.onnx", pictures(4), activations=activations)
    model = onnx.load(tmp_path / "int8.onnx")
    network = Network(model)
    for picture in pictures(6):
        results = network(torch.from_numpy(picture), OUTPUTS)
        for name, result, expected in zip(OUTPUTS, results, answers(model, picture), strict=True):
            np.testing.assert_allclose(result.numpy(), expected, rtol=1e-6, atol=1e-7, err_msg=name)


def operators(model: onnx.ModelProto) -> set[str]:
    return {node.op_type for node in model.graph.node}


def test_channels_last_are_turned(tmp_path: Path) -> None:
    """As tf2onnx writes them by default; whatever is left open is taken for what it must be."""
    turned = node("Transpose", "picture", "pixels", perm=[0, 3, 1, 2])
    model = classifier([turned, *BODY, *TAIL], shape=("n", "?", "?", 3))
    model.graph.input[0].name = "picture"
    onnx.save(model, tmp_path / "theirs.onnx")
    adopted = adopt(tmp_path / "theirs.onnx", 3, 224)
    (picture,) = pictures(1)
    (theirs,) = answers(model, np.ascontiguousarray(picture.transpose(0, 2, 3, 1)))
    np.testing.assert_allclose(answers(adopted, picture)[0], theirs, atol=1e-5)
    assert "Transpose" not in operators(adopted)


@pytest.mark.parametrize("kind", [TensorProto.FLOAT16, TensorProto.DOUBLE])
def test_other_floats_become_floats_of_32_bits(kind: int, tmp_path: Path) -> None:
    model = classifier(kind=kind)
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor).astype(helper.tensor_dtype_to_np_dtype(kind))
        tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))
    model.graph.output[0].type.tensor_type.elem_type = kind
    onnx.save(model, tmp_path / "theirs.onnx")
    adopted = adopt(tmp_path / "theirs.onnx", 3, 224)
    (picture,) = pictures(1)
    np.testing.assert_allclose(answers(adopted, picture)[0], answers(classifier(), picture)[0], atol=0.02)
    assert {tensor.data_type for tensor in adopted.graph.initializer} <= {
        TensorProto.FLOAT,
        TensorProto.INT64,
    }


def test_weights_beside_the_file_are_read(tmp_path: Path) -> None:
    (tmp_path / "down").mkdir()
    with_weights_beside(tmp_path / "theirs.onnx")
    (tmp_path / "weights.bin").rename(tmp_path / "down" / "real.bin")
    (tmp_path / "weights.bin").symlink_to("down/real.bin")  # a link that stays in the folder
    (picture,) = pictures(1)
    adopted = adopt(tmp_path / "theirs.onnx", 3, 224)
    np.testing.assert_allclose(answers(adopted, picture)[0], answers(classifier(), picture)[0], atol=1e-5)
    assert all(tensor.data_location == TensorProto.DEFAULT for tensor in adopted.graph.initializer)


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("keras_mobilenetv1_nhwc", 5),
        ("teachable_machine_nobias_nchw", 2),
        ("head_conv_squeeze", 5),
        ("mbv2_dynamo_default", 5),
    ],
)
def test_what_people_brought_is_accepted(name: str, labels: int, tmp_path: Path) -> None:
    file = INPUTS / f"{name}.onnx"
    if not file.is_file():
        pytest.skip(f"{file} is not there")
    adopt_apart(file, labels, 224, tmp_path / "adopted.onnx")
    (given,) = onnxruntime.InferenceSession(file).get_inputs()
    (picture,) = pictures(1)
    theirs = onnxruntime.InferenceSession(file).run(
        None, {given.name: picture if given.shape[1] == 3 else picture.transpose(0, 2, 3, 1)}
    )[0]
    adopted = onnx.load(tmp_path / "adopted.onnx")
    ours = answers(adopted, picture)[0]
    if "Softmax" in operators(onnx.load(file, load_external_data=False)):
        ours = np.exp(ours) / np.exp(ours).sum()
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)
    Network(adopted)


@pytest.mark.parametrize(
    ("program", "said"),
    [("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"), ("import nothing", "status 1")],
)
def test_a_reader_that_breaks_down_is_a_refusal(
    program: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which ONNX's C++ code may do on some file; the stand-in for it is a program that does."""
    broken = tmp_path / "broken"
    broken.write_text(f"#!{sys.executable}\n{program}\n")
    broken.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(broken))
    with pytest.raises(
        ModelError, match=rf"theirs.onnx: ONNX's own reader broke down on it \({said}"
    ) as caught:
        adopt_apart(tmp_path / "theirs.onnx", 3, 224, tmp_path / "adopted.onnx")
    assert len(str(caught.value).splitlines()) == 1
