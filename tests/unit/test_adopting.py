"""What others' exporters write is brought into this kiosk's form: same answers, PyTorch's as ONNX Runtime's."""

import sys
import time
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
from kiosk.vision.build.quantising.quantise import narrow_weights, quantise
from kiosk.vision.classifier import OUTPUTS
from kiosk.vision.model_card import ModelError
from tests.unit.foreign_models import (
    BODY,
    CELL,
    FITTING,
    TAIL,
    classifier,
    fitting,
    node,
    with_weights_beside,
)

pytestmark = pytest.mark.usefixtures("torch_module")

INPUTS = Path(__file__).parents[2].parent / "shared" / "inputs" / "models"


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


AS_FLOATS = pytest.mark.skipif(
    narrow_weights(), reason="without VNNI ONNX Runtime computes some layers of int8 activations in floats"
)


@pytest.mark.parametrize("activations", ["uint8", pytest.param("int8", marks=AS_FLOATS)])
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
    # By the shell: a first line that names a program may hold no space.
    broken.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{program}"\n')
    broken.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(broken))
    with pytest.raises(
        ModelError, match=rf"theirs.onnx: ONNX's own reader broke down on it \({said}"
    ) as caught:
        adopt_apart(tmp_path / "theirs.onnx", 3, 224, tmp_path / "adopted.onnx")
    assert len(str(caught.value).splitlines()) == 1


def with_shape(*dims: int) -> onnx.ModelProto:
    model = classifier()
    del model.graph.initializer[0].dims[:]
    model.graph.initializer[0].dims.extend(dims)
    return model


def of_no_opset() -> onnx.ModelProto:
    model = classifier()
    model.ClearField("opset_import")
    return model


def of_the_future() -> onnx.ModelProto:
    model = classifier()
    model.ir_version = 999
    return model


def named(name: bytes) -> bytes:
    """Return a model one of whose tensors bears that name, of 6 bytes."""
    content: bytes = classifier().SerializeToString()
    return content.replace(b"kernel", name)


def asking_for_memory() -> onnx.ModelProto:
    wide = [node("Conv", "pixels out", "wide"), node("Conv", "wide in", "map")]
    channels = {"out": np.ones((20_000, 3, 1, 1), np.float32), "in": np.ones((3, 20_000, 1, 1), np.float32)}
    return classifier([*wide, *TAIL], weights=channels)


BROKEN: dict[str, tuple[onnx.ModelProto | bytes, str]] = {
    "a negative shape": (with_shape(-1, 3, CELL, CELL), "cannot run it|is damaged"),
    "a shape of billions": (with_shape(2**31, 2**31, 2**31), "is damaged"),
    "a shape past all numbers": (with_shape(2**62, 4), "is damaged"),
    "no opset": (of_no_opset(), "is damaged .*No opset import"),
    "a format of the future": (of_the_future(), r"Unsupported model IR version: 999.*opset_version=18"),
    "a circle": (classifier([node("Conv", "map kernel", "cells"), BODY[1], *TAIL]), "is not acyclic"),
    "too many operators": (
        classifier([*BODY, *[node("Relu", "map", f"copy{number}") for number in range(11_000)], *TAIL]),
        "more than 10000 operators",
    ),
    "much memory": (asking_for_memory(), "cannot run it .*allocate memory"),
    "a name that is no text": (named(b"k\xff\xfeel "), "is damaged .*utf-8|cannot run it"),
    "strides of nothing": (
        classifier([node("Conv", "pixels kernel", "map", strides=[0, 0]), *TAIL]),
        "cannot run it",
    ),
}


@pytest.mark.parametrize("case", sorted(BROKEN))
def test_what_is_broken_is_refused_in_one_line_and_soon(case: str, tmp_path: Path) -> None:
    given, said = BROKEN[case]
    file = tmp_path / "theirs.onnx"
    file.write_bytes(given if isinstance(given, bytes) else given.SerializeToString())
    began_s = time.monotonic()
    with pytest.raises(ModelError, match=said) as caught:
        adopt_apart(file, 3, 224, tmp_path / "adopted.onnx")
    assert time.monotonic() - began_s < 5
    assert str(caught.value).startswith(f"{file}: ")
    assert str(caught.value).isprintable()
    assert not (tmp_path / "adopted.onnx").exists()
