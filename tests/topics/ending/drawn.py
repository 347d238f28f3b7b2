"""The states of this topic that are worth looking at."""

from collections.abc import Callable
from functools import partial

from tests.player import Player
from tests.topics.cards.scripted import at_card


def at_ending(panel: str = "1280x800", page: int = 0) -> Player:
    """A visit that reads what to take home, as far as that page."""
    playing = at_card("ending", panel)
    for _ in range(page):
        playing.touch("on")
    playing.wait(0.3)
    return playing


STATES: dict[str, Callable[[str], Player]] = {
    "ending": at_ending,
    "ending-helps": partial(at_ending, page=1),
    "ending-needs": partial(at_ending, page=2),
}
