"""What a vaccine changes, measured on real photographs of taught objects."""

from pathlib import Path

import numpy as np
import pytest

from kiosk.attack.run import Plan, run_attack
from kiosk.gradients.client import GradientClient
from kiosk.topics.vaccine.facts import CLEAN_LOSS, Resistance, VaccineReport
from kiosk.topics.vaccine.performing.vaccinate import Dose, Regimen, vaccinate
from kiosk.vision.classifier import Classifier
from kiosk.vision.taught import TaughtClassifier
from tests.figures.figure import at_least, most_of, told
from tests.figures.test_head import ATTACKED_LABELS, DRAWS, long, slow, taught_by
from tests.lessons import Lesson, objects

COPIED_DRAWS = 3


@pytest.fixture(scope="module")
def files(shared: Path) -> list[Path]:
    return sorted((shared / "images").glob("*.jpg"))


def vaccinated(
    gradients: GradientClient, classifier: Classifier, lesson: Lesson, regimen: Regimen
) -> VaccineReport:
    """Return what it changes to teach a lesson and vaccinate it with the first picture it knows, once attacked."""
    taught = taught_by(gradients, classifier, lesson.names, lesson.teaching)
    answering = TaughtClassifier(classifier, taught.head)
    right = next(view for view in lesson.asking if answering(view.picture).label == view.label)
    target = (right.label + 1) % len(lesson.names)
    plan = Plan("sign", target, regimen.step_255, regimen.budget_255, regimen.max_steps)
    lie = run_attack(answering, gradients, right.picture, right.label, plan)
    assert lie.fooled
    dose = Dose(right.picture, lie.shown.picture, right.label, target)
    pictures = [view.picture for view in lesson.teaching]
    return vaccinate(classifier, gradients, taught, pictures, dose, regimen).report


@slow
@long
def test_what_a_vaccine_changes(gradients: GradientClient, classifier: Classifier, files: list[Path]) -> None:
    reports = []
    for seed in range(DRAWS):
        lesson = objects(files, seed, ATTACKED_LABELS, bursts=5, frames=10)
        reports.append(vaccinated(gradients, classifier, lesson, Regimen()))

    told("vaccine: steps on the same photograph", " ".join(steps_of(r.same_photo) for r in reports))
    told(
        "vaccine: helped there, elsewhere",
        f"{sum(r.helped for r in reports)}, {sum(r.helped_elsewhere for r in reports)}",
    )
    told("vaccine: clean accuracy", " ".join(f"{r.clean_before:.3f}->{r.clean_after:.3f}" for r in reports))
    most_of("vaccine: the same picture right", sum(r.same_picture_right for r in reports), DRAWS, DRAWS)


@slow
@long
@pytest.mark.parametrize("copies", [1, 2])
def test_what_attacked_copies_change(
    gradients: GradientClient, classifier: Classifier, files: list[Path], copies: int
) -> None:
    reports = []
    for seed in range(COPIED_DRAWS):
        lesson = objects(files, seed, ATTACKED_LABELS, bursts=5, frames=2)
        reports.append(vaccinated(gradients, classifier, lesson, Regimen(attacked_copies=copies)))

    robust = [report.robust for report in reports if report.robust is not None]
    of = f"attacked copies, {copies} of each example"
    told(
        f"{of}: right under attack within {robust[0].budget_255:g}/255",
        " ".join(f"{r.before:.2f}->{r.after:.2f}" for r in robust),
    )
    told(f"{of}: clean accuracy", " ".join(f"{r.clean_before:.3f}->{r.clean_after:.3f}" for r in reports))
    told(f"{of}: steps on the same photograph", " ".join(steps_of(r.same_photo) for r in reports))
    assert all(report.robust is not None for report in reports)
    at_least(
        f"{of}: clean accuracy, mean change",
        float(np.mean([report.clean_after - report.clean_before for report in reports])),
        -CLEAN_LOSS,
    )


def steps_of(resistance: Resistance) -> str:
    return f"{resistance.before}->{resistance.after or 'fails'}"
