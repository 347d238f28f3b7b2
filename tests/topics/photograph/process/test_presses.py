"""From attract to *Fooled!* by a hand that presses as soon as it is heard: how many presses, how many seconds."""

import statistics
import time

import pytest

from kiosk.commands.screenplay import PANEL, showing
from kiosk.core.context import Context
from kiosk.core.health import Phase
from kiosk.core.message import Event, Tick, Touched
from kiosk.core.scene import ControlId
from kiosk.core.visit import Rating
from kiosk.device.state_folder import StateFolder
from kiosk.exhibit.parts import PARTS
from kiosk.exhibit.performer import Performer
from kiosk.exhibit.topics import TOPICS
from kiosk.program.input import deaf
from kiosk.program.program import update, view
from kiosk.program.state import State, initial
from kiosk.settings.sections import Settings
from kiosk.topics.attack.screens.attack import Attack
from kiosk.topics.attract.screens.attract import Attract
from kiosk.vision.picture import read_photograph
from kiosk.words.friendly_labels import visitor_labels
from tests.figures import figure
from tests.player import FLAMINGO, TEXTS

VISITS = 5
FRAME_S, PATIENCE_S = 1 / 60, 60.0
PRESSES = tuple(
    ControlId(*spelled)
    for spelled in (("anywhere",), ("shoot",), ("rate", Rating.UNSURE), ("label", FLAMINGO), ("fool",))
)


class Quick:
    """Plays on the real performer and by the real clock."""

    def __init__(self, performer: Performer) -> None:
        self.state: State = initial(TOPICS, PANEL, TEXTS, visitor_labels())
        self._performer, self._began_s = performer, time.monotonic()

    def send(self, event: Event) -> None:
        self.state, effects = update(self.state, event)
        for effect in effects:
            self._performer.perform(effect)

    def frame(self) -> None:
        self.send(Tick(time.monotonic() - self._began_s))
        for event in self._performer.news():
            self.send(event)
        time.sleep(FRAME_S)

    def press(self, *controls: ControlId) -> None:
        """Press the first of these that is there, as soon as it is heard."""
        due_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < due_s:
            self.frame()
            found = (view(self.state).control_of(control) for control in controls)
            box = next((control.box for control in found if control is not None), None)
            if box is not None and not deaf(self.state.input, self.state.context.now_s):
                now_s = time.monotonic() - self._began_s
                self.send(Touched(box.x + box.w // 2, box.y + box.h // 2, at_s=now_s))
                return
        raise TimeoutError(f"none of {controls} on {type(self.state.screen).__name__}")

    def fooled(self) -> bool:
        screen = self.state.screen
        return isinstance(screen, Attack) and screen.visit.fools


def ready(context: Context) -> bool:
    return context.camera and context.model.phase is Phase.READY and context.gradients.phase is Phase.READY


@pytest.mark.slow
def test_five_presses_and_five_seconds_lead_to_fooled(state: StateFolder) -> None:
    seconds = []
    cup = read_photograph(state.stock / "coffee-cup.png")
    with (
        showing(cup) as camera,
        Performer(PARTS, Settings(), state, camera, None, lambda: None) as performer,
    ):
        quick = Quick(performer)
        while not ready(quick.state.context):
            quick.frame()
        for _ in range(VISITS):
            quick.press(PRESSES[0])
            began_s = time.monotonic()
            for control in PRESSES[1:]:
                quick.press(control)
            while not quick.fooled():
                quick.frame()
            seconds.append(time.monotonic() - began_s)
            while not isinstance(quick.state.screen, Attract):
                quick.press(ControlId("again"), ControlId("anywhere"))
    figure.at_most("presses from attract to fooled", float(len(PRESSES)), 5.0, "")
    figure.at_most("seconds from attract to fooled, median", statistics.median(seconds), 5.0, " s")
