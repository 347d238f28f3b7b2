"""The control of the experiment: noise of exactly the same size, but thrown by dice."""

import numpy as np

from kiosk.vision.picture import Rgb


def dice_noise(original: Rgb, adversarial: Rgb, seed: int) -> Rgb:
    """Return the original under random noise that is as large as the adversarial picture's.

    Every change keeps its size but gets a random place (pixel and channel) and a random sign. So the counts of
    changes by size are the same, and with them L-inf, L2 and every other norm, exactly: nothing is clipped.

    A change of size s fits on a value v where v + s <= 255 or v - s >= 0. Up to 127 every value will do; larger
    ones go first. The places where a size fits also take every smaller one, and the adversarial picture itself
    shows that all sizes fit at once, so those that went before never took a larger one's last place.

    Shapes: (side, side, 3) uint8. The seed decides everything.
    """
    dice = np.random.default_rng(seed)
    values = original.reshape(-1).astype(np.int16)
    sizes, counts = np.unique(np.abs(adversarial.reshape(-1) - values), return_counts=True)
    thrown = np.zeros_like(values)
    reach = np.maximum(values, 255 - values)
    free = np.ones(values.shape, np.bool_)
    for size, count in zip(sizes[::-1], counts[::-1], strict=True):
        if size > 0:
            places = dice.choice(np.flatnonzero(free & (reach >= size)), count, replace=False)
            thrown[places] = size
            free[places] = False
    up = dice.integers(0, 2, values.shape, np.int8).astype(np.bool_)
    up = np.where(values + thrown > 255, False, np.where(values - thrown < 0, True, up))
    noisy: Rgb = np.where(up, values + thrown, values - thrown).astype(np.uint8).reshape(original.shape)
    return noisy
