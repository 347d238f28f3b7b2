"""A frame or photograph becomes the visitor's picture."""

from collections.abc import Callable
from functools import partial

from kiosk.attack.verdict import answer
from kiosk.perform.stack import Stack
from kiosk.perform.workshop import Workshop
from kiosk.topics.photograph.messages import PictureTaken
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.picture import Rgb, to_picture


def judge_original(
    workshop: Workshop, job: int, rgb: Rgb, put: Callable[[Stack], None], classifier: AnyClassifier
) -> None:
    """Judge it, and `put` it in its place as the visitor's picture; in the classify thread."""
    original = to_picture(rgb, classifier.card.input_size)
    prediction = classifier(original)
    taken = Stack(rgb, original, prediction.label)
    workshop.jobs.tell(PictureTaken(job, answer(prediction)), partial(put, taken), job)
