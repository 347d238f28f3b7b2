"""What to take home."""

from dataclasses import dataclass

from kiosk.core.message import Way
from kiosk.core.visit import Visit


@dataclass(frozen=True, slots=True)
class ToEnding(Way):
    """Read what all this means."""

    visit: Visit
    page: int = 0
