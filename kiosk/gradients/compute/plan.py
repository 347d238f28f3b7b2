"""An ONNX graph on its way to PyTorch: constants folded, units chosen, quantise pairs merged into their operators."""

import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor

from kiosk.gradients.compute.quantised import Grid, Rounding, round_through
from kiosk.vision.model_card import ModelError

Function = Callable[..., Tensor]
X86 = platform.machine() in ("x86_64", "AMD64")
# What builds an operator: its function of stored tensors, and the unit its result is stored in.
Builder = Callable[["Plan", onnx.NodeProto], tuple[Function, float]]


class UnsupportedOperatorError(ModelError):
    """The graph holds an operator, or a form of one, that the gradient process does not run."""


@dataclass(frozen=True)
class Call:
    """One operator of the plan: where its tensors come from, where its result goes, what can be let go after it."""

    function: Function
    inputs: tuple[str, ...]
    output: str
    last_uses: tuple[str, ...]


class Plan:
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

    def calls(self, builders: Mapping[str, Builder]) -> tuple[Call, ...]:
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
                steps.append(self._step(node, builders))
        last: dict[str, int] = {}
        for index, (_, inputs, _) in enumerate(steps):
            last.update(dict.fromkeys(inputs, index))
        return tuple(
            Call(function, inputs, output, tuple({name for name in inputs if last[name] == index}))
            for index, (function, inputs, output) in enumerate(steps)
        )

    def _step(
        self, node: onnx.NodeProto, builders: Mapping[str, Builder]
    ) -> tuple[Function, tuple[str, ...], str]:
        build = builders.get(node.op_type)
        if build is None:
            raise UnsupportedOperatorError(
                f"operator {node.op_type} ({node.name}): the gradient process does not run it; "
                f"it runs {', '.join(sorted(builders))} and DequantizeLinear"
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
        placed = zero - limits.min if X86 else zero  # there ONNX Runtime first turns int8 into uint8
        return Grid(float(scale.item()), float(limits.min - zero), float(limits.max - zero), placed)

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
        shape, axis = [1] * integers.ndim, attributes(node).get("axis", 1)
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


def attributes(node: onnx.NodeProto) -> dict[str, Any]:
    """Return a node's attributes by name."""
    return {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}
