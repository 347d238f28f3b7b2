"""How long the exhibit waits for its camera process, and between two attempts."""

import math
from dataclasses import dataclass

from kiosk.camera.base import FRAME_WAIT_S


@dataclass(frozen=True)
class Patience:
    """How long is waited for what. Units: seconds."""

    # A slow board that has just been switched on reads Python and OpenCV from its card.
    start_s: float = 20.0
    # `auto` may try a dead camera, with its own limit, before one that works.
    open_s: float = 20.0
    # A camera keeps its own limit on a frame; so much later its process has broken its word.
    frame_s: float = FRAME_WAIT_S + 0.5
    close_s: float = 3.0
    killed_s: float = 1.0
    first_pause_s: float = 0.25
    longest_pause_s: float = 2.0
    longest_pause_alone_s: float = 30.0
    # A camera that lasted this long has recovered: the pauses begin with the first again.
    steady_s: float = 10.0
    join_s: float = 2.0


class Pauses:
    """When the next attempt is due: later each time, up to a limit that is short while somebody is there."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._failed_s = -math.inf
        self.failures = 0

    def failed(self, now_s: float, lasted_s: float = 0.0) -> None:
        """Note that an attempt ended; `lasted_s` is for how long it gave frames."""
        self.failures = 1 if lasted_s >= self._patience.steady_s else self.failures + 1
        self._failed_s = now_s

    def at_once(self) -> None:
        """Let the next attempt be due now; the pauses after it grow from the first again."""
        self.failures, self._failed_s = 0, -math.inf

    def left_s(self, now_s: float, *, attended: bool) -> float:
        """Return how long there is to wait, 0 where the next attempt is due."""
        patience = self._patience
        longest = patience.longest_pause_s if attended else patience.longest_pause_alone_s
        pause = min(patience.first_pause_s * 2.0 ** min(self.failures - 1, 30), longest)
        return max(0.0, self._failed_s + pause - now_s)
