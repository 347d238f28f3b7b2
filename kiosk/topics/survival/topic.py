"""Whether the lie survives paper, and a picture that does."""

from kiosk.core.context import Card, Context
from kiosk.core.scene import ControlId
from kiosk.core.topic import Entered, Step, Topic, door
from kiosk.core.visit import Visit, sample_visit
from kiosk.topics.survival.facts import VIEWS, Glance, Treated, Treatment, Which
from kiosk.topics.survival.messages import PicturesTreated, ToLab, ToSurvival
from kiosk.topics.survival.screens.lab import Lab
from kiosk.topics.survival.screens.survival import Survival


def survival(way: ToSurvival, _context: Context) -> Entered:
    """Photograph the printed picture at once."""
    return Entered(Survival(way.visit))


def offer(visit: Visit, context: Context) -> Card | None:
    """Return the card, where a lie can be told: one that visitors may read."""
    if not visit.fools or context.labels.name(visit.now.answer.first.label) is None:
        return None
    return Card("survival", "picture", ToSurvival(visit), "survival.card")


def lab(way: ToLab, _context: Context) -> Entered:
    """Treat the pictures at once."""
    return Entered(Lab(way.visit))


def offer_lab(visit: Visit, context: Context) -> Card | None:
    """Return the card of the treatments, where the other one is."""
    return None if offer(visit, context) is None else Card("lab", "flask", ToLab(visit), "lab.card")


def _treated(context: Context) -> Lab:
    found = tuple(
        Treated(treatment, which, Glance.RIGHT)
        for treatment in Treatment
        for which in (Which.NOISY, Which.CLEAN)
    )
    return Lab(sample_visit(context.labels), wanted=False, treated=PicturesTreated(0, found))


def _seen(context: Context) -> Survival:
    return Survival(sample_visit(context.labels), wanted=False, hidden=(Glance.RIGHT,) * VIEWS)


SCRIPT = (
    Step(
        "survival",
        ControlId("card", "survival"),
        over=lambda screen: isinstance(screen, Survival) and len(screen.hidden) > 1,
        sample=_seen,
        aside=True,
    ),
    Step(
        "lab",
        ControlId("card", "lab"),
        over=lambda screen: isinstance(screen, Lab) and screen.treated is not None,
        sample=_treated,
        aside=True,
    ),
)

TOPIC = Topic(
    __package__, doors=(door(ToSurvival, survival), door(ToLab, lab)), cards=(offer, offer_lab), script=SCRIPT
)
