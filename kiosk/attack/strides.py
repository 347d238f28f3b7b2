"""How far a step of the method `falling` goes: wide at first, then ever less. No torch.

Ten steps go 2.75 times as far as the budget, all together (Madry et al. 2018, arXiv:1706.06083, go 2.5 times): from
wall to wall of it and on. They shrink in a straight line towards nothing, which is the best there is where the last
iterate counts (Zamani and Glineur 2023, arXiv:2307.11134): steps that stay wide walk from wall to wall. On package
photographs steps as long as the slope asks for made less noise, and fooled less often; momentum was no better.
"""

WIDEST_OF_BUDGET = 1 / 2
LAST = 1 / 10  # of the widest


def falling_255(step: int, steps: int, widest_255: float) -> float:
    """Return how far a step, from 1 on, of so many goes."""
    return widest_255 * max(LAST, (steps + 1 - step) / steps)
