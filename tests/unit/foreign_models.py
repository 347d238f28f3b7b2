"""ONNX classifiers as others make them, written node by node: what fits, and each kind of what does not."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

COLOURS = ("red", "green", "blue")
# Each feature is how much one colour stands out from the two others.
OPPONENT = np.array([[2, -1, -1], [-1, 2, -1], [-1, -1, 2]], np.float32)
CELL = 16

Weights = dict[str, NDArray[Any]]


def node(kind: str, inputs: str, outputs: str, **given: Any) -> onnx.NodeProto:
    return helper.make_node(kind, inputs.split(), outputs.split(), f"{kind}_to_{outputs}", **given)


BODY = [node("Conv", "pixels kernel", "cells", strides=[CELL, CELL]), node("Relu", "cells", "map")]
TAIL = [
    node("GlobalAveragePool", "map", "pooled"),
    node("Flatten", "pooled", "vector"),
    node("Gemm", "vector matrix", "scores", transB=1),
]


def own_weights() -> Weights:
    kernel = np.broadcast_to(OPPONENT[:, :, None, None], (3, 3, CELL, CELL)) / CELL**2
    return {"kernel": np.ascontiguousarray(kernel, np.float32), "matrix": 8 * np.eye(3, dtype=np.float32)}


def classifier(
    nodes: list[onnx.NodeProto] | None = None,
    *,
    shape: tuple[int | str, ...] = ("n", 3, 224, 224),
    kind: int = TensorProto.FLOAT,
    opset: int = 18,
    domain: str = "",
    more_inputs: tuple[str, ...] = (),
    weights: Weights | None = None,
) -> onnx.ModelProto:
    """Return what tells red, green and blue pictures apart, or another network in its place."""
    graph = helper.make_graph(
        nodes or [*BODY, *TAIL],
        "colours",
        [
            helper.make_tensor_value_info("pixels", kind, shape),
            *[helper.make_tensor_value_info(name, TensorProto.FLOAT, (1,)) for name in more_inputs],
        ],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(values, name) for name, values in (own_weights() | (weights or {})).items()],
    )
    opsets = [helper.make_opsetid("", opset), *([helper.make_opsetid(domain, 1)] if domain else [])]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def with_weights_beside(file: Path, location: str = "weights.bin") -> None:
    """Write a model as PyTorch's exporter does by default: its weights in a second file."""
    onnx.save(classifier(), file, save_as_external_data=True, location=location, size_threshold=0)


def with_weights_elsewhere(location: str) -> Callable[[Path], object]:
    """Return what writes a model that names a file that is there, but outside its folder."""

    def write(file: Path) -> None:
        elsewhere = file.parent.parent / "elsewhere.bin"
        with_weights_beside(file, f"{file.name}.data")
        (file.parent / f"{file.name}.data").replace(elsewhere)
        (file.parent / f"{file.name}.link").unlink(missing_ok=True)
        (file.parent / f"{file.name}.link").symlink_to(elsewhere)
        model = onnx.load(file, load_external_data=False)
        for tensor in model.graph.initializer:
            for entry in tensor.external_data:
                if entry.key == "location":
                    entry.value = location.format(elsewhere=elsewhere, name=file.name)
        file.write_bytes(model.SerializeToString())

    return write


def with_weights_cut(file: Path) -> None:
    with_weights_beside(file, f"{file.name}.data")
    (file.parent / f"{file.name}.data").write_bytes(b"short")


def with_weights_missing(file: Path) -> None:
    with_weights_beside(file, f"{file.name}.data")
    (file.parent / f"{file.name}.data").unlink()


def archived(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("model.onnx", classifier().SerializeToString())


def too_large(file: Path) -> None:
    with file.open("wb") as sparse:
        sparse.truncate(200 * 2**20)


def saved(model: onnx.ModelProto) -> Callable[[Path], object]:
    return lambda file: onnx.save(model, file)


def content(data: bytes) -> Callable[[Path], object]:
    return lambda file: file.write_bytes(data)


def foreign_operator() -> onnx.ModelProto:
    swish = helper.make_node("QuickGelu", ["cells"], ["map"], "the_swish", domain="com.microsoft", alpha=1.0)
    return classifier([BODY[0], swish, *TAIL], domain="com.microsoft")


# What others' exporters write that has to be rewritten.
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


def fitting(case: str) -> onnx.ModelProto:
    wide = np.concatenate([SQUARE, SQUARE], axis=1)
    return classifier(FITTING[case], weights=WEIGHTS | {"wide": wide})


TANH = [BODY[0], node("Tanh", "cells", "map"), *TAIL]
NO_POOLING = [
    *BODY,
    node("Flatten", "map", "vector"),
    node("Gemm", "vector wide", "scores"),
]
PAST_POOLING = [*BODY, *TAIL[:2], node("Gemm", "vector matrix", "a"), node("Flatten", "map", "all")]
PAST_POOLING += [node("Gemm", "all wide", "b"), node("Add", "a b", "scores")]
POOLING_LAST = [*BODY, node("GlobalAveragePool", "map", "pooled"), node("Flatten", "pooled", "scores")]
MAX_POOLING = [*BODY, node("GlobalMaxPool", "map", "pooled"), *TAIL[1:]]
SILENT = [*BODY, *TAIL]
LOW = np.full(3, -1e4, np.float32)  # no picture gets past the Relu behind it
UNDEFINED = np.full((3, 3), np.nan, np.float32)
WIDE = np.ones((3 * (224 // CELL) ** 2, 3), np.float32)

# What each is, and what is said of it.
BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty": (content(b""), "holds no network"),
    "text": (content(b"no model, but a line of text\n" * 40), "is no ONNX file"),
    "cut-off": (content(classifier().SerializeToString()[:500]), "is no ONNX file, or is cut off"),
    "too-large": (too_large, "has more than 128 MB"),
    "weights-by-an-absolute-path": (
        with_weights_elsewhere("{elsewhere}"),
        "keeps its weights outside its folder",
    ),
    "weights-above": (with_weights_elsewhere("../elsewhere.bin"), "keeps its weights outside its folder"),
    "weights-behind-a-link": (with_weights_elsewhere("{name}.link"), "keeps its weights outside its folder"),
    "weights-cut": (with_weights_cut, "are not in weights-cut.onnx.data, or that file is cut off"),
    "weights-missing": (
        with_weights_missing,
        "which is not beside it; copy that file too, or export it as one",
    ),
    "undefined-weights": (
        saved(classifier(weights={"matrix": UNDEFINED})),
        "weights matrix hold undefined",
    ),
    "wrong-size": (
        saved(classifier(shape=(1, 3, 128, 128))),
        "takes 1 x 3 x 128 x 128; the kiosk's pictures are 1 x 3 x 224 x 224",
    ),
    "batch-of-8": (saved(classifier(shape=(8, 3, 224, 224))), "takes 8 x 3 x 224 x 224"),
    "web-page": (content(b"<!DOCTYPE html><title>404</title>" * 30), "is no ONNX file"),
    "archive": (archived, "is no ONNX file"),
    "channels-last-in-small": (saved(classifier(shape=(1, 96, 96, 3))), "takes 1 x 96 x 96 x 3"),
    "vectors": (saved(classifier(shape=(1, 3))), "takes 1 x 3; the kiosk"),
    "bytes": (
        saved(classifier(kind=TensorProto.UINT8)),
        "takes uint8 numbers; export it with an input of floats",
    ),
    "two-inputs": (saved(classifier(more_inputs=("more",))), "takes 2 inputs"),
    "more-labels": (
        saved(classifier(weights={"matrix": np.eye(5, 3, dtype=np.float32)})),
        r"there are 3 labels.*\[1, 5\]",
    ),
    "unknown-operator": (
        saved(classifier(TANH)),
        r"operator Tanh \(Tanh_to_map\): the gradient process",
    ),
    "foreign-operator": (saved(foreign_operator()), "not ONNX's own, but com.microsoft's"),
    "not-an-operator": (
        saved(classifier([*BODY[:1], node("Relux", "cells", "map"), *TAIL])),
        "cannot run it",
    ),
    "shapes-that-do-not-fit": (
        saved(classifier(weights={"matrix": np.eye(3, 4, dtype=np.float32)})),
        "cannot run it|do not fit",
    ),
    "future-opset": (saved(classifier(opset=99)), "cannot run it"),
    "ancient-opset": (saved(classifier(opset=1)), "cannot be brought to opset 18|cannot run it"),
    "no-pooling": (saved(classifier(NO_POOLING, weights={"wide": WIDE})), "no global average pooling"),
    "past-pooling": (
        saved(classifier(PAST_POOLING, weights={"wide": WIDE})),
        "no global average pooling that its whole answer",
    ),
    "pooling-last": (saved(classifier(POOLING_LAST)), "reads .pixels. is no map of features"),
    "max-pooling": (saved(classifier(MAX_POOLING)), "no global average pooling"),
    "no-gradient": (
        saved(
            classifier(
                [node("Conv", "pixels kernel low", "cells", strides=[CELL, CELL]), *SILENT[1:]],
                weights={"low": LOW},
            )
        ),
        "no gradient reaches the picture",
    ),
}
