"""Another model looks at the picture."""

from dataclasses import replace

from kiosk.core.context import Context
from kiosk.core.topic import Entered, Topic, door
from kiosk.topics.attack.messages import ToChoose
from kiosk.topics.models.messages import ToModels, ToOtherModel
from kiosk.topics.models.screen import Models


def models(way: ToModels, _context: Context) -> Entered:
    """Pick a model."""
    return Entered(Models(way.visit))


def other_model(way: ToOtherModel, context: Context) -> Entered:
    """Choose a lie for the answer of the model that judges now."""
    chosen = "" if way.name == context.default else way.name
    return Entered(ToChoose(way.visit), visitor=replace(context.visitor, chosen=chosen))


TOPIC = Topic(__package__, doors=(door(ToModels, models), door(ToOtherModel, other_model)))
