"""The states of this topic that are worth looking at."""

from collections.abc import Callable

from tests.player import Player, player
from tests.topics.attack.scripted import at_fooled
from tests.topics.staff.drawn import seen_notices
from tests.topics.teaching.scripted import at_teach, at_trained


def _attract(panel: str, at_s: float) -> Player:
    playing = player(panel)
    playing.wait(at_s)
    return playing


def _wired(panel: str) -> Player:
    playing = _attract(panel, 1.0)
    playing.state = playing.state.with_context(buttons=True)
    return playing


def _idle(panel: str, quiet_s: float) -> Player:
    playing = at_fooled(panel)
    playing.wait(quiet_s)
    return playing


def _forgotten_lesson(panel: str) -> Player:
    playing = at_teach(panel)
    playing.start_again()
    playing.wait(3.0)
    return playing


def _leaving(panel: str) -> Player:
    playing = at_trained(panel)
    playing.touch("again")
    playing.wait(0.6)
    return playing


def _idle_taught(panel: str) -> Player:
    playing = at_trained(panel)
    playing.wait(81.0)
    return playing


STATES: dict[str, Callable[[str], Player]] = {
    "attract-notice": lambda panel: seen_notices(_attract(panel, 1.0)),
    "attract-clean": lambda panel: _attract(panel, 1.0),
    "attract-noise": lambda panel: _attract(panel, 4.0),
    "attract-fooled": lambda panel: _attract(panel, 6.5),
    "attract-race": lambda panel: _attract(panel, 12.0),
    "attract-buttons": _wired,
    "idle": lambda panel: _idle(panel, 46.0),
    "idle-taught": _idle_taught,
    "leaving": _leaving,
    "forgetting": lambda panel: _idle(panel, 59.7),
    "forgotten": lambda panel: _idle(panel, 63.0),
    "forgotten-lesson": _forgotten_lesson,
}
