"""Another built model, or what the visitor taught, judges the visitor's picture."""

import logging
from functools import partial
from typing import assert_never

from kiosk.attack.verdict import answer
from kiosk.device.state_folder import StateFolder
from kiosk.errors import KioskError
from kiosk.perform.part import Part
from kiosk.perform.stack import Stack
from kiosk.perform.workshop import Workshop
from kiosk.topics.models.messages import ChooseModel, FoundModel, JudgeAgain, ModelChosen, ModelsFound
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.model_card import ModelCard, read_card
from kiosk.vision.picture import Rgb, to_picture
from kiosk.words.friendly_labels import labels_for

log = logging.getLogger(__name__)


class ModelChoosing(Part[ChooseModel | JudgeAgain]):
    """Changes the model in the classify thread, while the screen goes on; tells at the start which models there are."""

    performs = (ChooseModel, JudgeAgain)

    def __init__(self, workshop: Workshop) -> None:
        """Work with what all parts share."""
        super().__init__(workshop)
        workshop.models.when_opened(self._tell_models)

    def perform(self, effect: ChooseModel | JudgeAgain) -> None:
        """Begin to change the model."""
        match effect:
            case ChooseModel():
                self._show(effect)
            case JudgeAgain(name):
                self._workshop.models.judge_again(name)
            case _:
                assert_never(effect)

    def _show(self, effect: ChooseModel) -> None:
        """Begin to show the picture to another model."""
        stack = self._workshop.pictures.stack
        self._workshop.jobs.want(effect.job)
        if stack is None:
            self._workshop.jobs.lose(effect.job, KioskError("there is no picture to look at"))
            return
        self._workshop.ask(effect.job, partial(self._choose, effect, stack.source))

    def forget_picture(self) -> None:
        """Drop nothing: no picture is kept here."""

    def forget(self) -> None:
        """Drop nothing: nothing of a visitor is kept here."""

    def _choose(self, effect: ChooseModel, source: Rgb, _present: AnyClassifier) -> None:
        self._workshop.models.choose(effect.name)
        judging = self._workshop.models.thread.judging
        original = to_picture(source, judging.card.input_size)
        prediction = judging(original)
        put = partial(self._workshop.pictures.put_original, Stack(source, original, prediction.label))
        self._workshop.jobs.tell(ModelChosen(effect.job, effect.name, answer(prediction)), put, effect.job)

    def _tell_models(self, own: ModelCard) -> None:
        found = found_models(self._workshop.state, own)
        self._workshop.jobs.tell(ModelsFound(found, self._workshop.models.default))


def found_models(state: StateFolder, own: ModelCard) -> tuple[FoundModel, ...]:
    """Return the built models that are whole."""
    found = []
    for name in state.model_names():
        try:
            card = read_card(state.model(name))
        except (KioskError, OSError) as error:
            log.warning("event=model_left_out name=%s reason=%s", name, error)
        else:
            found.append(_found(name, card, own))
    return tuple(found)


def _found(name: str, card: ModelCard, own: ModelCard) -> FoundModel:
    """Return a model, with what visitors read of its labels where these are not the exhibit's own."""
    if card.labels == own.labels:
        return FoundModel(name, agreement=card.measured.agreement)
    labels = labels_for(card)
    return FoundModel(name, labels.names, tuple(sorted(labels.blocked)), card.measured.agreement)
