"""The states of this topic that are worth looking at."""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from kiosk.topics.foresee.performing import headlong
from tests.golden.pictures import coffee
from tests.player import ESPRESSO, SOUP, Player
from tests.topics.foresee.scripted import at_foresee


def pictures() -> dict[str, NDArray[np.uint8]]:
    """The cup on its head."""
    return {"posed": headlong(coffee())}


STATES: dict[str, Callable[[str], Player]] = {
    "foresee": at_foresee,
    "foresee-right": partial(at_foresee, guess=SOUP),
    "foresee-wrong": partial(at_foresee, guess=ESPRESSO),
}
