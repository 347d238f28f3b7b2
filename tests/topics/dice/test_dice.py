"""Dice as lists of events."""

from dataclasses import replace
from itertools import pairwise

import pytest

from kiosk.core.message import Button, DropJob, JobLost, Touched
from kiosk.core.scene import Icon
from kiosk.core.visit import Answer, Judged, Ranked, Verdict
from kiosk.topics.cards.screen import Cards
from kiosk.topics.dice.messages import DiceRolled, RollDice
from kiosk.topics.dice.screen import ROLL_S, Dice
from tests.player import CUP, ESPRESSO, FLAMINGO, PANELS, Player, of, said, screen_of, shown_keys
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
    assert "By dice, it still says espresso." in said(playing)
    assert {"adversarial", "dice", "noise", "dice-noise"} <= set(shown_keys(playing))
    assert playing.focused == "roll"
    playing.touch("roll")
    playing.wait(ROLL_S + 0.5)
    jobs = [roll.job for roll in of(playing, RollDice)]
    assert len(set(jobs)) == 2, "another job is another seed"
    assert "0 of 2 rolls fooled it." in said(playing)
    assert len(dice(playing)) == 2, "a die for each roll"


def dice(playing: Player) -> list[str]:
    """The dice that are drawn."""
    return [
        item.name for item in playing.scene.items if isinstance(item, Icon) and item.name.startswith("die")
    ]


def test_dice_are_seen_to_roll_before_anything_is_said_of_them() -> None:
    playing = at_cards()
    playing.touch("card-dice")
    faces: list[dict[str, None]] = [{}, {}, {}]
    for _ in range(int(ROLL_S * 20) - 1):
        playing.wait(0.05)
        assert "dice" not in shown_keys(playing)
        assert "Rolling …" in said(playing)
        shown = dice(playing)
        assert len(shown) == len(faces)
        for own, name in zip(faces, shown, strict=True):
            own[name] = None
    for own in faces:
        assert len(own) > 10, "it turns"
        sides = [name.split("-")[1] for name in own]
        changes = sum(one != other for one, other in pairwise(sides))
        assert 1 <= changes <= 3 * ROLL_S, "another face comes up, and nothing flashes above three a second"
    playing.wait(0.5)
    assert "dice" in shown_keys(playing)


def test_dice_go_on_rolling_for_as_long_as_the_answer_takes() -> None:
    playing = at_cards()
    playing.answers = False
    playing.touch("card-dice")
    playing.wait(ROLL_S * 3)
    first = dice(playing)
    playing.wait(0.3)
    assert dice(playing) != first
    playing.press(Button.SHUTTER)
    assert len(of(playing, RollDice)) == 1, "one throw at a time"


AIMED = "So it is not just any noise: it has to be aimed."


def test_the_conclusion_is_drawn_where_the_rolls_show_it_and_nowhere_else() -> None:
    playing = at_dice()
    assert AIMED in said(playing)
    playing.touch("roll")
    playing.wait(0.3)
    assert AIMED not in said(playing), "not while dice are on their way"
    playing.wait(ROLL_S)
    assert AIMED in said(playing)
    playing.answers = False
    fall(playing, FLAMINGO, Verdict.FOOLED)
    assert AIMED not in said(playing), "dice fooled it too"
    playing.answers = True
    playing.touch("roll")
    playing.wait(ROLL_S + 0.5)
    assert AIMED not in said(playing), "and that is not forgotten"

    screen = screen_of(playing)
    assert isinstance(screen, Dice)
    unfooled = replace(screen.visit, shown=1)
    playing.state = replace(playing.state, screen=replace(screen, visit=unfooled, fooled=0))
    assert not unfooled.fools
    assert AIMED not in said(playing), "nothing fools it: there is nothing to compare with"


def fall(playing: Player, label: int, verdict: Verdict) -> None:
    """A roll that falls so."""
    playing.touch("roll")
    answer = Answer((Ranked(label, 0.5), Ranked(ESPRESSO, 0.3)))
    playing.send(DiceRolled(playing.state.context.next_job - 1, Judged(4, answer, 0.5, verdict, 4, 2.5)))
    playing.wait(ROLL_S + 0.1)


@pytest.mark.parametrize(
    ("label", "verdict", "words", "score"),
    [
        (FLAMINGO, Verdict.FOOLED, "This roll fooled it too! It says flamingo.", "1 of 2 rolls fooled it."),
        (
            CUP,
            Verdict.NEARLY,
            "Now it says cup. But not the lie.",
            "0 of 2 rolls fooled it.",
        ),
    ],
)
def test_dice_that_change_the_answer_are_told_as_they_are(
    label: int, verdict: Verdict, words: str, score: str
) -> None:
    playing = at_dice()
    playing.answers = False
    fall(playing, label, verdict)
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
