"""What an answer leaned on, in both pictures."""

from kiosk.core.context import Context
from kiosk.core.scene import ControlId
from kiosk.core.topic import Entered, Step, Topic, door
from kiosk.core.visit import sample_visit
from kiosk.topics.explain.facts import Tally
from kiosk.topics.explain.messages import ContrastDrawn, ToExplain
from kiosk.topics.explain.screens.explain import Explain


def explain(way: ToExplain, _context: Context) -> Entered:
    """Ask why, for one label."""
    return Entered(Explain(way.visit, way.label))


SCRIPT = (
    Step(
        "why",
        ControlId("why"),
        over=lambda screen: isinstance(screen, Explain) and screen.drawn is not None,
        sample=lambda context: Explain(
            sample_visit(context.labels),
            context.labels.order[1],
            drawn=ContrastDrawn(0, Tally(-3.0, -0.5), Tally(4.0, -0.5)),
        ),
    ),
)

TOPIC = Topic(__package__, doors=(door(ToExplain, explain),), script=SCRIPT)
