"""Live frames and their bars, and the picture a visitor takes."""

import itertools
import logging
from concurrent.futures import Future
from functools import partial
from typing import assert_never, cast

from kiosk.attack.film import STOCK_PICTURE
from kiosk.attack.verdict import answer
from kiosk.camera.base import Frame
from kiosk.camera.orientation import Orientation, Turn
from kiosk.errors import KioskError
from kiosk.perform import pictures as keys
from kiosk.perform.part import Part
from kiosk.perform.stack import Stack
from kiosk.perform.workshop import Workshop
from kiosk.topics.photograph.messages import (
    LiveJudged,
    OrientCamera,
    RestartCamera,
    StartFraming,
    StartLive,
    StopLive,
    TakePicture,
    TakeStockPicture,
)
from kiosk.topics.photograph.performing.measuring import measured
from kiosk.topics.photograph.performing.original import judge_original
from kiosk.vision.classifier import AnyClassifier, Classifier
from kiosk.vision.picture import centre_view, framing_view, picture_files, read_photograph, to_picture

log = logging.getLogger(__name__)

FRAMING = "framing"  # all that the camera sees, while staff mount it
PhotoEffect = (
    StartLive | StopLive | StartFraming | RestartCamera | OrientCamera | TakePicture | TakeStockPicture
)


class Photos(Part[PhotoEffect]):
    """Shows the camera's frames, lets them be judged, and takes pictures."""

    performs = (
        StartLive,
        StopLive,
        StartFraming,
        RestartCamera,
        OrientCamera,
        TakePicture,
        TakeStockPicture,
    )

    def __init__(self, workshop: Workshop) -> None:
        """Work with what all parts share."""
        super().__init__(workshop)
        self._stock_turn = itertools.count()
        self._live = self._framing = False
        self._seen_id = self._judged_id = -1
        workshop.models.thread.ask(_read_ahead, _not_read, lasting=True)

    def perform(self, effect: PhotoEffect) -> None:
        """Begin what an effect asks for."""
        match effect:
            case StartLive(judging):
                self._set_live(True, judging=judging)
            case StopLive():
                self._set_live(False)
            case StartFraming():
                self._set_live(False)
                self._framing = True
            case RestartCamera():
                self._workshop.camera.reopen()
            case OrientCamera(turned, mirrored):
                self._workshop.camera.orient(Orientation(cast("Turn", turned), mirrored))
            case TakePicture(job):
                self._workshop.jobs.want(job)
                self._workshop.camera.capture().add_done_callback(partial(self._captured, job))
            case TakeStockPicture(job):
                self._workshop.jobs.want(job)
                self._workshop.ask(job, partial(self._judge_stock, job, next(self._stock_turn)))
            case _:
                assert_never(effect)

    def _set_live(self, live: bool, *, judging: bool = True) -> None:
        """Begin or stop showing camera frames, and judging them."""
        self._live, self._framing, self._seen_id = live, False, -1
        self._workshop.models.thread.look_with(self._look if live and judging else None)

    def refresh(self) -> None:
        """Put the newest camera frame there while live, or all of it while the camera is being mounted."""
        frame = self._workshop.camera.newest() if self._live or self._framing else None
        if frame is None or frame.id == self._seen_id:
            return
        self._seen_id = frame.id
        if self._framing:
            self._workshop.pictures[FRAMING] = framing_view(frame.rgb)
        else:
            self._workshop.pictures[keys.CAMERA] = centre_view(frame.rgb)

    def forget_picture(self) -> None:
        """Show no frame any more."""
        self._set_live(False)

    def forget(self) -> None:
        """Show no frame any more."""
        self._set_live(False)

    def _look(self, classifier: AnyClassifier) -> None:
        frame = self._workshop.camera.newest()
        if frame is not None and frame.id != self._judged_id:
            self._judged_id = frame.id
            picture = to_picture(frame.rgb, classifier.card.input_size)
            prediction = classifier(picture)
            weights = classifier.last_layer if isinstance(classifier, Classifier) else None
            self._workshop.jobs.tell(LiveJudged(answer(prediction), measured(picture, prediction, weights)))

    def _captured(self, job: int, promise: "Future[Frame]") -> None:
        error = promise.exception()
        if error is not None:
            self._workshop.jobs.lose(job, error)
        else:
            self._workshop.ask(
                job, partial(judge_original, self._workshop, job, promise.result().rgb, self._put)
            )

    def _judge_stock(self, job: int, turn: int, classifier: AnyClassifier) -> None:
        try:
            files = picture_files(self._workshop.state.stock)
            first = next((at for at, file in enumerate(files) if file.name == STOCK_PICTURE), 0)
            rgb = read_photograph(files[(first + turn) % len(files)])
        except KioskError as error:
            self._workshop.jobs.lose(job, error)
        else:
            judge_original(self._workshop, job, rgb, self._put, classifier)

    def _put(self, taken: Stack) -> None:
        self._workshop.pictures.put_original(taken)


def _read_ahead(classifier: AnyClassifier) -> None:
    """Read the last layer, which the first look would wait for; in the classify thread, once the model is open."""
    if isinstance(classifier, Classifier):
        _ = classifier.last_layer


def _not_read(error: Exception) -> None:
    log.warning("event=no_last_layer reason=%s", error)
