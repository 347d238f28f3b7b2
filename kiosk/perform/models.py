"""The models: which built one is open, which judges, what the visitor taught, and the gradient process beside them."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from kiosk.core.health import Health, Phase
from kiosk.core.labels import TAUGHT
from kiosk.core.message import Event, GradientsChanged, ModelChanged
from kiosk.device.freed_memory import give_back
from kiosk.device.state_folder import StateFolder
from kiosk.gradients.client import GradientClient, Taught
from kiosk.gradients.supervisor import Status
from kiosk.perform.classify_thread import ClassifyThread
from kiosk.perform.jobs import Jobs
from kiosk.settings.sections import Settings
from kiosk.vision.classifier import AnyClassifier, Classifier
from kiosk.vision.head import Head
from kiosk.vision.model_card import ModelCard, read_card
from kiosk.vision.picture import Rgb
from kiosk.vision.reading import one_line

log = logging.getLogger(__name__)

GIVEN_UP = {Status.RESTING, Status.UNUSABLE}
PHASES = {Status.READY: Phase.READY} | dict.fromkeys((Status.LOST, *GIVEN_UP), Phase.LOST)
# Of its expected start. The last of them is never told: what takes longer is not there yet.
PROGRESS_STEPS = 20

OnCard = Callable[[ModelCard], None]


@dataclass(frozen=True, eq=False)
class TaughtModel:
    """What the visitor taught, the name of the built model under it, and the pictures by their examples' numbers.

    The pictures are in the order of what was taught first, before any vaccine.
    """

    model: str
    taught: Taught
    pictures: Mapping[int, Rgb]


class ModelRunner:
    """Owns the classify thread and the gradient process; another model is opened in that thread alone.

    `default` is the name of the exhibit's own model, `taught` what the visitor taught: the one place of its head.
    """

    def __init__(self, settings: Settings, state: StateFolder, jobs: Jobs, model: str | None) -> None:
        """Prepare both; `start` opens the model of that name (None: the one in use)."""
        self._settings, self._state, self._jobs = settings, state, jobs
        self._wanted = model
        self._opening: list[OnCard] = []
        self._opened: list[OnCard] = []
        self._open_name = ""
        self._warming_since_s: float | None = None
        self._told_progress: float | None = None
        self.default = ""
        self.gradients: GradientClient | None = None
        self.taught: TaughtModel | None = None
        self._judges_taught = False
        looks_per_s = settings.classifier.looks_per_s
        self.thread = ClassifyThread(self._first, self._first_opened, lambda: self.head, looks_per_s)

    def when_opening(self, hear: OnCard) -> None:
        """Call this with the exhibit's own model's card before it is opened, in the classify thread."""
        self._opening.append(hear)

    def when_opened(self, hear: OnCard) -> None:
        """Call this with its card once it is open, in the classify thread."""
        self._opened.append(hear)

    def start(self) -> None:
        """Open the exhibit's own model, and start its gradient process."""
        self.thread.start()

    def close(self) -> None:
        """End the classify thread and the gradient process."""
        self.thread.close()
        if self.gradients is not None:
            self.gradients.close()

    @property
    def head(self) -> Head | None:
        """Return the head that judges in place of the open model's own labels, if one does."""
        taught = self.taught  # another thread may change it
        return taught.taught.head if taught is not None and self._judges_taught else None

    @property
    def open_name(self) -> str:
        """Return the name of the built model that is open."""
        return self._open_name or self.default

    def teach(self, taught: Taught, pictures: Mapping[int, Rgb]) -> None:
        """Judge with what was taught on the open model, with these pictures, from now on."""
        self.taught = TaughtModel(self.open_name, taught, pictures)
        self._judges_taught = True

    def unteach(self) -> None:
        """Judge with the open model's own labels."""
        self.taught, self._judges_taught = None, False

    def choose(self, name: str) -> None:
        """Judge with a built model, or with what was taught; in the classify thread. Raises ModelError."""
        taught = self.taught if name == TAUGHT else None
        self._change(name if taught is None else taught.model)
        self._judges_taught = taught is not None

    def judge_again(self, name: str) -> None:
        """Judge with that model from now on, as `choose` does; from any thread, and at once where it is open."""
        taught = self.taught if name == TAUGHT else None
        if self.open_name == (name if taught is None else taught.model):
            self._judges_taught = taught is not None
        else:
            self.thread.ask(lambda _: self.choose(name), self._own_model_lost, lasting=True)

    def forget(self) -> None:
        """Drop what was taught; the exhibit's own model judges again as soon as it can."""
        self.unteach()
        self.thread.ask(lambda _: self._change(self.default), self._own_model_lost, lasting=True)
        self.forget_picture()
        self.thread.ask(self._overwrite, lambda _: None, lasting=True)

    def forget_picture(self) -> None:
        """Drop the visitor's pictures that wait for the classify thread, and of all in the gradient process."""
        self.thread.drop_asked()
        gradients = self.gradients  # the classify thread may exchange it
        if gradients is not None:
            gradients.forget()

    def open_classifier(self, model: str | None) -> Classifier:
        """Return the classifier of a model (None: the one in use); raises ModelError."""
        settings = self._settings.classifier
        opened = Classifier(self._state.model(model), threads=settings.threads, spinning=settings.spinning)
        opened(_grey(opened.card))  # the first run is slow
        return opened

    def progress(self) -> Iterator[Event]:
        """Yield how far the gradient process is, each step of it once.

        It goes by the clock: the process cannot tell while it imports PyTorch.
        """
        since_s = self._warming_since_s
        if since_s is None:
            return
        share = (time.monotonic() - since_s) / self._settings.gradients.expected_start_s
        share = min(int(share * PROGRESS_STEPS), PROGRESS_STEPS - 1) / PROGRESS_STEPS
        if share != self._told_progress:
            self._told_progress = share
            yield GradientsChanged(Health(Phase.WARMING, share))

    def _first(self) -> Classifier:
        """Return the exhibit's own classifier."""
        card = read_card(self._state.model(self._wanted))
        for hear in self._opening:
            hear(card)
        return self.open_classifier(self._wanted)

    def _first_opened(self, opened: Classifier | Exception) -> None:
        if isinstance(opened, Exception):
            self._jobs.tell(ModelChanged(Health(Phase.LOST, reason=one_line(opened))))
            return
        self.default = self._wanted or self._state.current_name() or opened.card.name
        self._jobs.tell(ModelChanged(Health(Phase.READY)))
        self._start_gradients(opened)
        for hear in self._opened:
            hear(opened.card)

    def _change(self, model: str) -> None:
        """Open a built model where another is open; in the classify thread."""
        if model == self.open_name:
            self._judges_taught = False
            return
        opened = self.open_classifier(model)  # where that fails, all stays as it is
        self._judges_taught = False
        self.thread.exchange(opened)
        self._open_name = model
        self._stop_gradients()
        self._start_gradients(opened)

    def _start_gradients(self, opened: Classifier) -> None:
        self.gradients = GradientClient(
            opened.folder,
            opened.card,
            self._settings.gradients,
            socket=self._settings.gradient_socket(),
            on_status=self._gradients_changed,
        )

    def _stop_gradients(self) -> None:
        """End the gradient process, and wait until it has ended; jobs find none meanwhile."""
        client, self.gradients = self.gradients, None
        self._warming_since_s = None
        self._jobs.tell(GradientsChanged(Health(Phase.WARMING)))
        if client is not None:
            client.close()

    def _gradients_changed(self, status: Status, reason: str) -> None:
        phase = PHASES.get(status, Phase.WARMING)
        if phase is Phase.WARMING and self._warming_since_s is not None:
            return  # it started, and loads now: one to those who wait
        self._warming_since_s = None  # first: no progress is told after what ends it
        told = reason if status in GIVEN_UP else ""
        self._jobs.tell(GradientsChanged(Health(phase, reason=told)))
        if phase is Phase.WARMING:
            self._told_progress, self._warming_since_s = None, time.monotonic()

    def _overwrite(self, judge: AnyClassifier) -> None:
        """Let a grey picture take the visitor's place in all that ONNX Runtime keeps; in the classify thread."""
        judge(_grey(judge.card))
        give_back()

    def _own_model_lost(self, error: Exception) -> None:
        log.error("event=own_model_lost reason=%s", error)
        self._jobs.tell(ModelChanged(Health(Phase.LOST, reason=one_line(error))))


def _grey(card: ModelCard) -> Rgb:
    return np.full((card.input_size, card.input_size, 3), 127, np.uint8)
