"""Which of two pictures has the noise?"""

from dataclasses import dataclass

from kiosk.core.context import Context, Fact
from kiosk.core.message import Effect, News, Way
from kiosk.core.visit import Visit


@dataclass(frozen=True, slots=True)
class ToSpot(Way):
    """Guess which one has the noise."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class Guesses(Fact):
    """How many guesses there were today, and how many were right."""

    right: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True)
class CountGuess(Effect):
    """Add a guess to those of the day; say `GuessCounted`."""

    right: bool


@dataclass(frozen=True, slots=True)
class GuessCounted(News):
    """The guesses of the day, this one among them."""

    right: int
    count: int

    def known(self, context: Context) -> Context:
        """Return the context that knows them."""
        return context.with_fact(Guesses(self.right, self.count))
