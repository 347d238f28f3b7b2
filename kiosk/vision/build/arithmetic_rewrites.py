"""Rewritings of an ONNX graph's arithmetic into the few operators the kiosk runs, with the same result.

What exporters spell out with constants becomes layers: fewer roundings to 8 bits, and in ONNX Runtime's integers.
"""

import math
from collections.abc import Mapping
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
    replace,
    shapes,
    users,
    weights,
)

Constants = Mapping[str, NDArray[Any]]
Floats = NDArray[np.float32]
# A channel's factor and shift.
Affine = tuple[str, NDArray[np.float64], NDArray[np.float64]]


def write_hard_swish(graph: onnx.GraphProto) -> None:
    """Write hard sigmoids, and a tensor times its own one, as one operator each.

    Quantised as several operators they would be rounded several times.
    """
    _write_hard_sigmoid(graph)
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
                    swish = node_like("HardSwish", node)
                    swish.input[0] = x
                    replace(graph, node, swish)
    prune(graph)


def _is_of_hard_swish(node: onnx.NodeProto) -> bool:
    given = attributes(node)
    slope, shift = given.get("alpha", 0.2), given.get("beta", 0.5)
    return math.isclose(slope, 1 / 6, rel_tol=1e-4) and math.isclose(shift, 0.5, rel_tol=1e-4)


def _write_hard_sigmoid(graph: onnx.GraphProto) -> None:
    """Write a sum with a constant, clipped from 0 to m and divided by m, as one HardSigmoid."""
    constants, reading = weights(graph), users(graph)
    made = {node.output[0]: node for node in graph.node}
    for node in list(graph.node):
        factor = _constant_operand(node, "Mul", constants)
        clip = made.get(_other(node, constants)) if factor is not None else None
        if factor is None or clip is None or clip.op_type != "Clip" or len(clip.input) < 3:
            continue
        total = made.get(clip.input[0])
        shift = None if total is None else _constant_operand(total, "Add", constants)
        low, high = (constants.get(name) for name in clip.input[1:3])
        if total is None or shift is None or low is None or high is None or factor.size > 1 or shift.size > 1:
            continue
        once = all(len(reading[part.output[0]]) == 1 for part in (clip, total))
        if once and float(low) == 0 and math.isclose(float(high) * factor.item(), 1, rel_tol=1e-4):
            slope = factor.item()
            sigmoid = node_like("HardSigmoid", node, alpha=slope, beta=shift.item() * slope)
            sigmoid.input[0] = _other(total, constants)
            replace(graph, node, sigmoid)
    prune(graph)


def write_arithmetic(graph: onnx.GraphProto) -> None:
    """Write products with constant matrices as Gemm; constants a channel, and batch norms, as 1 x 1 convolutions.

    The graph's shapes must be inferred already.
    """
    known = shapes(graph)
    _write_gemm(graph, known)
    _write_sums_and_products(graph, known)
    _write_convolutions(graph, known)
    prune(graph)


def _write_gemm(graph: onnx.GraphProto, known: Mapping[str, tuple[int, ...]]) -> None:
    constants = weights(graph)
    for node in list(graph.node):
        if node.op_type == "MatMul" and len(known.get(node.input[0], ())) == 2:
            matrix = constants.get(node.input[1])
            if matrix is not None and matrix.ndim == 2:
                replace(graph, node, node_like("Gemm", node, node.input[1]))


def _write_sums_and_products(graph: onnx.GraphProto, known: Mapping[str, tuple[int, ...]]) -> None:
    """Write differences, quotients and batch norms with constants as products and sums."""
    constants = weights(graph)
    for node in list(graph.node):
        kind, name = node.op_type, node.output[0]
        if kind == "BatchNormalization":
            _replace_by_affine(graph, node, *_batch_norm(node, constants, len(known.get(node.input[0], ()))))
        elif kind in ("Sub", "Div") and node.input[1] in constants and _is_float(constants[node.input[1]]):
            values = constants[node.input[1]].astype(np.float64)
            with np.errstate(divide="ignore"):
                turned = (-values if kind == "Sub" else 1 / values).astype(np.float32)
            constant = add_constant(graph, f"{name}_turned", turned)
            replace(graph, node, node_like("Add" if kind == "Sub" else "Mul", node, constant))
        elif kind == "Sub" and node.input[0] in constants and _is_float(constants[node.input[0]]):
            shift = constants[node.input[0]]
            node.input[0] = node.input[1]
            _replace_by_affine(graph, node, np.array(-1, np.float32), shift)


def _batch_norm(node: onnx.NodeProto, constants: Constants, rank: int) -> tuple[Floats, Floats]:
    scale, shift, mean, variance = (constants[name].astype(np.float64) for name in node.input[1:5])
    factor = scale / np.sqrt(variance + attributes(node).get("epsilon", 1e-5))
    shape = (1, -1, *[1] * (rank - 2))
    return (
        factor.reshape(shape).astype(np.float32),
        (shift - mean * factor).reshape(shape).astype(np.float32),
    )


def _replace_by_affine(graph: onnx.GraphProto, node: onnx.NodeProto, factor: Floats, shift: Floats) -> None:
    name = node.output[0]
    product = node_like("Mul", node, add_constant(graph, f"{name}_factor", factor))
    product.name, product.output[0] = f"{node.name}_product", f"{name}_product"
    total = node_like("Add", node, add_constant(graph, f"{name}_shift", shift))
    total.input[0] = product.output[0]
    replace(graph, node, product, total)


def _write_convolutions(graph: onnx.GraphProto, known: Mapping[str, tuple[int, ...]]) -> None:
    """Write sums and products with a constant a channel as depthwise 1 x 1 convolutions, adjoining ones as one."""
    constants, reading = weights(graph), users(graph)
    outputs = {output.name for output in graph.output}
    layers: dict[str, Affine] = {}
    sizes = dict(known)
    for node in graph.node:
        name = node.output[0]
        if (
            sizes.get(_other(node, constants))
            and _constant_operand(node, node.op_type, constants) is not None
        ):
            sizes.setdefault(
                name, sizes[_other(node, constants)]
            )  # what was written a moment ago is not inferred
        layer = _affine(node, constants, sizes)
        if layer is None:
            continue
        x, factor, shift = layer
        if x in layers and len(reading[x]) == 1 and x not in outputs:
            x, first_factor, first_shift = layers.pop(x)
            factor, shift = factor * first_factor, factor * first_shift + shift
        layers[name] = x, factor, shift
    for node in list(graph.node):
        if node.output[0] in layers:
            replace(graph, node, _convolution(graph, node, *layers[node.output[0]]))


def _affine(
    node: onnx.NodeProto, constants: Constants, known: Mapping[str, tuple[int, ...]]
) -> Affine | None:
    """Return what a node's constant does to each channel of its map, None where it does something else."""
    values = _constant_operand(node, node.op_type, constants) if node.op_type in ("Add", "Mul") else None
    if values is None:
        return None
    x = _other(node, constants)
    shape = known.get(x, ())
    whole = (1,) * (4 - values.ndim) + values.shape
    if len(shape) != 4 or len(whole) != 4 or whole not in ((1, 1, 1, 1), (1, shape[1], 1, 1)):
        return None
    a_channel = np.broadcast_to(values.astype(np.float64).reshape(-1), (shape[1],))
    neutral = np.full(shape[1], 1.0 if node.op_type == "Add" else 0.0)
    return (x, neutral, a_channel) if node.op_type == "Add" else (x, a_channel, neutral)


def _convolution(
    graph: onnx.GraphProto,
    node: onnx.NodeProto,
    x: str,
    factor: NDArray[np.float64],
    shift: NDArray[np.float64],
) -> onnx.NodeProto:
    name, channels = node.output[0], len(factor)
    kernel = add_constant(graph, f"{name}_kernel", factor.astype(np.float32).reshape(channels, 1, 1, 1))
    bias = add_constant(graph, f"{name}_bias", shift.astype(np.float32))
    return helper.make_node("Conv", [x, kernel, bias], [name], node.name, group=channels, kernel_shape=[1, 1])


def _constant_operand(node: onnx.NodeProto, kind: str, constants: Constants) -> NDArray[Any] | None:
    """Return a node's constant where it is of a kind that has two operands, and one of them is a float constant."""
    if node.op_type != kind or len(node.input) != 2:
        return None
    fixed = [constants[name] for name in node.input if name in constants]
    return fixed[0] if len(fixed) == 1 and _is_float(fixed[0]) else None


def _other(node: onnx.NodeProto, constants: Constants) -> str:
    """Return the operand that is no constant, an empty name where there is none."""
    return next((str(name) for name in node.input if name not in constants), "")


def _is_float(values: NDArray[Any]) -> bool:
    return values.dtype == np.float32
