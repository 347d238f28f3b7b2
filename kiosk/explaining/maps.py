"""Every way to draw what an answer leaned on, behind one call: by the classifier alone, or by the gradient process."""

from collections.abc import Callable, Sequence
from typing import Literal, get_args

import numpy as np

from kiosk.errors import BadArgumentError
from kiosk.explaining.occlusion import Judge, sweep
from kiosk.gradients.client import GradientClient
from kiosk.gradients.protocol import MapMethod
from kiosk.vision.arrays import Floats
from kiosk.vision.classifier import Classifier, Prediction
from kiosk.vision.heatmap import CellMap
from kiosk.vision.picture import Rgb

OCCLUSION_ACROSS, OCCLUSION_OVERLAP = 14, 0.5

Method = Literal[MapMethod, "cam", "occlusion"]
METHODS: tuple[Method, ...] = get_args(Method)


def explain(
    classifier: Classifier,
    gradients: GradientClient,
    method: Method,
    picture: Rgb,
    label: int,
    against: int,
    on_share: Callable[[float], None] = lambda _: None,
) -> CellMap:
    """Return a label's map on a picture; only `contrast` weighs it `against` another label.

    `on_share` hears how far (0..1) it is. Raises BadArgumentError for a model that the method does not suit.
    """
    match method:
        case "cam":
            weights = classifier.last_layer
            if weights is None:
                raise BadArgumentError(
                    f"{classifier.card.name}: more than one layer follows its features, so it has no cam; try grad-cam"
                )
            return class_activation_map(classifier(picture), weights, label)
        case "occlusion":
            return occlusion_map(classifier, picture, label, on_share)
        case _:
            rival = against if method == "contrast" else None
            maps: list[CellMap] = gradients.maps(method, [picture], label, rival, on_share=on_share).result()
            return maps[0]


def class_activation_map(prediction: Prediction, weights: Floats, label: int) -> CellMap:
    """Return what each cell adds to a label's logit (Zhou et al. 2016, arXiv:1512.04150); its bias is the rest.

    `weights`, (labels, channels), lead from the mean of the cells to the logits.
    """
    features = prediction.features
    cells = (np.tensordot(weights[label], features, 1) / features[0].size).astype(np.float32)
    return CellMap(cells, float(prediction.logits[label]) - float(cells.sum(dtype=np.float64)))


def occlusion_map(
    judge: Judge, picture: Rgb, label: int, on_share: Callable[[float], None] = lambda _: None
) -> CellMap:
    """Return how much a label's log-odds fall as each square, and half of those around it, is covered."""
    losses: list[float] = []
    for loss in sweep(judge, picture, label, OCCLUSION_ACROSS, OCCLUSION_OVERLAP):
        losses.append(loss)
        on_share(len(losses) / OCCLUSION_ACROSS**2)
    return of_squares(losses)


def of_squares(losses: Sequence[float]) -> CellMap:
    """Return what the squares of a sweep are worth as a map."""
    return CellMap(np.array(losses, np.float32).reshape(OCCLUSION_ACROSS, OCCLUSION_ACROSS))
