"""Each ONNX operator the gradient process runs, as a function of tensors stored in units."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from kiosk.gradients.compute.plan import Builder, Function, Plan, UnsupportedOperatorError, attributes
from kiosk.gradients.compute.pooling import (
    Averaging,
    GlobalAveraging,
    IntegerAveraging,
    IntegerJoining,
    Window,
)
from kiosk.gradients.compute.quantised import Geometry, IntegerAdd, IntegerConv, IntegerMul

ONE_PIXEL = Geometry(stride=(1, 1), pads=(0, 0, 0, 0), dilation=(1, 1), groups=1)


def _tensor(values: NDArray[Any]) -> Tensor:
    return torch.from_numpy(np.array(values, np.float32, order="C"))  # its own copy: protobuf's is read only


def _conv(plan: Plan, node: onnx.NodeProto) -> tuple[Function, float]:
    given, unit = attributes(node), plan.unit(node)
    kernel, bias = plan.constant(node, 1), plan.constant(node, 2)
    if kernel is None or kernel.ndim != 4 or given.get("auto_pad", b"NOTSET") != b"NOTSET":
        raise UnsupportedOperatorError(
            f"operator Conv ({node.name}): only 2-D with explicit padding is supported"
        )
    geometry = Geometry(
        stride=tuple(given.get("strides", (1, 1))),
        pads=tuple(given.get("pads", (0, 0, 0, 0))),
        dilation=tuple(given.get("dilations", (1, 1))),
        groups=given.get("group", 1),
    )
    whole = node.input[0] in plan.dequantised and node.input[1] in plan.integers
    grid = plan.take_over_rounding(node) if whole else None
    if grid is not None:
        return IntegerConv.plan(
            geometry, *plan.integers[node.input[1]], bias, unit, grid, plan.rounding
        ), grid.scale
    weight = _tensor(kernel * np.float32(unit)).contiguous(memory_format=torch.channels_last)
    offset = None if bias is None else _tensor(bias)
    return lambda x: geometry.convolve(x, weight, offset), 1.0


def _gemm(plan: Plan, node: onnx.NodeProto) -> tuple[Function, float]:
    given, unit = attributes(node), plan.unit(node)
    matrix, bias = plan.constant(node, 1), plan.constant(node, 2)
    if matrix is None or given.get("transA", 0):
        raise UnsupportedOperatorError(f"operator Gemm ({node.name}): only input times constant is supported")
    plain = given.get("transB", 0) and given.get("alpha", 1.0) == given.get("beta", 1.0) == 1.0
    whole = plain and node.input[0] in plan.dequantised and node.input[1] in plan.integers
    grid = plan.take_over_rounding(node) if whole else None
    if grid is not None:  # a 1 x 1 convolution of one pixel
        integers, scales = plan.integers[node.input[1]]
        sums = IntegerConv.plan(
            ONE_PIXEL, integers[:, :, None, None], scales, bias, unit, grid, plan.rounding
        )
        return lambda x: sums(x[:, :, None, None]).flatten(1), grid.scale
    rows = matrix if given.get("transB", 0) else matrix.T
    weight = _tensor(rows * np.float32(given.get("alpha", 1.0) * unit))
    offset = None if bias is None else _tensor(bias * np.float32(given.get("beta", 1.0)))
    return lambda x: functional.linear(x, weight, offset), 1.0


def _add(plan: Plan, node: onnx.NodeProto) -> tuple[Function, float]:
    fixed = plan.fixed_operand(node)
    if fixed is not None:
        unit, shift = plan.unit(node, 1 - fixed), _tensor(plan.constants[node.input[fixed]])
        offset = shift / unit
        return lambda x: x + offset, unit
    first, second = plan.unit(node, 0), plan.unit(node, 1)
    grid = plan.take_over_rounding(node) if plan.dequantised.issuperset(node.input) else None
    if grid is not None:
        return IntegerAdd.plan(plan.grid_of(node, 0), plan.grid_of(node, 1), grid, plan.rounding), grid.scale
    if first == second == 1.0:
        return torch.add, 1.0
    # In steps of the second: one pass less than bringing both to floats.
    return lambda a, b: torch.add(b, a, alpha=first / second), second


def _mul(plan: Plan, node: onnx.NodeProto) -> tuple[Function, float]:
    fixed = plan.fixed_operand(node)
    if fixed is not None:
        factor = _tensor(plan.constants[node.input[fixed]])
        return lambda x: x * factor, plan.unit(node, 1 - fixed)
    grid = plan.take_over_rounding(node) if plan.dequantised.issuperset(node.input) else None
    if grid is not None:
        return IntegerMul.plan(plan.grid_of(node, 0), plan.grid_of(node, 1), grid, plan.rounding), grid.scale
    return torch.mul, plan.unit(node, 0) * plan.unit(node, 1)


def _clip(plan: Plan, node: onnx.NodeProto) -> tuple[Function, float]:
    unit = plan.unit(node)
    low, high = plan.constant(node, 1), plan.constant(node, 2)
    below = -float("inf") if low is None else float(low) / unit
    above = float("inf") if high is None else float(high) / unit
    return lambda x: functional.hardtanh(x, below, above), unit


def _relu(plan: Plan, node: onnx.NodeProto) -> tuple[Function, float]:
    return functional.relu, plan.unit(node)


def _elementwise(function: Function) -> Callable[[Plan, onnx.NodeProto], tuple[Function, float]]:
    def build(plan: Plan, node: onnx.NodeProto) -> tuple[Function, float]:
        unit = plan.unit(node)
        return (function if unit == 1.0 else lambda x: function(x * unit)), 1.0

    return build


def _hard_sigmoid(plan: Plan, node: onnx.NodeProto) -> tuple[Function, float]:
    given, unit = attributes(node), plan.unit(node)
    alpha, beta = given.get("alpha", 0.2) * unit, given.get("beta", 0.5)
    return lambda x: (x * alpha + beta).clamp(0.0, 1.0), 1.0


def _window(node: onnx.NodeProto) -> Window:
    given = attributes(node)
    unusual = given.get("auto_pad", b"NOTSET") != b"NOTSET" or given.get("ceil_mode", 0)
    if unusual or len(node.output) > 1 or len(given["kernel_shape"]) != 2:
        raise UnsupportedOperatorError(
            f"operator {node.op_type} ({node.name}): only 2-D with explicit padding, rounded down, is supported"
        )
    return Window(
        size=tuple(given["kernel_shape"]),
        stride=tuple(given.get("strides", (1, 1))),
        pads=tuple(given.get("pads", (0, 0, 0, 0))),
        dilation=tuple(given.get("dilations", (1, 1))),
    )


def _max_pool(plan: Plan, node: onnx.NodeProto) -> tuple[Function, float]:
    return _window(node).most, plan.unit(node)


def _average_pool(plan: Plan, node: onnx.NodeProto) -> tuple[Function, float]:
    averaging, unit = (
        Averaging(_window(node), bool(attributes(node).get("count_include_pad", 0))),
        plan.unit(node),
    )
    if max(averaging.window.dilation) > 1:
        raise UnsupportedOperatorError(f"operator AveragePool ({node.name}): dilations are not supported")
    grid = plan.take_over_rounding(node) if node.input[0] in plan.dequantised else None
    if grid is not None:
        return IntegerAveraging(averaging, unit, grid, plan.rounding), grid.scale
    return averaging, unit


def _concat(plan: Plan, node: onnx.NodeProto) -> tuple[Function, float]:
    axis, units = attributes(node)["axis"], [plan.unit(node, index) for index in range(len(node.input))]
    grid = plan.take_over_rounding(node) if plan.dequantised.issuperset(node.input) else None
    if grid is not None:
        grids = [plan.grid_of(node, index) for index in range(len(node.input))]
        return IntegerJoining(axis, grids, grid, plan.rounding), grid.scale
    if len(set(units)) == 1:
        return lambda *parts: torch.cat(parts, axis), units[0]
    return lambda *parts: torch.cat([x * unit for x, unit in zip(parts, units, strict=True)], axis), 1.0


def _reshape(plan: Plan, node: onnx.NodeProto) -> tuple[Function, float]:
    shape = plan.constant(node, 1)
    if shape is None or attributes(node).get("allowzero", 0) or not (shape > 0).all():
        raise UnsupportedOperatorError(f"operator Reshape ({node.name}): only to a fixed shape is supported")
    sizes = tuple(int(size) for size in shape)
    return lambda x: x.reshape(sizes), plan.unit(node)


def _global_average_pool(plan: Plan, node: onnx.NodeProto) -> tuple[Function, float]:
    unit = plan.unit(node)
    grid = plan.take_over_rounding(node) if node.input[0] in plan.dequantised else None
    if grid is not None:
        return GlobalAveraging(unit, grid, plan.rounding), grid.scale
    return lambda x: x.mean((2, 3), keepdim=True), unit


def _flatten(plan: Plan, node: onnx.NodeProto) -> tuple[Function, float]:
    axis = attributes(node).get("axis", 1)
    return lambda x: x.flatten(axis), plan.unit(node)


BUILDERS: Mapping[str, Builder] = {
    "Add": _add,
    "AveragePool": _average_pool,
    "Clip": _clip,
    "Concat": _concat,
    "Conv": _conv,
    "Flatten": _flatten,
    "Gemm": _gemm,
    "GlobalAveragePool": _global_average_pool,
    "HardSigmoid": _hard_sigmoid,
    "HardSwish": _elementwise(functional.hardswish),
    "MaxPool": _max_pool,
    "Mul": _mul,
    "QuantizeLinear": Plan.quantise,
    "Relu": _relu,
    "Reshape": _reshape,
    "Sigmoid": _elementwise(torch.sigmoid),
}
