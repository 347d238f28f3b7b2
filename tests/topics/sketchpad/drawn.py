"""The states of this topic that are worth looking at."""

from collections.abc import Callable

from kiosk.core.message import Button
from kiosk.core.visit import Answer, Ranked
from tests.player import FLAMINGO, Player
from tests.topics.sketchpad.scripted import SketchpadScript, at_sketchpad


def _painted(panel: str, label: int, tool: str = "") -> Player:
    playing = at_sketchpad(panel)
    playing.script(SketchpadScript).painted = Answer(
        (Ranked(label, 0.63), Ranked(967, 0.2), Ranked(130, 0.1))
    )
    playing.drag("canvas", (0.0, 0.7), (0.6, 0.5))
    if tool:
        playing.touch(f"tool-{tool}")
    playing.wait(0.5)
    return playing


def _aiming(panel: str) -> Player:
    playing = _painted(panel, 967, "star")
    playing.press(Button.SHUTTER)
    playing.press(Button.LESS)
    playing.wait(0.5)
    return playing


STATES: dict[str, Callable[[str], Player]] = {
    "sketchpad": at_sketchpad,
    "sketchpad-fooled": lambda panel: _painted(panel, FLAMINGO),
    "sketchpad-truth": lambda panel: _painted(panel, 967, "star"),
    "sketchpad-aiming": _aiming,
}
