"""Rewritings of how an ONNX graph pads, pools and reshapes into the few operators the kiosk runs."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper

from kiosk.vision.build.graph import (
    add_constant,
    attributes,
    node_like,
    prune,
    rename,
    replace,
    shapes,
    weights,
)
from kiosk.vision.model_card import ModelError

WINDOWED = ("Conv", "MaxPool", "AveragePool")
RESHAPING = ("Reshape", "Squeeze", "Unsqueeze", "Flatten", "Identity", "Transpose")
Shapes = Mapping[str, tuple[int, ...]]


def name_pooling(graph: onnx.GraphProto) -> None:
    """Write means over rows and columns, and the reshaping of them into vectors, as what they are.

    Quantisation and ONNX Runtime know GlobalAveragePool and Flatten; they do not see pooling in a ReduceMean.
    The graph's shapes must be inferred already.
    """
    constants, known = weights(graph), shapes(graph)
    for node in list(graph.node):
        if node.op_type == "ReduceMean":
            replace(graph, node, *_pooling(node, constants))
        elif node.op_type == "AveragePool" and _covers(node, known.get(node.input[0], ())):
            replace(graph, node, node_like("GlobalAveragePool", node))
        elif node.op_type in ("Reshape", "Squeeze"):
            before, after = known.get(node.input[0], ()), known.get(node.output[0], ())
            if before == (*after, 1, 1):
                replace(graph, node, node_like("Flatten", node, axis=1))
    prune(graph)


def _pooling(node: onnx.NodeProto, constants: Mapping[str, NDArray[Any]]) -> list[onnx.NodeProto]:
    given = constants.get(node.input[1]) if len(node.input) > 1 else None
    axes = [] if given is None else sorted(int(axis) % 4 for axis in given.reshape(-1))
    if axes != [2, 3]:
        raise ModelError(f"operator ReduceMean ({node.name}): over axes {axes}, which is no global pooling")
    pool = node_like("GlobalAveragePool", node)
    if attributes(node).get("keepdims", 1):
        return [pool]
    flatten = node_like("Flatten", node, axis=1)
    flatten.name, flatten.input[0] = f"{node.name}_flatten", f"{node.output[0]}_square"
    pool.output[0] = flatten.input[0]
    return [pool, flatten]


def _covers(node: onnx.NodeProto, shape: tuple[int, ...]) -> bool:
    """Return whether an AveragePool's only window is the whole map of that shape."""
    given = attributes(node)
    return tuple(given["kernel_shape"]) == shape[2:] and not any(given.get("pads", ()))


def write_padding(graph: onnx.GraphProto) -> None:
    """Write every pad in numbers, in the layer that it belongs to: those left to the runtime, and zeros put around.

    The graph's shapes must be inferred already.
    """
    constants, known = weights(graph), shapes(graph)
    for node in list(graph.node):
        if node.op_type in WINDOWED:
            _write_pads(node, constants, known)
        elif node.op_type == "Pad":
            pads, channels = _zeros_around(node, constants), known.get(node.input[0], (0, 0))[1]
            if pads is not None and channels:
                kernel = add_constant(
                    graph, f"{node.output[0]}_kernel", np.ones((channels, 1, 1, 1), np.float32)
                )
                padding = node_like("Conv", node, kernel, group=channels, kernel_shape=[1, 1], pads=pads)
                replace(graph, node, padding)
    prune(graph)


def _write_pads(node: onnx.NodeProto, constants: Mapping[str, NDArray[Any]], known: Shapes) -> None:
    given = attributes(node)
    automatic, before, after = (
        given.get("auto_pad", b"NOTSET"),
        known.get(node.input[0]),
        known.get(node.output[0]),
    )
    left_open = automatic != b"NOTSET" or given.get("ceil_mode", 0)
    if not left_open or before is None or after is None or len(before) != 4 or len(after) != 4:
        return
    kernel = given.get("kernel_shape") or list(constants[node.input[1]].shape[2:])
    pads = list(given.get("pads", (0, 0, 0, 0)))
    for axis in range(2):
        step = given.get("strides", (1, 1))[axis]
        reach = (kernel[axis] - 1) * given.get("dilations", (1, 1))[axis] + 1
        missing = max(0, (after[2 + axis] - 1) * step + reach - before[2 + axis])
        if automatic in (b"SAME_UPPER", b"SAME_LOWER"):
            less = missing // 2
            pads[axis], pads[2 + axis] = (
                (less, missing - less) if automatic == b"SAME_UPPER" else (missing - less, less)
            )
        elif automatic == b"NOTSET":
            pads[2 + axis] = max(pads[2 + axis], missing - pads[axis])
    grown = pads != list(given.get("pads", (0, 0, 0, 0)))
    if node.op_type == "AveragePool" and given.get("count_include_pad", 0) and grown:
        return  # what is beyond the pads does not count, and the pads do
    for name in ("auto_pad", "ceil_mode", "pads"):
        _drop_attribute(node, name)
    node.attribute.append(helper.make_attribute("pads", pads))


def _drop_attribute(node: onnx.NodeProto, name: str) -> None:
    kept = [attribute for attribute in node.attribute if attribute.name != name]
    del node.attribute[:]
    node.attribute.extend(kept)


def _zeros_around(node: onnx.NodeProto, constants: Mapping[str, NDArray[Any]]) -> list[int] | None:
    """Return a Pad's (top, left, bottom, right), None where it does anything but put zeros around a map."""
    inputs = [*node.input, "", ""]
    if attributes(node).get("mode", b"constant") != b"constant" or (len(node.input) > 3 and node.input[3]):
        return None
    pads, value = constants.get(inputs[1]), constants.get(inputs[2])
    if pads is None or pads.size != 8 or (inputs[2] and (value is None or value.any())):
        return None
    sides = [int(side) for side in pads]
    around = [*sides[2:4], *sides[6:8]]
    return around if sum(map(abs, sides)) == sum(around) and min(around) >= 0 else None


def write_reshapes(graph: onnx.GraphProto) -> None:
    """Write each chain of reshapes as none, as a Flatten, or as one Reshape.

    The graph's shapes must be inferred already.
    """
    known = shapes(graph)
    origins: dict[str, str] = {}
    same: dict[str, str] = {}
    outputs = {output.name for output in graph.output}
    for node in list(graph.node):
        name = node.output[0] if node.output else ""
        before, after = known.get(node.input[0]) if node.input else None, known.get(name)
        if node.op_type not in RESHAPING or not before or not after or not all((*before, *after)):
            continue
        if node.op_type == "Transpose" and not _keeps_order(before, attributes(node).get("perm", ())):
            continue
        origin = origins[name] = origins.get(node.input[0], node.input[0])
        if known.get(origin) == after and name not in outputs:
            same[name] = origin
            replace(graph, node)
            continue
        if known.get(origin) == (*after, 1, 1):
            new = node_like("Flatten", node, axis=1)
        else:
            shape = add_constant(graph, f"{name}_shape", np.array(after, np.int64))
            new = node_like("Reshape", node, shape)
        new.input[0] = origin
        replace(graph, node, new)
    kept = [value for value in graph.value_info if value.name not in same]
    del graph.value_info[:]
    graph.value_info.extend(kept)
    rename(graph, same)
    prune(graph)


def _keeps_order(shape: tuple[int, ...], permutation: Sequence[int]) -> bool:
    """Return whether a transposition moves nothing but dimensions of 1."""
    moved = [axis for axis in permutation if shape[axis] > 1]
    return len(permutation) == len(shape) and moved == sorted(moved)
