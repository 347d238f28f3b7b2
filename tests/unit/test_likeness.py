"""The likeness of two pictures is what scikit-image computes."""

import numpy as np
import pytest
from skimage.metrics import structural_similarity

from kiosk.attack.likeness import likeness
from kiosk.vision.picture import Rgb


@pytest.mark.parametrize("size", [0, 2, 16, 60])
def test_it_is_structural_similarity(coffee: Rgb, size: int) -> None:
    noise = np.random.default_rng(size).integers(-size, size + 1, coffee.shape)
    other = np.clip(coffee + noise, 0, 255).astype(np.uint8)

    theirs = structural_similarity(  # type: ignore[no-untyped-call]
        coffee,
        other,
        channel_axis=2,
        data_range=255,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
    )

    assert likeness(coffee, other) == pytest.approx(theirs, abs=1e-3)
