"""Rewritings of an ONNX graph that change how it is written and nothing of what it computes."""

import math
from collections.abc import Mapping
from typing import Any

import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from kiosk.vision.model_card import ModelError


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


def name_pooling(graph: onnx.GraphProto) -> None:
    """Write means over rows and columns, and the reshaping of them into vectors, as what they are.

    Quantisation and ONNX Runtime know GlobalAveragePool and Flatten; they do not see pooling in a ReduceMean.
    The graph's shapes must be inferred already.
    """
    constants, known = weights(graph), shapes(graph)
    for node in list(graph.node):
        before, after = known.get(node.input[0], ()), known.get(node.output[0], ())
        if node.op_type == "ReduceMean":
            _replace(graph, node, *_pooling(node, constants))
        elif node.op_type == "AveragePool" and _covers(node, before):
            _replace(graph, node, _node("GlobalAveragePool", node))
        elif node.op_type in ("Reshape", "Squeeze") and before == (*after, 1, 1):
            _replace(graph, node, _node("Flatten", node, axis=1))
    prune(graph)


def _pooling(node: onnx.NodeProto, constants: Mapping[str, NDArray[Any]]) -> list[onnx.NodeProto]:
    axes = sorted(int(axis) % 4 for axis in constants[node.input[1]]) if len(node.input) > 1 else []
    if axes != [2, 3]:
        raise ModelError(f"operator ReduceMean ({node.name}): over axes {axes}, which is no global pooling")
    pool = _node("GlobalAveragePool", node)
    if attributes(node).get("keepdims", 1):
        return [pool]
    flatten = _node("Flatten", node, axis=1)
    flatten.name, flatten.input[0] = f"{node.name}_flatten", f"{node.output[0]}_square"
    pool.output[0] = flatten.input[0]
    return [pool, flatten]


def _covers(node: onnx.NodeProto, shape: tuple[int, ...]) -> bool:
    """Return whether an AveragePool's only window is the whole map of that shape."""
    given = attributes(node)
    return tuple(given["kernel_shape"]) == shape[2:] and not any(given.get("pads", ()))


def write_hard_swish(graph: onnx.GraphProto) -> None:
    """Write a tensor times its own hard sigmoid, as older exporters spell it, as one HardSwish.

    Quantised as two operators it would be rounded twice.
    """
    reading = users(graph)
    sigmoids = {
        node.output[0]: node.input[0]
        for node in graph.node
        if node.op_type == "HardSigmoid" and _is_of_hard_swish(node) and len(reading[node.output[0]]) == 1
    }
    for node in list(graph.node):
        if node.op_type == "Mul":
            first, second = node.input
            for x, sigmoid in ((first, second), (second, first)):
                if sigmoids.get(sigmoid) == x:
                    swish = _node("HardSwish", node)
                    swish.input[0] = x
                    _replace(graph, node, swish)
    prune(graph)


def _is_of_hard_swish(node: onnx.NodeProto) -> bool:
    given = attributes(node)
    slope, shift = given.get("alpha", 0.2), given.get("beta", 0.5)
    return math.isclose(slope, 1 / 6, rel_tol=1e-4) and math.isclose(shift, 0.5, rel_tol=1e-4)


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


def _node(kind: str, like: onnx.NodeProto, **given: Any) -> onnx.NodeProto:
    """Return a node from another one's first input to its output."""
    return helper.make_node(kind, like.input[:1], like.output[:1], like.name, **given)


def _replace(graph: onnx.GraphProto, old: onnx.NodeProto, *new: onnx.NodeProto) -> None:
    position = next(index for index, node in enumerate(graph.node) if node.output == old.output)
    del graph.node[position]
    for offset, node in enumerate(new):
        graph.node.insert(position + offset, node)
