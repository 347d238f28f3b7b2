"""Teaching a head that explains itself, and testing it on bursts that it never saw; a step a picture."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.vision.arrays import Floats
from kiosk.vision.examples import NEVER_HELD_OUT
from kiosk.vision.prototypes.head import PatchSpace, PrototypeHead, points, spans

AXES = 64
DRAWN = 800  # cells from which the axes are found: more change nothing that can be measured
# What multiplies squared likeness: the one of these that makes unseen bursts likeliest.
SCALES = tuple(2.0**power for power in range(9))
SCALE_UNTESTED = 8.0

Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Patches:
    """The cells of taught pictures. Shapes: features (n, channels, rows, columns); one label and burst a picture."""

    names: tuple[str, ...]
    features: Floats
    labels: tuple[int, ...]
    bursts: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class TaughtPrototypes:
    """A head, the example and the cell of it that each of its patches is, and how it did on bursts it never saw.

    `predicted` is each example's label by a head without its burst, NEVER_HELD_OUT where its label has one burst only.
    """

    head: PrototypeHead
    sources: tuple[tuple[int, int], ...]
    predicted: tuple[int, ...]


def teach_prototypes(patches: Patches) -> Generator[float, None, TaughtPrototypes]:
    """Return a head of all patches; yields how far (0..1) it is, after each picture that is held out."""
    labels, bursts = np.array(patches.labels), np.array(patches.bursts)
    order = np.argsort(labels, kind="stable")
    space = _space(patches.features)
    cells = np.stack([space.of(patches.features[place]) for place in order])
    each = cells.shape[1]
    counts = tuple(int((labels == label).sum()) * each for label in range(len(patches.names)))
    held_out = np.zeros((len(order), each, len(counts)), np.float32)
    for done, place in enumerate(order):
        yield done / len(order)
        held_out[place] = _seen_without_its_burst(cells, cells[done], bursts[order] == bursts[place], counts)
    tested = np.array([len(np.unique(bursts[labels == label])) > 1 for label in labels])
    scale = _scale(held_out[tested], labels[tested])
    said = points(held_out, scale).sum(1).argmax(1)
    head = PrototypeHead(patches.names, space, cells.reshape(-1, cells.shape[2]), counts, scale)
    sources = tuple((int(place), cell) for place in order for cell in range(each))
    return TaughtPrototypes(head, sources, tuple(np.where(tested, said, NEVER_HELD_OUT).tolist()))


def _space(features: Floats) -> PatchSpace:
    """Return the main axes of some cells, found through their products: there are fewer cells than channels."""
    cells = np.moveaxis(features, 1, -1).reshape(-1, features.shape[1])
    drawn = np.random.default_rng(0).permutation(len(cells))[:DRAWN]
    mean = cells.mean(0)
    around = cells[np.sort(drawn)] - mean
    sizes, mixes = np.linalg.eigh(around @ around.T)
    most = min(AXES, len(drawn) - 1)
    axes = (mixes[:, ::-1][:, :most] / np.sqrt(np.maximum(sizes[::-1][:most], 1e-6))).T @ around
    return PatchSpace(mean.astype(np.float32), np.ascontiguousarray(axes, np.float32))


def _seen_without_its_burst(
    cells: Floats, asked: Floats, own_burst: NDArray[np.bool_], counts: Sequence[int]
) -> Floats:
    """Return how alike each cell and each label's nearest patch of other bursts are; -1 where there is none.

    Shapes: cells (pictures, cells, axes) label by label, asked (cells, axes) -> (cells, labels).
    """
    alike = asked @ cells.reshape(-1, cells.shape[2]).T
    alike[:, np.repeat(own_burst, cells.shape[1])] = -1
    return np.stack([alike[:, begin:end].max(1) for begin, end in spans(counts)], 1)


def _scale(likeness: Floats, labels: Integers) -> float:
    """Return the scale under which the right labels are likeliest. Shapes: (n, cells, labels), (n,)."""
    if not len(labels):
        return SCALE_UNTESTED
    given = points(likeness, 1.0).sum(1)

    def loss(scale: float) -> float:
        logits = given * scale
        most = logits.max(1)
        odds = np.log(np.exp(logits - most[:, None]).sum(1)) + most
        return float((odds - logits[np.arange(len(labels)), labels]).mean())

    return min(SCALES, key=loss)
