"""The states of this topic that are worth looking at."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from kiosk.vision.heatmap import colours
from tests.player import Player
from tests.topics.inside.scripted import STAGES, at_inside


def pictures() -> dict[str, NDArray[np.uint8]]:
    """What the channels of each stage look like, before and after."""
    rng = np.random.default_rng(5)
    shelf: dict[str, NDArray[np.uint8]] = {}
    for number in range(len(STAGES)):
        for channel in range(3):
            before = rng.random((7, 7), np.float32)
            after = np.clip(before + rng.normal(0, 0.06 * number, (7, 7)), 0, 1).astype(np.float32)
            for key, cells in (("original", before), ("adversarial", after)):
                shelf[f"inside-{number}-{key}-{channel}"] = colours(cells)
    return shelf


def _middle(panel: str) -> Player:
    playing = at_inside(panel)
    for _ in range(4):
        playing.touch("next")
    return playing


STATES: dict[str, Callable[[str], Player]] = {"inside": at_inside, "inside-middle": _middle}
