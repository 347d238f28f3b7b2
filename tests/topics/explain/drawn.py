"""The states of this topic that are worth looking at."""

from collections.abc import Callable

from tests.player import Player
from tests.topics.attack.scripted import at_fooled
from tests.topics.explain.scripted import at_explain


def _no_evidence(panel: str) -> Player:
    playing = at_fooled(panel)
    playing.answers = False
    playing.touch("why")
    playing.wait(0.5)
    return playing


STATES: dict[str, Callable[[str], Player]] = {
    "explain": at_explain,
    "explain-drawing": _no_evidence,
}
