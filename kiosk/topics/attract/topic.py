"""The screens before and after a visit."""

from kiosk.core.context import Context
from kiosk.core.message import ToAttract, ToForgotten
from kiosk.core.topic import Entered, Step, Topic, door
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.attract.screens.forgotten import Forgotten


def waits(_way: ToAttract, context: Context) -> Entered:
    """Wait for a visitor; the film begins."""
    return Entered(Attract(context.now_s))


def dissolves(way: ToForgotten, context: Context) -> Entered:
    """Dissolve the picture that is forgotten."""
    return Entered(Forgotten(context.now_s, way.picture, taught=way.taught))


SCRIPT = (Step("attract", sample=lambda context: Attract(context.now_s)),)

TOPIC = Topic(__package__, doors=(door(ToAttract, waits), door(ToForgotten, dissolves)), script=SCRIPT)
