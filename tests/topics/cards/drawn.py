"""The states of this topic that are worth looking at."""

from collections.abc import Callable

from tests.player import Player
from tests.topics.cards.scripted import at_cards, at_cards_of
from tests.topics.teaching.scripted import at_fooled_taught


def _cards_taught(panel: str) -> Player:
    playing = at_fooled_taught(panel)
    playing.touch("cards")
    playing.wait(0.3)
    return playing


def _later(panel: str) -> Player:
    """On the second of many pages."""
    playing = at_cards_of(panel, 24)
    (turning,) = (name for name in playing.names if name.startswith("turn-"))
    playing.touch(turning)
    playing.wait(0.3)
    return playing


# What they show depends on which topics there are: looked over as every scene is, but compared with no golden picture.
OF_ALL_TOPICS: dict[str, Callable[[str], Player]] = {"cards": at_cards, "cards-taught": _cards_taught}
STATES: dict[str, Callable[[str], Player]] = {
    "cards-two": lambda panel: at_cards_of(panel, 2),
    "cards-four": lambda panel: at_cards_of(panel, 4),
    "cards-five": lambda panel: at_cards_of(panel, 5),
    "cards-nine": lambda panel: at_cards_of(panel, 9),
    "cards-many": lambda panel: at_cards_of(panel, 24),
    "cards-many-later": _later,
}
