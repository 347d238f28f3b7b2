"""How far a step of the method `slope` may go: small at first, then wide, then ever smaller. No torch.

A lie that is near is reached by the first, small steps, with little noise. One that is not takes the whole budget and
wide steps: all together they go 2.6 times as far as the budget (Madry et al. 2018, arXiv:1706.06083, go 2.5 times).
They shrink in a straight line towards nothing, which is the best there is where the last iterate counts (Zamani and
Glineur 2023, arXiv:2307.11134): steps that stay wide walk from wall to wall of the budget.
"""

WIDEST_OF_BUDGET = 1 / 2
FIRST, LAST = 1 / 4, 1 / 10  # of the widest
WIDEST_AT = 0.2  # of the way


def longest_255(step: int, steps: int, widest_255: float) -> float:
    """Return how far a step, from 1 on, of so many may go; those beyond them go as far as the first."""
    at = max(2, round(WIDEST_AT * steps))
    if step > steps:
        return FIRST * widest_255
    if step <= at:
        return widest_255 * (FIRST + (1 - FIRST) * (step - 1) / (at - 1))
    return widest_255 * max(LAST, (steps + 1 - step) / (steps + 1 - at))
