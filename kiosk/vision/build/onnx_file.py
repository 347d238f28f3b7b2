"""An ONNX file read with care: bounded, with its weights beside it, in floats of 32 bits."""

import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import onnx
from google.protobuf.message import DecodeError
from onnx import (
    TensorProto,
    checker,
    helper,
    inliner,
    numpy_helper,
    shape_inference,
    version_converter,
)

from kiosk.vision.model_card import ModelError

MOST_BYTES = 128 * 2**20
MOST_NODES = 10_000
MOST_SAID = 200
AS_ONE_FILE = "export it as one file (PyTorch: external_data=False)"
EXPORT_AGAIN = "copy or export it again"
# ONNX Runtime's own codes, source files and signatures: of no use to whoever reads why a file does not fit.
SOURCES = re.compile(
    r"\[ONNXRuntimeError\] : \d+ : \w+ : |/?[\w./+-]+\.(cc|h|cpp):\d+:?|(void\* )?onnxruntime::.*\) (?=[A-Z])"
)
# What numpy, protobuf and ONNX's own code raise on names, types, attributes and bytes that are none.
BROKEN = (
    AttributeError,
    IndexError,
    KeyError,
    OverflowError,
    RuntimeError,
    TypeError,
    ValueError,
    checker.ValidationError,
    shape_inference.InferenceError,
    version_converter.ConvertError,
)
# Turned into floats of 32 bits: what the kiosk computes in, and every processor is fast at.
OTHER_FLOATS = (TensorProto.FLOAT16, TensorProto.BFLOAT16, TensorProto.DOUBLE)


def read_model(file: Path) -> onnx.ModelProto:
    """Return the model of a file with all its weights in it; raises ModelError without the file's name."""
    try:
        if file.stat().st_size > MOST_BYTES:
            raise ModelError(f"has more than {MOST_BYTES // 2**20} MB; the kiosk runs small networks")
        if not file.is_file():
            raise ModelError("is no file; give an ONNX file")
        model = onnx.load(file, load_external_data=False)
    except OSError as error:
        raise ModelError(f"cannot be read ({error.strerror})") from None
    except (DecodeError, UnicodeDecodeError):
        raise ModelError(f"is no ONNX file, or is cut off; {EXPORT_AGAIN}") from None
    if not model.graph.node:
        raise ModelError(f"holds no network; {EXPORT_AGAIN}")
    if len(model.graph.node) > MOST_NODES:
        raise ModelError(f"has more than {MOST_NODES} operators; the kiosk runs small networks")
    _read_weights_beside(model, file)
    _in_single_precision(model)
    return inliner.inline_local_functions(model) if model.functions else model


def first_line(error: Exception) -> str:
    """Return the first line of another library's error, without its own error codes and source files, and not long."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    said = printable(SOURCES.sub("", lines[0])).strip()
    return said if len(said) <= MOST_SAID else f"{said[:MOST_SAID]}…"


def printable(text: str) -> str:
    """Return a text as one line that prints: the names in a file may hold anything."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def tensors(model: onnx.ModelProto) -> Iterator[TensorProto]:
    """Yield every tensor of a model: of its graph, of its functions, and those that are attributes."""
    yield from _of_graph(model.graph)
    for function in model.functions:
        yield from _of_nodes(function.node)


def _of_graph(graph: onnx.GraphProto) -> Iterator[TensorProto]:
    yield from graph.initializer
    for sparse in graph.sparse_initializer:
        yield from (sparse.values, sparse.indices)
    yield from _of_nodes(graph.node)


def _of_nodes(nodes: object) -> Iterator[TensorProto]:
    for node in nodes:  # type: ignore[attr-defined] # protobuf's containers have no common type
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
            yield from attribute.tensors
            for graph in (attribute.g, *attribute.graphs):
                if graph.node or graph.initializer:
                    yield from _of_graph(graph)


def _read_weights_beside(model: onnx.ModelProto, file: Path) -> None:
    """Read what is kept in other files of the same folder; whatever leads elsewhere is refused."""
    total, folder = 0, file.absolute().parent
    for tensor in tensors(model):
        if tensor.data_location != TensorProto.EXTERNAL:
            continue
        entries = {entry.key: entry.value for entry in tensor.external_data}
        beside = _beside(folder, entries.get("location", ""))
        length = math.prod(tensor.dims) * int(helper.tensor_dtype_to_np_dtype(tensor.data_type).itemsize)
        total += max(0, length)
        if total > MOST_BYTES:
            raise ModelError(
                f"has more than {MOST_BYTES // 2**20} MB of weights; the kiosk runs small networks"
            )
        tensor.raw_data = _piece(beside, entries, length)
        if len(tensor.raw_data) != length:
            raise ModelError(
                f"its weights {tensor.name} are not in {beside.name}, or that file is cut off; "
                f"copy both files again, or {AS_ONE_FILE}"
            )
        tensor.ClearField("data_location")
        del tensor.external_data[:]


def _piece(file: Path, entries: Mapping[str, str], length: int) -> bytes:
    """Return a tensor's bytes, fewer where they are not there."""
    try:
        with file.open("rb") as weights:
            weights.seek(int(entries.get("offset", 0)))
            return weights.read(max(0, length))
    except (OSError, ValueError, OverflowError):
        return b""


def _beside(folder: Path, location: str) -> Path:
    """Return the file of that name in the folder; raises ModelError for one that is missing or lies elsewhere."""
    given = Path(location)
    elsewhere = not location or "\0" in location or given.is_absolute() or ".." in given.parts
    if elsewhere or not (folder / given).resolve().is_relative_to(folder.resolve()):
        raise ModelError(f"keeps its weights outside its folder ({location!r}); {AS_ONE_FILE}")
    if not (folder / given).is_file():
        raise ModelError(
            f"keeps its weights in {location}, which is not beside it; copy that file too, or {AS_ONE_FILE}"
        )
    return folder / given


def _in_single_precision(model: onnx.ModelProto) -> None:
    """Turn half, double and bfloat16 values and types into floats of 32 bits; raises ModelError for undefined ones."""
    for tensor in tensors(model):
        if tensor.data_type in OTHER_FLOATS:
            with np.errstate(over="ignore"):
                values = numpy_helper.to_array(tensor).astype(np.float32)
            name = tensor.name
            tensor.CopyFrom(numpy_helper.from_array(values, name))
        if tensor.data_type == TensorProto.FLOAT and np.isnan(numpy_helper.to_array(tensor)).any():
            raise ModelError(f"its weights {tensor.name} hold undefined values; {EXPORT_AGAIN}")
    graph = model.graph
    for tensor in graph.initializer:
        if tensor.data_type == TensorProto.FLOAT and not np.isfinite(numpy_helper.to_array(tensor)).all():
            raise ModelError(f"its weights {tensor.name} hold infinite or undefined values; {EXPORT_AGAIN}")
    for value in (*graph.input, *graph.output):
        if value.type.tensor_type.elem_type in OTHER_FLOATS:
            value.type.tensor_type.elem_type = TensorProto.FLOAT
    for nodes in (graph.node, *(function.node for function in model.functions)):
        for node in nodes:
            for attribute in node.attribute if node.op_type == "Cast" else ():
                if attribute.name == "to" and attribute.i in OTHER_FLOATS:
                    attribute.i = TensorProto.FLOAT
