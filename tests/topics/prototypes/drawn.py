"""The states of this topic that are worth looking at."""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from kiosk.core.message import JobAdvanced
from kiosk.topics.prototypes.messages import AskReasons
from tests.golden.pictures import ball, coffee
from tests.player import Player, of
from tests.topics.prototypes.scripted import TRICKED, at_fooled_reasons, at_prototypes, before_asking


def pictures() -> dict[str, NDArray[np.uint8]]:
    """What was taught, and the picture that fools this judge."""
    taught = {f"prototype-{number}": ball(number) for number in range(6)}
    return taught | {"prototype-0": coffee(), "prototypes-fooled": coffee()}


def _asked(panel: str) -> Player:
    playing = before_asking(panel)
    playing.answers = False
    playing.touch("card-prototypes")
    playing.wait(3.0)
    playing.send(JobAdvanced(of(playing, AskReasons)[-1].job, 0.6))
    playing.wait(0.3)
    return playing


STATES: dict[str, Callable[[str], Player]] = {
    "prototypes": at_prototypes,
    "prototypes-asked": _asked,
    "prototypes-tricked": partial(at_prototypes, after=TRICKED, noisy=True),
    "prototypes-fooled": at_fooled_reasons,
}
