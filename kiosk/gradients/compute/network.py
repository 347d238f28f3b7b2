"""The ONNX model file run in PyTorch, so that the very graph the visitor's classifier runs can be differentiated.

Each QuantizeLinear rounds in the forward pass and lets the gradient straight through wherever it did not saturate
(the straight-through estimator, Bengio et al. 2013, arXiv:1308.3432). Saturation stops it, which is at the same
time the gradient of the ReLU6 that quantisation folded into its range.

A tensor is stored divided by its *unit*: 1 for floats, the quantisation scale for quantised activations, which are
therefore whole numbers (less their zero point). See `quantised` for what that buys.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from google.protobuf.message import DecodeError
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor
from torch.nn import functional

from kiosk.gradients.compute.quantised import (
    Geometry,
    Grid,
    IntegerAdd,
    IntegerConv,
    IntegerMul,
    Rounding,
    round_through,
)
from kiosk.vision.model_card import ModelError

Function = Callable[..., Tensor]
ONE_PIXEL = Geometry(stride=(1, 1), pads=(0, 0, 0, 0), dilation=(1, 1), groups=1)


class UnsupportedOperatorError(ModelError):
    """The graph holds an operator, or a form of one, that the gradient process does not run."""


@dataclass(frozen=True)
class _Call:
    """One operator of the plan: where its tensors come from, where its result goes, what can be let go after it."""

    function: Function
    inputs: tuple[str, ...]
    output: str
    last_uses: tuple[str, ...]


class Network:
    """An ONNX graph as a differentiable PyTorch function."""

    def __init__(self, model: onnx.ModelProto) -> None:
        """Plan the graph; raises UnsupportedOperatorError naming the first operator this process does not run."""
        self._rounding = Rounding()
        plan = _Plan(model, self._rounding)
        self.input = plan.input
        self._calls = plan.calls()
        self._stored_as = plan.stored_as
        self._units = plan.units

    @classmethod
    def from_file(cls, path: Path) -> "Network":
        """Return the network of an ONNX file; raises ModelError for a file that is none."""
        try:
            model = onnx.load(path)
        except (OSError, DecodeError) as error:
            raise ModelError(
                f"{path}: cannot be read as an ONNX file ({error}); build the model again"
            ) from None
        if not model.graph.input:
            raise ModelError(f"{path}: holds no network; build the model again")
        return cls(model)

    def __call__(self, pixels: Tensor, outputs: Sequence[str]) -> list[Tensor]:
        """Return the named tensors for a normalised (1, 3, side, side) float32 input."""
        return self.resume({self.input: pixels.contiguous(memory_format=torch.channels_last)}, outputs)

    def resume(self, known: Mapping[str, Tensor], outputs: Sequence[str]) -> list[Tensor]:
        """Return the named tensors computed onwards from the known ones; both are in real units."""
        stored = {self._stored_as[name]: self._divided(name, tensor) for name, tensor in known.items()}
        wanted = [self._stored_as[name] for name in outputs]
        for call in self._calls:
            if call.output in stored or any(name not in stored for name in call.inputs):
                continue
            stored[call.output] = call.function(*(stored[name] for name in call.inputs))
            for name in call.last_uses:
                if name not in wanted:
                    stored.pop(name, None)
        return [self._multiplied(name, stored[self._stored_as[name]]) for name in outputs]

    @contextmanager
    def unrounded(self) -> Iterator[None]:
        """Pass over the roundings meanwhile, saturation aside: gradients there are less noisy than between steps."""
        self._rounding.on = False
        try:
            yield
        finally:
            self._rounding.on = True

    def _divided(self, name: str, tensor: Tensor) -> Tensor:
        unit = self._units[self._stored_as[name]]
        return tensor if unit == 1.0 else tensor / unit

    def _multiplied(self, name: str, tensor: Tensor) -> Tensor:
        unit = self._units[self._stored_as[name]]
        return tensor if unit == 1.0 else tensor * unit


class _Plan:
    """An ONNX graph on its way to a list of calls: constants folded, units chosen, quantise pairs merged."""

    def __init__(self, model: onnx.ModelProto, rounding: Rounding) -> None:
        graph = model.graph
        self.rounding = rounding
        self.nodes = list(graph.node)
        self.constants: dict[str, NDArray[Any]] = {
            t.name: numpy_helper.to_array(t) for t in graph.initializer
        }
        self.input = self._only_input(graph)
        self.integers: dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]] = {}
        self.units: dict[str, float] = {self.input: 1.0}
        self.stored_as: dict[str, str] = {self.input: self.input}
        self.dequantised: set[str] = set()
        self._outputs = {output.name for output in graph.output}
        self._rounded: set[str] = set()
        self._grids: dict[str, Grid] = {}
        self._users: dict[str, list[onnx.NodeProto]] = {}
        for node in self.nodes:
            for name in node.input:
                self._users.setdefault(name, []).append(node)

    def _only_input(self, graph: onnx.GraphProto) -> str:
        inputs: list[str] = [value.name for value in graph.input if value.name not in self.constants]
        if len(inputs) != 1:
            raise UnsupportedOperatorError(
                f"the graph takes {len(inputs)} inputs; only a picture is supported"
            )
        return inputs[0]

    def calls(self) -> tuple[_Call, ...]:
        """Return the calls in the order of the graph, which ONNX keeps sorted."""
        steps: list[tuple[Function, tuple[str, ...], str]] = []
        for node in self.nodes:
            if node.op_type == "DequantizeLinear" and node.input[0] in self.constants:
                self._dequantise_constant(node)
            elif node.op_type == "DequantizeLinear":
                self._merge_dequantise(node)
            elif node.op_type == "QuantizeLinear" and node.input[0] in self._rounded:
                self.stored_as[node.output[0]] = self.stored_as[node.input[0]]
            else:
                steps.append(self._step(node))
        last: dict[str, int] = {}
        for index, (_, inputs, _) in enumerate(steps):
            last.update(dict.fromkeys(inputs, index))
        return tuple(
            _Call(function, inputs, output, tuple({name for name in inputs if last[name] == index}))
            for index, (function, inputs, output) in enumerate(steps)
        )

    def _step(self, node: onnx.NodeProto) -> tuple[Function, tuple[str, ...], str]:
        build = _BUILDERS.get(node.op_type)
        if build is None:
            raise UnsupportedOperatorError(
                f"operator {node.op_type} ({node.name}): the gradient process does not run it; "
                f"it runs {', '.join(sorted(_BUILDERS))} and DequantizeLinear"
            )
        inputs = tuple(self.stored_as[name] for name in node.input if name in self.stored_as)
        output = node.output[0]
        function, self.units[output] = build(self, node)
        self.stored_as[output] = output
        return function, inputs, output

    def unit(self, node: onnx.NodeProto, index: int = 0) -> float:
        """Return the unit of one of a node's inputs."""
        name = node.input[index]
        if name not in self.stored_as:
            raise UnsupportedOperatorError(
                f"operator {node.op_type} ({node.name}): input {index} ({name}) is not computed from the picture"
            )
        return self.units[self.stored_as[name]]

    def grid_of(self, node: onnx.NodeProto, index: int) -> Grid:
        """Return the grid of one of a node's quantised inputs."""
        return self._grids[self.stored_as[node.input[index]]]

    def take_over_rounding(self, node: onnx.NodeProto) -> Grid | None:
        """Return the grid of the QuantizeLinear that is a node's only user, else None.

        The caller then rounds to that grid itself, and the QuantizeLinear becomes another name of its result.
        """
        users = self._users.get(node.output[0], [])
        if len(users) != 1 or users[0].op_type != "QuantizeLinear" or node.output[0] in self._outputs:
            return None
        self._rounded.add(node.output[0])
        self._grids[node.output[0]] = grid = self._grid(users[0])
        return grid

    def constant(self, node: onnx.NodeProto, index: int) -> NDArray[Any] | None:
        """Return a node's input as a constant, None where it has no such input; a computed one is refused."""
        if len(node.input) <= index or not node.input[index]:
            return None
        if node.input[index] not in self.constants:
            raise UnsupportedOperatorError(
                f"operator {node.op_type} ({node.name}): input {index} is not a constant"
            )
        return self.constants[node.input[index]]

    def fixed_operand(self, node: onnx.NodeProto) -> int | None:
        """Return which of a node's two operands is a constant, None where both are computed."""
        fixed = [index for index, name in enumerate(node.input) if name in self.constants]
        if len(fixed) > 1:
            raise UnsupportedOperatorError(
                f"operator {node.op_type} ({node.name}): both its inputs are constants"
            )
        return fixed[0] if fixed else None

    def quantise(self, node: onnx.NodeProto) -> tuple[Function, float]:
        """Return the rounding to a QuantizeLinear's grid; the result is stored as integers less the zero point."""
        grid = self._grids[node.output[0]] = self._grid(node)
        divisor = grid.scale / self.unit(node)
        return lambda x: round_through(x / divisor, grid.low, grid.high, self.rounding), grid.scale

    def _grid(self, node: onnx.NodeProto) -> Grid:
        scale, zero_point = self.constant(node, 1), self.constant(node, 2)
        if (
            scale is None
            or zero_point is None
            or scale.size != 1
            or zero_point.dtype not in (np.uint8, np.int8)
        ):
            raise UnsupportedOperatorError(
                f"operator {node.op_type} ({node.name}): only one uint8 or int8 scale a tensor is supported"
            )
        limits, zero = np.iinfo(zero_point.dtype), int(zero_point.item())
        return Grid(float(scale.item()), float(limits.min - zero), float(limits.max - zero), zero)

    def _merge_dequantise(self, node: onnx.NodeProto) -> None:
        source = self.stored_as[node.input[0]]
        if self._grid(node) != self._grids.get(source):
            raise UnsupportedOperatorError(
                f"operator DequantizeLinear ({node.name}): its scale or zero point is not its QuantizeLinear's"
            )
        self.stored_as[node.output[0]] = source
        self.dequantised.add(node.output[0])

    def _dequantise_constant(self, node: onnx.NodeProto) -> None:
        integers, scale, zero_point = (self.constant(node, index) for index in range(3))
        if integers is None or scale is None:
            raise UnsupportedOperatorError(f"operator DequantizeLinear ({node.name}): has no scale")
        shape, axis = [1] * integers.ndim, _attributes(node).get("axis", 1)
        if scale.size > 1:
            shape[axis] = scale.size
            if integers.ndim == 4 and shape[0] == 1:  # ONNX Runtime takes them for the output channels'
                raise UnsupportedOperatorError(
                    f"operator DequantizeLinear ({node.name}): a scale an input channel is not supported"
                )
        centred = integers.astype(np.float32)
        if zero_point is not None and zero_point.any():
            centred = centred - zero_point.astype(np.float32).reshape(shape if zero_point.size > 1 else ())
        self.integers[node.output[0]] = centred, scale.astype(np.float32).reshape(-1)
        self.constants[node.output[0]] = centred * scale.reshape(shape if scale.size > 1 else ())


def _attributes(node: onnx.NodeProto) -> dict[str, Any]:
    return {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}


def _tensor(values: NDArray[Any]) -> Tensor:
    return torch.from_numpy(np.array(values, np.float32, order="C"))  # its own copy: protobuf's is read only


def _conv(plan: _Plan, node: onnx.NodeProto) -> tuple[Function, float]:
    attributes, unit = _attributes(node), plan.unit(node)
    kernel, bias = plan.constant(node, 1), plan.constant(node, 2)
    if kernel is None or kernel.ndim != 4 or attributes.get("auto_pad", b"NOTSET") != b"NOTSET":
        raise UnsupportedOperatorError(
            f"operator Conv ({node.name}): only 2-D with explicit padding is supported"
        )
    geometry = Geometry(
        stride=tuple(attributes.get("strides", (1, 1))),
        pads=tuple(attributes.get("pads", (0, 0, 0, 0))),
        dilation=tuple(attributes.get("dilations", (1, 1))),
        groups=attributes.get("group", 1),
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


def _gemm(plan: _Plan, node: onnx.NodeProto) -> tuple[Function, float]:
    attributes, unit = _attributes(node), plan.unit(node)
    matrix, bias = plan.constant(node, 1), plan.constant(node, 2)
    if matrix is None or attributes.get("transA", 0):
        raise UnsupportedOperatorError(f"operator Gemm ({node.name}): only input times constant is supported")
    plain = attributes.get("transB", 0) and attributes.get("alpha", 1.0) == attributes.get("beta", 1.0) == 1.0
    whole = plain and node.input[0] in plan.dequantised and node.input[1] in plan.integers
    grid = plan.take_over_rounding(node) if whole else None
    if grid is not None:  # a 1 x 1 convolution of one pixel
        integers, scales = plan.integers[node.input[1]]
        sums = IntegerConv.plan(
            ONE_PIXEL, integers[:, :, None, None], scales, bias, unit, grid, plan.rounding
        )
        return lambda x: sums(x[:, :, None, None]).flatten(1), grid.scale
    rows = matrix if attributes.get("transB", 0) else matrix.T
    weight = _tensor(rows * np.float32(attributes.get("alpha", 1.0) * unit))
    offset = None if bias is None else _tensor(bias * np.float32(attributes.get("beta", 1.0)))
    return lambda x: functional.linear(x, weight, offset), 1.0


def _add(plan: _Plan, node: onnx.NodeProto) -> tuple[Function, float]:
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


def _mul(plan: _Plan, node: onnx.NodeProto) -> tuple[Function, float]:
    fixed = plan.fixed_operand(node)
    if fixed is not None:
        factor = _tensor(plan.constants[node.input[fixed]])
        return lambda x: x * factor, plan.unit(node, 1 - fixed)
    grid = plan.take_over_rounding(node) if plan.dequantised.issuperset(node.input) else None
    if grid is not None:
        return IntegerMul.plan(plan.grid_of(node, 0), plan.grid_of(node, 1), grid, plan.rounding), grid.scale
    return torch.mul, plan.unit(node, 0) * plan.unit(node, 1)


def _clip(plan: _Plan, node: onnx.NodeProto) -> tuple[Function, float]:
    unit = plan.unit(node)
    low, high = plan.constant(node, 1), plan.constant(node, 2)
    below = -float("inf") if low is None else float(low) / unit
    above = float("inf") if high is None else float(high) / unit
    return lambda x: functional.hardtanh(x, below, above), unit


def _relu(plan: _Plan, node: onnx.NodeProto) -> tuple[Function, float]:
    return functional.relu, plan.unit(node)


def _elementwise(function: Function) -> Callable[[_Plan, onnx.NodeProto], tuple[Function, float]]:
    def build(plan: _Plan, node: onnx.NodeProto) -> tuple[Function, float]:
        unit = plan.unit(node)
        return (function if unit == 1.0 else lambda x: function(x * unit)), 1.0

    return build


def _hard_sigmoid(plan: _Plan, node: onnx.NodeProto) -> tuple[Function, float]:
    attributes, unit = _attributes(node), plan.unit(node)
    alpha, beta = attributes.get("alpha", 0.2) * unit, attributes.get("beta", 0.5)
    return lambda x: (x * alpha + beta).clamp(0.0, 1.0), 1.0


def _global_average_pool(plan: _Plan, node: onnx.NodeProto) -> tuple[Function, float]:
    return lambda x: x.mean((2, 3), keepdim=True), plan.unit(node)


def _flatten(plan: _Plan, node: onnx.NodeProto) -> tuple[Function, float]:
    axis = _attributes(node).get("axis", 1)
    return lambda x: x.flatten(axis), plan.unit(node)


_BUILDERS: Mapping[str, Callable[[_Plan, onnx.NodeProto], tuple[Function, float]]] = {
    "Add": _add,
    "Clip": _clip,
    "Conv": _conv,
    "Flatten": _flatten,
    "Gemm": _gemm,
    "GlobalAveragePool": _global_average_pool,
    "HardSigmoid": _hard_sigmoid,
    "HardSwish": _elementwise(functional.hardswish),
    "Mul": _mul,
    "QuantizeLinear": _Plan.quantise,
    "Relu": _relu,
}
