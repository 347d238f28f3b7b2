"""The states of this topic that are worth looking at."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from kiosk.attack.noise import iterate_picture
from kiosk.recapture.sticker import Lying, across, grey_sticker
from tests.golden.pictures import coffee
from tests.player import Player
from tests.stickers import coarse
from tests.topics.sticker.scripted import at_sticker


def pictures() -> dict[str, NDArray[np.uint8]]:
    """The cup under a sticker of coarse colours, and under a grey one."""
    lying, cup = Lying.at(224, 0.3, 0.3, across(0.22)), coffee().astype(np.float32)
    return {
        "sticker": iterate_picture(lying.on(cup, coarse().astype(np.float32))),
        "sticker-grey": iterate_picture(lying.on(cup, grey_sticker())),
    }


def _moved(panel: str) -> Player:
    playing = at_sticker(panel)
    for way in ("right", "down") * 4:
        playing.touch(f"arrow-{way}")
        playing.wait(0.3)
    return playing


STATES: dict[str, Callable[[str], Player]] = {"sticker": at_sticker, "sticker-moved": _moved}
