"""The answers' race, step by step."""

from kiosk.core.context import Card, Context
from kiosk.core.scene import ControlId
from kiosk.core.topic import Entered, Step, Topic, door
from kiosk.core.visit import Visit, sample_visit
from kiosk.topics.race.facts import overtaken
from kiosk.topics.race.messages import ToRace
from kiosk.topics.race.screen import Race

FEWEST = 3  # steps, the start among them, that make a race


def race(way: ToRace, _context: Context) -> Entered:
    """Show the race where the lead changes."""
    change = overtaken(way.visit)
    return Entered(Race(way.visit, len(way.visit.taken) - 1 if change is None else change))


def offer(visit: Visit, _context: Context) -> Card | None:
    """Return the card, where there were steps enough."""
    steps = len(visit.taken)
    return Card("race", "race", ToRace(visit), "race.card") if steps >= FEWEST else None


SCRIPT = (
    Step(
        "race",
        ControlId("card", "race"),
        over=lambda screen: isinstance(screen, Race),
        sample=lambda context: Race(sample_visit(context.labels), 2),
        aside=True,
    ),
)

TOPIC = Topic(__package__, doors=(door(ToRace, race),), cards=(offer,), script=SCRIPT)
