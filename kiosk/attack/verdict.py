"""Fooled, nearly or not yet: what ONNX Runtime's answer on the 8-bit picture means."""

from kiosk.attack.noise import NoiseSize
from kiosk.core.visit import Answer, Judged, Ranked, Verdict
from kiosk.vision.classifier import Prediction

NEARLY_TOP = 5
FEW_LABELS, NEARLY_TOP_OF_FEW = 8, 2  # of a taught head's labels, five would be nearly all
SHOWN_LABELS = 10  # blocked ones are left out later, and five bars are to remain


def judge(
    prediction: Prediction, original_label: int, target: int | None, *, fool_confidence: float = 0.0
) -> Verdict:
    """Return how far an attack is. Without a target anything but the original label will do.

    *fooled*: the target is top-1, with at least `fool_confidence`; *nearly*: the original label has left top-1 or the
    target is in the top five, of a taught head's labels in the top two. A head's doubt does not undo *fooled*: the
    gradient does not see it, and of 75 attacks that were fooled half were doubted then, a quarter after more steps.
    """
    answer = prediction.label
    if answer == target or (target is None and answer != original_label):
        sure_enough = float(prediction.probabilities[answer]) >= fool_confidence
        return Verdict.FOOLED if sure_enough else Verdict.NEARLY
    if answer != original_label:
        return Verdict.NEARLY
    top = NEARLY_TOP_OF_FEW if len(prediction.logits) <= FEW_LABELS else NEARLY_TOP
    near = target is not None and target in (label for label, _ in prediction.top(top))
    return Verdict.NEARLY if near else Verdict.NOT_YET


def answer(prediction: Prediction) -> Answer:
    """Return a prediction as the screens read it: its best labels, first the best."""
    ranked = (Ranked(label, confidence) for label, confidence in prediction.top(SHOWN_LABELS))
    return Answer(tuple(ranked), prediction.known)


def judged(
    step: int, prediction: Prediction, size: NoiseSize, original_label: int, target: int | None
) -> Judged:
    """Return a step as the screens read it."""
    return Judged(
        step=step,
        answer=answer(prediction),
        target_confidence=float(prediction.probabilities[prediction.label if target is None else target]),
        verdict=judge(prediction, original_label, target),
        linf_255=size.linf_255,
        mean_255=size.mean_255,
        l2_255=size.l2_255,
        psnr_db=size.psnr_db,
    )
