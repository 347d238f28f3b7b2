"""How sure each answer was, step by step."""

from dataclasses import dataclass

from kiosk.core.message import Way
from kiosk.core.visit import Visit


@dataclass(frozen=True, slots=True)
class ToRace(Way):
    """See the race again."""

    visit: Visit
