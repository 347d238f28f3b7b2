"""Paint on the attacked picture, and see whether the lie lasts."""

from kiosk.core.context import Card, Context
from kiosk.core.painting import Paint, Size, Tool
from kiosk.core.scene import ControlId
from kiosk.core.topic import Entered, Step, Topic, door
from kiosk.core.visit import Visit, sample_visit
from kiosk.topics.sketchpad.messages import ToSketchpad
from kiosk.topics.sketchpad.screens.sketchpad import Sketchpad


def sketchpad(way: ToSketchpad, _context: Context) -> Entered:
    """Begin to paint."""
    return Entered(Sketchpad(way.visit))


def offer(visit: Visit, _context: Context) -> Card:
    """Return the card: there is always a picture to paint on."""
    return Card("paint", "brush", ToSketchpad(visit), "sketchpad.card")


SCRIPT = (
    Step("", ControlId("card", "paint"), sample=lambda context: Sketchpad(sample_visit(context.labels))),
    Step("", ControlId("paint", Paint.WHITE)),
    Step("", ControlId("size", Size.LARGE)),
    Step("", ControlId("tool", Tool.STAR)),
    Step(
        "sketchpad",
        ControlId("canvas"),
        over=lambda screen: isinstance(screen, Sketchpad) and screen.painted and not screen.held,
    ),
    Step("", ControlId("done")),
)

TOPIC = Topic(__package__, doors=(door(ToSketchpad, sketchpad),), cards=(offer,), script=SCRIPT)
