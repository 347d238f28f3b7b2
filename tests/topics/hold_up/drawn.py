"""The states of this topic that are worth looking at."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from kiosk.paper.layout import Shown
from kiosk.topics.hold_up.facts import Stretch
from kiosk.topics.hold_up.messages import SheetsSeen
from tests.golden.pictures import coffee
from tests.golden.pictures import pictures as shelf
from tests.player import CUP, FLAMINGO, Player
from tests.topics.hold_up.scripted import at_compare, at_compared, at_held, at_hold_up, look, stretch


def pictures() -> dict[str, NDArray[np.uint8]]:
    """What was held up, held straight."""
    there = shelf()
    return {"held-original": coffee(), "held-proof": there["adversarial"], "held-control": there["dice"]}


def _far(panel: str) -> Player:
    playing = at_held(panel)
    playing.send(SheetsSeen((look(Shown.PROOF, FLAMINGO, size=0.2),)))
    return playing


def _cut(panel: str) -> Player:
    playing = at_held(panel)
    for _ in range(3):
        playing.send(SheetsSeen((look(Shown.PROOF, CUP, counts=False),)))
    return playing


def _unmarked(panel: str) -> Player:
    playing = at_hold_up(panel)
    playing.send(SheetsSeen((), CUP))
    return playing


def _with_it(panel: str) -> Player:
    playing = at_compare(panel)
    stretch(playing, Stretch.BEFORE, *(CUP,) * 12)
    stretch(playing, Stretch.WITH, CUP, CUP, FLAMINGO, FLAMINGO, FLAMINGO, FLAMINGO)
    return playing


def _keep(panel: str) -> Player:
    playing = at_compare(panel)
    stretch(playing, Stretch.BEFORE, CUP, CUP)
    return playing


def _not_alone(panel: str) -> Player:
    playing = at_compare(panel)
    playing.send(SheetsSeen((look(Shown.PROOF, FLAMINGO),)))
    return playing


STATES: dict[str, Callable[[str], Player]] = {
    "hold-up": at_hold_up,
    "hold-up-held": at_held,
    "hold-up-far": _far,
    "hold-up-cut": _cut,
    "hold-up-unmarked": _unmarked,
    "compare": at_compare,
    "compare-keep": _keep,
    "compare-with": _with_it,
    "compare-after": at_compared,
    "compare-sheet": _not_alone,
}
