"""The states of this topic that are worth looking at."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tests.golden.pictures import ball, coffee
from tests.player import Player
from tests.topics.memories.scripted import at_memories


def pictures() -> dict[str, NDArray[np.uint8]]:
    """What the memories look like."""
    return {"memory-0": coffee()} | {f"memory-{number}": ball(number) for number in range(1, 6)}


STATES: dict[str, Callable[[str], Player]] = {"memories": at_memories}
