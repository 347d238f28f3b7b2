"""The states of this topic that are worth looking at."""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from kiosk.core.message import JobAdvanced
from kiosk.topics.shield.messages import RaiseShield
from tests.golden.pictures import coffee
from tests.player import Player, of
from tests.topics.cards.scripted import turned_to
from tests.topics.shield.scripted import OTHER, at_shield


def _voting(panel: str) -> Player:
    playing = turned_to("shield", panel)
    playing.answers = False
    playing.touch("card-shield")
    playing.wait(2.0)
    playing.send(JobAdvanced(of(playing, RaiseShield)[-1].job, 0.4))
    return playing


def pictures() -> dict[str, NDArray[np.uint8]]:
    """One hazy copy of each picture."""
    coarse = np.random.default_rng(3).normal(0, 12, (56, 56, 3)).repeat(4, 0).repeat(4, 1)
    hazy = np.clip(coffee() + coarse, 0, 255).astype(np.uint8)
    return {"shield-original": hazy, "shield-adversarial": hazy}


STATES: dict[str, Callable[[str], Player]] = {
    "shield": at_shield,
    "shield-voting": _voting,
    "shield-other": partial(at_shield, adversarial=OTHER),
}
