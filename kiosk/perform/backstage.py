"""What all parts of the performer work with: the shelf, the news, the stack, the model and the gradient process."""

import logging
import time
from collections.abc import Callable, Iterator
from functools import partial
from types import TracebackType
from typing import Self

import numpy as np

from kiosk.core.events import Event, FilmReady, GradientsChanged, ModelChanged, ModelsFound
from kiosk.core.model import FoundModel, Health, Phase
from kiosk.device.state_folder import StateFolder
from kiosk.errors import KioskError
from kiosk.gradients.client import GradientClient
from kiosk.gradients.supervisor import Status
from kiosk.perform.film import film_folder, load_film
from kiosk.perform.judge import Judge, Work
from kiosk.perform.news import News
from kiosk.perform.shelf import ORIGINAL, Shelf
from kiosk.perform.stack import Stack
from kiosk.settings.sections import Settings
from kiosk.vision.classifier import Classifier
from kiosk.vision.model_card import ModelCard, read_card
from kiosk.words.friendly_labels import labels_for

log = logging.getLogger(__name__)

PHASES = {Status.READY: Phase.READY, Status.LOST: Phase.LOST, Status.UNUSABLE: Phase.LOST}
PROGRESS_EVERY_S = 0.2


class Backstage:
    """Owns the classify thread, the gradient process and one visitor's arrays; starts both, waits for neither.

    The shelf and the stack belong to the frame loop's thread. `default` is the name of the exhibit's own model.
    """

    def __init__(self, settings: Settings, state: StateFolder, model: str | None) -> None:
        self.settings, self.state = settings, state
        self.pictures = Shelf()
        self.news = News()
        self.stack: Stack | None = None
        self.gradients: GradientClient | None = None
        self.default = ""
        self._warming_since_s: float | None = None
        self._progress_due_s = 0.0
        self.judge = Judge(
            partial(self._open, model),
            partial(self._opened, model),
            settings.classifier.looks_per_s,
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

    def put_original(self, stack: Stack) -> None:
        """Put the visitor's picture where all can see it, without noise yet."""
        self.stack = stack
        self.pictures.clear_uploads()
        self.pictures[ORIGINAL] = stack.original

    def forget_picture(self) -> None:
        """Let go of the visitor's picture; results still under way find nobody waiting for them."""
        for job in list(self.news.wanted):
            self.drop(job)
        self.judge.drop_asked()
        self.stack = None
        self.pictures.forget_picture()
        if self.gradients is not None:
            self.gradients.forget()

    def forget(self) -> None:
        """Let go of everything of the visitor."""
        self.judge.head = None
        self.forget_picture()
        self.pictures.forget()

    def progress(self) -> Iterator[Event]:
        """Yield how far the gradient process is, by the clock: it cannot tell while it imports PyTorch."""
        since_s, now_s = self._warming_since_s, time.monotonic()
        if since_s is not None and now_s >= self._progress_due_s:
            self._progress_due_s = now_s + PROGRESS_EVERY_S
            share = min(0.95, (now_s - since_s) / self.settings.gradients.expected_start_s)
            yield GradientsChanged(Health(Phase.WARMING, share))

    def open_classifier(self, model: str | None) -> Classifier:
        """Return the classifier of a model (None: the one in use); raises ModelError."""
        settings = self.settings.classifier
        opened = Classifier(self.state.model(model), threads=settings.threads, spinning=settings.spinning)
        side = opened.card.input_size
        opened(np.zeros((side, side, 3), np.uint8))  # the first run is slow
        return opened

    def _open(self, model: str | None) -> Classifier:
        """Return the exhibit's own classifier; whoever comes by sees its film while it is made ready."""
        self._show_film(read_card(self.state.model(model)))
        return self.open_classifier(model)

    def _show_film(self, card: ModelCard) -> None:
        film = load_film(film_folder(self.state.stock, card.name), card.sha256)
        if film is not None:
            put: Callable[[], None] = partial(self.pictures.update, film.shelf())
            self.news.tell(FilmReady(film.film), put)

    def start_gradients(self, opened: Classifier) -> None:
        """Start the gradient process of a model."""
        self.gradients = GradientClient(
            opened.folder,
            opened.card,
            self.settings.gradients,
            socket=self.settings.gradient_socket(),
            on_status=self._gradients_changed,
        )

    def stop_gradients(self) -> None:
        """End the gradient process, and wait until it has ended; jobs find none meanwhile."""
        client, self.gradients = self.gradients, None
        self.news.tell(GradientsChanged(Health(Phase.WARMING)))
        if client is not None:
            client.close()

    def _opened(self, model: str | None, opened: Classifier | Exception) -> None:
        if isinstance(opened, Exception):
            self.news.tell(ModelChanged(Health(Phase.LOST)))
            return
        self.default = model or self.state.current_name() or opened.card.name
        self.news.tell(ModelChanged(Health(Phase.READY)))
        self.start_gradients(opened)
        self.news.tell(ModelsFound(self._models(opened.card), self.default))

    def _models(self, own: ModelCard) -> tuple[FoundModel, ...]:
        """Return the built models that are whole."""
        found = []
        for name in self.state.model_names():
            try:
                card = read_card(self.state.model(name))
            except (KioskError, OSError) as error:
                log.warning("event=model_left_out name=%s reason=%s", name, error)
            else:
                found.append(_found(name, card, own))
        return tuple(found)

    def _gradients_changed(self, status: Status, reason: str) -> None:
        phase = PHASES.get(status, Phase.WARMING)
        if phase is Phase.WARMING and self._warming_since_s is None:
            self._warming_since_s = time.monotonic()
        if phase is not Phase.WARMING:
            self._warming_since_s = None
        for_good = reason if status is Status.UNUSABLE else ""
        self.news.tell(GradientsChanged(Health(phase, reason=for_good)))


def _found(name: str, card: ModelCard, own: ModelCard) -> FoundModel:
    """Return a model, with what visitors read of its labels where these are not the exhibit's own."""
    if card.labels == own.labels:
        return FoundModel(name)
    labels = labels_for(card)
    return FoundModel(name, labels.names, tuple(sorted(labels.blocked)))
