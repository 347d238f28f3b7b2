"""The states of this topic that are worth looking at."""

from collections.abc import Callable
from functools import partial

from tests.player import Player
from tests.topics.judges.scripted import OPINIONS, at_judges

STATES: dict[str, Callable[[str], Player]] = {
    "judges": at_judges,
    "judges-twin": partial(at_judges, opinions=OPINIONS[:1]),
}
