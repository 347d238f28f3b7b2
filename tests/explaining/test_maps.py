"""Maps of the picture itself: what gradients of many pictures, or covered squares, say of an answer."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kiosk.cli import MAPS
from kiosk.device.state_folder import StateFolder
from kiosk.explaining.maps import METHODS, explain
from kiosk.explaining.occlusion import covered, log_odds, sweep
from kiosk.gradients.client import GradientClient
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import Rgb

RunKiosk = Callable[..., subprocess.CompletedProcess[str]]
ESPRESSO = 967


def test_covering_square_after_square_equals_the_slow_way(classifier: Classifier, coffee: Rgb) -> None:
    whole = classifier(coffee).probabilities.astype(np.float64)[ESPRESSO]
    found = []
    for top in range(0, 224, 56):
        for left in range(0, 224, 56):
            changed = coffee.copy()
            changed[top : top + 56, left : left + 56] = 127
            found.append(classifier(changed).probabilities.astype(np.float64)[ESPRESSO])
    odds = [np.log(p / (1 - p)) for p in (whole, *found)]

    np.testing.assert_allclose(
        list(sweep(classifier, coffee, ESPRESSO, 4)), odds[0] - np.array(odds[1:]), atol=1e-3
    )


def test_a_square_may_be_covered_with_some_of_what_lies_around_it(coffee: Rgb) -> None:
    grey = (covered(np.zeros_like(coffee), 14, 15, 0.5) == 127).all(axis=2)
    assert np.flatnonzero(grey.any(axis=0)).tolist() == list(range(8, 40))
    assert np.flatnonzero(grey.any(axis=1)).tolist() == list(range(8, 40))
    corner = (covered(np.zeros_like(coffee), 14, 0, 0.5) == 127).all(axis=2)
    assert np.flatnonzero(corner.any(axis=0)).tolist() == list(range(24))


def test_the_log_odds_are_those_of_the_confidence(classifier: Classifier, coffee: Rgb) -> None:
    prediction = classifier(coffee)
    confidence = prediction.probabilities.astype(np.float64)[ESPRESSO]
    assert log_odds(prediction, ESPRESSO) == pytest.approx(np.log(confidence / (1 - confidence)), abs=1e-4)


def test_every_way_draws_the_same_map_again(
    classifier: Classifier, gradients: GradientClient, coffee: Rgb
) -> None:
    for method in METHODS:
        shares: list[float] = []
        first, again = (
            explain(classifier, gradients, method, coffee, ESPRESSO, 968, shares.append) for _ in range(2)
        )
        assert np.array_equal(first.cells, again.cells), method
        assert first.peak > 0, method
        assert not shares or shares[-1] == 1.0, method


def test_the_command_draws_every_way(run_kiosk: RunKiosk, state: StateFolder, tmp_path: Path) -> None:
    assert set(MAPS) == set(METHODS)
    drawn = []
    for method in ("cam", "contrast"):
        out = tmp_path / f"{method}.png"
        done = run_kiosk(
            "explain", "--picture", state.stock / "coffee-cup.png", "--method", method, "--out", out
        )
        assert done.returncode == 0, done.stderr
        assert f"{method} of espresso" in done.stdout
        with Image.open(out) as image:
            drawn.append(np.asarray(image.convert("RGB"), np.float32))
    assert drawn[0].shape == (672, 672, 3)
    assert np.abs(drawn[0] - drawn[1]).mean() > 5


def test_the_command_refuses_a_label_that_there_is_not(
    run_kiosk: RunKiosk, state: StateFolder, tmp_path: Path
) -> None:
    out = tmp_path / "map.png"
    picture = state.stock / "coffee-cup.png"
    done = run_kiosk("explain", "--picture", picture, "--label", "flamigno", "--method", "cam", "--out", out)
    assert done.returncode == 2
    assert "did you mean flamingo" in done.stderr
    assert not out.exists()
