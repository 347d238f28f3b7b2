"""When an attack has reached what was wanted, and what is counted of it."""

from kiosk.core.context import Card, Context
from kiosk.core.visit import Rating, Verdict, Visit

SURE_ENOUGH = 0.99
CONVINCED = 0.5  # "Fooled!" with less looks like luck: the run goes on for as long as it may


def fooled(visit: Visit) -> bool:
    """Return whether the step on the screen reached what was wanted."""
    if visit.boosts:
        return visit.shown > 0 and visit.now.target_confidence >= SURE_ENOUGH
    return visit.now.verdict is Verdict.FOOLED


def convinced(visit: Visit) -> bool:
    """Return whether *fool it* may rest: what was wanted is reached, and is said with some confidence."""
    return fooled(visit) and (visit.boosts or visit.now.target_confidence >= CONVINCED)


def won(visit: Visit) -> bool:
    """Return whether there is no more to wish for: it was fooled, or is as surely right as noise can make it."""
    return fooled(visit) or (visit.boosts and visit.spent)


def counted(before: Visit, after: Visit) -> tuple[str, ...]:
    """Return what a new step counts as; the steps of a recording are no visitor's."""
    if after.recorded:
        return ()
    fooled_before = any(step.verdict is Verdict.FOOLED for step in before.steps)
    first = after.now.verdict is Verdict.FOOLED and not fooled_before and not after.boosts
    return ("steps", "fooled") if first else ("steps",)


def heading(visit: Visit) -> str:
    """Return the key of the words over the first picture, which say so where its answer is wrong."""
    if visit.recorded:
        return "attack.recorded"
    return "attack.original_wrong" if visit.rated is Rating.WRONG else "attack.original"


def timely(visit: Visit, context: Context) -> Card | None:
    """Return the card that is worth trying now, if there is one."""
    return next((card for card in context.cards(visit) if card.timely), None)
