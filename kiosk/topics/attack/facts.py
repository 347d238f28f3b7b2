"""When an attack has reached what was wanted, how far its noise can be seen, and what is counted of it."""

from dataclasses import replace
from enum import Enum

from kiosk.core.context import Card, Context
from kiosk.core.visit import Judged, Rating, Verdict, Visit

SURE_ENOUGH = 0.99
CONVINCED = 0.5  # "Fooled!" with less looks like luck: the run goes on while that makes it surer
FURTHER = 4  # and no more steps than that after the first that was taken for the lie
QUIETER = 2 / 3  # of the L2; less of a difference is not worth a change on the screen
LARGEST_PART = 10  # "a tenth of the noise" is the least that has words of its own

# Five-grade impairment scale (ITU-R BT.500): from 45 dB "imperceptible", from 33 dB "perceptible but not annoying". The
# PSNR of the grades: https://html.scirp.org/file/_9-8102789_1.htm, the stricter of two published tables; the other,
# https://www.hindawi.com/journals/am/2016/1730814/tab2/, begins at 37 and 31 dB. Both are of compressed video.
SAME_DB, NEARLY_SAME_DB = 45.0, 33.0


class Likeness(Enum):
    """How a picture with noise looks beside the one without; the values are keys of words."""

    SAME = "same"
    NEARLY = "nearly"
    SEEN = "seen"


def likeness(psnr_db: float | None) -> Likeness:
    """Return how far noise of that size can be seen, by the published table above; None is no noise at all."""
    if psnr_db is None or psnr_db >= SAME_DB:
        return Likeness.SAME
    return Likeness.NEARLY if psnr_db >= NEARLY_SAME_DB else Likeness.SEEN


def looks(psnr_db: float | None, *, fools: bool) -> str:
    """Return the key of the line above a picture with noise: how far this can be seen, and whether it fools."""
    return f"attack.looks_{likeness(psnr_db).value}{'_but' if fools else ''}"


def quieter(l2_255: float, than_l2_255: float) -> bool:
    """Return whether noise is so much less, in L2, that it is worth showing."""
    return l2_255 <= QUIETER * than_l2_255


def part_left(visit: Visit) -> int:
    """Return the n of "a nth of the noise", by the average change: at least 1, at most `LARGEST_PART`."""
    quiet, loud = visit.now, visit.steps[visit.loud]
    return int(min(LARGEST_PART, max(1.0, loud.mean_255 / max(quiet.mean_255, 1e-9))))


def fooled(visit: Visit) -> bool:
    """Return whether the step on the screen reached what was wanted."""
    if visit.boosts:
        return visit.shown > 0 and visit.now.target_confidence >= SURE_ENOUGH
    return visit.now.verdict is Verdict.FOOLED


def convinced(visit: Visit) -> bool:
    """Return whether *fool it* may rest: what was wanted is reached, and is said with some confidence."""
    return fooled(visit) and (visit.boosts or visit.now.target_confidence >= CONVINCED)


def first_fooled(visit: Visit) -> int | None:
    """Return the first step that was taken for the lie, None where none was, or there is no lie."""
    if visit.boosts:
        return None
    return next((step.step for step in visit.steps[1:] if step.verdict is Verdict.FOOLED), None)


def rests(visit: Visit) -> bool:
    """Return whether *fool it* stops here: no more is wanted or left, or more noise makes the lie no surer."""
    first = first_fooled(visit)
    if first is None or visit.spent or convinced(visit):
        return visit.spent or convinced(visit)
    return visit.shown - first >= FURTHER or _fell(*visit.steps[-2:])


def surest(visit: Visit) -> int:
    """Return the step that is taken for the lie most surely; the one on the screen where none is."""
    said = [step for step in visit.steps[1:] if step.verdict is Verdict.FOOLED and not visit.boosts]
    return max(said, key=lambda step: step.target_confidence, default=visit.now).step


def fell_first(visit: Visit) -> bool:
    """Return whether the step on the screen is the first at which more noise made the lie less sure."""
    pairs = zip(visit.steps[1:], visit.steps[2:], strict=False)
    return not visit.boosts and visit.shown == next(
        (after.step for before, after in pairs if _fell(before, after)), None
    )


def _fell(before: Judged, after: Judged) -> bool:
    return (
        before.verdict is Verdict.FOOLED
        and not after.quiet
        and after.target_confidence < before.target_confidence
    )


def seeks_quiet(visit: Visit) -> bool:
    """Return whether less noise is worth looking for: the stack's top is shown, and is taken for the lie."""
    top = visit.shown == len(visit.steps) - 1
    return visit.fools and top and not visit.settled and not visit.recorded


def won(visit: Visit) -> bool:
    """Return whether there is no more to wish for: it was fooled, or is as surely right as noise can make it."""
    return fooled(visit) or (visit.boosts and visit.spent)


def once_won(visit: Visit) -> bool:
    """Return whether there was no more to wish for at any step that is kept, whichever is shown."""
    return any(won(replace(visit, shown=step)) for step in range(len(visit.steps)))


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
