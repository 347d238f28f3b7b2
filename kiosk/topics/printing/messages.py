"""A sheet to take home: laid out, printed, and dropped where its visitor leaves before."""

from dataclasses import dataclass

from kiosk.core.context import Context, Fact
from kiosk.core.message import Asking, Effect, News, Reply, Way
from kiosk.core.visit import Answer, Visit
from kiosk.topics.printing.facts import Kind, Route, SheetWords, Stage


@dataclass(frozen=True, slots=True)
class ToPrinting(Way):
    """Take the picture that lives on paper home."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class ToStickerSheet(Way):
    """Take a label's sticker home."""

    visit: Visit
    label: int


@dataclass(frozen=True, slots=True)
class Made:
    """Which labels the pictures of a sheet are taken for: `number` tells the last sheets apart."""

    number: int
    right: int
    lie: int


@dataclass(frozen=True, slots=True)
class Paper(Fact):
    """How a sheet would get out, how far the newest is, and how many more this visitor may print.

    `made` are the last sheets, which a camera may see again.
    """

    offered: bool = True
    route: Route = Route.SCREEN
    stage: Stage = Stage.NONE
    left: int = 1
    made: tuple[Made, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperChanged(News):
    """The printer, the stick or the sheet on its way is otherwise now."""

    paper: Paper

    def known(self, context: Context) -> Context:
        """Return the context that knows it."""
        return context.with_fact(self.paper)


@dataclass(frozen=True, slots=True)
class LaySheet(Asking):
    """Put the sheets' pictures there between their markers, as `sheet-original`, `sheet-proof`, `sheet-control`.

    The dice are thrown with the job's number as seed. Say `SheetLaid` or `JobLost`, and look for a printer. `right` and
    `lie` are what its pictures are taken for, by which they are known when a camera sees them again.
    """

    right: int
    lie: int


@dataclass(frozen=True, slots=True)
class SheetLaid(Reply):
    """The answer to `LaySheet`: what is said to the dice's picture; None where staff allow our own pictures only."""

    control: Answer | None


@dataclass(frozen=True, slots=True)
class LayStickerSheet(Asking):
    """Put a label's sticker and a grey one there, as `sheet-sticker` and `sheet-grey`.

    Say `StickerSheetLaid` or `JobLost`, and look for a printer.
    """

    label: int


@dataclass(frozen=True, slots=True)
class StickerSheetLaid(Reply):
    """The answer to `LayStickerSheet`: how wide both are when they are printed."""

    wide_mm: float


@dataclass(frozen=True, slots=True)
class PrintSheet(Effect):
    """Make the sheet that is laid out and send it on its way; `PaperChanged` tells how far it is."""

    kind: Kind
    words: SheetWords


@dataclass(frozen=True, slots=True)
class SheetDropped(News):
    """A sheet that was not printed yet was taken out of the queue, because its visitor is forgotten."""
