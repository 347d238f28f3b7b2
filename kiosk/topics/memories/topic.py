"""What both pictures remind it of."""

from kiosk.core.context import Card, Context
from kiosk.core.scene import ControlId
from kiosk.core.topic import Entered, Step, Topic, door
from kiosk.core.visit import Visit, sample_visit
from kiosk.topics.memories.messages import Memory, Remembered, ToMemories
from kiosk.topics.memories.screen import Memories


def memories(way: ToMemories, _context: Context) -> Entered:
    """Search at once."""
    return Entered(Memories(way.visit))


def offer(visit: Visit, _context: Context) -> Card:
    """Return the card."""
    return Card("memories", "memory", ToMemories(visit), "memories.card")


def _sample(context: Context) -> Memories:
    found = (Memory("cat", "original", 0.9), Memory("rocket", "original", 0.5))
    return Memories(sample_visit(context.labels), wanted=False, remembered=Remembered(0, found, found, 0.5))


SCRIPT = (
    Step(
        "memories",
        ControlId("card", "memories"),
        over=lambda screen: isinstance(screen, Memories) and screen.remembered is not None,
        sample=_sample,
        aside=True,
    ),
)

TOPIC = Topic(__package__, doors=(door(ToMemories, memories),), cards=(offer,), script=SCRIPT)
