"""Visits that guess where the noise is."""

from kiosk.core.message import Effect, Event
from kiosk.topics.spot.messages import CountGuess, GuessCounted
from kiosk.topics.spot.screen import Spot
from tests.player import Player, Script
from tests.topics.cards.scripted import at_card


class SpotScript(Script):
    """What this topic's effects are answered with: it is the day's tenth guess."""

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        del playing
        match effect:
            case CountGuess(right):
                return (GuessCounted(4 + right, 10),)
            case _:
                return None


SCRIPT = SpotScript


def at_spot(panel: str = "1280x800", right: bool | None = None) -> Player:
    """A visit that may have guessed."""
    playing = at_card("spot", panel)
    if right is not None:
        screen = playing.state.screen
        assert isinstance(screen, Spot)
        playing.touch(f"guess-{screen.noisy if right else 1 - screen.noisy}")
    playing.wait(0.3)
    return playing
