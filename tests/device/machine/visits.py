"""Visits, as far as tests share them: to the attack, to being fooled, and away."""

from collections.abc import Callable

from kiosk.core.scene import ControlId
from kiosk.core.visit import Rating
from kiosk.topics.attack.messages import StepJudged
from kiosk.topics.attack.screens.attack import Attack
from kiosk.topics.attack.screens.choose import Choose
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.attract.screens.forgotten import Forgotten
from kiosk.topics.photograph.messages import LiveJudged
from kiosk.topics.photograph.screens.first_answer import FirstAnswer
from kiosk.topics.photograph.screens.live import Live
from tests.device.machine.visitor import Visitor
from tests.player import spelled

WITHIN_S = 900.0

Press = Callable[[str], None]
Look = Callable[[], object]


def begin(visitor: Visitor) -> None:
    """From the attract loop to the live screen and its first answer, by touch."""
    visitor.wait_screen(Attract)
    visitor.tap("start")
    visitor.wait_screen(Live)
    visitor.wait(lambda: visitor.events(LiveJudged), "the live answer")


def to_the_attack(visitor: Visitor, press: Press, look: Look = lambda: None) -> None:
    """From the attract loop to the attack, by presses of one kind; a look at every screen that comes to rest."""
    unsure = ControlId("rate", Rating.UNSURE)
    visitor.wait_screen(Attract)
    look()
    press("start")
    visitor.wait_screen(Live)
    visitor.wait(lambda: visitor.events(LiveJudged), "the live answer")
    look()
    press("shoot")
    visitor.wait_screen(FirstAnswer)
    visitor.wait(lambda: visitor.scene.control_of(unsure), "the question whether that is right")
    look()
    press(spelled(unsure))
    visitor.wait_screen(Choose)
    look()
    press(spelled(visitor.scene.focused))
    visitor.wait_screen(Attack)
    look()


def attack(visitor: Visitor, press: Press) -> float:
    """Return after how many seconds the machine has answered a first step: there a gradient takes half a minute."""
    press("fool")
    return visitor.wait(lambda: visitor.events(StepJudged), "a step", WITHIN_S)


def fool(visitor: Visitor, press: Press) -> float:
    """Return after how many seconds of attack it is fooled."""
    press("fool")
    return visitor.wait(lambda: visitor.says("Fooled!"), "fooled", WITHIN_S)


def leave(visitor: Visitor) -> None:
    """Away, which is forgotten."""
    visitor.tap("again")
    visitor.wait(lambda: isinstance(visitor.state.screen, Forgotten | Attract), "it is forgotten")
    visitor.wait_screen(Attract)
