"""Taught heads in PyTorch: what they read of the network, and the logits that follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol, Self

import torch
from torch import Tensor
from torch.nn import functional

from kiosk.vision.arrays import Floats
from kiosk.vision.prototypes.head import spans


class TaughtHead(Protocol):
    """What answers with a visitor's labels; `reads` is the network's output that it takes."""

    reads: ClassVar[str]

    @property
    def labels(self) -> int:
        """Return how many labels it has."""

    def __call__(self, output: Tensor, /) -> Tensor:
        """Return a logit a taught label, (1, labels), for that output."""


@dataclass(frozen=True, eq=False)
class TaughtLayers:
    """A taught head's layers. Shapes: mean (channels,), weights (out, in), biases (out,)."""

    mean: Tensor
    spread: float
    weights: Sequence[Tensor]
    biases: Sequence[Tensor]
    reads: ClassVar[str] = "embedding"

    @classmethod
    def of(cls, mean: Floats, spread: float, weights: Sequence[Floats], biases: Sequence[Floats]) -> Self:
        """Return the layers of numpy arrays, which may be read only."""
        return cls(_tensor(mean), spread, [*map(_tensor, weights)], [*map(_tensor, biases)])

    @property
    def labels(self) -> int:
        """Return how many labels it has."""
        return len(self.biases[-1])

    def __call__(self, embedding: Tensor) -> Tensor:
        """Return a logit a taught label. Shapes: (1, channels) -> (1, labels)."""
        values = (embedding - self.mean) / self.spread
        for index, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            values = functional.linear(functional.relu(values) if index else values, weight, bias)
        return values


@dataclass(frozen=True, eq=False)
class TaughtPatches:
    """A PrototypeHead. Shapes: mean (channels,), axes (axes, channels), patches (patches, axes), label by label."""

    mean: Tensor
    axes: Tensor
    patches: Tensor
    counts: tuple[int, ...]
    scale: float
    reads: ClassVar[str] = "features"

    @classmethod
    def of(cls, mean: Floats, axes: Floats, patches: Floats, counts: tuple[int, ...], scale: float) -> Self:
        """Return the head of numpy arrays, which may be read only."""
        return cls(_tensor(mean), _tensor(axes), _tensor(patches), counts, scale)

    @property
    def labels(self) -> int:
        """Return how many labels it has."""
        return len(self.counts)

    def __call__(self, features: Tensor) -> Tensor:
        """Return a logit a taught label. Shapes: (1, channels, rows, columns) -> (1, labels)."""
        cells = functional.linear(features[0].flatten(1).T - self.mean, self.axes)
        alike = functional.linear(functional.normalize(cells, dim=1), self.patches)
        nearest = torch.stack([alike[:, begin:end].amax(1) for begin, end in spans(self.counts)], 1)
        more = functional.relu(nearest - nearest.mean(1, keepdim=True))
        return self.scale * (more**2).sum(0, keepdim=True)


def _tensor(values: Floats) -> Tensor:
    return torch.from_numpy(values.copy())
