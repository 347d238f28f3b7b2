"""The shield's promise is the authors' formula, and votes are repeatable."""

import numpy as np
import pytest
from scipy.stats import beta, norm

from kiosk.explaining.smoothing import certified, least_share, votes
from kiosk.vision.classifier import Classifier, Prediction
from kiosk.vision.picture import Rgb

SIGMA = 16.0


@pytest.mark.parametrize("chance", [0.001, 0.05])
@pytest.mark.parametrize(
    ("successes", "count"), [(1, 10), (50, 100), (51, 100), (99, 100), (100, 100), (700, 1000), (1000, 1000)]
)
def test_the_least_share_is_scipys(successes: int, count: int, chance: float) -> None:
    theirs = beta.ppf(chance, successes, count - successes + 1)
    assert least_share(successes, count, chance) == pytest.approx(theirs, abs=1e-9)


def test_without_a_single_vote_nothing_is_known() -> None:
    assert least_share(0, 100, 0.001) == 0.0


def test_the_radius_is_the_authors() -> None:
    told = certified([7, 7, 3], [7] * 95 + [3] * 5, SIGMA)
    lower = beta.ppf(0.001, 95, 6)
    assert (told.label, told.votes, told.count) == (7, 95, 100)
    assert told.radius_255 == pytest.approx(SIGMA * norm.ppf(lower), abs=1e-6)
    assert not told.abstains


def test_where_too_few_agree_it_says_nothing() -> None:
    told = certified([7, 7, 3], [7] * 55 + [3] * 45, SIGMA)
    assert told.abstains
    assert told.radius_255 == 0


def test_the_first_votes_choose_the_label_and_do_not_count_for_it() -> None:
    told = certified([5, 7, 7], [5] * 100, SIGMA)
    assert (told.label, told.votes) == (7, 0)
    assert told.abstains


def test_votes_are_repeatable_and_of_eight_bit_pictures(classifier: Classifier, coffee: Rgb) -> None:
    seen: list[Rgb] = []

    def judge(picture: Rgb) -> Prediction:
        seen.append(picture)
        return classifier(picture)

    first = [*votes(judge, coffee, SIGMA, 6, seed=1)]
    assert first == [*votes(classifier, coffee, SIGMA, 6, seed=1)]
    assert all(picture.dtype == np.uint8 for picture in seen)
    spread = np.concatenate([picture[coffee < 200].astype(float) - coffee[coffee < 200] for picture in seen])
    assert 0.8 * SIGMA < spread.std() < 1.05 * SIGMA
    assert not np.array_equal(seen[0], seen[1])
