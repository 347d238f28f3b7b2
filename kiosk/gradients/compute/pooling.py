"""Pooling by windows, and joining, of floats and of quantised activations, with ONNX Runtime's integers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional

from kiosk.gradients.compute.quantised import Grid, Rounding, round_through, settle


@dataclass(frozen=True)
class Window:
    """How a pooling's window slides: size, stride, pads (top, left, bottom, right), dilation."""

    size: tuple[int, ...]
    stride: tuple[int, ...]
    pads: tuple[int, ...]
    dilation: tuple[int, ...] = (1, 1)

    def padded(self, x: Tensor, value: float) -> Tensor:
        """Return x with the pads around it."""
        top, left, bottom, right = self.pads
        return functional.pad(x, (left, right, top, bottom), value=value) if any(self.pads) else x

    def most(self, x: Tensor) -> Tensor:
        """Return the largest value of each window; its gradient goes to the first of equals."""
        padded = self.padded(x, -float("inf"))
        largest: Tensor = functional.max_pool2d(padded, self.size, self.stride, 0, self.dilation)
        return largest

    def sums(self, x: Tensor) -> Tensor:
        """Return the sum of each window, added up row by row, as ONNX Runtime does."""
        padded = self.padded(x, 0.0)
        rows = (padded.shape[2] - self.size[0]) // self.stride[0] + 1
        columns = (padded.shape[3] - self.size[1]) // self.stride[1] + 1
        total: Tensor | None = None
        for row in range(self.size[0]):
            for column in range(self.size[1]):
                part = padded[
                    :,
                    :,
                    row : row + (rows - 1) * self.stride[0] + 1 : self.stride[0],
                    column : column + (columns - 1) * self.stride[1] + 1 : self.stride[1],
                ]
                total = part.clone() if total is None else total.add_(part)
        if total is None:
            raise ValueError("a window has no size")
        return total


@dataclass(frozen=True)
class Averaging:
    """The mean of each window; whether the pads count as zeros."""

    window: Window
    counts_pads: bool

    def counts(self, x: Tensor) -> Tensor:
        """Return how many values each window has, broadcast over channels."""
        if self.counts_pads or not any(self.window.pads):
            return torch.tensor(float(self.window.size[0] * self.window.size[1]))
        return self.window.sums(torch.ones((1, 1, *x.shape[2:])))

    def __call__(self, x: Tensor) -> Tensor:
        """Return the means."""
        padded = self.window.padded(x, 0.0)
        sums = functional.avg_pool2d(padded, self.window.size, self.window.stride, divisor_override=1)
        return sums / self.counts(x)


@dataclass(frozen=True)
class IntegerAveraging:
    """The mean of windows of quantised activations, in the order of operations of ONNX Runtime's kernel.

    (QLinearAveragePool: back to floats, summed row by row, divided by the count and by the scale, plus the zero
    point, in float32.) On a grid of its own scale every second mean of four lies on a half, so the order decides.
    """

    averaging: Averaging
    unit_in: float
    grid: Grid
    rounding: Rounding

    def __call__(self, x: Tensor) -> Tensor:
        """Return the means' integers, less their zero point."""
        result: Tensor = _IntegerAveragingFunction.apply(x, self)
        return result


class _IntegerAveragingFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, layer: IntegerAveraging) -> Tensor:
        result = layer.averaging.window.sums(x * layer.unit_in)
        result.div_(layer.averaging.counts(x)).div_(layer.grid.scale).add_(layer.grid.zero)
        settle(result, layer.grid, layer.rounding)
        ctx.layer, ctx.shape = layer, x.shape
        ctx.save_for_backward(result)
        return result

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        (result,) = ctx.saved_tensors
        layer: IntegerAveraging = ctx.layer
        unsaturated = torch.ops.aten.hardtanh_backward(gradient, result, layer.grid.low, layer.grid.high)
        with torch.enable_grad():
            x = torch.empty(ctx.shape, memory_format=torch.channels_last).requires_grad_()
            (back,) = torch.autograd.grad(layer.averaging(x), x, unsaturated)
        return back * (layer.unit_in / layer.grid.scale), None


@dataclass(frozen=True)
class GlobalAveraging:
    """The mean of whole maps of quantised activations: sums of integers, scaled once and rounded.

    As ONNX Runtime's kernel does (QLinearGlobalAveragePool, whose one factor is a float32).
    """

    unit_in: float
    grid: Grid
    rounding: Rounding

    def __call__(self, x: Tensor) -> Tensor:
        """Return the means' integers, less their zero point."""
        count = np.float32(x.shape[2] * x.shape[3])
        factor = np.float32(self.unit_in) / (np.float32(self.grid.scale) * count)
        return round_through(
            x.sum((2, 3), keepdim=True) * float(factor), self.grid.low, self.grid.high, self.rounding
        )


@dataclass(frozen=True)
class IntegerJoining:
    """Quantised activations side by side on one grid: each back to floats and rounded anew, where its grid differs."""

    axis: int
    grids: Sequence[Grid]
    grid: Grid
    rounding: Rounding

    def __call__(self, *parts: Tensor) -> Tensor:
        """Return the joined integers, less their zero point."""
        return torch.cat(
            [self._brought(part, grid) for part, grid in zip(parts, self.grids, strict=True)], self.axis
        )

    def _brought(self, part: Tensor, grid: Grid) -> Tensor:
        if grid == self.grid:
            return part
        values = part * grid.scale / self.grid.scale
        return round_through(values, self.grid.low, self.grid.high, self.rounding)
