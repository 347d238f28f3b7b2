"""The states of this topic that are worth looking at."""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from kiosk.topics.cover.facts import ACROSS
from tests.golden.pictures import coffee, heat
from tests.player import Player
from tests.topics.cover.scripted import KEY_TILE, at_cover, at_swept


def pictures() -> dict[str, NDArray[np.uint8]]:
    """The picture with one square covered, and the map of all of them."""
    covered, side = coffee().copy(), 224 / ACROSS
    row, column = divmod(KEY_TILE, ACROSS)
    covered[
        round(row * side) : round((row + 1) * side), round(column * side) : round((column + 1) * side)
    ] = 127
    return {"covered": covered, "cover-map": heat(coffee(), 0.42, 0.42)}


STATES: dict[str, Callable[[str], Player]] = {
    "cover": at_cover,
    "cover-tile": partial(at_cover, tile=KEY_TILE),
    "cover-swept": at_swept,
}
