"""Which of two pictures has the noise?"""

from kiosk.core.context import Card, Context
from kiosk.core.scene import ControlId
from kiosk.core.topic import Entered, Step, Topic, door
from kiosk.core.visit import Visit, sample_visit
from kiosk.topics.spot.messages import ToSpot
from kiosk.topics.spot.screen import SIDES, Spot


def spot(way: ToSpot, context: Context) -> Entered:
    """Show both pictures; the number of the next job, which nobody knows, says on which side the noise is."""
    return Entered(Spot(way.visit, context.next_job % len(SIDES)))


def offer(visit: Visit, _context: Context) -> Card | None:
    """Return the card, where there is noise to be spotted."""
    return Card("spot", "spot", ToSpot(visit), "spot.card") if visit.shown else None


SCRIPT = (
    Step(
        "spot",
        ControlId("card", "spot"),
        over=lambda screen: isinstance(screen, Spot),
        sample=lambda context: Spot(sample_visit(context.labels), 0),
        aside=True,
    ),
)

TOPIC = Topic(__package__, doors=(door(ToSpot, spot),), cards=(offer,), script=SCRIPT)
