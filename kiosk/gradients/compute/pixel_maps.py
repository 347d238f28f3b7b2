"""What speaks for an answer, square by square of the picture: gradients of many pictures near it, summed up.

Each takes dozens of gradients; `on_step` hears after each which share (0..1) is done, and may raise to end it.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch

from kiosk.gradients.compute.attacks import Attacker
from kiosk.vision.arrays import Floats
from kiosk.vision.heatmap import CellMap
from kiosk.vision.picture import Rgb

SQUARE_PX = 8  # gradients of single dots are no map that anybody can read
COPIES, SPREAD_255, SEED = 24, 0.15 * 255, 0
STATIONS = 48
GREY = 127.0

OnStep = Callable[[float], None]


def smoothgrad(attacker: Attacker, picture: Rgb, label: int, against: int | None, on_step: OnStep) -> CellMap:
    """Return how strongly each square moves a label's logit, over noisy copies (Smilkov et al. 2017, arXiv:1706.03825).

    It has no sign: a square may speak for the label or against it.
    """
    rng = np.random.default_rng(SEED)
    noises = [rng.normal(0.0, SPREAD_255, picture.shape) for _ in range(COPIES)]
    copies = [np.clip(picture + noise, 0, 255).astype(np.float32) for noise in noises]
    mean = _mean_gradient(attacker, copies, np.ones(COPIES, np.float32), label, against, on_step)
    return CellMap(_squares(np.abs(mean).sum(axis=2)))


def integrated_gradients(
    attacker: Attacker, picture: Rgb, label: int, against: int | None, on_step: OnStep
) -> CellMap:
    """Return what each square adds to a logit on the way from grey (Sundararajan et al. 2017, arXiv:1703.01365).

    `rest` is what the squares leave of it: grey's own logit, and how far so few stations err. They stand closer near
    grey, where the answer arises.
    """
    grey = np.full(picture.shape, GREY, np.float32)
    shown = picture.astype(np.float32)
    change = shown - grey
    along = ((np.arange(STATIONS) + 0.5) / STATIONS).astype(np.float32)
    stations = [grey + share * change for share in along**2]
    mean = _mean_gradient(attacker, stations, (2 * along).astype(np.float32), label, against, on_step)
    cells = _squares((mean * change).sum(axis=2))
    with torch.no_grad():
        whole = float(_odds(attacker, torch.from_numpy(shown), label, against))
    return CellMap(cells, whole - float(cells.sum(dtype=np.float64)))


def _mean_gradient(
    attacker: Attacker,
    pictures: Sequence[Floats],
    weights: Floats,
    label: int,
    against: int | None,
    on_step: OnStep,
) -> Floats:
    """Return the weighted mean gradient of a label's logit over pictures, (side, side, 3) per grey level."""
    total = np.zeros_like(pictures[0])
    for done, (picture, weight) in enumerate(zip(pictures, weights, strict=True), 1):
        leaf = torch.from_numpy(picture).requires_grad_()
        (gradient,) = torch.autograd.grad(_odds(attacker, leaf, label, against), leaf)
        total += weight * gradient.numpy()
        on_step(done / len(pictures))
    mean: Floats = total / np.float32(len(pictures))
    return mean


def _odds(attacker: Attacker, iterate: torch.Tensor, label: int, against: int | None) -> torch.Tensor:
    """Return a label's logit, less the other one's where there is one; roundings are passed over."""
    with attacker.network.unrounded():
        logits = attacker.logits_of_features(*attacker.network(attacker.normalised(iterate), ["features"]))
    return logits[0, label] if against is None else logits[0, label] - logits[0, against]


def _squares(values: Floats) -> Floats:
    """Return the sums over squares. Shapes: (side, side) -> (rows, columns)."""
    edges = range(0, values.shape[0], SQUARE_PX)
    summed: Floats = np.add.reduceat(np.add.reduceat(values, edges, axis=0), edges, axis=1)
    return summed.astype(np.float32)
