"""What will the machine say of one of our pictures?"""

from dataclasses import dataclass

from kiosk.core.context import Context, Fact
from kiosk.core.message import Asking, Effect, News, Reply, Way
from kiosk.core.visit import Answer, Visit


@dataclass(frozen=True, slots=True)
class ToForesee(Way):
    """Guess what it will say."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class PosePicture(Asking):
    """Put one of our own pictures on the shelf as `posed`, maybe on its head or out of focus; the job is the seed.

    None whose answer is `blocked`. Say `PicturePosed` or `JobLost`.
    """

    blocked: frozenset[int]


@dataclass(frozen=True, slots=True)
class PicturePosed(Reply):
    """The answer to `PosePicture`: what is said of that picture, and of it as it was."""

    said: Answer
    plain: Answer


@dataclass(frozen=True, slots=True)
class Foresights(Fact):
    """How many guesses there were today, and how many were right."""

    right: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True)
class CountForesight(Effect):
    """Add a guess to those of the day; say `ForesightCounted`."""

    right: bool


@dataclass(frozen=True, slots=True)
class ForesightCounted(News):
    """The guesses of the day, this one among them."""

    right: int
    count: int

    def known(self, context: Context) -> Context:
        """Return the context that knows them."""
        return context.with_fact(Foresights(self.right, self.count))
