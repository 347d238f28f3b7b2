"""Dice as lists of events."""

import pytest

from kiosk.core.message import DropJob, JobLost, Touched
from kiosk.core.visit import Answer, Judged, Ranked, Verdict
from kiosk.topics.cards.screen import Cards
from kiosk.topics.dice.messages import DiceRolled, RollDice
from kiosk.topics.dice.screen import Dice
from tests.player import CUP, ESPRESSO, FLAMINGO, PANELS, of, said, screen_of, shown_keys
from tests.topics.cards.scripted import at_cards
from tests.topics.dice.scripted import at_dice


@pytest.mark.parametrize("panel", PANELS)
def test_its_card_can_be_pressed_anywhere(panel: str) -> None:
    playing = at_cards(panel)
    playing.rest()
    reach = playing.control("card-dice").reach
    assert reach is not None
    playing.send(Touched(reach.x + 3, reach.y + 3))
    assert isinstance(screen_of(playing), Dice)


def test_dice_roll_by_themselves_and_again_when_asked() -> None:
    playing = at_dice()
    first = of(playing, RollDice)
    assert [roll.step for roll in first] == [4], "as much noise as the step on the screen"
    assert "The same amount of noise, but random: it still says espresso." in said(playing)
    assert {"adversarial", "dice", "noise", "dice-noise"} <= set(shown_keys(playing))
    assert playing.focused == "roll"
    playing.touch("roll")
    jobs = [roll.job for roll in of(playing, RollDice)]
    assert len(set(jobs)) == 2, "another job is another seed"
    assert "Rolls: 2. Fooled: 0." in said(playing)


@pytest.mark.parametrize(
    ("label", "verdict", "words", "score"),
    [
        (FLAMINGO, Verdict.FOOLED, "This roll fooled it too! It says flamingo.", "Rolls: 2. Fooled: 1."),
        (
            CUP,
            Verdict.NEARLY,
            "This roll changed its answer, to cup. But not to the lie.",
            "Rolls: 2. Fooled: 0.",
        ),
    ],
)
def test_dice_that_change_the_answer_are_told_as_they_are(
    label: int, verdict: Verdict, words: str, score: str
) -> None:
    playing = at_dice()
    playing.answers = False
    playing.touch("roll")
    answer = Answer((Ranked(label, 0.5), Ranked(ESPRESSO, 0.3)))
    playing.send(DiceRolled(playing.state.context.next_job - 1, Judged(4, answer, 0.5, verdict, 4, 2.5)))
    assert words in said(playing)
    assert score in said(playing)


def test_lost_dice_can_be_rolled_again_and_nobody_waits_for_those_that_were_left() -> None:
    playing = at_cards()
    playing.answers = False
    playing.touch("card-dice")
    playing.wait(0.1)
    playing.send(JobLost(of(playing, RollDice)[-1].job))
    assert any("rolled off the table" in words for words in said(playing))
    playing.touch("roll")
    last = of(playing, RollDice)[-1].job
    playing.touch("back")
    assert playing.effects[-1] == DropJob(last)
    assert isinstance(screen_of(playing), Cards)
