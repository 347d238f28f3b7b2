"""Where random events of this topic begin."""

from collections.abc import Callable

from kiosk.program.state import State
from tests.topics.cards.scripted import at_cards

FURTHER_ON: dict[str, Callable[[str], State]] = {
    "the cards": lambda panel: at_cards(panel).state,
}
