"""From the attract loop to *Fooled!*: how many presses that takes each hand, and how long, with nobody hesitating."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from kiosk.core.health import Phase
from kiosk.core.message import Button, ButtonDown, Touched
from kiosk.core.scene import ControlId
from kiosk.core.screen import Screen
from kiosk.core.visit import Rating, Verdict
from kiosk.device.state_folder import StateFolder
from kiosk.topics.attack.facts import fooled
from kiosk.topics.attack.messages import StepJudged
from kiosk.topics.attack.screens.attack import Attack
from kiosk.topics.attack.screens.choose import Choose
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.photograph.messages import LiveJudged
from kiosk.topics.photograph.screens.first_answer import BEAT_S, FirstAnswer
from kiosk.topics.photograph.screens.live import Live
from tests.e2e.exhibit_driver import Display, Exhibit, Line
from tests.figures.figure import at_most, told
from tests.player import FLAMINGO, spelled

MOST_PRESSES, SECONDS = 5, 5.0

UNSURE = ControlId("rate", Rating.UNSURE)
# What each press is made for, in their order.
AWAITED: tuple[Callable[[Line], bool], ...] = (
    lambda line: isinstance(line.event, LiveJudged),
    lambda line: line.screen == FirstAnswer.__name__,
    lambda line: line.screen == Choose.__name__,
    lambda line: line.screen == Attack.__name__,
    lambda line: isinstance(line.event, StepJudged) and line.event.judged.verdict is Verdict.FOOLED,
)

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
        before = len(exhibit.lines)
        visit(exhibit, press, lie)
        lines = exhibit.lines[before:]
        at_s = [line.at_s for line in lines if isinstance(line.event, kind)]
        at_most(f"attract to fooled by {hand}: presses", len(at_s), MOST_PRESSES)
        ready_s = [answered_s(lines, since_s, what) for since_s, what in zip(at_s, AWAITED, strict=True)]
        own_s = sum(ready - since for since, ready in zip(at_s, ready_s, strict=True)) + BEAT_S
        at_most(f"attract to fooled by {hand}, without the hand's pauses", own_s, SECONDS, " s")
        told(f"attract to fooled by {hand}, with the shortest pauses", f"{ready_s[-1] - at_s[0]:.2f} s")
        exhibit.tap("again")
        exhibit.wait_screen(Attract)


def answered_s(lines: Sequence[Line], since_s: float, awaited: Callable[[Line], bool]) -> float:
    """Return when what a press led to was there."""
    return next(line.at_s for line in lines if line.at_s >= since_s and awaited(line))
