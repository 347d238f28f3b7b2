"""What speaks for an answer, cell by cell of the last features or of the picture: every way is a function of one shape.

Ways of the features take the gradient there alone: nothing before them is differentiated, and what follows is in
floats. Ways of the picture are in `pixel_maps`.
"""

from collections.abc import Callable, Mapping

import numpy as np
import torch
from torch import Tensor

from kiosk.errors import BadArgumentError
from kiosk.gradients.compute.attacks import Attacker
from kiosk.gradients.compute.pixel_maps import OnStep, integrated_gradients, smoothgrad
from kiosk.gradients.protocol import MapMethod
from kiosk.vision.heatmap import CellMap
from kiosk.vision.picture import Rgb

ADDS_UP = 1e-3  # how near cells and biases must come to the log-odds to be called its exact parts

# (attacker, picture, label, the label it is weighed against, what hears each step) -> the map
MapFunction = Callable[[Attacker, Rgb, int, int | None, OnStep], CellMap]
# (attacker, (1, channels, rows, columns) features, label, the label it is weighed against) -> the map
FeatureMap = Callable[[Attacker, Tensor, int, int | None], CellMap]

SMALL = 1e-6  # Grad-CAM++'s: where neither gradients nor activations are, nothing is divided by zero


def cell_map(
    attacker: Attacker,
    method: MapMethod,
    picture: Rgb,
    label: int,
    against: int | None = None,
    on_step: OnStep = lambda _: None,
) -> CellMap:
    """Return a label's map on a picture, (side, side, 3) uint8; raises BadArgumentError for a missing rival."""
    return METHODS[method](attacker, picture, label, against, on_step)


def of_features(way: FeatureMap) -> MapFunction:
    """Return a way of the features as one of the picture; it is done in a single step."""

    def drawn(attacker: Attacker, picture: Rgb, label: int, against: int | None, on_step: OnStep) -> CellMap:
        del on_step
        with torch.no_grad():
            pixels = attacker.normalised(torch.from_numpy(picture.astype(np.float32)))
            (features,) = attacker.network(pixels, ["features"])
        return way(attacker, features, label, against)

    return drawn


def grad_cam(attacker: Attacker, features: Tensor, label: int, against: int | None) -> CellMap:
    """Return Grad-CAM, unscaled (Selvaraju et al. 2017, arXiv:1610.02391): what speaks for one label, taken alone."""
    del against
    leaf = features.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(attacker.logits_of_features(leaf)[0, label], leaf)
    weights = gradient.mean((2, 3), keepdim=True)
    return CellMap((weights * leaf.detach()).sum(1)[0].relu().numpy().copy())


def grad_cam_plus_plus(attacker: Attacker, features: Tensor, label: int, against: int | None) -> CellMap:
    """Return Grad-CAM++, unscaled (Chattopadhay et al. 2018, arXiv:1710.11063): channels count by where they rise."""
    del against
    leaf = features.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(attacker.logits_of_features(leaf)[0, label], leaf)
    activations = leaf.detach()
    squared, cubed = gradient**2, gradient**3
    shares = squared / (2 * squared + activations.sum((2, 3), keepdim=True) * cubed + SMALL)
    weights = (gradient.relu() * shares).sum((2, 3), keepdim=True)
    return CellMap((weights * activations).sum(1)[0].relu().numpy().copy())


def contrast(attacker: Attacker, features: Tensor, label: int, against: int | None) -> CellMap:
    """Return what each cell adds to a label's log-odds against another: its features times their gradient.

    Behind a global average and a linear layer the cells and the difference of the two biases are the log-odds: class
    activation maps (Zhou et al. 2016, arXiv:1512.04150) of two labels, one less the other. Elsewhere the cells are
    the gradient's linearisation, and `rest` is what they leave.
    """
    if against is None or against == label:
        raise BadArgumentError("a contrast needs another label to weigh against; name one")
    leaf = features.detach().requires_grad_()
    odds = _odds(attacker, leaf, label, against)
    (gradient,) = torch.autograd.grad(odds, leaf)
    cells = (gradient * leaf.detach()).sum(1)[0].numpy().copy()
    with torch.no_grad():
        biases = float(_odds(attacker, torch.zeros_like(features), label, against))
    rest = float(odds.detach()) - float(cells.sum(dtype=np.float64))
    return CellMap(cells, rest, exact=abs(rest - biases) < ADDS_UP)


def _odds(attacker: Attacker, features: Tensor, label: int, against: int) -> Tensor:
    logits = attacker.logits_of_features(features)
    return logits[0, label] - logits[0, against]


METHODS: Mapping[MapMethod, MapFunction] = {
    "grad-cam": of_features(grad_cam),
    "grad-cam++": of_features(grad_cam_plus_plus),
    "contrast": of_features(contrast),
    "smoothgrad": smoothgrad,
    "integrated-gradients": integrated_gradients,
}
