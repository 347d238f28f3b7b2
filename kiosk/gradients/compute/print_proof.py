"""Attacks that survive paper: each step looks at what is printed as a camera will.

Expectations over transformation (Athalye et al. 2018, arXiv:1707.07397), over one picture, or, for a sticker, over many
(Brown et al. 2017, arXiv:1712.09665). For a picture one view a step with momentum reached more than several views at
equal gradients.
"""

import math
from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from kiosk.gradients.compute.attacks import Attacker
from kiosk.recapture.preset import Preset
from kiosk.recapture.proof import Proof
from kiosk.recapture.ranges import Ranges
from kiosk.recapture.simulator import draw_view
from kiosk.recapture.sticker import TEXTURE_PX, anywhere, grey_sticker
from kiosk.vision.arrays import Floats
from kiosk.vision.picture import Rgb

MOMENTUM = 0.9
SMOOTHING_PX = 0.7
TEXTURE_SPAN_PX, TEXTURE_255, SMOOTHEST = 2, 16.0, 0.35  # noise hides where the picture is busy
VIEWS = 2  # a step: one through the simulator, one as on the screen
# Adam (Kingma and Ba 2015, arXiv:1412.6980), in grey levels; its length falls by a cosine.
FIRST_255, LAST_255, MEAN_KEPT, SQUARE_KEPT, TINY = 12.0, 1.0, 0.9, 0.99, 1e-9
ROUGH_255 = 25.0


def print_proof_step(
    attacker: Attacker,
    at: Proof,
    original: Floats,
    label: int,
    step: int,
    preset: Preset,
    ranges: Ranges,
    seed: int,
) -> Proof:
    """Return where one step, from 0 on, leads; the same seed and step draw the same view."""
    if preset.looks_plain(step):
        view = np.clip(at.iterate + 0.5, 0, 255).astype(np.uint8)
        gradient = attacker.gradient(at.iterate, label, of="log-probability")
    else:
        sight = draw_view(ranges, len(original), np.random.default_rng((seed, step))).see(at.iterate)
        view = sight.photograph()
        gradient = sight.pull_back(attacker.gradient(view.astype(np.float32), label, of="log-probability"))
    smooth = np.asarray(cv2.GaussianBlur(gradient, (0, 0), SMOOTHING_PX), np.float32)
    momentum = np.asarray(MOMENTUM * at.momentum + smooth, np.float32)
    budget = budgets_255(original, preset)
    moved = at.iterate + np.sign(momentum) * budget * np.float32(preset.length(step))
    iterate = np.clip(np.clip(moved, original - budget, original + budget), 0, 255)
    return Proof(np.asarray(iterate, np.float32), momentum, view)


def budgets_255(original: Floats, preset: Preset) -> Floats:
    """Return how far each pixel may go: (side, side, 1), or (1, 1, 1) where all may go equally far."""
    if not preset.textured:
        return np.full((1, 1, 1), preset.budget_255, np.float32)
    grey = cv2.cvtColor(original, cv2.COLOR_RGB2GRAY)
    mean = cv2.GaussianBlur(grey, (0, 0), TEXTURE_SPAN_PX)
    square = cv2.GaussianBlur(grey * grey, (0, 0), TEXTURE_SPAN_PX)
    deviation = np.sqrt(np.maximum(square - mean * mean, 0))
    share = np.clip(deviation / TEXTURE_255, SMOOTHEST, 1)
    return np.asarray(preset.budget_255 * share, np.float32)[:, :, np.newaxis]


def patches(
    attacker: Attacker,
    pictures: Sequence[Rgb],
    label: int,
    area: float,
    gradients: int,
    ranges: Ranges,
    seed: int,
) -> Iterator[Floats]:
    """Yield a label's sticker after each step, (TEXTURE_PX, TEXTURE_PX, 3) in 0..255; the same seed, the same ones."""
    rng = np.random.default_rng(seed)
    shape = (TEXTURE_PX, TEXTURE_PX, 3)
    sticker = np.clip(grey_sticker() + rng.normal(0, ROUGH_255, shape), 0, 255).astype(np.float32)
    mean, square = np.zeros(shape), np.zeros(shape)
    steps = max(1, gradients // VIEWS)
    for step in range(steps):
        gradient = np.zeros(shape)
        for number in range(VIEWS):
            picture = pictures[int(rng.integers(len(pictures)))].astype(np.float32)
            lying = anywhere(len(picture), area, rng, loose=True)
            seen = lying.on(picture, sticker)
            if number:
                at_picture = attacker.gradient(np.round(seen), label, of="log-probability")
            else:
                sight = draw_view(ranges, len(picture), rng).see(seen)
                view = sight.photograph().astype(np.float32)
                at_picture = sight.pull_back(attacker.gradient(view, label, of="log-probability"))
            gradient += lying.pull_back(at_picture) / VIEWS
        mean = MEAN_KEPT * mean + (1 - MEAN_KEPT) * gradient
        square = SQUARE_KEPT * square + (1 - SQUARE_KEPT) * gradient**2
        upright = mean / (1 - MEAN_KEPT ** (step + 1))
        spread = np.sqrt(square / (1 - SQUARE_KEPT ** (step + 1))) + TINY
        length = LAST_255 + (FIRST_255 - LAST_255) * 0.5 * (1 + math.cos(math.pi * step / steps))
        sticker = np.clip(sticker + length * upright / spread, 0, 255).astype(np.float32)
        yield sticker
