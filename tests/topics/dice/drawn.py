"""The states of this topic that are worth looking at."""

from collections.abc import Callable

from kiosk.core.visit import Answer, Judged, Ranked, Verdict
from kiosk.topics.dice.messages import DiceRolled
from kiosk.topics.dice.screen import ROLL_S
from tests.player import Player
from tests.topics.cards.scripted import at_cards
from tests.topics.dice.scripted import at_dice


def _other_dice(panel: str) -> Player:
    playing = at_dice(panel)
    playing.answers = False
    playing.touch("roll")
    answer = Answer((Ranked(505, 0.42), Ranked(967, 0.3)))
    playing.send(
        DiceRolled(playing.state.context.next_job - 1, Judged(4, answer, 0.1, Verdict.NEARLY, 4, 2.5))
    )
    playing.wait(ROLL_S + 0.5)
    return playing


def _rolling(panel: str) -> Player:
    playing = at_cards(panel)
    playing.answers = False
    playing.touch("card-dice")
    playing.wait(0.5)
    return playing


def _five_rolls(panel: str) -> Player:
    playing = at_dice(panel)
    for _ in range(4):
        playing.touch("roll")
        playing.wait(ROLL_S + 0.5)
    return playing


STATES: dict[str, Callable[[str], Player]] = {
    "dice": at_dice,
    "dice-rolling": _rolling,
    "dice-other": _other_dice,
    "dice-five": _five_rolls,
}
