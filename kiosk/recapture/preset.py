"""How loud and how long the attack that survives paper is. No arrays here, so that any screen may hold one."""

import math
from dataclasses import dataclass

from kiosk.errors import BadArgumentError

LAST = 0.02  # of the budget: how long a step is in the end
PLAIN_EVERY = 8  # else the picture on the screen, unprinted, would not always lie
SETTLING = 1 / 3  # of the steps, the last and short ones: they make the noise smaller and keep the lie
MOST_GRADIENTS = 1000


@dataclass(frozen=True, slots=True)
class Preset:
    """An L-inf budget in 1/255 and a number of gradients; `textured` leaves smooth places a smaller budget.

    `widest` is how long the first step is, of the budget; longer ones reach harder pictures and are louder.

    Raises BadArgumentError for what is out of range.
    """

    budget_255: float
    gradients: int
    textured: bool
    widest: float = 0.2

    def __post_init__(self) -> None:
        if not (
            LAST <= self.widest <= 1 and 0 < self.budget_255 <= 255 and 1 <= self.gradients <= MOST_GRADIENTS
        ):
            raise BadArgumentError(
                f"{self.gradients} gradients within {self.budget_255} of 255: no such attack"
            )

    def length(self, step: int) -> float:
        """Return how far a step, from 0 on, goes, of the budget."""
        return LAST + (self.widest - LAST) * 0.5 * (1 + math.cos(math.pi * step / self.gradients))

    def after(self, step: int, *, all_lie: bool) -> int:
        """Return which step follows one: where all views lie already, the last ones, which settle the noise."""
        return max(step + 1, round(self.gradients * (1 - SETTLING))) if all_lie else step + 1

    def looks_plain(self, step: int) -> bool:
        """Return whether a step, from 0 on, looks at the picture itself and not at a view of it."""
        return step % PLAIN_EVERY == PLAIN_EVERY - 1


PRESETS = {
    "quick": Preset(14.0, 60, textured=False),
    "standard": Preset(16.0, 120, textured=True, widest=0.4),
    "discreet": Preset(12.0, 240, textured=True),
}
