"""Dice noise with the real performer: as large as the attack's, and judged the same way."""

from collections.abc import Iterator

import numpy as np
import pytest

from kiosk.attack.verdict import answer, judge
from kiosk.core.message import Forget, JobLost
from kiosk.device.state_folder import StateFolder
from kiosk.topics.attack.messages import RunStep, StartStack, StepJudged
from kiosk.topics.dice.messages import DiceRolled, RollDice
from kiosk.vision.classifier import Classifier
from tests.player import FLAMINGO
from tests.process.rehearsal import Rehearsal, own


@pytest.fixture(scope="module")
def rehearsal(state: StateFolder) -> Iterator[Rehearsal]:
    """A performer that sees our own pictures."""
    with own(state, f"pictures:{state.stock}") as rehearsal:
        rehearsal.ready()
        yield rehearsal


def test_dice_noise_is_as_large_as_the_attacks_and_judged_the_same_way(
    rehearsal: Rehearsal, classifier: Classifier
) -> None:
    original_label = rehearsal.photograph().answer.first.label
    rehearsal.do(StartStack(FLAMINGO))
    steps = [rehearsal.ask(RunStep(rehearsal.job(), at), StepJudged).judged for at in range(3)]
    rolls = []
    for _ in range(2):
        job = rehearsal.job()
        told = rehearsal.ask(RollDice(job, 3), DiceRolled)
        pictures = rehearsal.performer.pictures
        assert told.job == job
        assert (told.judged.linf_255, told.judged.mean_255) == (steps[-1].linf_255, steps[-1].mean_255)
        made, thrown = (
            pictures[key].astype(np.int16) - pictures["original"] for key in ("adversarial", "dice")
        )
        assert np.array_equal(np.sort(np.abs(made), None), np.sort(np.abs(thrown), None))
        assert np.array_equal(pictures["dice-noise"], np.clip(127 + 10 * thrown, 0, 255))
        prediction = classifier(pictures["dice"])
        assert told.judged.answer == answer(prediction)
        assert told.judged.verdict is judge(prediction, original_label, FLAMINGO)
        rolls.append(pictures["dice"])
    assert not np.array_equal(rolls[0], rolls[1]), "another job is another roll"
    assert rehearsal.ask(RollDice(rehearsal.job(), 4), JobLost), "no such step"


def test_without_a_picture_there_is_nothing_to_throw_dice_for(rehearsal: Rehearsal) -> None:
    rehearsal.do(Forget())
    assert rehearsal.ask(RollDice(2002, 0), JobLost).job == 2002
