"""A printed sheet before the camera."""

from kiosk.core.context import Card, Context
from kiosk.core.scene import Colour, ControlId
from kiosk.core.topic import Entered, Step, Topic, door
from kiosk.core.visit import Visit, sample_visit
from kiosk.paper.layout import Shown
from kiosk.topics.hold_up.facts import LAMPS, SheetLook
from kiosk.topics.hold_up.messages import SheetsSeen, StartLooks, ToCompare, ToHoldUp
from kiosk.topics.hold_up.screens.compare import Compare
from kiosk.topics.hold_up.screens.hold_up import HoldUp
from kiosk.topics.printing.messages import Paper


def hold_up(way: ToHoldUp, _context: Context) -> Entered:
    """SheetLook for sheets at once."""
    return Entered(HoldUp(way.visit), (StartLooks(),))


def compare(way: ToCompare, _context: Context) -> Entered:
    """Look at once; nothing is counted before the first press."""
    return Entered(Compare(way.visit), (StartLooks(),))


def offer(visit: Visit, context: Context) -> Card | None:
    """Return the card, where there is a camera and sheets are made."""
    if not context.sees or not context.fact(Paper).offered:
        return None
    return Card("hold-up", "held-up", ToHoldUp(visit), "hold_up.card")


def _sample(context: Context) -> HoldUp:
    visit = sample_visit(context.labels)
    look = SheetLook(Shown.PROOF, 0, visit.now.answer.first.label, counts=True, size=0.5, tilt=0.0)
    return HoldUp(visit, SheetsSeen((look,)), ((Shown.PROOF, (Colour.LIE,) * LAMPS),))


SCRIPT = (
    Step(
        "hold-up",
        ControlId("card", "hold-up"),
        over=lambda screen: isinstance(screen, HoldUp),
        sample=_sample,
        aside=True,
    ),
)

TOPIC = Topic(
    __package__, doors=(door(ToHoldUp, hold_up), door(ToCompare, compare)), cards=(offer,), script=SCRIPT
)
