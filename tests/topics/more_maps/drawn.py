"""The states of this topic that are worth looking at."""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from kiosk.core.message import JobAdvanced
from kiosk.topics.more_maps.facts import Check, Method, keys_of
from kiosk.topics.more_maps.messages import DrawChecked
from kiosk.vision.heatmap import CellMap, pulling, shining, weighing
from tests.golden.pictures import coffee
from tests.player import Player, of
from tests.topics.cards.scripted import turned_to
from tests.topics.more_maps.scripted import at_more_maps

DRAWN = {Method.CONTRAST: pulling, Method.CLASS_MAP: weighing}


def pictures() -> dict[str, NDArray[np.uint8]]:
    """Maps of each kind of both pictures, and the control's, which is bright elsewhere."""
    shelf: dict[str, NDArray[np.uint8]] = {}
    for method in Method:
        draw = DRAWN.get(method, shining)
        for key, (x, y) in zip(keys_of(method), ((3.0, 4.0), (2.0, 2.0), (6.0, 1.0)), strict=True):
            rows, columns = np.mgrid[0:7, 0:7].astype(np.float32)
            cells = 2 * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / 3) - 0.5
            (shelf[key],) = draw([coffee()], [CellMap(cells.astype(np.float32))])
    return shelf


def _hiding(panel: str) -> Player:
    playing = turned_to("more-maps", panel)
    playing.touch("card-more-maps")
    playing.wait(0.5)
    playing.answers = False
    playing.touch("method-occlusion")
    playing.wait(2.0)
    playing.send(JobAdvanced(of(playing, DrawChecked)[-1].job, 0.4))
    return playing


STATES: dict[str, Callable[[str], Player]] = {
    "more-maps": at_more_maps,
    "more-maps-contrast": partial(at_more_maps, method=Method.CONTRAST),
    "more-maps-hiding": _hiding,
    "more-maps-alike": partial(at_more_maps, method=Method.CLASS_MAP, check=Check.ALIKE),
}
