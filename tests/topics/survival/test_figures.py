"""What is left of invisible noise after each treatment of the lab, beside what the machine says of clean pictures."""

from collections import Counter
from pathlib import Path

import pytest

from kiosk.attack.run import Plan, run_attack
from kiosk.attack.survival import share_interval
from kiosk.gradients.client import GradientClient
from kiosk.topics.survival.facts import Treatment
from kiosk.topics.survival.performing.treating import treat
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import Rgb
from tests.figures.figure import told
from tests.lies import lie_about

BUDGET_255, MAX_STEPS = 16.0, 16  # the exhibit's

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("torch_module")]


def test_how_often_a_lie_survives_each_treatment(
    photographs: list[Path], pictures: list[Rgb], classifier: Classifier, gradients: GradientClient
) -> None:
    """Told, not demanded: what survives is what a visitor sees. Of clean pictures, those that keep their answer."""
    lies: Counter[Treatment] = Counter()
    kept: Counter[Treatment] = Counter()
    fooled = 0
    for seed, (path, original) in enumerate(zip(photographs, pictures, strict=True)):
        answer = classifier(original).label
        lie = lie_about(path, answer)
        plan = Plan("sign", lie, budget_255=BUDGET_255, max_steps=MAX_STEPS)
        attacked = run_attack(classifier, gradients, original, answer, plan)
        if not attacked.fooled:
            continue
        fooled += 1
        for treatment in Treatment:
            lies[treatment] += classifier(treat(treatment, attacked.shown.picture, seed)).label == lie
            kept[treatment] += classifier(treat(treatment, original, seed)).label == answer
    for treatment in Treatment:
        low, high = share_interval(lies[treatment], fooled)
        told(
            f"{treatment.value}: lies left of {fooled}, 95 % interval; clean pictures that keep their answer",
            f"{lies[treatment]}, {low:.0%} to {high:.0%}; {kept[treatment]}",
        )
