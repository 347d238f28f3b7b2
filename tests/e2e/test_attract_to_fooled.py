"""From the attract loop to *Fooled!*: how many presses that takes each hand, and how long, with nobody hesitating."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.core.health import Phase
from kiosk.core.message import Button, ButtonDown, Touched
from kiosk.core.scene import ControlId
from kiosk.core.screen import Screen
from kiosk.core.visit import Rating
from kiosk.device.state_folder import StateFolder
from kiosk.topics.attack.facts import fooled
from kiosk.topics.attack.messages import StepJudged
from kiosk.topics.attack.screens.attack import Attack
from kiosk.topics.attack.screens.choose import Choose
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.photograph.messages import LiveJudged
from kiosk.topics.photograph.screens.first_answer import FirstAnswer
from kiosk.topics.photograph.screens.live import Live
from tests.e2e.exhibit_driver import Display, Exhibit
from tests.figures.figure import at_most, told
from tests.player import FLAMINGO, spelled

MOST_PRESSES, SECONDS = 5, 5.0

UNSURE = ControlId("rate", Rating.UNSURE)

Press = Callable[[str], None]


@pytest.fixture
def exhibit(display: Display, state: StateFolder, tmp_path: Path) -> Iterator[Exhibit]:
    """The exhibit with a cup of coffee before its camera, when PyTorch is there: later visitors find it so."""
    camera = tmp_path / "camera"
    camera.mkdir()
    shutil.copy(state.stock / "coffee-cup.png", camera)
    with Exhibit(display, state.path, tmp_path, camera) as exhibit:
        exhibit.wait_screen(Attract)
        exhibit.wait(lambda: exhibit.state.context.gradients.phase is Phase.READY, "the gradient process")
        yield exhibit


def visit(exhibit: Exhibit, press: Press, lie: str) -> None:
    """Go from the attract loop to *Fooled!*, each press as soon as there is something to press."""

    def then(name: str, screen: type[Screen]) -> None:
        press(name)
        exhibit.wait_screen(screen)

    exhibit.wait_screen(Attract)
    then("start", Live)
    exhibit.wait(lambda: exhibit.events(LiveJudged), "the live answer")
    then("shoot", FirstAnswer)
    exhibit.wait(lambda: exhibit.scene.control_of(UNSURE), "the question whether that is right")
    then(spelled(UNSURE), Choose)
    then(lie or spelled(exhibit.scene.focused), Attack)
    press("fool")
    exhibit.wait(lambda: fooled(exhibit.screen(Attack).visit), "fooled")


@pytest.mark.slow
def test_from_attract_to_fooled(exhibit: Exhibit) -> None:
    """By touch to the flamingo; by the button in the middle alone, one switch, to the lie that the light is on."""

    def by_switch(name: str) -> None:
        exhibit.wait(lambda: exhibit.focused == name, f"the light on {name}")
        exhibit.key(Button.SHUTTER)

    hands: dict[str, tuple[Press, str, type[Touched] | type[ButtonDown]]] = {
        "touch": (exhibit.tap, f"label-{FLAMINGO}", Touched),
        "one switch": (by_switch, "", ButtonDown),
    }
    for hand, (press, lie, kind) in hands.items():
        before, judged = len(exhibit.events(kind)), len(exhibit.events(StepJudged))
        visit(exhibit, press, lie)
        begun_s, *_ = [line.at_s for line in exhibit.lines if isinstance(line.event, kind)][before:]
        steps = [line.at_s for line in exhibit.lines if isinstance(line.event, StepJudged)][judged:]
        at_most(f"attract to fooled by {hand}: presses", len(exhibit.events(kind)) - before, MOST_PRESSES)
        at_most(f"attract to fooled by {hand}", steps[-1] - begun_s, SECONDS, " s")
        told(f"attract to fooled by {hand}: steps of noise", str(len(steps)))
        exhibit.tap("again")
        exhibit.wait_screen(Attract)
