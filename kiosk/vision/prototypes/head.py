"""A taught head that explains itself: every part of a score is how alike two patches are, one of them taught.

After ProtoPNet (Chen et al. 2019, arXiv:1806.10574): "this looks like that". Nothing is trained by gradients here: each
cell of a picture's features is compared with every cell of the taught examples, as in naive Bayes nearest neighbours
(Boiman et al. 2008), so that a few examples are enough and the parts are the score, not a story about it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from kiosk.vision.arrays import Floats
from kiosk.vision.head import directions


@dataclass(frozen=True, slots=True)
class Match:
    """A part of a score: a cell of the picture, the taught patch most like it, how alike they are, and its points.

    Cells are counted row by row. `likeness` is a cosine.
    """

    cell: int
    patch: int
    likeness: float
    points: float


@dataclass(frozen=True, eq=False)
class PatchSpace:
    """Where patches are compared. Shapes: their mean (channels,) and main axes (axes, channels)."""

    mean: Floats
    axes: Floats

    def of(self, features: Floats) -> Floats:
        """Return the direction of every cell. Shapes: (channels, rows, columns) -> (rows x columns, axes)."""
        cells = features.reshape(len(features), -1).T
        places: Floats = ((cells - self.mean) @ self.axes.T).astype(np.float32, copy=False)
        return directions(places)


@dataclass(frozen=True, eq=False)
class PrototypeHead:
    """Labels, and the patches that were taught for each, label by label: `counts` of them.

    Shapes: patches (patches, axes) float32, each of length 1. `scale` turns squared likeness into logits.
    """

    labels: tuple[str, ...]
    space: PatchSpace
    patches: Floats
    counts: tuple[int, ...]
    scale: float

    def logits(self, features: Floats) -> Floats:
        """Return one logit a label: the sum of its points. Shapes: (channels, rows, columns) -> (labels,)."""
        likeness, _ = self.likeness(features)
        logits: Floats = points(likeness, self.scale).sum(0)
        return logits

    def likeness(self, features: Floats) -> tuple[Floats, NDArray[np.intp]]:
        """Return how alike each cell and each label's nearest patch are, and which patch that is: (cells, labels)."""
        alike = self.space.of(features) @ self.patches.T
        best = [alike[:, begin:end].argmax(1) + begin for begin, end in spans(self.counts)]
        nearest = np.stack(best, 1)
        return np.take_along_axis(alike, nearest, 1), nearest

    def explained(self, features: Floats, label: int) -> tuple[Match, ...]:
        """Return all parts of a label's logit, the one with most points first; they add up to it."""
        likeness, nearest = self.likeness(features)
        given = points(likeness, self.scale)[:, label]
        order = np.argsort(-given, kind="stable").tolist()
        return tuple(
            Match(cell, int(nearest[cell, label]), float(likeness[cell, label]), float(given[cell]))
            for cell in order
        )


def points(likeness: Floats, scale: float) -> Floats:
    """Return what each cell adds to each label's logit. Shapes: (..., cells, labels) -> the same.

    A cell counts for a label by how much more it is like that label's patches than like the labels' on average. It is
    squared, so that the few cells which tell labels apart outweigh the many that do not; less than average is nothing.
    """
    more = np.maximum(likeness - likeness.mean(-1, keepdims=True), 0)
    given: Floats = np.float32(scale) * more**2
    return given


def spans(counts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield where each label's patches begin and end."""
    return pairwise(accumulate(counts, initial=0))
