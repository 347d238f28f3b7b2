"""Visits that guess what it will say."""

from kiosk.core.message import Effect, Event
from kiosk.core.visit import Answer, Ranked
from kiosk.topics.foresee.messages import CountForesight, ForesightCounted, PicturePosed, PosePicture
from tests.player import CUP, ESPRESSO, SOUP, Player, Script
from tests.topics.cards.scripted import at_card

SAID = Answer((Ranked(SOUP, 0.44), Ranked(ESPRESSO, 0.24), Ranked(CUP, 0.06)))
PLAIN = Answer((Ranked(ESPRESSO, 0.95), Ranked(CUP, 0.01)))


class ForeseeScript(Script):
    """What this topic's effects are answered with: it is the day's tenth guess."""

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        del playing
        match effect:
            case PosePicture(job):
                return (PicturePosed(job, SAID, PLAIN),)
            case CountForesight(right):
                return (ForesightCounted(3 + right, 10),)
            case _:
                return None


SCRIPT = ForeseeScript


def at_foresee(panel: str = "1280x800", guess: int | None = None) -> Player:
    """A visit that may have guessed."""
    playing = at_card("foresee", panel)
    playing.wait(0.3)
    if guess is not None:
        playing.touch(f"guess-{guess}")
        playing.wait(0.3)
    return playing
