"""The control experiment: as much noise, but thrown by dice."""

from kiosk.core.context import Card, Context
from kiosk.core.scene import ControlId
from kiosk.core.topic import Entered, Step, Topic, door
from kiosk.core.visit import Visit, sample_visit
from kiosk.topics.dice.messages import ToDice
from kiosk.topics.dice.screen import Dice


def dice(way: ToDice, _context: Context) -> Entered:
    """Throw the dice at once."""
    return Entered(Dice(way.visit))


def offer(visit: Visit, _context: Context) -> Card:
    """Return the card: there is always noise to compare with."""
    return Card("dice", "dice", ToDice(visit), "dice.card")


SCRIPT = (
    Step(
        "dice",
        ControlId("card", "dice"),
        over=lambda screen: isinstance(screen, Dice) and screen.rolls > 0,
        sample=lambda context: Dice(
            sample_visit(context.labels), wanted=False, rolled=sample_visit(context.labels).steps[1], rolls=1
        ),
    ),
    Step("", ControlId("back")),
)

TOPIC = Topic(__package__, doors=(door(ToDice, dice),), cards=(offer,), script=SCRIPT)
