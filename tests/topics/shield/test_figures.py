"""What the shield is worth on photographs: what it costs, what it stops, and whether its promise holds."""

import json
from pathlib import Path

import numpy as np
import pytest

from kiosk.attack.run import Plan, run_attack
from kiosk.device.state_folder import StateFolder
from kiosk.explaining.smoothing import Shielded, certified, votes
from kiosk.gradients.client import GradientClient
from kiosk.gradients.compute.attacks import Attacker
from kiosk.gradients.compute.network import Network
from kiosk.topics.shield.performing import FIRST, HAZE_255, LATER
from kiosk.vision.classifier import Classifier
from kiosk.vision.model_card import MODEL_FILE
from kiosk.vision.picture import Rgb
from tests.figures.figure import at_least, at_most, few_of, told
from tests.lies import lie_about

EVERY = 2  # so many-th photograph
PROMISES, TRIES = 20, 10  # pictures whose promise is tried, and how often each
AIMED_EVERY, AIMED_COPIES = 5, 8  # so many-th photograph, and copies a gradient
NEARLY = 0.99  # of the radius: rounding adds a little
BUDGET_255, MAX_STEPS = 16.0, 16  # the exhibit's

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("torch_module")]


def shielded(classifier: Classifier, picture: Rgb, seed: int, later: int = LATER) -> Shielded:
    cast = [*votes(classifier, picture, HAZE_255, FIRST + later, seed)]
    return certified(cast[:FIRST], cast[FIRST:], HAZE_255)


def test_the_shield_costs_few_right_answers_and_no_lie_wins_a_vote(
    shared: Path,
    photographs: list[Path],
    pictures: list[Rgb],
    classifier: Classifier,
    gradients: GradientClient,
) -> None:
    right = json.loads((shared / "images" / "labels.json").read_text("utf-8"))
    plain = held = lies = back = doubts = attacks = 0
    radii = []
    chosen = [*zip(photographs, pictures, strict=True)][::EVERY]
    for seed, (path, original) in enumerate(chosen):
        answer, vote = classifier(original).label, shielded(classifier, original, seed)
        plain += answer == right[path.name]
        held += vote.label == right[path.name] and not vote.abstains
        radii.append(vote.radius_255)
        target = lie_about(path, answer)
        plan = Plan("sign", target, budget_255=BUDGET_255, max_steps=MAX_STEPS)
        attacked = run_attack(classifier, gradients, original, answer, plan)
        if attacked.fooled:
            attacks += 1
            vote = shielded(classifier, attacked.shown.picture, seed)
            lies += vote.label == target and not vote.abstains
            back += vote.label == answer and not vote.abstains
            doubts += vote.abstains
    count = len(chosen)
    told("plain pictures named rightly by one look, and by the shield", f"{plain}, {held} of {count}")
    few_of("fooled pictures whose lie wins the vote", lies, attacks, 0.05)
    told(
        "fooled pictures whose first answer is back, and whose vote is no majority",
        f"{back}, {doubts} of {attacks}",
    )
    told("L2 promised, median", f"{np.median(radii):.1f} of 255")


def through_the_haze(
    attacker: Attacker, original: Rgb, lie: int, plan: Plan, rng: np.random.Generator
) -> Rgb:
    """Return what an attack makes that knows of the shield: each step goes up what its hazy copies agree on.

    After Salman et al. 2019, arXiv:1906.04584, with the log-odds averaged.
    """
    start = iterate = original.astype(np.float32)
    low, high = (start - plan.budget_255).clip(0), (start + plan.budget_255).clip(max=255)
    for step in range(1, plan.max_steps + 1):
        hazes = rng.normal(0, HAZE_255, (AIMED_COPIES, *original.shape)).astype(np.float32)
        push = np.sum([attacker.gradient(iterate + haze, lie) for haze in hazes], axis=0)
        iterate = np.clip(iterate + np.float32(plan.stride_255(step)) * np.sign(push), low, high)
    return np.rint(iterate).astype(np.uint8)


def test_an_attack_that_knows_of_the_shield(
    photographs: list[Path], pictures: list[Rgb], classifier: Classifier, state: StateFolder
) -> None:
    """The same budget and as many steps, aimed at the copies: told, for the shield promises nothing at that size."""
    attacker = Attacker(
        Network.from_file(state.model(None) / MODEL_FILE), classifier.card.mean, classifier.card.std
    )
    rng = np.random.default_rng(0)
    chosen = [*zip(photographs, pictures, strict=True)][::AIMED_EVERY]
    lies = turned = 0
    for seed, (path, original) in enumerate(chosen):
        answer = classifier(original).label
        lie = lie_about(path, answer)
        plan = Plan("sign", lie, budget_255=BUDGET_255, max_steps=MAX_STEPS)
        vote = shielded(classifier, through_the_haze(attacker, original, lie, plan, rng), seed)
        lies += vote.label == lie and not vote.abstains
        turned += vote.label != answer or vote.abstains
    told(
        "attacks aimed at the copies whose lie wins the vote, or whose first answer does not",
        f"{lies}, {turned} of {len(chosen)}",
    )


def test_no_attack_within_the_radius_turns_a_vote(
    pictures: list[Rgb], classifier: Classifier, state: StateFolder
) -> None:
    network = Network.from_file(state.model(None) / MODEL_FILE)
    attacker = Attacker(network, classifier.card.mean, classifier.card.std)
    rng = np.random.default_rng(0)
    turned = tried = 0
    for seed, picture in enumerate(pictures):
        vote = shielded(classifier, picture, seed)
        if vote.abstains:
            continue
        for at in range(TRIES):
            lie = int(rng.choice([label for label in range(1000) if label != vote.label]))
            hazy = picture + rng.normal(0, HAZE_255, picture.shape)
            push = attacker.gradient(hazy.astype(np.float32), lie)
            changed = picture + NEARLY * vote.radius_255 * push / np.linalg.norm(push)
            again = shielded(classifier, np.clip(np.rint(changed), 0, 255).astype(np.uint8), 1000 + at, 30)
            tried += 1
            turned += again.label != vote.label and not again.abstains
        if tried == PROMISES * TRIES:
            break
    at_least("attacks within the promised radius", tried, PROMISES * TRIES)
    at_most("votes that they turned", turned, 0)
