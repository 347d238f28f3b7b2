"""The states of this topic that are worth looking at."""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from kiosk.topics.survival.facts import Glance, Treatment, Which
from kiosk.topics.survival.messages import ProofAdvanced, ViewSeen
from kiosk.topics.survival.performing.treating import treat
from tests.golden.pictures import coffee
from tests.player import Player
from tests.topics.cards.scripted import turned_to
from tests.topics.survival.scripted import at_lab, at_survival, at_survivor


def _seeing(panel: str) -> Player:
    playing = turned_to("survival", panel)
    playing.answers = False
    playing.touch("card-survival")
    playing.wait(0.3)
    job = playing.state.context.next_job - 1
    playing.send(*(ViewSeen(job, at / 24, Glance.OTHER if at == 3 else Glance.RIGHT) for at in range(7)))
    return playing


def _making(panel: str) -> Player:
    playing = at_survival(panel)
    playing.answers = False
    playing.touch("make")
    playing.send(ProofAdvanced(playing.state.context.next_job - 1, 0.4, 5 / 12))
    return playing


def pictures() -> dict[str, NDArray[np.uint8]]:
    """The cup after each treatment."""
    return {
        f"lab-{treatment.value}-{which.value}": treat(treatment, coffee(), 7)
        for treatment in Treatment
        for which in Which
    }


STATES: dict[str, Callable[[str], Player]] = {
    "survival": at_survival,
    "survival-seeing": _seeing,
    "survival-making": _making,
    "survival-lives": at_survivor,
    "lab": at_lab,
    "lab-three": partial(at_lab, proof=True),
}
