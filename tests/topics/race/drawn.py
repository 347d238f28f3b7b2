"""The states of this topic that are worth looking at."""

from collections.abc import Callable

from tests.player import Player
from tests.topics.cards.scripted import at_card


def at_race(panel: str = "1280x800") -> Player:
    """A visit that sees the race, where the lead changes."""
    playing = at_card("race", panel)
    playing.wait(0.3)
    return playing


def _begin(panel: str) -> Player:
    playing = at_race(panel)
    playing.touch("later")
    return playing


STATES: dict[str, Callable[[str], Player]] = {"race": at_race, "race-start": _begin}
