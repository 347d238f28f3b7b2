"""What speaks for an answer, cell by cell of the last features: every way to tell is a function of one shape.

The gradient is taken at the features alone: nothing before them is differentiated, and what follows is in floats.
"""

from collections.abc import Callable, Mapping

import numpy as np
import torch
from torch import Tensor

from kiosk.errors import BadArgumentError
from kiosk.gradients.compute.attacks import Attacker
from kiosk.gradients.protocol import MapMethod
from kiosk.vision.heatmap import CellMap
from kiosk.vision.picture import Rgb

ADDS_UP = 1e-3  # how near cells and biases must come to the log-odds to be called its exact parts

# (attacker, (1, channels, rows, columns) features, label, the label it is weighed against) -> the map
MapFunction = Callable[[Attacker, Tensor, int, int | None], CellMap]


def cell_map(
    attacker: Attacker, method: MapMethod, picture: Rgb, label: int, against: int | None = None
) -> CellMap:
    """Return a label's map on a picture, (side, side, 3) uint8; raises BadArgumentError for a missing rival."""
    with torch.no_grad():
        pixels = attacker.normalised(torch.from_numpy(picture.astype(np.float32)))
        (features,) = attacker.network(pixels, ["features"])
    return METHODS[method](attacker, features, label, against)


def grad_cam(attacker: Attacker, features: Tensor, label: int, against: int | None) -> CellMap:
    """Return Grad-CAM, unscaled (Selvaraju et al. 2017, arXiv:1610.02391): what speaks for one label, taken alone."""
    del against
    leaf = features.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(attacker.logits_of_features(leaf)[0, label], leaf)
    weights = gradient.mean((2, 3), keepdim=True)
    return CellMap((weights * leaf.detach()).sum(1)[0].relu().numpy().copy())


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


METHODS: Mapping[MapMethod, MapFunction] = {"grad-cam": grad_cam, "contrast": contrast}
