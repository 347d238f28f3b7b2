"""One method an effect.

The stack and the shelf belong to the frame loop's thread. What other threads find out waits as news until the loop
asks for it; only then are its pictures put on the shelf, and only if somebody still waits for them.
"""

import itertools
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, Self, assert_never

import numpy as np
from numpy.typing import NDArray

from kiosk.attack.noise import iterate_picture, noise_size, noise_view
from kiosk.attack.verdict import answer, judged
from kiosk.camera.base import Frame
from kiosk.camera.capture_thread import CameraChange, CaptureThread
from kiosk.camera.choose import CameraChoice
from kiosk.core import model as happened
from kiosk.core.model import Effect, Event, Health, Phase
from kiosk.errors import KioskError
from kiosk.gradients.client import GradientClient
from kiosk.gradients.jobs import Answer as Promise
from kiosk.gradients.supervisor import Status
from kiosk.perform import shelf as keys
from kiosk.perform.film import film_folder, load_film
from kiosk.perform.judge import Judge, Work
from kiosk.perform.shelf import Shelf
from kiosk.perform.stack import Stack
from kiosk.settings import Settings
from kiosk.state_folder import StateFolder
from kiosk.vision.classifier import Classifier
from kiosk.vision.heatmap import overlay
from kiosk.vision.picture import Rgb, centre_square, picture_files, read_photograph, to_picture

STEP_255, BUDGET_255 = 1.0, 16.0
PHASES = {Status.READY: Phase.READY, Status.LOST: Phase.LOST}
PROGRESS_EVERY_S = 0.2


@dataclass(frozen=True)
class _News:
    """An event to tell, what to put on the shelf first, and the job that must still be wanted for both."""

    event: Event
    put: Callable[[], None] | None = None
    job: int | None = None


class Performer:
    """Owns the camera, the classify thread, the gradient process, and one visitor's pictures."""

    def __init__(
        self,
        settings: Settings,
        state: StateFolder,
        camera: str,
        model: str | None,
        on_forget: Callable[[], None],
    ) -> None:
        """Start all of them; none is waited for. `on_forget` lets go of what was drawn."""
        self.pictures = Shelf()
        self._settings, self._state, self._on_forget = settings, state, on_forget
        self._news: deque[_News] = deque()
        self._wanted: dict[int, Promise | None] = {}
        self._stack: Stack | None = None
        self._stock_turn = itertools.count()
        self._live = False
        self._seen_id = self._judged_id = -1
        self._warming_since_s: float | None = None
        self._progress_due_s = 0.0
        self._gradients: GradientClient | None = None
        self._camera = CaptureThread(CameraChoice(camera, state.stock), self._camera_changed)
        self._judge = Judge(
            partial(self._open_classifier, model),
            self._model_opened,
            self._look,
            settings.classifier.looks_per_s,
        )

    def close(self) -> None:
        """End the threads and the gradient process."""
        self._judge.close()
        if self._gradients is not None:
            self._gradients.close()
        self._camera.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def news(self) -> Iterator[Event]:
        """Yield what happened since the last frame; its pictures are on the shelf by then."""
        if self._live:
            self._show_camera()
        yield from self._progress()
        while self._news:
            news = self._news.popleft()
            if news.job is not None and self._wanted.pop(news.job, self) is self:
                continue
            if news.put is not None:
                news.put()
            yield news.event

    def perform(self, effect: Effect) -> None:
        """Begin what an effect asks for; its answer comes as news."""
        match effect:
            case happened.StartLive():
                self._set_live(True)
            case happened.StopLive():
                self._set_live(False)
            case happened.TakePicture(job):
                self._wanted[job] = None
                self._camera.capture().add_done_callback(partial(self._captured, job))
            case happened.TakeStockPicture(job):
                self._wanted[job] = None
                self._ask(job, partial(self._judge_stock, job, next(self._stock_turn)))
            case happened.StartStack(target):
                self._start_stack(target)
            case happened.RunStep(job, at_step):
                self._run_step(job, at_step)
            case happened.ShowStep(step):
                if self._stack is not None:
                    self.pictures.show_noise(self._stack.original, self._stack.picture(step))
            case happened.DrawMaps(job, label, step):
                self._draw_maps(job, label, step)
            case happened.DropJob(job):
                self._drop(job)
            case happened.Forget():
                self._forget()
            case _:
                assert_never(effect)

    # The camera and the live bars.

    def _camera_changed(self, change: CameraChange) -> None:
        found = change.state == "opened"
        self._news.append(_News(happened.CameraFound() if found else happened.CameraLost(change.reason)))

    def _set_live(self, live: bool) -> None:
        self._live = live
        self._judge.set_live(live)

    def _show_camera(self) -> None:
        frame = self._camera.newest()
        if frame is not None and frame.id != self._seen_id:
            self._seen_id = frame.id
            self.pictures[keys.CAMERA] = centre_square(frame.rgb)

    def _look(self, classifier: Classifier) -> None:
        frame = self._camera.newest()
        if frame is not None and frame.id != self._judged_id:
            self._judged_id = frame.id
            prediction = classifier(to_picture(frame.rgb, classifier.card.input_size))
            self._news.append(_News(happened.LiveJudged(answer(prediction))))

    # The picture.

    def _captured(self, job: int, promise: "Future[Frame]") -> None:
        error = promise.exception()
        if error is not None:
            self._lose(job, error)
        else:
            self._ask(job, partial(self._judge_original, job, promise.result().rgb))

    def _judge_stock(self, job: int, turn: int, classifier: Classifier) -> None:
        try:
            files = picture_files(self._state.stock)
            rgb = read_photograph(files[turn % len(files)])
        except KioskError as error:
            self._lose(job, error)
        else:
            self._judge_original(job, rgb, classifier)

    def _judge_original(self, job: int, rgb: Rgb, classifier: Classifier) -> None:
        original = to_picture(rgb, classifier.card.input_size)
        prediction = classifier(original)
        put = partial(self._put_original, Stack(original, prediction.label))
        self._news.append(_News(happened.PictureTaken(job, answer(prediction)), put, job))

    def _put_original(self, stack: Stack) -> None:
        self._stack = stack
        self.pictures[keys.ORIGINAL] = stack.original

    # The attack.

    def _start_stack(self, target: int | None) -> None:
        if self._stack is not None:
            self._stack.begin(target)
            self.pictures.show_noise(self._stack.original, self._stack.original)

    def _run_step(self, job: int, at_step: int) -> None:
        stack, gradients = self._stack, self._gradients
        self._wanted[job] = None
        if stack is None or gradients is None or at_step >= len(stack.iterates):
            self._lose(job, KioskError("there is no picture, or no gradient process yet"))
            return
        promise = gradients.step(
            "untargeted" if stack.target is None else "sign",
            stack.iterates[at_step],
            stack.original,
            stack.label,
            step_255=STEP_255,
            budget_255=BUDGET_255,
        )
        self._wanted[job] = promise
        promise.add_done_callback(partial(self._stepped, job, at_step, stack))

    def _stepped(self, job: int, at_step: int, stack: Stack, promise: "Future[Any]") -> None:
        error = promise.exception()
        if error is not None:
            self._lose(job, error)
        else:
            self._ask(job, partial(self._judge_step, job, at_step, stack, promise.result()))

    def _judge_step(
        self, job: int, at_step: int, stack: Stack, iterate: NDArray[np.float32], classifier: Classifier
    ) -> None:
        picture = iterate_picture(iterate)
        prediction = classifier(picture)
        size = noise_size(stack.original, picture)
        event = happened.StepJudged(
            job, judged(at_step + 1, prediction, size, stack.original_label, stack.target)
        )
        noise = noise_view(stack.original, picture)
        put = partial(self._put_step, stack, at_step, iterate, picture, noise)
        self._news.append(_News(event, put, job))

    def _put_step(
        self, stack: Stack, at_step: int, iterate: NDArray[np.float32], picture: Rgb, noise: Rgb
    ) -> None:
        del stack.iterates[at_step + 1 :]
        stack.iterates.append(iterate)
        self.pictures[keys.ADVERSARIAL], self.pictures[keys.NOISE] = picture, noise

    # The maps.

    def _draw_maps(self, job: int, label: int, step: int) -> None:
        stack, gradients = self._stack, self._gradients
        self._wanted[job] = None
        if stack is None or gradients is None or step >= len(stack.iterates):
            self._lose(job, KioskError("there is no picture, or no gradient process yet"))
            return
        pictures = (stack.original, stack.picture(step))
        promise = gradients.grad_cam(pictures, label)
        self._wanted[job] = promise
        promise.add_done_callback(partial(self._mapped, job, label, pictures))

    def _mapped(self, job: int, label: int, pictures: tuple[Rgb, Rgb], promise: "Future[Any]") -> None:
        error = promise.exception()
        if error is not None:
            self._lose(job, error)
            return
        evidence = promise.result()
        maps = [overlay(picture, seen.map) for picture, seen in zip(pictures, evidence, strict=True)]
        put = partial(self._put_maps, *maps)
        drawn = happened.MapsDrawn(job, label, *(seen.peak > 0 for seen in evidence))
        self._news.append(_News(drawn, put, job))

    def _put_maps(self, original: Rgb, adversarial: Rgb) -> None:
        self.pictures[keys.GRADCAM_ORIGINAL] = original
        self.pictures[keys.GRADCAM_ADVERSARIAL] = adversarial

    # Ends.

    def _ask(self, job: int, work: Work) -> None:
        self._judge.ask(work, partial(self._lose, job))

    def _lose(self, job: int, error: BaseException) -> None:
        self._news.append(_News(happened.JobLost(job, str(error)), None, job))

    def _drop(self, job: int) -> None:
        promise = self._wanted.pop(job, None)
        if promise is not None and self._gradients is not None:
            self._gradients.cancel(promise)

    def _forget(self) -> None:
        """Let go of everything of the visitor; results still under way find nobody waiting for them."""
        for job in list(self._wanted):
            self._drop(job)
        self._set_live(False)
        self._judge.drop_asked()
        self._stack = None
        self.pictures.forget()
        if self._gradients is not None:
            self._gradients.forget()
        self._on_forget()

    # The model and the gradient process.

    def _open_classifier(self, model: str | None) -> Classifier:
        settings = self._settings.classifier
        return Classifier(self._state.model(model), threads=settings.threads, spinning=settings.spinning)

    def _model_opened(self, opened: Classifier | Exception) -> None:
        if isinstance(opened, Exception):
            self._news.append(_News(happened.ModelChanged(Health(Phase.LOST))))
            return
        card, folder = opened.card, opened.folder
        opened(np.zeros((card.input_size, card.input_size, 3), np.uint8))  # the first run is slow
        film = load_film(film_folder(self._state.stock, card.name), card.sha256)
        if film is not None:
            self._news.append(
                _News(happened.FilmReady(film.film), partial(self.pictures.update, film.shelf()))
            )
        self._news.append(_News(happened.ModelChanged(Health(Phase.READY))))
        self._gradients = GradientClient(
            folder,
            card,
            self._settings.gradients,
            socket=self._settings.gradient_socket(),
            on_status=self._gradients_changed,
        )

    def _gradients_changed(self, status: Status, _reason: str) -> None:
        phase = PHASES.get(status, Phase.WARMING)
        if phase is Phase.WARMING and self._warming_since_s is None:
            self._warming_since_s = time.monotonic()
        if phase is not Phase.WARMING:
            self._warming_since_s = None
        self._news.append(_News(happened.GradientsChanged(Health(phase))))

    def _progress(self) -> Iterator[Event]:
        """Yield how far the gradient process is, by the clock: it cannot tell while it imports PyTorch."""
        since_s, now_s = self._warming_since_s, time.monotonic()
        if since_s is not None and now_s >= self._progress_due_s:
            self._progress_due_s = now_s + PROGRESS_EVERY_S
            share = min(0.95, (now_s - since_s) / self._settings.gradients.expected_start_s)
            yield happened.GradientsChanged(Health(Phase.WARMING, share))
