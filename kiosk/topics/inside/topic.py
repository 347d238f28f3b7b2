"""The stages of the network, and how the noise grows from one to the next."""

from kiosk.core.context import Card, Context
from kiosk.core.scene import ControlId
from kiosk.core.topic import Entered, Step, Topic, door
from kiosk.core.visit import Visit, sample_visit
from kiosk.topics.inside.messages import InsideTold, StageTold, ToInside
from kiosk.topics.inside.screen import Inside


def inside(way: ToInside, _context: Context) -> Entered:
    """Look at once."""
    return Entered(Inside(way.visit))


def offer(visit: Visit, context: Context) -> Card | None:
    """Return the card, where there is noise to follow and something that can follow it."""
    if not visit.shown or context.gradients.given_up:
        return None
    return Card("inside", "inside", ToInside(visit), "inside.card")


def _sample(context: Context) -> Inside:
    stages = tuple(StageTold(7, 9, 0.1 * at, 0.02 * at, (0.3, 0.4, 0.5)) for at in range(1, 7))
    return Inside(sample_visit(context.labels), wanted=False, told=InsideTold(0, stages), stage=5)


SCRIPT = (
    Step(
        "inside",
        ControlId("card", "inside"),
        over=lambda screen: isinstance(screen, Inside) and screen.told is not None,
        sample=_sample,
        aside=True,
    ),
)

TOPIC = Topic(__package__, doors=(door(ToInside, inside),), cards=(offer,), script=SCRIPT)
