"""What all parts of the performer work with: the shelf, the news, the stack, the model and the gradient process."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from types import TracebackType
from typing import Self

import numpy as np

from kiosk.core.events import Event, FilmReady, GradientsChanged, ModelChanged
from kiosk.core.model import Health, Phase
from kiosk.gradients.client import GradientClient
from kiosk.gradients.supervisor import Status
from kiosk.perform.film import film_folder, load_film
from kiosk.perform.judge import Judge, Work
from kiosk.perform.news import News
from kiosk.perform.shelf import Shelf
from kiosk.perform.stack import Stack
from kiosk.settings import Settings
from kiosk.state_folder import StateFolder
from kiosk.vision.classifier import Classifier
from kiosk.vision.model_card import ModelCard, read_card

PHASES = {Status.READY: Phase.READY, Status.LOST: Phase.LOST, Status.UNUSABLE: Phase.LOST}
PROGRESS_EVERY_S = 0.2


class Backstage:
    """Owns the classify thread, the gradient process and one visitor's arrays; starts both, waits for neither.

    The shelf and the stack belong to the frame loop's thread.
    """

    def __init__(self, settings: Settings, state: StateFolder, model: str | None) -> None:
        self.settings, self.state = settings, state
        self.pictures = Shelf()
        self.news = News()
        self.stack: Stack | None = None
        self.gradients: GradientClient | None = None
        self._warming_since_s: float | None = None
        self._progress_due_s = 0.0
        self.judge = Judge(
            partial(self._open_classifier, model), self._model_opened, settings.classifier.looks_per_s
        )

    def close(self) -> None:
        """End the classify thread and the gradient process."""
        self.judge.close()
        if self.gradients is not None:
            self.gradients.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def ask(self, job: int, work: Work) -> None:
        """Let the classify thread do a job's work; the job is lost where it fails."""
        self.judge.ask(work, partial(self.news.lose, job))

    def drop(self, job: int) -> None:
        """Wait for a job no longer, wherever it is by now."""
        promise = self.news.drop(job)
        if promise is not None and self.gradients is not None:
            self.gradients.cancel(promise)

    def forget(self) -> None:
        """Let go of everything of the visitor; results still under way find nobody waiting for them."""
        for job in list(self.news.wanted):
            self.drop(job)
        self.judge.drop_asked()
        self.stack = None
        self.pictures.forget()
        if self.gradients is not None:
            self.gradients.forget()

    def progress(self) -> Iterator[Event]:
        """Yield how far the gradient process is, by the clock: it cannot tell while it imports PyTorch."""
        since_s, now_s = self._warming_since_s, time.monotonic()
        if since_s is not None and now_s >= self._progress_due_s:
            self._progress_due_s = now_s + PROGRESS_EVERY_S
            share = min(0.95, (now_s - since_s) / self.settings.gradients.expected_start_s)
            yield GradientsChanged(Health(Phase.WARMING, share))

    def _open_classifier(self, model: str | None) -> Classifier:
        settings, folder = self.settings.classifier, self.state.model(model)
        self._show_film(
            read_card(folder)
        )  # first of all: whoever comes by sees it while the rest is made ready
        return Classifier(folder, threads=settings.threads, spinning=settings.spinning)

    def _show_film(self, card: ModelCard) -> None:
        film = load_film(film_folder(self.state.stock, card.name), card.sha256)
        if film is not None:
            put: Callable[[], None] = partial(self.pictures.update, film.shelf())
            self.news.tell(FilmReady(film.film), put)

    def _model_opened(self, opened: Classifier | Exception) -> None:
        if isinstance(opened, Exception):
            self.news.tell(ModelChanged(Health(Phase.LOST)))
            return
        card, folder = opened.card, opened.folder
        opened(np.zeros((card.input_size, card.input_size, 3), np.uint8))  # the first run is slow
        self.news.tell(ModelChanged(Health(Phase.READY)))
        self.gradients = GradientClient(
            folder,
            card,
            self.settings.gradients,
            socket=self.settings.gradient_socket(),
            on_status=self._gradients_changed,
        )

    def _gradients_changed(self, status: Status, reason: str) -> None:
        phase = PHASES.get(status, Phase.WARMING)
        if phase is Phase.WARMING and self._warming_since_s is None:
            self._warming_since_s = time.monotonic()
        if phase is not Phase.WARMING:
            self._warming_since_s = None
        for_good = reason if status is Status.UNUSABLE else ""
        self.news.tell(GradientsChanged(Health(phase, reason=for_good)))
