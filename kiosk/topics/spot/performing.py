"""The guesses of the day are counted, and nothing else of whoever guessed."""

from collections.abc import Callable
from datetime import date

from kiosk.perform.day_tally import DayTally, today
from kiosk.perform.part import Part
from kiosk.perform.workshop import Workshop
from kiosk.topics.spot.messages import CountGuess, GuessCounted


class GuessCounting(Part[CountGuess]):
    """Counts guesses, day by day."""

    performs = (CountGuess,)

    def __init__(self, workshop: Workshop, day: Callable[[], date] = today) -> None:
        """Count by that calendar."""
        super().__init__(workshop)
        self._tally = DayTally(day)

    def perform(self, effect: CountGuess) -> None:
        """Count a guess."""
        self._workshop.jobs.tell(GuessCounted(*self._tally.add(right=effect.right)))

    def forget_picture(self) -> None:
        """Drop nothing: no picture is kept here."""

    def forget(self) -> None:
        """Drop nothing: two numbers say nothing of a visitor."""
