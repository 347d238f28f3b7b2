"""The screens of what is missing or closed."""

from kiosk.core.context import Context
from kiosk.core.message import ToCameraAway, ToClosed, ToModelAway
from kiosk.core.topic import Entered, Topic, door
from kiosk.topics.faults.screens.after_hours import AfterHours
from kiosk.topics.faults.screens.closed import Closed
from kiosk.topics.faults.screens.no_camera import NoCamera
from kiosk.topics.faults.screens.no_model import NoModel


def without_camera(_way: ToCameraAway, _context: Context) -> Entered:
    """Go on with one of our own pictures."""
    return Entered(NoCamera())


def without_model(way: ToModelAway, _context: Context) -> Entered:
    """Wait for a model."""
    return Entered(NoModel(way.awaited))


def closed(_way: ToClosed, context: Context) -> Entered:
    """Stay closed until staff open the exhibit again, or the clock does."""
    return Entered(Closed() if context.staff.closed else AfterHours())


TOPIC = Topic(
    __package__,
    doors=(door(ToCameraAway, without_camera), door(ToModelAway, without_model), door(ToClosed, closed)),
)
