"""A sticker that is seen wherever it lies."""

from dataclasses import dataclass

from kiosk.core.context import Context, Fact
from kiosk.core.message import Asking, News, Reply, Way
from kiosk.core.visit import Answer, Visit


@dataclass(frozen=True, slots=True)
class ToSticker(Way):
    """Lay a sticker on the picture."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class Stickers(Fact):
    """Report for which labels there are stickers of the exhibit's own model."""

    labels: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StickersFound(News):
    """A model is open, and these are its stickers."""

    labels: tuple[int, ...]

    def known(self, context: Context) -> Context:
        """Return the context that knows them."""
        return context.with_fact(Stickers(self.labels))


@dataclass(frozen=True, slots=True)
class LaySticker(Asking):
    """Lay the label's sticker on the visitor's picture, its middle at `x` and `y` (0..1), and a grey one likewise.

    Both pictures are there as `sticker` and `sticker-grey`; say `StickerJudged` or `JobLost`.
    """

    label: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class StickerJudged(Reply):
    """The answer to `LaySticker`: what is said with the sticker, and with the grey one."""

    answer: Answer
    grey: Answer
