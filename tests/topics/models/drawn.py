"""The states of this topic that are worth looking at."""

from collections.abc import Callable

from tests.player import Player
from tests.topics.attack.drawn import seen_with_models


def _models(panel: str) -> Player:
    playing = seen_with_models(panel)
    playing.touch("models")
    playing.wait(0.3)
    return playing


STATES: dict[str, Callable[[str], Player]] = {
    "models": _models,
}
