"""The vaccine with the real model and the real gradient process."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from kiosk.attack.run import Plan, run_attack
from kiosk.device.state_folder import StateFolder
from kiosk.gradients.client import GradientClient, Taught
from kiosk.gradients.jobs import JobCancelledError
from kiosk.topics.vaccine.facts import Stage
from kiosk.topics.vaccine.performing.vaccinate import Dose, Regimen, VaccinationResult, vaccinate
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import Rgb, read_photograph
from kiosk.vision.recipe import Recipe
from kiosk.vision.taught import TaughtClassifier
from tests.lessons import View, burst_of, examples

NAMES = ("cat", "motorcycle", "rocket")
REGIMEN = Regimen(Recipe(epochs=20), max_steps=8)


@dataclass(frozen=True)
class Patient:
    """A taught head, the pictures it was taught, and a picture that fools it."""

    taught: Taught
    pictures: list[Rgb]
    dose: Dose
    steps: int


@pytest.fixture(scope="module")
def patient(state: StateFolder, classifier: Classifier, gradients: GradientClient) -> Patient:
    rng = np.random.default_rng(0)
    views = [
        View(picture, label, label * 10 + burst)
        for label, name in enumerate(NAMES)
        for burst in range(3)
        for picture in burst_of(read_photograph(state.stock / f"{name}.png"), rng, 2)
    ]
    taught: Taught = gradients.train(examples(classifier, NAMES, views), REGIMEN.recipe).result()
    original = next(burst_of(read_photograph(state.stock / "cat.png"), rng, 1))
    plan = Plan("sign", 2, step_255=0.5, budget_255=8, max_steps=16)
    attacked = run_attack(TaughtClassifier(classifier, taught.head), gradients, original, 0, plan)
    assert attacked.fooled
    dose = Dose(original, attacked.shown.picture, 0, 2)
    return Patient(taught, [view.picture for view in views], dose, len(attacked.steps))


def test_the_same_picture_is_right_again_and_all_else_is_told(
    gradients: GradientClient, classifier: Classifier, patient: Patient
) -> None:
    heard: list[tuple[Stage, float]] = []
    done: VaccinationResult = vaccinate(
        classifier,
        gradients,
        patient.taught,
        patient.pictures,
        patient.dose,
        replace(REGIMEN, max_steps=patient.steps),
        on_progress=lambda stage, share: heard.append((stage, share)),
    )

    report = done.report
    assert TaughtClassifier(classifier, patient.taught.head)(patient.dose.adversarial).label == 2
    assert TaughtClassifier(classifier, done.taught.head)(patient.dose.adversarial).label == 0
    assert report.same_picture_right
    assert report.same_photo.before == patient.steps
    assert report.most_steps == patient.steps
    assert report.same_photo.example is None
    others = [other.example for other in report.others]
    assert len(others) == len(set(others)) == 8
    places = [patient.taught.examples.labels[place] for place in others if place is not None]
    assert sorted(places) == [0, 0, 0, 1, 1, 1, 2, 2], "all labels in turn"
    assert report.clean_before == report.clean_after == 1
    assert report.robust is None

    given = done.taught.examples
    assert len(given) == len(patient.taught.examples) + 1
    assert given.labels[-1] == 0
    assert given.bursts[-1] in (0, 1, 2), "it may not be the only burst of its label that is held out"
    stages = [stage for stage, _ in heard]
    assert list(dict.fromkeys(stages)) == [Stage.ATTACKING_BEFORE, Stage.TRAINING, Stage.ATTACKING_AFTER]
    assert all(0 <= share <= 1 for _, share in heard)


def test_attacked_copies_of_every_example(
    gradients: GradientClient, classifier: Classifier, patient: Patient
) -> None:
    few = patient.pictures[::6]  # one of each label
    small = examples(classifier, NAMES, [View(picture, label, label) for label, picture in enumerate(few)])
    taught: Taught = gradients.train(small, REGIMEN.recipe).result()
    done = vaccinate(
        classifier, gradients, taught, few, patient.dose, Regimen(REGIMEN.recipe, 2, max_steps=2)
    )

    given = done.taught.examples
    assert given.labels == (0, 1, 2, 0, 0, 1, 1, 2, 2, 0)
    assert given.bursts == given.labels
    assert (given.embeddings[3:9] != np.repeat(given.embeddings[:3], 2, axis=0)).any(axis=1).all()
    robust = done.report.robust
    assert robust is not None
    assert robust.budget_255 == 2
    assert 0 <= robust.before <= 1
    assert 0 <= robust.after <= 1


@pytest.mark.parametrize("stage", [Stage.ATTACKING_BEFORE, Stage.TRAINING, Stage.ATTACKING_AFTER])
def test_it_stops_when_told_to(
    gradients: GradientClient, classifier: Classifier, patient: Patient, stage: Stage
) -> None:
    reached: list[Stage] = []
    regimen = Regimen(Recipe(epochs=400 if stage is Stage.TRAINING else 5), max_steps=3)
    with pytest.raises(JobCancelledError):
        vaccinate(
            classifier,
            gradients,
            patient.taught,
            patient.pictures,
            patient.dose,
            regimen,
            on_progress=lambda now, _: reached.append(now),
            cancelled=lambda: stage in reached,
        )
    assert reached[-1] is stage
    assert gradients.ping().result() > 0
