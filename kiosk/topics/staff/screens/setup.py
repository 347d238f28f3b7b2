"""What the screens of the first start have in common."""

from kiosk.core.context import IdleTimes
from kiosk.core.screen import StaffScreen
from kiosk.topics.staff.facts import SETUP_QUIET_S


class SetupScreen(StaffScreen):
    """A screen of the first start, at which parts are mounted; left untouched, it goes late."""

    __slots__ = ()

    def quiet_s(self, idle: IdleTimes) -> float:
        """Return how long it may stay untouched before it goes."""
        del idle
        return SETUP_QUIET_S
