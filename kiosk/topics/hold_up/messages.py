"""A printed sheet before the camera."""

from dataclasses import dataclass

from kiosk.core.context import Context, Fact
from kiosk.core.message import Effect, News, Way
from kiosk.core.visit import Visit
from kiosk.topics.hold_up.facts import SheetLook


@dataclass(frozen=True, slots=True)
class ToHoldUp(Way):
    """Hold a sheet up to the camera."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class ToCompare(Way):
    """Hold a thing up before a sticker is added, with it, and after."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class StartLooks(Effect):
    """Keep `camera` fresh, look for sheets in its frames, and say `SheetsSeen` five times a second."""


@dataclass(frozen=True, slots=True)
class StopLooks(Effect):
    """SheetLook no more."""


@dataclass(frozen=True, slots=True)
class SheetsSeen(News):
    """A frame was looked at; the largest picture of each kind is there, held straight, as `held-original` and so on.

    Where there is no sheet, `middle` is the label of what is in the middle of the frame, seen as `held-middle`.
    """

    looks: tuple[SheetLook, ...]
    middle: int | None = None


@dataclass(frozen=True, slots=True)
class TallyLooks(Effect):
    """Add looks at pictures that were made for paper to those of the day; say `LooksTallied`."""

    lies: int
    count: int


@dataclass(frozen=True, slots=True)
class Tally(Fact):
    """How many looks at such pictures there were today, and how many were taken for the lie."""

    lies: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True)
class LooksTallied(News):
    """The looks of the day."""

    lies: int
    count: int

    def known(self, context: Context) -> Context:
        """Return the context that knows them."""
        return context.with_fact(Tally(self.lies, self.count))
