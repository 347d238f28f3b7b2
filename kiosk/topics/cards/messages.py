"""What more there is to try."""

from dataclasses import dataclass

from kiosk.core.message import Way
from kiosk.core.visit import Visit


@dataclass(frozen=True, slots=True)
class ToCards(Way):
    """See what more there is to try with the attacked picture."""

    visit: Visit
