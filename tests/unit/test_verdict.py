"""Fooled, nearly or not yet: the three states a visitor sees."""

import numpy as np
import pytest

from kiosk.attack.noise import NoiseSize
from kiosk.attack.verdict import judge, judged
from kiosk.core.visit import Verdict
from kiosk.vision.classifier import Prediction

FOOLED, NEARLY, NOT_YET = Verdict.FOOLED, Verdict.NEARLY, Verdict.NOT_YET
ORIGINAL, TARGET = 0, 1


def ranked(*labels: int, confidence: float = 0.5) -> Prediction:
    """Return a prediction of ten labels in this order, the rest behind, the first with this confidence."""
    probabilities = np.full(10, 1e-6)
    for place, label in enumerate(labels[1:]):
        probabilities[label] = 0.5**place
    probabilities[labels[0]] = 0
    probabilities *= (1 - confidence) / probabilities.sum()
    probabilities[labels[0]] = confidence
    prediction = Prediction(
        np.log(probabilities).astype(np.float32), np.zeros(1, np.float32), np.zeros((1, 1, 1), np.float32)
    )
    assert [label for label, _ in prediction.top(len(labels))] == list(labels)
    return prediction


@pytest.mark.parametrize(
    ("order", "verdict"),
    [
        ((TARGET, ORIGINAL), FOOLED),
        ((TARGET, 2), FOOLED),
        ((2, ORIGINAL, TARGET), NEARLY),
        ((2, 3, 4, 5, 6, 7, TARGET), NEARLY),
        ((ORIGINAL, TARGET), NEARLY),
        ((ORIGINAL, 2, 3, 4, TARGET), NEARLY),
        ((ORIGINAL, 2, 3, 4, 5, TARGET), NOT_YET),
        ((ORIGINAL, 2, 3, 4, 5, 6, 7), NOT_YET),
    ],
)
def test_with_a_target(order: tuple[int, ...], verdict: Verdict) -> None:
    assert judge(ranked(*order, confidence=0.6), ORIGINAL, TARGET) is verdict


@pytest.mark.parametrize(
    ("order", "verdict"), [((ORIGINAL, 2, 3), NOT_YET), ((2, ORIGINAL), FOOLED), ((9, 8), FOOLED)]
)
def test_without_a_target_anything_but_the_original_label_will_do(
    order: tuple[int, ...], verdict: Verdict
) -> None:
    assert judge(ranked(*order, confidence=0.6), ORIGINAL, None) is verdict


@pytest.mark.parametrize(
    ("confidence", "asked", "verdict"),
    [(0.9, 0.0, FOOLED), (0.9, 0.8, FOOLED), (0.7, 0.8, NEARLY), (0.55, 1.0, NEARLY)],
)
@pytest.mark.parametrize("target", [TARGET, None])
def test_more_confidence_can_be_asked_for(
    target: int | None, confidence: float, asked: float, verdict: Verdict
) -> None:
    prediction = ranked(TARGET, ORIGINAL, confidence=confidence)
    assert judge(prediction, ORIGINAL, target, fool_confidence=asked) is verdict


def test_exactly_the_confidence_asked_for_is_enough() -> None:
    prediction = ranked(TARGET, ORIGINAL, confidence=0.9)
    reached = float(prediction.probabilities[TARGET])
    assert judge(prediction, ORIGINAL, TARGET, fool_confidence=reached) is FOOLED
    assert judge(prediction, ORIGINAL, TARGET, fool_confidence=reached + 1e-6) is NEARLY


@pytest.mark.parametrize(
    ("order", "confidence", "verdict"),
    [
        ((ORIGINAL, 2), 0.95, FOOLED),
        ((ORIGINAL, 2), 0.6, NEARLY),
        ((2, ORIGINAL), 0.95, NEARLY),
        ((2, 3, 4, 5, 6, ORIGINAL), 0.95, NEARLY),
    ],
)
def test_the_right_label_as_target_is_boosted_until_it_is_as_sure_as_asked(
    order: tuple[int, ...], confidence: float, verdict: Verdict
) -> None:
    prediction = ranked(*order, confidence=confidence)
    assert judge(prediction, ORIGINAL, ORIGINAL, fool_confidence=0.9) is verdict


def test_the_words_are_those_of_the_screen() -> None:
    assert [verdict.value for verdict in Verdict] == ["fooled", "nearly", "not yet"]


def test_a_judged_step_tells_the_screens_what_the_classifier_said() -> None:
    prediction = ranked(2, ORIGINAL, TARGET, confidence=0.6)
    size = NoiseSize(linf_255=3, l2_255=9.0, mean_255=0.5, psnr_db=40.0)
    step = judged(4, prediction, size, ORIGINAL, TARGET)
    assert (step.step, step.linf_255, step.mean_255, step.verdict) == (4, 3, 0.5, NEARLY)
    assert [row.label for row in step.answer.top][:3] == [2, ORIGINAL, TARGET]
    assert step.answer.first.confidence == float(prediction.probabilities[2])
    assert step.target_confidence == float(prediction.probabilities[TARGET])


def test_a_judged_step_without_a_target_tells_the_confidence_of_the_answer() -> None:
    size = NoiseSize(linf_255=3, l2_255=9.0, mean_255=0.5, psnr_db=40.0)
    step = judged(1, ranked(7, ORIGINAL, confidence=0.6), size, ORIGINAL, None)
    assert step.verdict is FOOLED
    assert step.target_confidence == step.answer.first.confidence
