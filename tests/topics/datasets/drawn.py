"""The states of this topic that are worth looking at."""

from collections.abc import Callable

from kiosk.topics.datasets.messages import DatasetKept
from tests.player import Player
from tests.topics.datasets.scripted import (
    MANY,
    PETS,
    TOOLS,
    DatasetsScript,
    at_keeping,
    at_readymade,
    with_datasets,
)
from tests.topics.staff.scripted import at_staff

FULL = "/data/kiosk/kiosk.sqlite: database or disk is full; free some space"


def _readymade(panel: str, *controls: str) -> Player:
    playing = at_readymade(panel)
    for control in controls:
        playing.touch(control)
    playing.wait(0.3)
    return playing


def _unreadable(panel: str) -> Player:
    playing = at_readymade(panel)
    playing.script(DatasetsScript).datasets = ()
    playing.touch(f"set-{MANY[0].name}")
    return with_datasets(playing)


def _keeping(panel: str, *controls: str) -> Player:
    playing = at_keeping(panel, MANY, labels=3)
    for control in controls:
        playing.touch(control)
    playing.wait(0.3)
    return playing


def _not_kept(panel: str) -> Player:
    playing = at_keeping(panel, (PETS, TOOLS))
    playing.answers = False
    playing.touch("keep")
    playing.send(DatasetKept("", FULL))
    playing.wait(0.3)
    return playing


STATES: dict[str, Callable[[str], Player]] = {
    "staff-datasets": _keeping,
    "staff-datasets-none": lambda panel: at_staff(panel, "datasets"),
    "staff-datasets-kept": lambda panel: _keeping(panel, "keep"),
    "staff-datasets-full": _not_kept,
    "staff-datasets-one": lambda panel: _keeping(panel, f"set-{MANY[3].name}"),
    "staff-datasets-remove": lambda panel: _keeping(panel, "turn-4", f"set-{MANY[4].name}", "remove"),
    "readymade": _readymade,
    "readymade-two": lambda panel: at_readymade(panel, (PETS, TOOLS)),
    "readymade-later": lambda panel: _readymade(panel, "page-5"),
    "readymade-unreadable": _unreadable,
    "signs-guest": lambda panel: _readymade(panel, f"set-{MANY[1].name}", "add"),
    "teach-opened": lambda panel: _readymade(panel, f"set-{MANY[0].name}"),
    "teach-opened-untrained": lambda panel: _readymade(panel, f"set-{MANY[1].name}"),
}
