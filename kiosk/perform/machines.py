"""The models' part: which one judges. A built one is opened in place of another while the screen goes on."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from kiosk.attack.verdict import answer
from kiosk.core.effects import ChooseModel
from kiosk.core.events import ModelChanged, ModelChosen
from kiosk.core.model import Health, Phase
from kiosk.errors import KioskError
from kiosk.gradients.client import Taught
from kiosk.perform.backstage import Backstage
from kiosk.perform.stack import Stack
from kiosk.state import TAUGHT
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.head import Head
from kiosk.vision.picture import Rgb, to_picture

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class TaughtModel:
    """What the visitor taught, the name of the built model under it, and the pictures by their examples' numbers.

    The pictures are in the order of what was taught first, before any vaccine.
    """

    model: str
    taught: Taught
    pictures: Mapping[int, Rgb]


class Machines:
    """Knows the taught model and which built one is open; that one changes in the classify thread alone."""

    def __init__(self, backstage: Backstage) -> None:
        self._backstage = backstage
        self._open = ""
        self.taught: TaughtModel | None = None

    @property
    def open_name(self) -> str:
        """Return the name of the built model that is open."""
        return self._open or self._backstage.default

    def perform(self, effect: ChooseModel) -> None:
        """Begin to change the model."""
        job, name, stack = effect.job, effect.name, self._backstage.stack
        self._backstage.news.want(job)
        model, head = name, None
        if name == TAUGHT and self.taught is not None:
            model, head = self.taught.model, self.taught.taught.head
        if stack is None:
            self._backstage.news.lose(job, KioskError("there is no picture to look at"))
            return
        self._backstage.ask(job, partial(self._choose, job, name, model, head, stack.source))

    def teach(self, taught: Taught, pictures: Mapping[int, Rgb]) -> None:
        """Let what was taught on the open model, with these pictures, judge from now on."""
        self.taught = TaughtModel(self.open_name, taught, pictures)
        self._backstage.judge.head = taught.head

    def unteach(self) -> None:
        """Let the open model judge with its own labels."""
        self.taught = None
        self._backstage.judge.head = None

    def forget(self) -> None:
        """Let go of what was taught; the exhibit's own model judges again as soon as it can."""
        self.taught = None
        back = partial(self._change, self._backstage.default, None)
        self._backstage.judge.ask(lambda _: back(), self._own_model_lost, lasting=True)

    def _choose(
        self, job: int, name: str, model: str, head: Head | None, source: Rgb, _present: AnyClassifier
    ) -> None:
        self._change(model, head)
        judging = self._backstage.judge.judging
        original = to_picture(source, judging.card.input_size)
        prediction = judging(original)
        put = partial(self._backstage.put_original, Stack(source, original, prediction.label))
        self._backstage.news.tell(ModelChosen(job, name, answer(prediction)), put, job)

    def _change(self, model: str, head: Head | None) -> None:
        """Open a built model where another is open, and give it a head or none; in the classify thread."""
        judge = self._backstage.judge
        if model != self.open_name:
            opened = self._backstage.open_classifier(model)  # where that fails, all stays as it is
            judge.head = None
            judge.exchange(opened)
            self._open = model
            self._backstage.stop_gradients()
            self._backstage.start_gradients(opened)
        judge.head = head

    def _own_model_lost(self, error: Exception) -> None:
        log.error("event=own_model_lost reason=%s", error)
        self._backstage.news.tell(ModelChanged(Health(Phase.LOST)))
