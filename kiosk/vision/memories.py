"""What a model has seen before: small pictures with their embeddings, and the flat map on which all of them lie.

They are made when the model is built, from the photographs of the build's packages, and kept beside its file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.errors import KioskError
from kiosk.vision.arrays import DAMAGED_ERRORS, Floats, arrays_in
from kiosk.vision.head import directions
from kiosk.vision.reading import one_line, read_small_file

MEMORIES_FILE = "embeddings.npz"
MEMBERS = 6
MOST_BYTES = 16 * 2**20


class MemoriesError(KioskError, ValueError):
    """A file of memories that is missing or damaged."""


@dataclass(frozen=True, eq=False)
class FlatMap:
    """The two directions in which embeddings differ most (PCA), and which share (0..1) of their spread they keep.

    Shapes: mean (channels,), axes (2, channels); float32.
    """

    mean: Floats
    axes: Floats
    kept: float

    def places(self, embeddings: Floats) -> Floats:
        """Return where embeddings lie. Shapes: (n, channels) -> (n, 2)."""
        return ((embeddings - self.mean) @ self.axes.T).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Memories:
    """Small pictures, what each shows, their embeddings, and the map.

    Shapes: pictures (n, side, side, 3) uint8, embeddings (n, channels) float32.
    """

    names: tuple[str, ...]
    pictures: NDArray[np.uint8]
    embeddings: Floats
    map: FlatMap


@dataclass(frozen=True, slots=True)
class Remembered:
    """A memory that something resembles: its place among all, and how much (a cosine)."""

    place: int
    likeness: float


def nearest(embedding: Floats, embeddings: Floats, count: int) -> list[Remembered]:
    """Return the most similar of some embeddings by cosine, most similar first; of equals the earlier.

    Shapes: (channels,), (n, channels).
    """
    likeness = directions(embeddings) @ directions(embedding[None])[0]
    order = np.argsort(-likeness, kind="stable")[:count]
    return [Remembered(int(place), float(likeness[place])) for place in order]


def nearest_kinds(embedding: Floats, memories: Memories, count: int) -> list[Remembered]:
    """Return the most similar memories as `nearest` does, of each thing that they show only the best."""
    found: dict[str, Remembered] = {}
    for remembered in nearest(embedding, memories.embeddings, len(memories.names)):
        found.setdefault(memories.names[remembered.place], remembered)
    return list(found.values())[:count]


def memories_bytes(memories: Memories) -> bytes:
    """Return memories as a NumPy archive; the same memories give the same bytes."""
    out = BytesIO()
    np.savez(
        out,
        allow_pickle=False,
        names=np.array(memories.names),
        pictures=memories.pictures,
        embeddings=memories.embeddings,
        mean=memories.map.mean,
        axes=memories.map.axes,
        kept=np.array(memories.map.kept),
    )
    return out.getvalue()


def load_memories(folder: Path) -> Memories:
    """Return the memories of the model in a folder; raises MemoriesError where there are none, or damaged ones."""
    path = folder / MEMORIES_FILE
    try:
        stored = arrays_in(read_small_file(path, MOST_BYTES), MEMBERS, MOST_BYTES)
        flat = FlatMap(stored["mean"], stored["axes"], float(stored["kept"].item()))
        names = tuple(str(name) for name in stored["names"].tolist())
        memories = Memories(names, stored["pictures"], stored["embeddings"], flat)
        if not _fits(memories):
            raise ValueError("its parts do not fit one another")
    except FileNotFoundError:
        raise MemoriesError(f"{path}: missing; build the model again") from None
    except (OSError, *DAMAGED_ERRORS) as error:
        raise MemoriesError(f"{path}: is damaged ({one_line(error)}); build the model again") from None
    return memories


def _fits(memories: Memories) -> bool:
    """Return whether shapes, types and values are those of memories."""
    flat: Sequence[tuple[NDArray[np.generic], type[np.generic], tuple[int, ...]]] = (
        (memories.embeddings, np.float32, (len(memories.names), memories.map.mean.size)),
        (memories.map.axes, np.float32, (2, memories.map.mean.size)),
        (memories.map.mean, np.float32, (memories.map.mean.size,)),
        (memories.pictures, np.uint8, (len(memories.names), *memories.pictures.shape[1:2] * 2, 3)),
    )
    return bool(memories.names) and all(
        values.dtype == kind and values.shape == shape and bool(np.isfinite(values).all())
        for values, kind, shape in flat
    )
