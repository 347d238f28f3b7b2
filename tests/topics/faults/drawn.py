"""The states of this topic that are worth looking at."""

from collections.abc import Callable

from kiosk.core.health import Health, Phase
from kiosk.core.message import CameraLost, ModelChanged
from kiosk.topics.staff.messages import HoursTold
from tests.player import Player, player
from tests.topics.photograph.drawn import seen_with_stick
from tests.topics.staff.drawn import seen_closed
from tests.topics.staff.scripted import with_staff


def _no_camera(panel: str) -> Player:
    playing = player(panel)
    playing.send(CameraLost("unplugged"))
    playing.touch("anywhere")
    playing.wait(0.5)
    return playing


def _no_model(panel: str, health: Health) -> Player:
    playing = player(panel)
    playing.send(ModelChanged(health))
    if health.phase is Phase.WARMING:
        playing.touch("anywhere")
    return playing


def _after_hours(panel: str, opens: str = "9:45", day: str = "saturday") -> Player:
    playing = with_staff(player(panel))
    playing.send(HoursTold(after_hours=True, opens=opens, opens_day=day))
    playing.wait(0.3)
    return playing


STATES: dict[str, Callable[[str], Player]] = {
    "closed": seen_closed,
    "after-hours": _after_hours,
    "after-hours-unknown": lambda panel: _after_hours(panel, "", ""),
    "no-camera-stick": lambda panel: seen_with_stick(_no_camera(panel)),
    "no-camera": _no_camera,
    "model-warming": lambda panel: _no_model(panel, Health(Phase.WARMING, 0.6)),
    "model-missing": lambda panel: _no_model(panel, Health(Phase.LOST)),
}
