"""Live frames and their bars, and the picture a visitor takes."""

import itertools
import logging
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import assert_never, cast

import cv2
import numpy as np

from kiosk.attack.film import STOCK_PICTURE
from kiosk.attack.verdict import answer
from kiosk.camera.base import Frame
from kiosk.camera.orientation import Orientation, Turn
from kiosk.errors import KioskError
from kiosk.explaining.maps import class_activation_map
from kiosk.perform import pictures as keys
from kiosk.perform.part import Part
from kiosk.perform.stack import Stack
from kiosk.perform.workshop import Workshop
from kiosk.topics.photograph.messages import (
    LiveJudged,
    MapLive,
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
from kiosk.vision.heatmap import shine, shone_over
from kiosk.vision.picture import Rgb, centre_view, framing_view, picture_files, read_photograph, to_picture

log = logging.getLogger(__name__)

FRAMING = "framing"  # all that the camera sees, while staff mount it
PhotoEffect = (
    StartLive
    | StopLive
    | MapLive
    | StartFraming
    | RestartCamera
    | OrientCamera
    | TakePicture
    | TakeStockPicture
)


class Photos(Part[PhotoEffect]):
    """Shows the camera's frames, lets them be judged, and takes pictures."""

    performs = (
        StartLive,
        StopLive,
        MapLive,
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
        self._maps = False
        self._map: Rgb | None = None
        self._shine: tuple[Rgb, Rgb] | None = None
        workshop.models.thread.ask(_read_ahead, _not_read, lasting=True)

    def perform(self, effect: PhotoEffect) -> None:
        """Begin what an effect asks for."""
        match effect:
            case StartLive(judging):
                self._set_live(True, judging=judging)
            case StopLive():
                self._set_live(False)
            case MapLive(on):
                self._maps, self._map, self._shine = on, None, None
            case StartFraming():
                self._set_live(False)
                self._framing = True
            case RestartCamera():
                self._workshop.camera.reopen()
            case OrientCamera(turned, mirrored):
                self._workshop.camera.orient(Orientation(cast("Turn", turned), mirrored))
            case TakePicture(job):
                self._workshop.jobs.want(job)
                put = self._put_ours if self._workshop.camera.stands_in else self._put
                self._workshop.camera.capture().add_done_callback(partial(self._captured, job, put))
            case TakeStockPicture(job):
                self._workshop.jobs.want(job)
                self._workshop.ask(job, partial(self._judge_stock, job, next(self._stock_turn)))
            case _:
                assert_never(effect)

    def _set_live(self, live: bool, *, judging: bool = True) -> None:
        """Begin or stop showing camera frames, and judging them."""
        self._live, self._framing, self._seen_id = live, False, -1
        self._maps, self._map, self._shine = False, None, None
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
            self._workshop.pictures[keys.CAMERA] = self._mapped(centre_view(frame.rgb))

    def _mapped(self, view: Rgb) -> Rgb:
        """Return a live picture under its map, which is brought to its size once a map, not once a frame."""
        drawn = self._map
        if not self._maps or drawn is None:
            return view
        if self._shine is None or self._shine[0] is not drawn or len(self._shine[1]) != len(view):
            self._shine = drawn, np.asarray(cv2.resize(drawn, view.shape[1::-1]), np.uint8)
        return shone_over(view, self._shine[1])

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
            told = LiveJudged(answer(prediction), measured(picture, prediction, weights), weights is not None)
            drawn = None
            if weights is not None and self._maps:
                cells = class_activation_map(prediction, weights, prediction.label)
                drawn = shine(cells, len(picture))
            self._workshop.jobs.tell(told, partial(self._put_map, drawn))

    def _put_map(self, drawn: Rgb | None) -> None:
        """Show a map from now on, where maps are still wanted."""
        if self._maps:
            self._map = drawn

    def _captured(self, job: int, put: Callable[[Stack], None], promise: "Future[Frame]") -> None:
        error = promise.exception()
        if error is not None:
            self._workshop.jobs.lose(job, error)
        else:
            self._workshop.ask(job, partial(judge_original, self._workshop, job, promise.result().rgb, put))

    def _judge_stock(self, job: int, turn: int, classifier: AnyClassifier) -> None:
        try:
            files = picture_files(self._workshop.state.stock)
            first = next((at for at, file in enumerate(files) if file.name == STOCK_PICTURE), 0)
            rgb = read_photograph(files[(first + turn) % len(files)])
        except KioskError as error:
            self._workshop.jobs.lose(job, error)
        else:
            judge_original(self._workshop, job, rgb, self._put_ours, classifier)

    def _put_ours(self, taken: Stack) -> None:
        taken.stock = True
        self._put(taken)

    def _put(self, taken: Stack) -> None:
        self._workshop.pictures.put_original(taken)


def _read_ahead(classifier: AnyClassifier) -> None:
    """Read the last layer, which the first look would wait for; in the classify thread, once the model is open."""
    if isinstance(classifier, Classifier):
        _ = classifier.last_layer


def _not_read(error: Exception) -> None:
    log.warning("event=no_last_layer reason=%s", error)
