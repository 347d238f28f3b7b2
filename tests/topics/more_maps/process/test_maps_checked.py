"""Maps and their controls by the real performer: what they show is what `kiosk explain` shows."""

import shutil
from collections.abc import Iterator

import numpy as np
import pytest

from kiosk.core.message import DropJob, Forget, JobAdvanced, JobLost
from kiosk.device.state_folder import StateFolder
from kiosk.explaining.maps import class_activation_map, occlusion_map
from kiosk.topics.dice.messages import DiceRolled, RollDice
from kiosk.topics.more_maps.facts import Check, Method, keys_of
from kiosk.topics.more_maps.messages import CheckedDrawn, DrawChecked
from kiosk.vision.classifier import Classifier
from kiosk.vision.heatmap import shining, weighing
from tests.player import ESPRESSO, FLAMINGO
from tests.process.rehearsal import Rehearsal, own

STEPS = 5


@pytest.fixture(scope="module")
def rehearsal(state: StateFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """A performer that took a picture of the cup, and fooled itself about it."""
    folder = tmp_path_factory.mktemp("cup")
    shutil.copy(state.stock / "coffee-cup.png", folder)
    with own(state, f"pictures:{folder}") as rehearsal:
        rehearsal.ready()
        rehearsal.attack(STEPS)
        yield rehearsal


def drawing(rehearsal: Rehearsal, method: Method, step: int = STEPS) -> DrawChecked:
    return DrawChecked(rehearsal.job(), method, step, ESPRESSO, FLAMINGO, FLAMINGO)


@pytest.mark.parametrize("method", Method)
def test_three_maps_are_drawn_and_none_is_like_another(rehearsal: Rehearsal, method: Method) -> None:
    told = rehearsal.ask(drawing(rehearsal, method), CheckedDrawn)
    assert told.check in (Check.CHANGED, Check.ALIKE)
    original, attacked, control = (rehearsal.performer.pictures[key] for key in keys_of(method))
    assert original.shape == attacked.shape == control.shape == (224, 224, 3)
    for one, other in ((original, attacked), (attacked, control)):
        assert np.abs(one.astype(float) - other).mean() > 3


def test_the_maps_are_those_of_each_pictures_own_answer(rehearsal: Rehearsal, classifier: Classifier) -> None:
    pictures, weights = rehearsal.performer.pictures, classifier.last_layer
    assert weights is not None
    own_answers = ((pictures["original"], ESPRESSO), (pictures["adversarial"], FLAMINGO))
    rehearsal.ask(drawing(rehearsal, Method.CLASS_MAP), CheckedDrawn)
    rehearsal.ask(drawing(rehearsal, Method.OCCLUSION), CheckedDrawn)
    for at, (picture, label) in enumerate(own_answers):
        by_class = class_activation_map(classifier(picture), weights, label)
        assert np.array_equal(pictures[keys_of(Method.CLASS_MAP)[at]], weighing([picture], [by_class])[0])
        hidden = occlusion_map(classifier, picture, label)
        assert np.array_equal(pictures[keys_of(Method.OCCLUSION)[at]], shining([picture], [hidden])[0])


def test_the_control_alone_is_another_one_with_another_seed(rehearsal: Rehearsal) -> None:
    drawn = []
    for _ in range(2):
        rehearsal.ask(drawing(rehearsal, Method.GRAD_CAM), CheckedDrawn)
        drawn.append([rehearsal.performer.pictures[key] for key in keys_of(Method.GRAD_CAM)])
    same = [np.array_equal(one, other) for one, other in zip(*drawn, strict=True)]
    assert same == [True, True, False]


def test_hiding_tells_how_far_it_is_and_ends_once_nobody_waits(rehearsal: Rehearsal) -> None:
    asked = drawing(rehearsal, Method.OCCLUSION)
    rehearsal.do(asked)
    rehearsal.until(lambda: any(told.job == asked.job for told in rehearsal.all(JobAdvanced)), "a first look")
    rehearsal.do(DropJob(asked.job))
    rehearsal.heard.clear()
    rehearsal.ask(RollDice(rehearsal.job(), STEPS), DiceRolled)
    assert not [event for event in rehearsal.heard if isinstance(event, JobAdvanced | CheckedDrawn)]


@pytest.mark.parametrize("method", Method)
def test_of_a_step_that_there_is_not_nothing_is_told(rehearsal: Rehearsal, method: Method) -> None:
    assert rehearsal.ask(drawing(rehearsal, method, STEPS + 3), JobLost)


def test_leaving_in_the_middle_forgets_all_of_it(rehearsal: Rehearsal) -> None:
    for method in (Method.CONTRAST, Method.OCCLUSION):
        rehearsal.do(drawing(rehearsal, method))
    rehearsal.look()
    rehearsal.do(Forget())
    rehearsal.settle(frozenset(key for key in rehearsal.performer.pictures if key.startswith("film-")))
