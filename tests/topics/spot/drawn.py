"""The states of this topic that are worth looking at."""

from collections.abc import Callable
from functools import partial

from tests.player import Player
from tests.topics.spot.scripted import at_spot

STATES: dict[str, Callable[[str], Player]] = {
    "spot": at_spot,
    "spot-right": partial(at_spot, right=True),
    "spot-wrong": partial(at_spot, right=False),
}
