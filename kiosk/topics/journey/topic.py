"""The map of all that is kept, and the picture's way over it."""

from kiosk.core.context import Card, Context
from kiosk.core.scene import ControlId
from kiosk.core.topic import Entered, Step, Topic, door
from kiosk.core.visit import Visit, sample_visit
from kiosk.topics.journey.facts import Chart, Region
from kiosk.topics.journey.messages import ToJourney, WayTraced
from kiosk.topics.journey.screens.journey import Journey

FEWEST = 2  # steps, the start among them, that make a way


def journey(way: ToJourney, _context: Context) -> Entered:
    """Trace the way at once."""
    return Entered(Journey(way.visit))


def offer(visit: Visit, _context: Context) -> Card | None:
    """Return the card, where there is a way from one answer to another."""
    if len(visit.taken) < FEWEST or visit.boosts:
        return None
    return Card("journey", "map", ToJourney(visit), "journey.card")


def _sample(context: Context) -> Journey:
    path, regions = ((0.0, 0.0), (0.5, 0.2), (1.0, 0.0)), (Region("cat", ((0.0, 0.0), (0.1, 1.0))),)
    chart = Chart(regions, path, path, (1.0, 0.3, 0.3), 0.2, border=0.6)
    traced = WayTraced(0, chart, chart)
    return Journey(sample_visit(context.labels), wanted=False, traced=traced, at=2, turned=True)


SCRIPT = (
    Step(
        "journey",
        ControlId("card", "journey"),
        over=lambda screen: isinstance(screen, Journey) and screen.traced is not None,
        sample=_sample,
        aside=True,
    ),
)

TOPIC = Topic(__package__, doors=(door(ToJourney, journey),), cards=(offer,), script=SCRIPT)
