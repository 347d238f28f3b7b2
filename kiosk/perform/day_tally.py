"""How often people were right today: two numbers, and nothing of whoever guessed."""

from collections.abc import Callable
from datetime import date, datetime


def today() -> date:
    """Return the day, by the exhibit's clock."""
    return datetime.now().astimezone().date()


class DayTally:
    """Holds a day's guesses in memory; they begin anew each day, and whenever the exhibit does."""

    def __init__(self, day: Callable[[], date] = today) -> None:
        """Count by that calendar."""
        self._day = day
        self._counted_on = day()
        self._right = self._count = 0

    def add(self, *, right: bool) -> tuple[int, int]:
        """Count a guess; returns how many were right today, and how many there were."""
        if self._day() != self._counted_on:
            self._counted_on, self._right, self._count = self._day(), 0, 0
        self._count += 1
        self._right += right
        return self._right, self._count
