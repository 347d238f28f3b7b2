"""Sheets to take home."""

from kiosk.core.context import Context
from kiosk.core.topic import Entered, Step, Topic, door
from kiosk.core.visit import sample_visit
from kiosk.topics.printing.messages import ToPrinting, ToStickerSheet
from kiosk.topics.printing.screens.printing import Printing
from kiosk.topics.printing.screens.sticker import StickerPrinting


def printing(way: ToPrinting, _context: Context) -> Entered:
    """Lay the sheet out at once."""
    return Entered(Printing(way.visit))


def sticker_printing(way: ToStickerSheet, _context: Context) -> Entered:
    """Lay the sticker's sheet out at once."""
    return Entered(StickerPrinting(way.visit, label=way.label))


def _sample(context: Context) -> Printing:
    visit = sample_visit(context.labels)
    return Printing(visit, wanted=False, control=visit.original)


SCRIPT = (Step("printing", over=lambda screen: isinstance(screen, Printing), sample=_sample, aside=True),)

TOPIC = Topic(
    __package__,
    doors=(door(ToPrinting, printing), door(ToStickerSheet, sticker_printing)),
    script=SCRIPT,
)
