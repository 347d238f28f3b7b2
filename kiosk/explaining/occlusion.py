"""What an answer loses when a square of the picture is covered (Zeiler and Fergus 2014, arXiv:1311.2901).

It needs no gradient: only the classifier, asked once a square.
"""

from collections.abc import Callable, Iterator

import numpy as np

from kiosk.vision.arrays import Floats
from kiosk.vision.classifier import Prediction
from kiosk.vision.picture import Rgb

GREY = 127

Judge = Callable[[Rgb], Prediction]
Scores = Callable[[Prediction], Floats]


def log_odds(prediction: Prediction, label: int) -> float:
    """Return log(p / (1 - p)) of a label: unlike the confidence, it also tells sure answers from surer ones."""
    logits = prediction.logits.astype(np.float64)
    others = np.delete(logits, label)
    most = float(others.max())
    return float(logits[label]) - most - float(np.log(np.exp(others - most).sum()))


def covered(picture: Rgb, across: int, tile: int, overlap: float = 0.0) -> Rgb:
    """Return a picture with one square of a grid grey; tiles are counted row by row.

    The grid has `across` squares a side; with an `overlap` so many squares' width is covered around it too.
    """
    side = picture.shape[0]
    top, left = (int(part) for part in divmod(tile, across))
    reach = overlap * side / across
    rows, columns = (
        slice(max(0, round(at * side / across - reach)), round((at + 1) * side / across + reach))
        for at in (top, left)
    )
    changed = picture.copy()
    changed[rows, columns] = GREY
    return changed


def sweep(judge: Judge, picture: Rgb, label: int, across: int, overlap: float = 0.0) -> Iterator[float]:
    """Yield how much a label's log-odds fall as each square of a grid is covered, row by row."""

    def odds(prediction: Prediction) -> Floats:
        return np.array([log_odds(prediction, label)])

    return (float(loss) for (loss,) in losses(judge, odds, picture, across, overlap))


def losses(judge: Judge, scores: Scores, picture: Rgb, across: int, overlap: float = 0.0) -> Iterator[Floats]:
    """Yield how much each score of an answer, (n,), falls as each square of a grid is covered, row by row."""
    whole = scores(judge(picture))
    for tile in range(across * across):
        yield whole - scores(judge(covered(picture, across, tile, overlap)))
