"""Figures that the issues name, each on a line of its own beside its demand: `pytest -s` shows them as a table."""

import math
import sys

FEW = 100


def told(name: str, measured: str, demand: str = "told only") -> None:
    """Print a figure that nothing is demanded of."""
    sys.stdout.write(f"\nfigure: {name} {measured} ({demand})\n")


def at_least(name: str, value: float, demand: float, unit: str = "") -> None:
    """Print a figure and demand that it is large enough."""
    __tracebackhide__ = True
    told(name, f"{value:.4g}{unit}", f">= {demand:.4g}{unit}")
    assert value >= demand, f"{name}: {value} is below {demand}"


def at_most(name: str, value: float, demand: float, unit: str = "") -> None:
    """Print a figure and demand that it is small enough."""
    __tracebackhide__ = True
    told(name, f"{value:.4g}{unit}", f"<= {demand:.4g}{unit}")
    assert value <= demand, f"{name}: {value} is above {demand}"


def most_of(name: str, count: int, total: int, demand: int) -> None:
    """Print how many of all, and demand that they are enough."""
    __tracebackhide__ = True
    told(name, f"{count}/{total}", f">= {demand}")
    assert count >= demand, f"{name}: {count} of {total} is below {demand}"


def enough(rate: float, total: int) -> int:
    """Return how many of a total a demanded rate means; rounded down for a few, where one weighs several points."""
    return math.floor(rate * total) if total < FEW else math.ceil(rate * total - 1e-9)
