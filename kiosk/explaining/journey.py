"""Where pictures lie on a flat map of embeddings, and how much of their way such a map shows."""

import numpy as np

from kiosk.vision.arrays import Floats
from kiosk.vision.head import directions
from kiosk.vision.memories import FlatMap, Memories

STANDS_STILL = 1e-6


def turned(memories: Memories, pull: Floats) -> FlatMap:
    """Return a map whose first axis is the direction `pull`, (channels,); its second is what the map's first leaves.

    With the difference of two labels' weights as the pull, the first place of an embedding is how much more it leans
    to the one than to the other: their logits' difference, but for its unit and its zero.
    """
    along = directions(pull[None])[0]
    first = memories.map.axes[0]
    across = directions((first - (first @ along) * along)[None])[0]
    axes: Floats = np.stack([along, across]).astype(np.float32)
    centred = memories.embeddings - memories.map.mean
    spread = float(np.square(centred @ axes.T).sum() / np.square(centred).sum())
    return FlatMap(memories.map.mean, axes, spread)


def shares_shown(flat: FlatMap, embeddings: Floats) -> list[float]:
    """Return which share (0..1) of each embedding's distance from the first the map keeps; 1 where there is none.

    Shapes: (n, channels).
    """
    away = np.linalg.norm(embeddings - embeddings[0], axis=1)
    places = flat.places(embeddings)
    shown = np.linalg.norm(places - places[0], axis=1)
    return [
        1.0 if whole < STANDS_STILL else float(part / whole) for part, whole in zip(shown, away, strict=True)
    ]
