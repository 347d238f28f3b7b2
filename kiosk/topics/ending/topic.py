"""What to take home."""

from kiosk.core.context import Card, Context
from kiosk.core.scene import ControlId
from kiosk.core.topic import Entered, Step, Topic, door
from kiosk.core.visit import Visit, sample_visit
from kiosk.topics.ending.messages import ToEnding
from kiosk.topics.ending.screen import Ending


def ending(way: ToEnding, _context: Context) -> Entered:
    """Show a page."""
    return Entered(Ending(way.visit, way.page))


def offer(visit: Visit, _context: Context) -> Card:
    """Return the card."""
    return Card("ending", "flag", ToEnding(visit), "ending.card")


SCRIPT = (
    Step(
        "ending",
        ControlId("card", "ending"),
        over=lambda screen: isinstance(screen, Ending),
        sample=lambda context: Ending(sample_visit(context.labels)),
        aside=True,
    ),
)

TOPIC = Topic(__package__, doors=(door(ToEnding, ending),), cards=(offer,), script=SCRIPT)
