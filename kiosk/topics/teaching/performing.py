"""The examples, and the training of a head on them."""

from concurrent.futures import Future
from functools import partial
from typing import Any, assert_never

import numpy as np

from kiosk.errors import KioskError
from kiosk.gradients import protocol
from kiosk.perform.part import Part
from kiosk.perform.recordings import Recorded
from kiosk.perform.workshop import Workshop
from kiosk.topics.teaching.messages import (
    DropExamples,
    Epoch,
    EpochTrained,
    ExampleRecorded,
    HeadTrained,
    RecordExample,
    TrainHead,
)
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.examples import Examples, ExamplesError
from kiosk.vision.picture import Rgb, to_picture


class Teaching(Part[RecordExample | DropExamples | TrainHead]):
    """Records examples, and lets the gradient process train a head on them."""

    performs = (RecordExample, DropExamples, TrainHead)

    def __init__(self, workshop: Workshop) -> None:
        """Work with what all parts share."""
        super().__init__(workshop)
        self._recorded_id = -1

    def perform(self, effect: RecordExample | DropExamples | TrainHead) -> None:
        """Begin what an effect asks for."""
        match effect:
            case RecordExample(job):
                self._record(job)
            case DropExamples(numbers):
                self._workshop.recordings.drop(numbers)
            case TrainHead():
                self._begin(effect)
            case _:
                assert_never(effect)

    def forget_picture(self) -> None:
        """Drop nothing: examples are no picture that was taken, and are kept by the recordings."""

    def forget(self) -> None:
        """Drop nothing: all examples are kept by the recordings."""

    def _record(self, job: int) -> None:
        """Keep the newest frame, unless it was kept before: a slow camera gives no second picture."""
        self._workshop.jobs.want(job)
        frame = self._workshop.camera.newest()
        if frame is None or frame.id == self._recorded_id:
            self._workshop.jobs.lose(job, KioskError("the camera gives no new frame"))
            return
        self._recorded_id = frame.id
        self._workshop.ask(job, partial(self._look_at, job, frame.rgb))

    def _look_at(self, job: int, rgb: Rgb, classifier: AnyClassifier) -> None:
        recorded = _seen(to_picture(rgb, classifier.card.input_size), classifier)
        self._workshop.jobs.tell(
            ExampleRecorded(job), partial(self._workshop.recordings.keep, job, recorded), job
        )

    def _begin(self, effect: TrainHead) -> None:
        """Encode with the open model the examples that another one has seen, then train."""
        job = effect.job
        self._workshop.jobs.want(job)
        try:
            there = self._workshop.recordings.of(effect.lesson)
        except KioskError as error:
            self._workshop.jobs.lose(job, error)
            return
        self._workshop.ask(job, partial(self._look_again, effect, there))

    def _look_again(self, effect: TrainHead, rows: dict[int, Recorded], classifier: AnyClassifier) -> None:
        card = classifier.card
        seen = {
            number: recorded
            if recorded.sha256 == card.sha256
            else _seen(to_picture(recorded.picture, card.input_size), classifier)
            for number, recorded in rows.items()
        }
        self._workshop.jobs.go_on(effect.job, partial(self._train, effect, seen))

    def _train(self, effect: TrainHead, rows: dict[int, Recorded]) -> None:
        job, gradients, recipe = (
            effect.job,
            self._workshop.models.gradients,
            self._workshop.settings.teaching.recipe,
        )
        self._workshop.recordings.seen_again(rows)
        try:
            examples = Examples(
                names=effect.names,
                embeddings=np.stack([recorded.embedding for recorded in rows.values()]),
                labels=tuple(label for label, _ in effect.lesson.rows),
                bursts=tuple(example.burst for _, example in effect.lesson.rows),
            )
        except ExamplesError as error:
            self._workshop.jobs.lose(job, error)
            return
        if gradients is None:
            self._workshop.jobs.lose(job, KioskError("there is no gradient process yet"))
            return
        promise = gradients.train(examples, recipe, partial(self._tell, job, recipe.epochs))
        self._workshop.jobs.want(job, promise)
        pictures = {number: recorded.picture for number, recorded in rows.items()}
        promise.add_done_callback(partial(self._trained, job, pictures))

    def _tell(self, job: int, epochs: int, epoch: protocol.EpochDone) -> None:
        so_far = Epoch(
            epoch.epoch,
            epochs,
            epoch.loss,
            epoch.accuracy,
            epoch.held_out_loss,
            epoch.held_out_accuracy,
            epoch.said,
        )
        self._workshop.jobs.tell_so_far(EpochTrained(job, so_far), job)

    def _trained(self, job: int, pictures: dict[int, Rgb], promise: "Future[Any]") -> None:
        error = promise.exception()
        if error is not None:
            self._workshop.jobs.lose(job, error)
            return
        taught = promise.result()
        told = HeadTrained(job, taught.predicted)
        self._workshop.jobs.tell(told, partial(self._workshop.models.teach, taught, pictures), job)


def _seen(picture: Rgb, classifier: AnyClassifier) -> Recorded:
    return Recorded(picture, classifier(picture).embedding, classifier.card.sha256)
