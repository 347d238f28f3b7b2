"""What is measured of a live picture for a hint: its light, its blur, and what the network made of it.

All are pure, take a picture or a prediction, and know no threshold.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.vision.arrays import Floats
from kiosk.vision.classifier import Prediction
from kiosk.vision.picture import Rgb

BRIGHT_PART = 95  # per cent: a bright thing on dark ground is light enough
BLURRED_PX = 9
ACTIVE = 0.3  # of the most active cell
# Where even the best answer is a guess, the others are as good as it is from a third of its share.
LEAST_SHARE, LEAST_OF_BEST, MOST_ANSWERS = 0.05, 0.3, 8


def light(picture: Rgb) -> float:
    """Return how bright the bright part of a picture is, 0..255."""
    return float(np.percentile(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), BRIGHT_PART))


def blur(picture: Rgb) -> float:
    """Return how little a further blur takes from the edges of a picture, 0 (sharp) to 1, in its worse direction.

    The measure of Crete, Dolmiere, Ladret and Nicolas (2007), "The blur effect". Without any edge it is 0.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    found = []
    for axis in (0, 1):
        window = (BLURRED_PX, 1) if axis else (1, BLURRED_PX)
        edges = np.abs(np.diff(grey, axis=axis))
        left = np.abs(np.diff(cv2.blur(grey, window), axis=axis))
        total = float(edges.sum())
        found.append(1.0 - float(np.maximum(0.0, edges - left).sum()) / total if total > 0 else 0.0)
    return max(found)


def doubt(prediction: Prediction) -> float:
    """Return the entropy of an answer in nats: 0 where it is certain of one label."""
    shares = prediction.probabilities.astype(np.float64)
    return float(-(shares * np.log(shares + 1e-12)).sum())


def spread(prediction: Prediction) -> float:
    """Return in how large a part of the picture (0..1) the network found something.

    The map weighs each channel of the features by its mean, which is what the answer is computed from: a
    class-activation map of all that was found, whatever it is called.
    """
    activity = np.maximum(np.tensordot(prediction.embedding, prediction.features, 1), 0.0)
    most = float(activity.max())
    return float((activity > ACTIVE * most).mean()) if most > 0 else 0.0


def apartness(prediction: Prediction, weights: Floats) -> float:
    """Return how far apart (0..1) two likely answers lie in the picture: 1 less the cosine of their maps.

    The map of an answer is its class-activation map (Zhou and others, 2016), of its weights against those of all
    labels, (labels, channels). Two names of one thing have the same map, two things have two.
    """
    top = prediction.top(MOST_ANSWERS)
    least = min(LEAST_SHARE, LEAST_OF_BEST * top[0][1])
    likely = [label for label, share in top if share >= least]
    if len(likely) < 2:
        return 0.0
    against = weights[likely] - weights.mean(axis=0)
    maps = np.maximum(np.tensordot(against, prediction.features, 1), 0.0).reshape(len(likely), -1)
    lengths: NDArray[np.float32] = np.linalg.norm(maps, axis=1)
    if not lengths.all():
        return 0.0
    return float(1.0 - (maps[1:] @ maps[0] / (lengths[1:] * lengths[0])).min())
