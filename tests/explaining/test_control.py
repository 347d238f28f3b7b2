"""What maps are checked against."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from kiosk.explaining.control import alikeness, drawn_by_lot
from kiosk.explaining.occlusion import log_odds, losses, sweep
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import Rgb
from kiosk.vision.taught import TaughtClassifier

ESPRESSO = 967


@pytest.mark.parametrize("levels", [3, 1000])
def test_alikeness_is_scipys_rank_correlation(levels: int) -> None:
    rng = np.random.default_rng(levels)
    for _ in range(20):
        one, other = rng.integers(0, levels, (2, 7, 7)).astype(np.float32)
        assert alikeness(one, other) == pytest.approx(
            spearmanr(one.ravel(), other.ravel()).statistic, abs=1e-5
        )


def test_an_even_map_is_like_no_other() -> None:
    even, other = np.zeros((7, 7), np.float32), np.arange(49, dtype=np.float32).reshape(7, 7)
    assert alikeness(even, other) == alikeness(other, even) == 0.0
    assert alikeness(other, other) == pytest.approx(1.0)


def test_what_is_drawn_by_lot_is_repeatable_and_knows_nothing(classifier: Classifier, coffee: Rgb) -> None:
    seen = classifier(coffee)
    heads = [drawn_by_lot(classifier.card.sha256, seen.embedding.size, 1000, seed) for seed in (1, 1, 2)]
    first, again, other = (head.logits(seen.embedding) for head in heads)
    assert np.array_equal(first, again)
    assert abs(np.corrcoef(first, other)[0, 1]) < 0.15
    assert abs(np.corrcoef(first, seen.logits)[0, 1]) < 0.15


def test_scores_of_the_same_looks_fall_as_they_do_alone(classifier: Classifier, coffee: Rgb) -> None:
    size = classifier(coffee).embedding.size
    lot = TaughtClassifier(classifier, drawn_by_lot(classifier.card.sha256, size, 1000, 3))
    together = losses(
        classifier,
        lambda seen: np.array([log_odds(seen, ESPRESSO), log_odds(seen, ESPRESSO + 1)]),
        coffee,
        4,
    )
    alone = zip(
        sweep(classifier, coffee, ESPRESSO, 4), sweep(classifier, coffee, ESPRESSO + 1, 4), strict=True
    )
    assert [tuple(each) for each in together] == [*alone]
    assert len([*sweep(lot, coffee, ESPRESSO, 4)]) == 16
