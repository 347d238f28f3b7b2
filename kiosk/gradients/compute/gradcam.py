"""Grad-CAM (Selvaraju et al. 2017, arXiv:1610.02391): what the answer leaned on, for one label."""

from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from kiosk.gradients.compute.attacks import Attacker
from kiosk.vision.arrays import Floats
from kiosk.vision.picture import Rgb


def grad_cam(attacker: Attacker, picture: Rgb, label: int) -> tuple[Floats, float]:
    """Return a label's Grad-CAM map on a picture and its raw peak, 0 where there is no evidence.

    Shapes: (side, side, 3) uint8 -> (side, side) float32 in 0..1. The gradient is the logit's, taken at the features
    alone: nothing before them is differentiated.
    """
    with torch.no_grad():
        pixels = attacker.normalised(torch.from_numpy(picture.astype(np.float32)))
        (features,) = attacker.network(pixels, ["features"])
    leaf = features.requires_grad_()
    (gradient,) = torch.autograd.grad(attacker.logits_of_features(leaf)[0, label], leaf)
    weights = gradient.mean((2, 3), keepdim=True)
    evidence = (weights * leaf.detach()).sum(1)[0].relu().numpy()
    return _spread(evidence, picture.shape[0]), float(evidence.max())


def _spread(evidence: Floats, side: int) -> Floats:
    """Return the evidence on the picture's grid, as pytorch-grad-cam 1.5.7 does: scale, resize, scale again."""
    resized: NDArray[Any] = cv2.resize(_min_max(evidence), (side, side))
    return _min_max(np.maximum(resized, 0)).astype(np.float32)


def _min_max(values: NDArray[Any]) -> NDArray[Any]:
    lifted = values - values.min()
    scaled: NDArray[Any] = lifted / (1e-7 + lifted.max())
    return scaled
