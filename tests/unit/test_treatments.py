"""What happens to a picture on its way, beside other implementations of the same."""

import cv2
import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, rotate

from kiosk.recapture import treatments
from kiosk.recapture.treatments import blurred, brighter, grainy, shrunk, squeezed, turned
from kiosk.vision.picture import Rgb

pytestmark = pytest.mark.untimed


def away(one: Rgb, other: np.ndarray) -> float:
    """The mean difference of two pictures, in shades."""
    return float(np.abs(one.astype(np.float64) - other).mean())


def test_the_blur_is_scipys(coffee: Rgb) -> None:
    theirs = gaussian_filter(
        coffee.astype(np.float64), (treatments.BLUR_PX, treatments.BLUR_PX, 0), mode="mirror"
    )
    assert away(blurred(coffee), theirs) < 1


def test_the_file_is_as_opencv_would_keep_it(coffee: Rgb) -> None:
    quality = [cv2.IMWRITE_JPEG_QUALITY, treatments.JPEG_QUALITY]
    coded = cv2.imencode(".jpg", coffee[:, :, ::-1], quality)[1]
    theirs = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    assert theirs is not None
    assert away(squeezed(coffee), theirs[:, :, ::-1]) < 1
    assert away(squeezed(coffee), coffee) > 1


def test_it_turns_around_the_middle(coffee: Rgb) -> None:
    own = coffee.astype(np.float64)
    theirs = rotate(own, treatments.TURN_DEGREES, reshape=False, order=1, mode="reflect")
    assert away(turned(coffee), theirs) < 1


def test_half_the_size_has_no_fine_detail_and_more_light_is_cut_at_white(coffee: Rgb) -> None:
    rows, columns = np.indices((224, 224))
    chequered = np.repeat(((rows + columns) % 2 * 255)[..., None], 3, axis=2).astype(np.uint8)
    assert np.ptp(shrunk(chequered)) <= 1
    assert shrunk(coffee).shape == coffee.shape
    assert brighter(np.array([[[0, 100, 250]]], np.uint8)).tolist() == [[[0, 120, 255]]]


def test_the_seed_decides_the_grain(coffee: Rgb) -> None:
    grain = grainy(coffee, 3)
    assert np.array_equal(grain, grainy(coffee, 3))
    assert not np.array_equal(grain, grainy(coffee, 4))
    middling = np.full((224, 224, 3), 127, np.uint8)
    assert np.std(grainy(middling, 3).astype(float) - 127) == pytest.approx(treatments.GRAIN_255, rel=0.02)
