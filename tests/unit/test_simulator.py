"""The simulator's pull-back is the gradient of what it shows, and its views keep to their ranges."""

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from kiosk.errors import BadArgumentError
from kiosk.recapture.colours import ColourMap
from kiosk.recapture.ranges import Ranges
from kiosk.recapture.simulator import draw_view
from kiosk.vision.arrays import Floats
from kiosk.vision.picture import Rgb

WARM = ColourMap(((0.72, 0.08, 0.02, 26.0), (0.05, 0.66, 0.06, 22.0), (0.02, 0.10, 0.55, 18.0)), 0.85, 0.0)
STILL = Ranges(
    tilt_deg=0,
    roll_deg=0,
    size=(1, 1),
    shift=0,
    foreign=0,
    blur_px=(0.05, 0.05),
    black_255=(0, 0),
    white_255=(255, 255),
    desaturation=0,
    channel_gain=0,
    light=0,
    shadow=0,
    gamma=(1, 1),
    noise_255=(0, 0),
    jpeg=(100, 100),
)


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def smooth(seed: int, sigma: float) -> Floats:
    """A direction without what is finer than a few pixels."""
    noise = rng(seed).standard_normal((224, 224, 3)).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(noise, (0, 0), sigma), np.float32)


@pytest.mark.parametrize("colours", [None, WARM], ids=["any printer", "a measured one"])
@pytest.mark.parametrize("seed", range(8))
def test_the_pull_back_agrees_with_central_differences(
    coffee: Rgb, seed: int, colours: ColourMap | None
) -> None:
    view = draw_view(Ranges(colours=colours), 224, rng(seed))
    picture, wanted = coffee.astype(np.float32), smooth(seed, 1.5)
    pulled = view.see(picture).pull_back(wanted)
    along = pulled / np.abs(pulled).mean()

    def seen(change: float) -> float:
        return float((view.see(picture + change * along).pixels.astype(np.float64) * wanted).sum())

    difference = (seen(0.25) - seen(-0.25)) / 0.5

    assert float((pulled.astype(np.float64) * along).sum()) == pytest.approx(difference, rel=0.1)


def test_a_view_without_any_change_shows_the_picture(coffee: Rgb) -> None:
    seen = draw_view(STILL, 224, rng(0)).see(coffee.astype(np.float32)).photograph()

    assert np.abs(seen.astype(np.int16) - coffee).mean() < 2


def test_the_same_seed_is_the_same_photograph_and_another_is_not(coffee: Rgb) -> None:
    first, again, other = (
        draw_view(Ranges(), 224, rng(seed)).see(coffee.astype(np.float32)).photograph() for seed in (1, 1, 2)
    )

    assert first.tobytes() == again.tobytes()
    assert (first != other).any()


def test_what_lies_beside_the_view_gets_no_gradient(coffee: Rgb) -> None:
    near = draw_view(replace(STILL, size=(1.4, 1.4)), 224, rng(0))

    pulled = near.see(coffee.astype(np.float32)).pull_back(np.ones((224, 224, 3), np.float32))

    assert not pulled[:20].any()
    assert (pulled[60:160, 60:160] > 0).mean() > 0.9  # but where the sensor is at its end


@pytest.mark.parametrize(
    "given", [{"size": (1.18, 0.8)}, {"blur_px": (1.0, 90.0)}, {"gamma": (float("nan"), 1.0)}]
)
def test_ranges_out_of_all_sense_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(BadArgumentError, match=f"{next(iter(given))} takes"):
        Ranges(**given)
