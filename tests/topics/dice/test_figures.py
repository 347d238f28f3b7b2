"""The control of the experiment on real photographs: noise as large as the attack's, thrown by dice, fools nobody."""

from pathlib import Path

from kiosk.attack.dice_noise import dice_noise
from kiosk.attack.noise import noise_size
from kiosk.attack.run import Plan, run_attack
from kiosk.gradients.client import GradientClient
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import Rgb
from tests.figures.figure import few_of, told
from tests.lies import lie_about

ROLLS = 5  # a picture
BUDGET_255, MAX_STEPS = 16.0, 16  # the exhibit's
CHANGED, FOOLED = 0.10, 0.002  # of the rolls, at most
QUICK = 3  # every so many-th photograph in an ordinary run


def test_dice_noise_hardly_ever_changes_an_answer_and_does_not_fool(
    photographs: list[Path],
    pictures: list[Rgb],
    classifier: Classifier,
    gradients: GradientClient,
    every_photograph: bool,
) -> None:
    few = slice(None, None, 1 if every_photograph else QUICK)
    attacks = fooled_by_attack = rolls = changed = fooled = 0
    for path, original in zip(photographs[few], pictures[few], strict=True):
        answer = classifier(original)
        target = lie_about(path, answer.label)
        plan = Plan("sign", target, budget_255=BUDGET_255, max_steps=MAX_STEPS)
        attacked = run_attack(classifier, gradients, original, answer.label, plan)
        attacks += 1
        fooled_by_attack += attacked.fooled
        for seed in range(ROLLS):
            thrown = dice_noise(original, attacked.shown.picture, seed)
            assert noise_size(original, thrown) == attacked.shown.noise
            said = classifier(thrown).label
            rolls += 1
            changed += said != answer.label
            fooled += said == target
    told("dice noise: attacks that fool", f"{fooled_by_attack} of {attacks}")
    few_of("dice noise: rolls that change the answer", changed, rolls, CHANGED)
    few_of("dice noise: rolls that reach the lie", fooled, rolls, FOOLED)
