"""What more there is to try: each topic makes its own offer."""

from kiosk.core.context import Context
from kiosk.core.scene import ControlId
from kiosk.core.topic import Entered, Step, Topic, door
from kiosk.core.visit import sample_visit
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.cards.screen import Cards


def cards(way: ToCards, context: Context) -> Entered:
    """Look at the cards."""
    return Entered(Cards(way.visit, judge=context.chosen))


SCRIPT = (
    Step("more-to-try", ControlId("cards"), sample=lambda context: Cards(sample_visit(context.labels))),
)

TOPIC = Topic(__package__, doors=(door(ToCards, cards),), script=SCRIPT)
