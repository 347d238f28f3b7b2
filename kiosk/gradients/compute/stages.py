"""A network's stages: the last tensor of each size on the way from the picture to the features."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from kiosk.gradients.compute.attacks import Attacker
from kiosk.vision.heatmap import Stage
from kiosk.vision.picture import Rgb

STRONGEST = 3
LARGEST_MAP = 28


def stages(attacker: Attacker, pictures: Sequence[Rgb]) -> list[Stage]:
    """Return the stages, the picture itself first, as several pictures go through; the first one is compared with."""
    with torch.no_grad():
        inputs = [attacker.normalised(torch.from_numpy(each.astype(np.float32))) for each in pictures]
        names = _names(attacker, inputs[0])
        found = [[pixels, *attacker.network(pixels, names)] for pixels in inputs]
        return [_stage([tensors[at] for tensors in found]) for at in range(len(names) + 1)]


def _names(attacker: Attacker, pixels: Tensor) -> list[str]:
    """Return the last tensor of each size that is smaller than the picture and is a map."""
    every = attacker.network.tensors
    last: dict[int, str] = {}
    for name, tensor in zip(every, attacker.network(pixels, every), strict=True):
        if tensor.ndim == 4 and 1 < tensor.shape[2] < pixels.shape[2]:
            last[tensor.shape[2]] = name
    return [last[rows] for rows in sorted(last, reverse=True)]


def _stage(tensors: Sequence[Tensor]) -> Stage:
    """Return a stage of its tensors, one a picture, (1, channels, rows, columns)."""
    first, others = tensors[0][0], [tensor[0] for tensor in tensors[1:]]
    length = float(first.norm())
    energy = torch.stack([tensors[0][0], tensors[-1][0]]).pow(2).sum((0, 2, 3))
    strongest = energy.argsort(descending=True, stable=True)[:STRONGEST]
    side = min(LARGEST_MAP, first.shape[1])
    maps = torch.stack([functional.adaptive_avg_pool2d(tensor[0][strongest], side) for tensor in tensors])
    moved = [
        float((tensors[-1][0][channel] - first[channel]).norm()) / max(float(first[channel].norm()), 1e-12)
        for channel in strongest
    ]
    return Stage(
        rows=first.shape[1],
        channels=first.shape[0],
        changes=tuple(float((other - first).norm()) / max(length, 1e-12) for other in others),
        moved=tuple(moved),
        maps=maps.contiguous().numpy().copy(),
    )
