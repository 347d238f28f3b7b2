"""Staff measure what the printer and the camera make of colours."""

from kiosk.core.context import Context
from kiosk.core.topic import Entered, Topic, door
from kiosk.topics.colours.messages import ReadColours, ToColours
from kiosk.topics.colours.screen import StaffColours
from kiosk.topics.photograph.messages import StartFraming


def colours(_way: ToColours, _context: Context) -> Entered:
    """Show what the camera sees, and how the colours are."""
    return Entered(StaffColours(), (StartFraming(), ReadColours()))


TOPIC = Topic(__package__, doors=(door(ToColours, colours),))
