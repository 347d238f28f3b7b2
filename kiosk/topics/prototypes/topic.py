"""A judge that explains itself, on what the visitor taught."""

from kiosk.core.context import Card, Context
from kiosk.core.scene import ControlId
from kiosk.core.topic import Entered, Step, Topic, door
from kiosk.core.visit import Visit, sample_visit
from kiosk.topics.prototypes.facts import Cell, Likeness, Reasoned
from kiosk.topics.prototypes.messages import ReasonsGiven, ToPrototypes
from kiosk.topics.prototypes.screen import Prototypes


def prototypes(way: ToPrototypes, _context: Context) -> Entered:
    """Ask at once."""
    return Entered(Prototypes(way.visit))


def offer(visit: Visit, context: Context) -> Card | None:
    """Return the card, where what the visitor taught judges."""
    if not context.taught:
        return None
    return Card("prototypes", "likeness", ToPrototypes(visit), "prototypes.card")


def _sample(context: Context) -> Prototypes:
    visit = sample_visit(context.labels)
    label, lie = visit.original.first.label, visit.now.answer.first.label
    cell = Cell(3, 2, 7, 7)
    parts = tuple(Likeness(cell, "original", cell, 0.9, points) for points in (2.5, 1.5, 0.5))
    before, after = (
        Reasoned(one, other, 0.9, 5.0, parts, 0.5) for one, other in ((label, lie), (lie, label))
    )
    return Prototypes(visit, wanted=False, told=ReasonsGiven(0, before, after, 0.9, 0.9))


SCRIPT = (
    Step(
        "prototypes",
        ControlId("card", "prototypes"),
        over=lambda screen: isinstance(screen, Prototypes) and screen.told is not None,
        sample=_sample,
        aside=True,
    ),
)

TOPIC = Topic(__package__, doors=(door(ToPrototypes, prototypes),), cards=(offer,), script=SCRIPT)
