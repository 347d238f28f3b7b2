"""The referee's views: seeded, of the picture, as hard as its conditions say, on paper and on screens."""

from dataclasses import replace

import numpy as np
import pytest

from kiosk.attack.survival import judged_views, mean_interval, share_interval
from kiosk.recapture.conditions import Conditions, Medium
from kiosk.recapture.referee import photograph, posed_corners, views
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import Rgb

GENTLE = Conditions(
    yaw_deg=0,
    pitch_deg=0,
    roll_deg=0,
    distance=(1, 1),
    aim=0,
    defocus_px=0,
    shake_px=0,
    exposure=0,
    tint=0,
    paleness=0.02,
    glare=0,
    shots=1e6,
    jpeg=(95, 95),
)


@pytest.mark.parametrize("medium", Medium)
def test_a_gentle_referee_shows_the_picture(coffee: Rgb, medium: Medium) -> None:
    (seen,) = views(coffee, 1, 0, medium, GENTLE)

    assert np.corrcoef(seen.reshape(-1), coffee.reshape(-1))[0, 1] > 0.97


def test_views_follow_from_the_seed_alone_each_by_itself(coffee: Rgb) -> None:
    three, two = [*views(coffee, 3, 5)], [*views(coffee, 2, 5)]
    (other,) = views(coffee, 1, 6)

    assert [view.tobytes() for view in two] == [view.tobytes() for view in three[:2]]
    assert (three[0] != three[1]).any()
    assert (three[0] != other).any()
    assert {view.shape for view in three} == {(224, 224, 3)}


def test_a_page_lies_where_its_corners_are() -> None:
    """A white page's edge is found half way between its light and the darkness around it, to a fifth of a pixel."""
    page = np.full((600, 600, 3), 255, np.uint8)
    corners = np.array(((100.25, 80), (500.25, 80), (500.25, 480), (100.25, 480)), np.float32)

    frame = photograph(page, corners, (640, 560), np.random.default_rng(3), conditions=GENTLE)

    inside, beside = frame[280, 104:110].mean(), frame[280, 90:96].mean()
    edge = 96 + ((inside - frame[280, 96:104].mean(axis=1)) / (inside - beside)).sum()
    assert edge == pytest.approx(100.25, abs=0.2)


def test_a_sheet_is_held_as_high_as_asked_and_inside_the_frame() -> None:
    for seed in range(50):
        corners = posed_corners(0.7, (1280, 720), 400, np.random.default_rng(seed))
        height = (np.linalg.norm(corners[3] - corners[0]) + np.linalg.norm(corners[2] - corners[1])) / 2

        assert 300 < height < 450
        assert corners.min() >= 0
        assert (corners <= (1280, 720)).all()


def test_the_machine_still_knows_the_cup_in_most_views(classifier: Classifier, coffee: Rgb) -> None:
    label = classifier(coffee).label

    seen = [*judged_views(classifier, coffee, 8, 0, Conditions())]

    assert sum(view.prediction.label == label for view in seen) >= 4


def test_it_can_be_made_too_hard(classifier: Classifier, coffee: Rgb) -> None:
    blind = replace(Conditions(), defocus_px=6, exposure=3, shake_px=12, shots=20)
    label = classifier(coffee).label

    hard, ordinary = (
        sum(view.prediction.label == label for view in judged_views(classifier, coffee, 6, 0, conditions))
        for conditions in (blind, Conditions())
    )

    assert hard < ordinary


def test_intervals_hold_their_share_and_narrow_with_what_was_seen() -> None:
    low, high = share_interval(23, 24)
    assert (low, high) == pytest.approx((0.7976, 0.9926), abs=1e-3)
    assert share_interval(0, 24)[0] == 0
    few, many = mean_interval([0, 1] * 5), mean_interval([0, 1] * 500)
    assert few[0] < many[0] < 0.5 < many[1] < few[1]
