"""As much noise as the attack's, but random, judged the same way."""

from functools import partial

from kiosk.attack.dice_noise import dice_noise
from kiosk.attack.noise import noise_size, noise_view
from kiosk.attack.verdict import judged
from kiosk.errors import KioskError
from kiosk.perform.part import Part
from kiosk.perform.stack import Stack
from kiosk.topics.dice.messages import DiceRolled, RollDice
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.picture import Rgb


class Dicing(Part[RollDice]):
    """Throws the dice in the classify thread."""

    performs = (RollDice,)

    def perform(self, effect: RollDice) -> None:
        """Begin a roll; the job is lost where there is no such step."""
        self._workshop.jobs.want(effect.job)
        stack = self._workshop.pictures.stack
        if stack is None or effect.step >= len(stack.iterates):
            self._workshop.jobs.lose(effect.job, KioskError("there is no such noise to compare with"))
            return
        self._workshop.ask(effect.job, partial(self._judge, effect, stack, stack.picture(effect.step)))

    def forget_picture(self) -> None:
        """Drop nothing: no picture is kept here."""

    def forget(self) -> None:
        """Drop nothing: nothing of a visitor is kept here."""

    def _judge(self, effect: RollDice, stack: Stack, made: Rgb, classifier: AnyClassifier) -> None:
        picture = dice_noise(stack.original, made, effect.job)
        prediction, size = classifier(picture), noise_size(stack.original, picture)
        judgement = judged(effect.step, prediction, size, stack.original_label, stack.target)
        rolled = {"dice": picture, "dice-noise": noise_view(stack.original, picture)}
        put = partial(self._workshop.pictures.update, rolled)
        self._workshop.jobs.tell(DiceRolled(effect.job, judgement), put, effect.job)
