"""What will the machine say?"""

from kiosk.core.context import Card, Context
from kiosk.core.scene import ControlId
from kiosk.core.topic import Entered, Step, Topic, door
from kiosk.core.visit import Visit, sample_visit
from kiosk.topics.foresee.messages import PicturePosed, ToForesee
from kiosk.topics.foresee.screen import Foresee


def foresee(way: ToForesee, context: Context) -> Entered:
    """Pose a picture at once, none whose answer must not be read."""
    return Entered(Foresee(way.visit, blocked=context.labels.blocked))


def offer(visit: Visit, context: Context) -> Card | None:
    """Return the card, where answers have drawings: what was taught has other ones than our pictures need."""
    if context.taught or not context.labels.icons:
        return None
    return Card("foresee", "crystal", ToForesee(visit), "foresee.card")


def _sample(context: Context) -> Foresee:
    visit = sample_visit(context.labels)
    return Foresee(visit, wanted=False, posed=PicturePosed(0, visit.original, visit.original))


SCRIPT = (
    Step(
        "foresee",
        ControlId("card", "foresee"),
        over=lambda screen: isinstance(screen, Foresee) and screen.posed is not None,
        sample=_sample,
        aside=True,
    ),
)

TOPIC = Topic(__package__, doors=(door(ToForesee, foresee),), cards=(offer,), script=SCRIPT)
