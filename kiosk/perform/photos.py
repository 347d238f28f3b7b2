"""The camera's part: live frames and their bars, and the picture a visitor takes."""

import itertools
from concurrent.futures import Future
from functools import partial

from kiosk.attack.verdict import answer
from kiosk.camera.base import Frame
from kiosk.camera.capture_thread import CameraChange, CaptureThread
from kiosk.camera.choose import CameraChoice
from kiosk.core.effects import (
    PhotoEffect,
    RestartCamera,
    StartFraming,
    StartLive,
    StopLive,
    TakePicture,
    TakeStockPicture,
)
from kiosk.core.events import CameraFound, CameraLost, LiveJudged, PictureTaken
from kiosk.errors import KioskError
from kiosk.perform import shelf as keys
from kiosk.perform.backstage import Backstage
from kiosk.perform.film import STOCK_PICTURE
from kiosk.perform.stack import Stack
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.picture import Rgb, centre_square, framing_view, picture_files, read_photograph, to_picture


class Photos:
    """Owns the capture thread."""

    def __init__(self, backstage: Backstage, camera: str) -> None:
        self._backstage = backstage
        self._stock_turn = itertools.count()
        self._live = self._framing = False
        self._seen_id = self._judged_id = -1
        self._camera = CaptureThread(CameraChoice(camera, backstage.state.stock), self._changed)

    def close(self) -> None:
        """End the capture thread."""
        self._camera.close()

    def perform(self, effect: PhotoEffect) -> None:
        """Begin what an effect asks for."""
        match effect:
            case StartLive(judging):
                self.set_live(True, judging=judging)
            case StopLive():
                self.set_live(False)
            case StartFraming():
                self.set_live(False)
                self._framing = True
            case RestartCamera():
                self._camera.reopen()
            case TakePicture(job):
                self._backstage.news.want(job)
                self._camera.capture().add_done_callback(partial(self._captured, job))
            case TakeStockPicture(job):
                self._backstage.news.want(job)
                self._backstage.ask(job, partial(self._judge_stock, job, next(self._stock_turn)))

    def set_live(self, live: bool, *, judging: bool = True) -> None:
        """Begin or stop showing camera frames, and judging them."""
        self._live, self._framing, self._seen_id = live, False, -1
        self._backstage.judge.look_with(self._look if live and judging else None)

    def newest(self) -> Frame | None:
        """Return the newest camera frame, read only, if there is a camera."""
        return self._camera.newest()

    def refresh(self) -> None:
        """Put the newest camera frame on the shelf while live, or all of it while the camera is being mounted."""
        frame = self._camera.newest() if self._live or self._framing else None
        if frame is None or frame.id == self._seen_id:
            return
        self._seen_id = frame.id
        if self._framing:
            self._backstage.pictures[keys.FRAMING] = framing_view(frame.rgb)
        else:
            self._backstage.pictures[keys.CAMERA] = centre_square(frame.rgb)

    def _changed(self, change: CameraChange) -> None:
        found = change.state == "opened"
        self._backstage.news.tell(CameraFound() if found else CameraLost(change.reason))

    def _look(self, classifier: AnyClassifier) -> None:
        frame = self._camera.newest()
        if frame is not None and frame.id != self._judged_id:
            self._judged_id = frame.id
            prediction = classifier(to_picture(frame.rgb, classifier.card.input_size))
            self._backstage.news.tell(LiveJudged(answer(prediction)))

    def _captured(self, job: int, promise: "Future[Frame]") -> None:
        error = promise.exception()
        if error is not None:
            self._backstage.news.lose(job, error)
        else:
            self._backstage.ask(job, partial(self.judge_original, job, promise.result().rgb))

    def _judge_stock(self, job: int, turn: int, classifier: AnyClassifier) -> None:
        try:
            files = picture_files(self._backstage.state.stock)
            first = next((at for at, file in enumerate(files) if file.name == STOCK_PICTURE), 0)
            rgb = read_photograph(files[(first + turn) % len(files)])
        except KioskError as error:
            self._backstage.news.lose(job, error)
        else:
            self.judge_original(job, rgb, classifier)

    def judge_original(self, job: int, rgb: Rgb, classifier: AnyClassifier) -> None:
        """Make a frame or photograph the visitor's picture; in the classify thread."""
        original = to_picture(rgb, classifier.card.input_size)
        prediction = classifier(original)
        put = partial(self._backstage.put_original, Stack(rgb, original, prediction.label))
        self._backstage.news.tell(PictureTaken(job, answer(prediction)), put, job)
