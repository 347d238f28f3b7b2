"""What a map is checked against: the same one of an answer in which nothing is left of what was learned.

After Adebayo et al. 2018 (arXiv:1810.03292): a map that stays as it was shows the picture, and not the answer.
"""

import numpy as np

from kiosk.vision.arrays import Floats
from kiosk.vision.head import Doubt, Head, Layer


def drawn_by_lot(model_sha256: str, channels: int, labels: int, seed: int) -> Head:
    """Return a head that takes the place of all that follows a model's embedding; its weights are random numbers."""
    weights = np.random.default_rng(seed).standard_normal((labels, channels), np.float32)
    return Head(
        labels=tuple(map(str, range(labels))),
        model_sha256=model_sha256,
        mean=np.zeros(channels, np.float32),
        spread=1.0,
        layers=(Layer(weights / np.float32(channels**0.5), np.zeros(labels, np.float32)),),
        doubt=Doubt(np.zeros((1, channels), np.float32), least_likeness=-1.0, least_confidence=0.0),
    )


def alikeness(one: Floats, other: Floats) -> float:
    """Return the rank correlation (Spearman) of two maps of one shape; one that is even everywhere is like no other."""
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return 0.0
    return float(np.corrcoef(_ranks(one), _ranks(other))[0, 1])


def _ranks(values: Floats) -> Floats:
    """Return each value's place among all, from the least on; equal ones share the middle of theirs."""
    _, places, counts = np.unique(values.ravel(), return_inverse=True, return_counts=True)
    middles = np.cumsum(counts) - (counts + 1) / 2
    ranks: Floats = middles[places.ravel()].astype(np.float32)
    return ranks
