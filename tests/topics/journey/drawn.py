"""The states of this topic that are worth looking at."""

from collections.abc import Callable

from tests.player import Player
from tests.topics.journey.scripted import at_journey, at_turned


def _begin(panel: str) -> Player:
    playing = at_journey(panel)
    playing.touch("later")
    return playing


def _before(panel: str) -> Player:
    playing = at_turned(panel)
    for _ in range(3):
        playing.touch("later")
    return playing


STATES: dict[str, Callable[[str], Player]] = {
    "journey": at_journey,
    "journey-start": _begin,
    "journey-turned": at_turned,
    "journey-before": _before,
}
