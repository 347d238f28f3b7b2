"""Rounding that lets gradients through; convolutions, sums and products of quantised activations on exact integers.

Sums of integers are exact in float32 below 2^24, and the result is scaled and rounded as ONNX Runtime's kernels do.
So PyTorch and ONNX Runtime compute the same integers, layer after layer. Float arithmetic instead would round a few
values in 100,000 to the neighbouring integer, which the next fifty layers blow up to another answer now and then.
Three passes in place cost a tenth of PyTorch's own fake-quantise operator.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional


@dataclass
class Rounding:
    """A switch: the layers round, or do not. Without it they still saturate: the graph's smooth limit."""

    on: bool = True


def round_through(values: Tensor, low: float, high: float, rounding: Rounding) -> Tensor:
    """Return values clamped to low..high and rounded half to even; the gradient sees only the clamp."""
    clamped = functional.hardtanh(values, low, high)
    if rounding.on:
        clamped.detach().round_()  # hardtanh's gradient needs its input alone: its result may change unseen
    return clamped


@dataclass(frozen=True)
class Grid:
    """The whole numbers of one quantised tensor: their scale, their limits less the zero point, the zero point."""

    scale: float
    low: float
    high: float
    zero: int


@dataclass(frozen=True)
class Geometry:
    """How a convolution slides: stride, pads (top, left, bottom, right), dilation, groups."""

    stride: tuple[int, ...]
    pads: tuple[int, ...]
    dilation: tuple[int, ...]
    groups: int

    def is_depthwise(self, weight: Tensor) -> bool:
        """Return whether each channel is convolved with a kernel of its own, and gives one channel."""
        return weight.shape[1] == 1 and weight.shape[0] == self.groups > 1

    def is_pointwise(self, weight: Tensor) -> bool:
        """Return whether this is a 1 x 1 convolution at full resolution: a matrix product over channels."""
        return (
            weight.shape[2:] == (1, 1) and self.groups == 1 and not any(self.pads) and max(self.stride) == 1
        )

    def convolve(self, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        """Return the convolution of x, zero padded."""
        top, left, bottom, right = self.pads
        if (top, left) != (bottom, right):
            x, top, left = functional.pad(x, (left, right, top, bottom)), 0, 0
        return functional.conv2d(x, weight, bias, self.stride, (top, left), self.dilation, self.groups)

    def backward(self, x: Tensor, weight: Tensor, gradient: Tensor) -> Tensor:
        """Return the gradient with respect to the input x, of which only shape and memory format matter."""
        if self.is_depthwise(weight):
            return self._depthwise_backward(x, weight, gradient)
        top, left, bottom, right = self.pads
        symmetric = (top, left) == (bottom, right)
        if not symmetric:
            batch, channels, height, width = x.shape
            padded = (batch, channels, top + height + bottom, left + width + right)
            x = torch.empty(padded, memory_format=torch.channels_last)
        whole: Tensor = torch.ops.aten.convolution_backward(
            gradient,
            x,
            weight,
            None,
            self.stride,
            (top, left) if symmetric else (0, 0),
            self.dilation,
            False,
            (0, 0),
            self.groups,
            (True, False, False),
        )[0]
        return (
            whole if symmetric else whole[:, :, top : whole.shape[2] - bottom, left : whole.shape[3] - right]
        )

    def _depthwise_backward(self, x: Tensor, weight: Tensor, gradient: Tensor) -> Tensor:
        """Return a depthwise convolution's gradient as a convolution of the output's with the kernel turned round.

        On Arm PyTorch's own backward pass of it is a scalar reference, 50 times as many instructions.
        """
        batch, channels, height, width = x.shape
        top, left, bottom, right = self.pads
        turned = weight.flip(2, 3)
        reach = [
            dilation * (side - 1) for dilation, side in zip(self.dilation, weight.shape[2:], strict=True)
        ]
        if max(self.stride) == 1 and (top, left) == (bottom, right) and top <= reach[0] and left <= reach[1]:
            missing = reach[0] - top, reach[1] - left
            return functional.conv2d(gradient, turned, None, 1, missing, self.dilation, self.groups)
        rows, columns = height + reach[0], width + reach[1]
        # Where each of the output's values began to be summed, less its pads; what lies outside gave zeros only.
        spread = torch.empty((batch, channels, rows, columns), memory_format=torch.channels_last).zero_()
        first = [reach[0] - top, reach[1] - left]
        skipped = [
            max(0, -(at // step)) if at < 0 else 0 for at, step in zip(first, self.stride, strict=True)
        ]
        begin = [at + skip * step for at, skip, step in zip(first, skipped, self.stride, strict=True)]
        target = spread[:, :, begin[0] :: self.stride[0], begin[1] :: self.stride[1]]
        fitting = gradient[:, :, skipped[0] :, skipped[1] :][:, :, : target.shape[2], : target.shape[3]]
        target[:, :, : fitting.shape[2], : fitting.shape[3]] = fitting
        return functional.conv2d(spread, turned, None, 1, 0, self.dilation, self.groups)


@dataclass(frozen=True)
class IntegerConv:
    """A convolution from one quantised activation to the next: integer weights and bias, a multiplier a channel."""

    geometry: Geometry
    weight: Tensor
    bias: Tensor | None
    multiplier: Tensor
    low: float
    high: float
    gradient_weight: Tensor
    rounding: Rounding

    @classmethod
    def plan(
        cls,
        geometry: Geometry,
        integers: NDArray[np.float32],
        scales: NDArray[np.float32],
        bias: NDArray[np.float32] | None,
        unit_in: float,
        grid: Grid,
        rounding: Rounding,
    ) -> Self:
        """Return the convolution of integer weights, (out, in / groups, rows, columns), with scales (out,) or (1,)."""
        steps = (
            np.float32(unit_in) * scales
        )  # one integer step of the sum, in real units, as ONNX Runtime rounds it
        multiplier = np.broadcast_to(steps / np.float32(grid.scale), (integers.shape[0],))
        sums = None if bias is None else np.rint(bias.astype(np.float64) / steps.astype(np.float64))
        weight = torch.from_numpy(integers).contiguous(memory_format=torch.channels_last)
        column = torch.from_numpy(multiplier.copy()).reshape(1, -1, 1, 1)
        return cls(
            geometry,
            weight,
            None if sums is None else torch.from_numpy(sums.astype(np.float32)),
            column,
            grid.low,
            grid.high,
            (weight * column.reshape(-1, 1, 1, 1)).contiguous(memory_format=torch.channels_last),
            rounding,
        )

    def __call__(self, x: Tensor) -> Tensor:
        """Return the next activation's integers for this one's."""
        result: Tensor = _IntegerConvFunction.apply(x, self)
        return result

    def sums(self, x: Tensor) -> Tensor:
        """Return the exact integer sums; a matrix product spares 1 x 1 convolutions PyTorch's copies and zeroing."""
        if not self.geometry.is_pointwise(self.weight):
            return self.geometry.convolve(x, self.weight, self.bias)
        return _over_channels(x, lambda rows: functional.linear(rows, self.weight[:, :, 0, 0], self.bias))

    def backward(self, x: Tensor, gradient: Tensor) -> Tensor:
        """Return the gradient with respect to the input x."""
        if not self.geometry.is_pointwise(self.weight):
            return self.geometry.backward(x, self.gradient_weight, gradient)
        return _over_channels(gradient, lambda rows: rows @ self.gradient_weight[:, :, 0, 0])


class _IntegerConvFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, layer: IntegerConv) -> Tensor:
        result = layer.sums(x)
        result.mul_(layer.multiplier)
        if layer.rounding.on:
            result.round_()
        result.clamp_(layer.low, layer.high)
        ctx.layer = layer
        ctx.save_for_backward(x, result)
        return result

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        x, result = ctx.saved_tensors
        layer: IntegerConv = ctx.layer
        unsaturated = torch.ops.aten.hardtanh_backward(gradient, result, layer.low, layer.high)
        return layer.backward(x, unsaturated), None


def _over_channels(x: Tensor, function: Callable[[Tensor], Tensor]) -> Tensor:
    """Return a function of (pixels, channels) rows applied to (1, channels, rows, columns), without a copy."""
    batch, channels, height, width = x.shape
    rows = function(x.permute(0, 2, 3, 1).reshape(-1, channels))
    return rows.view(batch, height, width, -1).permute(0, 3, 1, 2)


def settle(values: Tensor, grid: Grid, rounding: Rounding) -> None:
    """Turn values in steps of a grid, zero point included, into its integers less the zero point, in place."""
    if rounding.on:
        values.round_()
    values.sub_(grid.zero).clamp_(grid.low, grid.high)


@dataclass(frozen=True)
class IntegerAdd:
    """The sum of two quantised activations on a third grid, in the order of operations of ONNX Runtime's kernel.

    (MLAS, QLinearAdd: a x scale_a / scale_c + (b x scale_b / scale_c + the zero points' share), in float32, each
    product fused with its sum.) Otherwise a few values in a million lie on the other side of a half.
    """

    first_zero: float
    second_zero: float
    first_ratio: float
    second_ratio: float
    shift: Tensor
    grid: Grid
    rounding: Rounding

    @classmethod
    def plan(cls, first: Grid, second: Grid, grid: Grid, rounding: Rounding) -> Self:
        """Return the sum of activations on these grids, in steps of the last."""
        scale = np.float32(grid.scale)
        ratios = np.float32(first.scale) / scale, np.float32(second.scale) / scale
        # As the compiler fuses it: one rounding for the first product and the sum.
        second_share = ratios[1] * np.float32(second.zero)
        shares = np.float32(float(ratios[0]) * first.zero + float(second_share))
        shift = np.float32(grid.zero) - shares
        return cls(
            first.zero, second.zero, float(ratios[0]), float(ratios[1]), torch.tensor(shift), grid, rounding
        )

    def __call__(self, first: Tensor, second: Tensor) -> Tensor:
        """Return the sum's integers, less its zero point, for those of both."""
        result: Tensor = _IntegerAddFunction.apply(first, second, self)
        return result


class _IntegerAddFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, first: Tensor, second: Tensor, layer: IntegerAdd) -> Tensor:
        # PyTorch's sum with a factor is fused.
        result = torch.add(layer.shift, second + layer.second_zero, alpha=layer.second_ratio)
        result.add_(first + layer.first_zero, alpha=layer.first_ratio)
        settle(result, layer.grid, layer.rounding)
        ctx.layer, ctx.shapes = layer, (first.shape, second.shape)
        ctx.save_for_backward(result)
        return result

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, None]:
        (result,) = ctx.saved_tensors
        layer: IntegerAdd = ctx.layer
        unsaturated = torch.ops.aten.hardtanh_backward(gradient, result, layer.grid.low, layer.grid.high)
        first, second = (unsaturated.sum_to_size(shape) for shape in ctx.shapes)
        return first * layer.first_ratio, second * layer.second_ratio, None


@dataclass(frozen=True)
class IntegerMul:
    """The product of two quantised activations on a third grid, as ONNX Runtime's kernel rounds it.

    (MLAS, QLinearMul: the product of the integers x scale_a scale_b / scale_c, plus the zero point, in float32.)
    The zero point takes part: near a half it decides which side the last bit lies on.
    """

    ratio: float
    grid: Grid
    rounding: Rounding

    @classmethod
    def plan(cls, first: Grid, second: Grid, grid: Grid, rounding: Rounding) -> Self:
        """Return the product of activations on these grids, in steps of the last."""
        ratio = np.float32(first.scale) * np.float32(second.scale) / np.float32(grid.scale)
        return cls(float(ratio), grid, rounding)

    def __call__(self, first: Tensor, second: Tensor) -> Tensor:
        """Return the product's integers, less its zero point, for those of both."""
        result: Tensor = _IntegerMulFunction.apply(first, second, self)
        return result


class _IntegerMulFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, first: Tensor, second: Tensor, layer: IntegerMul) -> Tensor:
        result = (first * second).mul_(layer.ratio).add_(layer.grid.zero)
        settle(result, layer.grid, layer.rounding)
        ctx.layer = layer
        ctx.save_for_backward(first, second, result)
        return result

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, None]:
        first, second, result = ctx.saved_tensors
        layer: IntegerMul = ctx.layer
        unsaturated = torch.ops.aten.hardtanh_backward(gradient, result, layer.grid.low, layer.grid.high)
        unsaturated.mul_(layer.ratio)
        return (
            (unsaturated * second).sum_to_size(first.shape),
            (unsaturated * first).sum_to_size(second.shape),
            None,
        )
