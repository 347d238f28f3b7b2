"""The race in numbers: which answers run, and where the lead changes."""

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.core.visit import Judged, Visit

RUNNERS = 4


@dataclass(frozen=True, slots=True)
class Runner:
    """One answer, and how sure it was (0..1) at each step; 0 where it was not among the best."""

    label: int
    shares: tuple[float, ...]


def runners(visit: Visit, allowed: Sequence[int]) -> tuple[Runner, ...]:
    """Return the answers that run: the first one and the lie, then those that ever were the surest of the rest."""
    steps = visit.taken
    truth = visit.original.first.label
    lie = visit.lie
    best: dict[int, float] = {}
    for step in steps:
        for row in step.answer.top:
            best[row.label] = max(best.get(row.label, 0.0), row.confidence)
    others = sorted((label for label in best if label in allowed), key=lambda label: -best[label])
    labels = tuple(dict.fromkeys((truth, lie, *others)))[:RUNNERS]
    return tuple(Runner(label, tuple(_sure(step, label, lie) for step in steps)) for label in labels)


def _sure(step: Judged, label: int, lie: int) -> float:
    """Return how sure a label is at a step; the lie's is known even where it is not among the best."""
    return step.target_confidence if label == lie else step.answer.confidence(label)


def overtaken(visit: Visit) -> int | None:
    """Return the first step that has another answer than the picture had, None where it never changed."""
    truth = visit.original.first.label
    steps = (number for number, step in enumerate(visit.taken) if step.answer.first.label != truth)
    return next(steps, None)
