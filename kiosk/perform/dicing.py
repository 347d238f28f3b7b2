"""The dice's part: as much noise as the attack's, but random, judged the same way."""

from functools import partial

from kiosk.attack.dice import dice_noise
from kiosk.attack.noise import noise_size, noise_view
from kiosk.attack.verdict import judged
from kiosk.core.effects import RollDice
from kiosk.core.events import DiceRolled
from kiosk.errors import KioskError
from kiosk.perform import shelf as keys
from kiosk.perform.backstage import Backstage
from kiosk.perform.stack import Stack
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.picture import Rgb


def roll_dice(backstage: Backstage, effect: RollDice) -> None:
    """Begin a roll; the job is lost where there is no such step."""
    backstage.news.want(effect.job)
    stack = backstage.stack
    if stack is None or effect.step >= len(stack.iterates):
        backstage.news.lose(effect.job, KioskError("there is no such noise to compare with"))
        return
    backstage.ask(effect.job, partial(_judge, backstage, effect, stack, stack.picture(effect.step)))


def _judge(
    backstage: Backstage, effect: RollDice, stack: Stack, made: Rgb, classifier: AnyClassifier
) -> None:
    picture = dice_noise(stack.original, made, effect.job)
    prediction, size = classifier(picture), noise_size(stack.original, picture)
    judgement = judged(effect.step, prediction, size, stack.original_label, stack.target)
    rolled = {keys.DICE: picture, keys.DICE_NOISE: noise_view(stack.original, picture)}
    backstage.news.tell(
        DiceRolled(effect.job, judgement), partial(backstage.pictures.update, rolled), effect.job
    )
