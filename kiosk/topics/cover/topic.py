"""Squares of the picture are covered."""

from kiosk.core.context import Card, Context
from kiosk.core.scene import ControlId
from kiosk.core.topic import Entered, Step, Topic, door
from kiosk.core.visit import Visit, sample_visit
from kiosk.topics.cover.messages import TileCovered, ToCover
from kiosk.topics.cover.screen import Cover


def cover(way: ToCover, _context: Context) -> Entered:
    """Show the picture under its grid."""
    return Entered(Cover(way.visit))


def offer(visit: Visit, _context: Context) -> Card:
    """Return the card."""
    return Card("cover", "cover", ToCover(visit), "cover.card")


def _sample(context: Context) -> Cover:
    visit = sample_visit(context.labels)
    return Cover(visit, tile=14, covered=TileCovered(0, 14, visit.original))


SCRIPT = (
    Step(
        "cover",
        ControlId("card", "cover"),
        over=lambda screen: isinstance(screen, Cover),
        sample=_sample,
        aside=True,
    ),
)

TOPIC = Topic(__package__, doors=(door(ToCover, cover),), cards=(offer,), script=SCRIPT)
