"""The teaching's part: the examples, and the training of a head on them."""

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kiosk.core.effects import DropExamples, RecordExample, TeachEffect, TrainHead
from kiosk.core.events import EpochTrained, ExampleRecorded, HeadTrained
from kiosk.core.lesson import Example, Lesson
from kiosk.core.model import Epoch
from kiosk.errors import KioskError
from kiosk.gradients import protocol
from kiosk.perform.backstage import Backstage
from kiosk.perform.machines import Machines
from kiosk.perform.photos import Photos
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.examples import Examples, ExamplesError
from kiosk.vision.picture import Rgb, to_picture


@dataclass(frozen=True, eq=False)
class Recorded:
    """An example: its picture, its embedding by a model, and that model's digest. Shapes: embedding (channels,).

    One that no model has looked at yet has no channels, and no digest.
    """

    picture: Rgb
    embedding: NDArray[np.float32]
    sha256: str


class Teaching:
    """Owns the visitor's examples, by number; they belong to the frame loop's thread.

    At most 8 labels of 200 pictures of 150 kB: 240 MB. The shelf has the same arrays, no copies.
    """

    def __init__(self, backstage: Backstage, machines: Machines, photos: Photos) -> None:
        self._backstage, self._machines, self._photos = backstage, machines, photos
        self._recorded: dict[int, Recorded] = {}
        self._recorded_id = -1

    def perform(self, effect: TeachEffect) -> None:
        """Begin what an effect asks for."""
        match effect:
            case RecordExample(job):
                self._record(job)
            case DropExamples(numbers):
                for number in numbers:
                    self._recorded.pop(number, None)
                    self._backstage.pictures.pop(Example(number, 0).key, None)
            case TrainHead():
                self._begin(effect)

    def forget(self) -> None:
        """Let go of all examples."""
        self._recorded.clear()

    def recorded(self, lesson: Lesson) -> dict[int, Recorded]:
        """Return a lesson's examples by number, in its order; raises KioskError where one has gone."""
        rows = {example.number: self._recorded.get(example.number) for _, example in lesson.rows}
        there = {number: recorded for number, recorded in rows.items() if recorded is not None}
        if len(there) < len(rows):
            raise KioskError("an example has gone")
        return there

    def replace(self, recorded: Mapping[int, Recorded]) -> None:
        """Keep these examples by their numbers, in the place of all there are."""
        self.perform(DropExamples((*self._recorded,)))
        for number, example in recorded.items():
            self.keep(number, example)

    def _record(self, job: int) -> None:
        """Keep the newest frame, unless it was kept before: a slow camera gives no second picture."""
        self._backstage.news.want(job)
        frame = self._photos.newest()
        if frame is None or frame.id == self._recorded_id:
            self._backstage.news.lose(job, KioskError("the camera gives no new frame"))
            return
        self._recorded_id = frame.id
        self._backstage.ask(job, partial(self._look_at, job, frame.rgb))

    def _look_at(self, job: int, rgb: Rgb, classifier: AnyClassifier) -> None:
        recorded = _seen(to_picture(rgb, classifier.card.input_size), classifier)
        self._backstage.news.tell(ExampleRecorded(job), partial(self.keep, job, recorded), job)

    def keep(self, number: int, recorded: Recorded) -> None:
        """Keep an example under its number."""
        self._recorded[number] = recorded
        self._backstage.pictures[Example(number, 0).key] = recorded.picture

    def _begin(self, effect: TrainHead) -> None:
        """Let the open model look at examples that another one has seen; then train."""
        job = effect.job
        self._backstage.news.want(job)
        try:
            there = self.recorded(effect.lesson)
        except KioskError as error:
            self._backstage.news.lose(job, error)
            return
        self._backstage.ask(job, partial(self._look_again, effect, there))

    def _look_again(self, effect: TrainHead, rows: dict[int, Recorded], classifier: AnyClassifier) -> None:
        card = classifier.card
        seen = {
            number: recorded
            if recorded.sha256 == card.sha256
            else _seen(to_picture(recorded.picture, card.input_size), classifier)
            for number, recorded in rows.items()
        }
        self._backstage.news.go_on(effect.job, partial(self._train, effect, seen))

    def _train(self, effect: TrainHead, rows: dict[int, Recorded]) -> None:
        job, gradients, recipe = (
            effect.job,
            self._backstage.gradients,
            self._backstage.settings.teaching.recipe,
        )
        self._recorded.update(rows)
        try:
            examples = Examples(
                names=effect.names,
                embeddings=np.stack([recorded.embedding for recorded in rows.values()]),
                labels=tuple(label for label, _ in effect.lesson.rows),
                bursts=tuple(example.burst for _, example in effect.lesson.rows),
            )
        except ExamplesError as error:
            self._backstage.news.lose(job, error)
            return
        if gradients is None:
            self._backstage.news.lose(job, KioskError("there is no gradient process yet"))
            return
        promise = gradients.train(examples, recipe, partial(self._tell, job, recipe.epochs))
        self._backstage.news.want(job, promise)
        pictures = {number: recorded.picture for number, recorded in rows.items()}
        promise.add_done_callback(partial(self._trained, job, pictures))

    def _tell(self, job: int, epochs: int, epoch: protocol.Epoch) -> None:
        so_far = Epoch(
            epoch.epoch, epochs, epoch.loss, epoch.accuracy, epoch.held_out_loss, epoch.held_out_accuracy
        )
        self._backstage.news.tell_so_far(EpochTrained(job, so_far), job)

    def _trained(self, job: int, pictures: dict[int, Rgb], promise: "Future[Any]") -> None:
        error = promise.exception()
        if error is not None:
            self._backstage.news.lose(job, error)
            return
        taught = promise.result()
        told = HeadTrained(job, taught.predicted)
        self._backstage.news.tell(told, partial(self._machines.teach, taught, pictures), job)


def _seen(picture: Rgb, classifier: AnyClassifier) -> Recorded:
    return Recorded(picture, classifier(picture).embedding, classifier.card.sha256)
