"""An ONNX graph read and changed: its constants, shapes and readers; nodes replaced, renamed, taken out."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper


def attributes(node: onnx.NodeProto) -> dict[str, Any]:
    """Return a node's attributes by name."""
    return {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}


def weights(graph: onnx.GraphProto) -> dict[str, NDArray[Any]]:
    """Return a graph's constants by name."""
    return {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}


def users(graph: onnx.GraphProto) -> dict[str, list[onnx.NodeProto]]:
    """Return the nodes that read each tensor."""
    reading: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            reading.setdefault(name, []).append(node)
    return reading


def shapes(graph: onnx.GraphProto) -> Mapping[str, tuple[int, ...]]:
    """Return the shapes that are known; a dimension that is not is 0."""
    known = (*graph.input, *graph.output, *graph.value_info)
    return {
        value.name: tuple(dimension.dim_value for dimension in value.type.tensor_type.shape.dim)
        for value in known
        if value.type.tensor_type.HasField("shape")
    }


def rename(graph: onnx.GraphProto, names: Mapping[str, str]) -> None:
    """Give tensors other names everywhere in a graph."""
    for node in graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [names.get(name, name) for name in node.output]
    for part in (*graph.input, *graph.output, *graph.value_info, *graph.initializer):
        part.name = names.get(part.name, part.name)


def prune(graph: onnx.GraphProto) -> None:
    """Remove what no output comes from: nodes, and then constants."""
    needed = {output.name for output in graph.output}
    for index in reversed(range(len(graph.node))):
        if needed.isdisjoint(graph.node[index].output):
            del graph.node[index]
        else:
            needed.update(graph.node[index].input)
    for index in reversed(range(len(graph.initializer))):
        if graph.initializer[index].name not in needed:
            del graph.initializer[index]


def strip_provenance(model: onnx.ModelProto) -> None:
    """Remove source paths and stack traces: they differ from machine to machine, the bytes must not."""
    model.doc_string = ""
    del model.metadata_props[:]
    graph = model.graph
    for part in (graph, *graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer):
        part.doc_string = ""
        del part.metadata_props[:]


def node_like(kind: str, like: onnx.NodeProto, *more_inputs: str, **given: Any) -> onnx.NodeProto:
    """Return a node from another one's first input, and perhaps further ones, to its output."""
    return helper.make_node(kind, [like.input[0], *more_inputs], like.output[:1], like.name, **given)


def add_constant(graph: onnx.GraphProto, name: str, values: NDArray[Any]) -> str:
    """Return the name of a new constant."""
    graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
    return name


def replace(graph: onnx.GraphProto, old: onnx.NodeProto, *new: onnx.NodeProto) -> None:
    """Put nodes into another one's place."""
    position = next(index for index, node in enumerate(graph.node) if node.output == old.output)
    del graph.node[position]
    for offset, node in enumerate(new):
        graph.node.insert(position + offset, node)
