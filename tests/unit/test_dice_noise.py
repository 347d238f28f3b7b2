"""Dice noise is a fair control only where it is exactly as large as the noise it is compared with."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kiosk.attack.dice_noise import dice_noise
from kiosk.attack.noise import noise_size
from kiosk.vision.picture import Rgb

any_value = st.integers(0, 255)
saturated = st.sampled_from([0, 1, 2, 127, 128, 253, 254, 255])
SHAPE = (5, 5, 3)


def pair(values: st.SearchStrategy[int]) -> st.SearchStrategy[tuple[Rgb, Rgb]]:
    picture = arrays(np.uint8, SHAPE, elements=values)
    return st.tuples(picture, picture)


def near(values: st.SearchStrategy[int], budget: int) -> st.SearchStrategy[tuple[Rgb, Rgb]]:
    """A picture and one that is at most a budget away, clipped as an attack's is."""
    noise = arrays(np.int16, SHAPE, elements=st.integers(-budget, budget))
    return st.tuples(arrays(np.uint8, SHAPE, elements=values), noise).map(
        lambda both: (both[0], np.clip(both[0] + both[1], 0, 255).astype(np.uint8))
    )


def sizes(original: Rgb, picture: Rgb) -> list[int]:
    """How large every single change is, whatever its place."""
    return sorted(np.abs(picture.astype(np.int16) - original).ravel().tolist())


@given(
    st.one_of(near(any_value, 4), near(saturated, 16), near(saturated, 1), pair(any_value), pair(saturated)),
    st.integers(0, 2**63),
)
def test_every_change_keeps_its_size_and_nothing_is_clipped(pictures: tuple[Rgb, Rgb], seed: int) -> None:
    """The counts of changes by size are the same: so are L-inf, L2, the average and every other norm."""
    original, adversarial = pictures
    thrown = dice_noise(original, adversarial, seed)
    assert thrown.dtype == np.uint8
    assert thrown.shape == original.shape
    assert sizes(original, thrown) == sizes(original, adversarial)
    assert noise_size(original, thrown) == noise_size(original, adversarial)


@pytest.mark.parametrize("size", range(1, 256))
def test_a_change_of_any_size_finds_a_place(size: int) -> None:
    """All values there are, and as many changes of one size as fit: above 127 only the outer values take them."""
    original = np.arange(256, dtype=np.uint8)
    adversarial = original.copy()
    adversarial[: 256 - size] += np.uint8(size)
    thrown = dice_noise(original, adversarial, 1)
    assert sizes(original, thrown) == sizes(original, adversarial)


def test_black_and_white_leave_no_choice_of_sign() -> None:
    original = np.where(np.indices((224, 224, 3)).sum(axis=0) % 2, 0, 255).astype(np.uint8)
    adversarial = np.abs(original.astype(np.int16) - 4).astype(np.uint8)
    assert np.array_equal(dice_noise(original, adversarial, 3), adversarial)


def test_places_and_signs_are_random_and_the_seed_decides(noise_picture: Rgb) -> None:
    original = noise_picture // 2 + 60
    adversarial = original + np.where(np.arange(224)[:, None, None] < 112, 4, 0).astype(np.uint8)
    rolls = [dice_noise(original, adversarial, seed) for seed in (1, 1, 2)]
    assert np.array_equal(rolls[0], rolls[1])
    assert not np.array_equal(rolls[0], rolls[2])
    noise = rolls[0].astype(np.int16) - original
    assert abs(float(noise[:112].astype(bool).mean()) - 0.5) < 0.01, "as much above as below"
    assert abs(float(noise.mean())) < 0.02, "as much up as down"
    crafted = adversarial.astype(np.int16) - original
    assert abs(np.corrcoef(noise.ravel(), crafted.ravel())[0, 1]) < 0.01


def test_no_noise_stays_none(noise_picture: Rgb) -> None:
    assert np.array_equal(dice_noise(noise_picture, noise_picture, 1), noise_picture)
