"""What an iterate looks like, and how large its noise is, worked out by hand."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.attack.noise import iterate_picture, noise_size, noise_view, truncated_picture
from kiosk.vision.picture import Rgb

HALVES = np.arange(255, dtype=np.float32) + np.float32(0.5)


def floats(*values: float) -> NDArray[np.float32]:
    return np.array(values, np.float32)


def grey(value: int) -> Rgb:
    return np.full((224, 224, 3), value, np.uint8)


class TestPicture:
    @pytest.mark.parametrize(
        ("value", "rounded"),
        [(0, 0), (0.4, 0), (0.5, 1), (1.5, 2), (2.5, 3), (2.49, 2), (127.5, 128), (254.4, 254), (254.5, 255)],
    )
    def test_is_rounded_half_away_from_zero(self, value: float, rounded: int) -> None:
        assert iterate_picture(floats(value)).tolist() == [rounded]

    def test_goes_up_at_every_half_and_not_a_hair_before(self) -> None:
        assert np.array_equal(iterate_picture(HALVES), np.arange(1, 256))
        assert np.array_equal(iterate_picture(np.nextafter(HALVES, np.float32(0))), np.arange(255))

    @pytest.mark.parametrize(
        ("value", "clipped"), [(-0.6, 0), (-300, 0), (255.4, 255), (255.6, 255), (300, 255)]
    )
    def test_is_clipped_and_never_wraps_around(self, value: float, clipped: int) -> None:
        assert iterate_picture(floats(value)).tolist() == [clipped]

    def test_of_a_pictures_own_values_is_that_picture(self, noise_picture: Rgb) -> None:
        picture = iterate_picture(noise_picture.astype(np.float32))
        assert picture.dtype == np.uint8
        assert np.array_equal(picture, noise_picture)
        assert not np.shares_memory(picture, noise_picture)

    def test_of_the_2021_report_loses_all_noise_below_a_whole_step(self) -> None:
        original = np.array([100, 100, 100, 100, 100, 0, 255], np.uint8)
        iterate = floats(100.9, 99.1, 101.2, 98.1, 102, -3, 300)
        assert truncated_picture(iterate, original).tolist() == [100, 100, 101, 99, 102, 0, 255]


class TestSize:
    def test_by_hand(self) -> None:
        original, picture = grey(100), grey(100)
        picture[0, 0] = (103, 96, 100)
        size = noise_size(original, picture)
        values = 224 * 224 * 3
        assert size.linf_255 == 4
        assert size.l2_255 == pytest.approx(5)
        assert size.mean_255 == pytest.approx(7 / values)
        assert size.psnr_db == pytest.approx(10 * math.log10(255**2 / (25 / values)))

    def test_of_an_even_step_everywhere(self) -> None:
        size = noise_size(grey(100), grey(104))
        assert size.linf_255 == 4
        assert size.mean_255 == pytest.approx(4)
        assert size.l2_255 == pytest.approx(4 * math.sqrt(224 * 224 * 3))
        assert size.psnr_db == pytest.approx(36.0896, abs=1e-4)

    def test_does_not_wrap_around_between_black_and_white(self) -> None:
        for original, picture in ((0, 255), (255, 0)):
            size = noise_size(grey(original), grey(picture))
            assert size.linf_255 == 255
            assert size.psnr_db == pytest.approx(0)

    def test_of_no_noise_has_no_signal_to_noise_ratio(self) -> None:
        size = noise_size(grey(9), grey(9))
        assert (size.linf_255, size.l2_255, size.mean_255, size.psnr_db) == (0, 0, 0, None)


class TestView:
    def test_of_no_noise_is_grey_127(self, noise_picture: Rgb) -> None:
        assert (noise_view(noise_picture, noise_picture) == 127).all()

    @pytest.mark.parametrize(
        ("noise", "shown"),
        [(1, 137), (-1, 117), (4, 167), (12, 247), (13, 255), (-12, 7), (-13, 0), (100, 255)],
    )
    def test_is_ten_times_the_noise_on_grey_clipped(self, noise: int, shown: int) -> None:
        view = noise_view(grey(100), grey(100 + noise))
        assert view.dtype == np.uint8
        assert (view == shown).all()

    def test_of_the_largest_noise_does_not_wrap_around(self) -> None:
        assert (noise_view(grey(0), grey(255)) == 255).all()
        assert (noise_view(grey(255), grey(0)) == 0).all()
