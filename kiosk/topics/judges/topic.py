"""Other models look at the same two pictures."""

from kiosk.core.context import Card, Context
from kiosk.core.scene import ControlId
from kiosk.core.topic import Entered, Step, Topic, door
from kiosk.core.visit import Visit, sample_visit
from kiosk.topics.judges.messages import JudgesAsked, Opinion, ToJudges
from kiosk.topics.judges.screen import Judges


def judges(way: ToJudges, _context: Context) -> Entered:
    """Ask at once."""
    return Entered(Judges(way.visit))


def offer(visit: Visit, context: Context) -> Card | None:
    """Return the card; what a visitor taught has labels that no other model knows."""
    return None if context.taught else Card("judges", "judges", ToJudges(visit), "judges.card")


def _sample(context: Context) -> Judges:
    visit = sample_visit(context.labels)
    opinion = Opinion(context.default, visit.original, visit.original, exact=True)
    return Judges(visit, wanted=False, asked=JudgesAsked(0, (opinion,)))


SCRIPT = (
    Step(
        "judges",
        ControlId("card", "judges"),
        over=lambda screen: isinstance(screen, Judges) and screen.asked is not None,
        sample=_sample,
        aside=True,
    ),
)

TOPIC = Topic(__package__, doors=(door(ToJudges, judges),), cards=(offer,), script=SCRIPT)
