"""Other ways to draw what an answer leaned on."""

from kiosk.core.context import Card, Context
from kiosk.core.scene import ControlId
from kiosk.core.topic import Entered, Step, Topic, door
from kiosk.core.visit import Visit, sample_visit
from kiosk.topics.more_maps.facts import Check
from kiosk.topics.more_maps.messages import CheckedDrawn, ToMoreMaps
from kiosk.topics.more_maps.screen import MoreMaps, methods_of


def more_maps(way: ToMoreMaps, context: Context) -> Entered:
    """Draw the first map at once."""
    return Entered(MoreMaps(way.visit, method=methods_of(context)[0]))


def offer(visit: Visit, _context: Context) -> Card | None:
    """Return the card, where there are two pictures to compare."""
    return Card("more-maps", "layers", ToMoreMaps(visit), "more_maps.card") if visit.shown else None


def _sample(context: Context) -> MoreMaps:
    drawn = CheckedDrawn(0, Check.CHANGED)
    return MoreMaps(sample_visit(context.labels), wanted=False, drawn=drawn)


SCRIPT = (
    Step(
        "more-maps",
        ControlId("card", "more-maps"),
        over=lambda screen: isinstance(screen, MoreMaps) and screen.drawn is not None,
        sample=_sample,
        aside=True,
    ),
)

TOPIC = Topic(__package__, doors=(door(ToMoreMaps, more_maps),), cards=(offer,), script=SCRIPT)
