"""How pictures are turned and mirrored."""

import numpy as np
import pytest

from kiosk.camera.orientation import TURNS, UPRIGHT, Orientation, upright

ALL = [Orientation(turned, mirrored) for turned in TURNS for mirrored in (False, True)]
PICTURE = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)


@pytest.mark.parametrize("orientation", ALL)
def test_a_turn_is_clockwise_and_the_mirror_comes_after_it(orientation: Orientation) -> None:
    wanted = np.rot90(PICTURE, -orientation.turned // 90)
    wanted = wanted[:, ::-1] if orientation.mirrored else wanted
    given = upright(PICTURE, orientation)
    assert np.array_equal(given, wanted)
    assert given.flags.c_contiguous


def test_nothing_to_do_is_no_copy() -> None:
    assert upright(PICTURE, UPRIGHT) is PICTURE


@pytest.mark.parametrize("first", ALL)
def test_one_after_another_is_one_and_each_can_be_undone(first: Orientation) -> None:
    assert first.then(first.undone()) == first.undone().then(first) == UPRIGHT
    for later in ALL:
        assert np.array_equal(upright(PICTURE, first.then(later)), upright(upright(PICTURE, first), later))
