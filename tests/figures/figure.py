"""Figures that the issues name, each recorded beside its bound: a run ends with a table of them."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

FEW = 100


@dataclass(frozen=True)
class Figure:
    """What was measured, in words, and whether it keeps to its bound; None without one."""

    name: str
    figure: str
    bound: str
    passed: bool | None


def _ignore(_: Figure) -> None:
    """Outside of a test."""


def _fail(missed: str) -> None:
    """Fail at once."""
    __tracebackhide__ = True
    raise AssertionError(missed)


_listener: Callable[[Figure], None] = _ignore
_on_missed: Callable[[str], None] = _fail


def listen(listener: Callable[[Figure], None] = _ignore) -> None:
    """Have every figure told to one listener from now on, or to none."""
    global _listener
    _listener = listener


@contextmanager
def all_judged() -> Iterator[None]:
    """Have all figures within judged, and fail afterwards, with every one that missed its bound."""
    __tracebackhide__ = True
    global _on_missed
    missed: list[str] = []
    before, _on_missed = _on_missed, missed.append
    try:
        yield
    finally:
        _on_missed = before
    if missed:
        _on_missed("\n".join(missed))


def record(name: str, figure: str, bound: str, passed: bool) -> None:
    """Record a figure, and demand that it keeps to its bound."""
    __tracebackhide__ = True
    _listener(Figure(name, figure, bound, bool(passed)))
    if not passed:
        _on_missed(f"{name}: {figure}, where the bound is {bound}")


def told(name: str, figure: str) -> None:
    """Record a figure that nothing is demanded of."""
    _listener(Figure(name, figure, "none", None))


def at_least(name: str, value: float, bound: float, unit: str = "") -> None:
    """Record a figure and demand that it is large enough."""
    __tracebackhide__ = True
    record(name, f"{value:.4g}{unit}", f"at least {bound:.4g}{unit}", value >= bound)


def at_most(name: str, value: float, bound: float, unit: str = "") -> None:
    """Record a figure and demand that it is small enough."""
    __tracebackhide__ = True
    record(name, f"{value:.4g}{unit}", f"at most {bound:.4g}{unit}", value <= bound)


def between(name: str, value: float, least: float, most: float, unit: str = "") -> None:
    """Record a figure and demand that it is neither too small nor too large."""
    __tracebackhide__ = True
    record(name, f"{value:.4g}{unit}", f"{least:.4g} to {most:.4g}{unit}", least <= value <= most)


def most_of(name: str, count: int, total: int, bound: int) -> None:
    """Record how many of all, and demand that they are enough."""
    __tracebackhide__ = True
    record(name, f"{count} of {total}", f"at least {bound}", count >= bound)


def few_of(name: str, count: int, total: int, bound: float) -> None:
    """Record how many of all, and demand that they are a small share."""
    __tracebackhide__ = True
    record(name, f"{count} of {total}", f"at most {100 * bound:.4g} %", count / total <= bound)


def enough(rate: float, total: int) -> int:
    """Return how many of a total a demanded rate means; rounded down for a few, where one weighs several points."""
    return math.floor(rate * total) if total < FEW else math.ceil(rate * total - 1e-9)
