"""The shield: many noisy copies of a picture vote, and their majority comes with a promise (Cohen et al. 2019).

Randomised smoothing, arXiv:1902.02918: where a label wins by enough, no change of a smaller L2 than the radius changes
what the shield answers, whoever made it. The promise is kept but for a small chance, which is chosen beforehand.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from kiosk.explaining.occlusion import Judge
from kiosk.vision.picture import Rgb

CHANCE = 0.001  # that a promise is wrong
CLOSE = 1e-12


@dataclass(frozen=True, slots=True)
class Shielded:
    """What the votes came to: the label that most chose first, its votes of the later `count`, and the L2 promised.

    `radius_255` is 0 where too few agreed: then the shield says nothing.
    """

    label: int
    votes: int
    count: int
    radius_255: float

    @property
    def abstains(self) -> bool:
        """Return whether too few agreed."""
        return self.radius_255 <= 0


def hazy_copies(picture: Rgb, noise_255: float, count: int, seed: int) -> Iterator[Rgb]:
    """Yield so many noisy copies of a picture, 8-bit as all that is judged."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        noise = rng.normal(0.0, noise_255, picture.shape)
        yield np.clip(np.rint(picture + noise), 0, 255).astype(np.uint8)


def votes(judge: Judge, picture: Rgb, noise_255: float, count: int, seed: int) -> Iterator[int]:
    """Yield the label of each of so many noisy copies."""
    return (judge(copy).label for copy in hazy_copies(picture, noise_255, count, seed))


def certified(first: list[int], later: list[int], noise_255: float, chance: float = CHANCE) -> Shielded:
    """Return what votes promise: the first ones choose the label, the later ones, all others, say how sure it is."""
    label = max(sorted(set(first)), key=first.count)
    agreed = later.count(label)
    least = least_share(agreed, len(later), chance)
    radius = noise_255 * NormalDist().inv_cdf(least) if least > 0.5 else 0.0
    return Shielded(label, agreed, len(later), radius)


def least_share(successes: int, count: int, chance: float) -> float:
    """Return what a share is at least, but for a small chance, after so many successes (Clopper and Pearson 1934).

    It is the share at which so many successes, or more, would come about with just that chance.
    """
    if successes == 0:
        return 0.0
    low, high = 0.0, 1.0
    while high - low > CLOSE:
        middle = (low + high) / 2
        if _at_least(successes, count, middle) < chance:
            low = middle
        else:
            high = middle
    return low


def _at_least(successes: int, count: int, share: float) -> float:
    """Return the chance of so many successes, or more."""
    logs = [
        math.lgamma(count + 1)
        - math.lgamma(number + 1)
        - math.lgamma(count - number + 1)
        + number * math.log(share)
        + (count - number) * math.log1p(-share)
        for number in range(successes, count + 1)
    ]
    return math.fsum(map(math.exp, logs))
