"""Visits that throw dice."""

from kiosk.core.message import Effect, Event
from kiosk.core.visit import Answer, Judged, Ranked, Verdict
from kiosk.topics.dice.messages import DiceRolled, RollDice
from kiosk.topics.dice.screen import ROLL_S
from tests.player import CUP, ESPRESSO, Player, Script
from tests.topics.cards.scripted import at_cards


class DiceScript(Script):
    """What this topic's effects are answered with."""

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        del playing
        match effect:
            case RollDice(job, step):
                answer = Answer((Ranked(ESPRESSO, 0.9), Ranked(CUP, 0.04)))
                return (DiceRolled(job, Judged(step, answer, 0.002, Verdict.NOT_YET, step, 0.62 * step)),)
            case _:
                return None


SCRIPT = DiceScript


def at_dice(panel: str = "1280x800") -> Player:
    """A visit that has thrown dice."""
    playing = at_cards(panel)
    playing.touch("card-dice")
    playing.wait(ROLL_S + 0.5)
    return playing
