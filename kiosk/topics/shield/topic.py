"""A shield of votes against the noise."""

from kiosk.core.context import Card, Context
from kiosk.core.scene import ControlId
from kiosk.core.topic import Entered, Step, Topic, door
from kiosk.core.visit import Visit, sample_visit
from kiosk.topics.shield.messages import Ballot, ShieldRaised, ToShield
from kiosk.topics.shield.screen import Shield


def shield(way: ToShield, _context: Context) -> Entered:
    """Let the copies vote at once."""
    return Entered(Shield(way.visit))


def offer(visit: Visit, _context: Context) -> Card:
    """Return the card."""
    return Card("shield", "shield", ToShield(visit), "shield.card")


def _sample(context: Context) -> Shield:
    visit = sample_visit(context.labels)
    ballot = Ballot(visit.original.first.label, 98, 0, 100, 20.0)
    return Shield(visit, wanted=False, raised=ShieldRaised(0, ballot, ballot))


SCRIPT = (
    Step(
        "shield",
        ControlId("card", "shield"),
        over=lambda screen: isinstance(screen, Shield) and screen.raised is not None,
        sample=_sample,
        aside=True,
    ),
)

TOPIC = Topic(__package__, doors=(door(ToShield, shield),), cards=(offer,), script=SCRIPT)
