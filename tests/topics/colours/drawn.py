"""The states of this topic that are worth looking at."""

from collections.abc import Callable

from kiosk.core.message import CameraLost
from tests.player import Player
from tests.topics.colours.scripted import ColoursScript, at_colours, at_measured


def _refused(panel: str) -> Player:
    playing = at_measured(panel)
    playing.script(
        ColoursScript
    ).fault = "The chart's colours are off by 31 of 255. Hold it flat in even light, then measure again."
    playing.touch("measure")
    playing.wait(0.3)
    return playing


def _no_camera(panel: str) -> Player:
    playing = at_colours(panel)
    playing.send(CameraLost("it was unplugged"))
    playing.wait(0.3)
    return playing


STATES: dict[str, Callable[[str], Player]] = {
    "staff-colours": at_colours,
    "staff-colours-measured": at_measured,
    "staff-colours-refused": _refused,
    "staff-colours-no-camera": _no_camera,
}
