"""Stickers: laid where they are said to lie, their pull-back exact, kept and found again by their model only."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import pytest

from kiosk.device.durable import replace_files
from kiosk.recapture.patches import STICKER_PX, Patch, PatchCard, load_patches, patch_files
from kiosk.recapture.sticker import TEXTURE_PX, Lying, across, anywhere, grey_sticker
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import Rgb

SIDE = 224


def sticker(seed: int = 0) -> Rgb:
    return np.random.default_rng(seed).integers(0, 256, (STICKER_PX, STICKER_PX, 3), np.uint8)


def test_it_covers_as_much_as_it_says_and_nothing_else() -> None:
    assert TEXTURE_PX == STICKER_PX
    for seed in range(5):
        lying = anywhere(SIDE, 0.22, np.random.default_rng(seed))
        assert lying.cover.mean() == pytest.approx(0.22, abs=0.004)
        picture = np.full((SIDE, SIDE, 3), 200, np.float32)
        laid = lying.on(picture, grey_sticker())
        assert np.array_equal(laid[lying.cover[:, :, 0] == 0], picture[lying.cover[:, :, 0] == 0])
        assert np.allclose(laid[lying.cover[:, :, 0] == 1], 127)


def test_it_lies_where_it_is_said_to() -> None:
    cover = Lying.at(SIDE, 0.3, 0.6, across(0.1)).cover[:, :, 0]
    rows, columns = np.nonzero(cover > 0.5)

    assert ((columns.mean() + 0.5) / SIDE, (rows.mean() + 0.5) / SIDE) == pytest.approx((0.3, 0.6), abs=0.005)


def test_the_pull_back_is_the_transpose_of_laying_it() -> None:
    rng = np.random.default_rng(0)
    lying = Lying.at(SIDE, 0.45, 0.4, 0.5, turned_deg=17)
    picture = np.zeros((SIDE, SIDE, 3), np.float32)
    for _ in range(5):
        change = rng.normal(size=(TEXTURE_PX, TEXTURE_PX, 3)).astype(np.float32)
        gradient = rng.normal(size=(SIDE, SIDE, 3)).astype(np.float32)
        forward = float((lying.on(picture, change) * gradient).sum())
        # Such a sum is about 130 large; the warp rounds places to a 32nd of a pixel.
        assert float((change * lying.pull_back(gradient)).sum()) == pytest.approx(forward, abs=8)


def test_it_is_found_again_by_its_own_model_only_and_damage_is_left_out(
    classifier: Classifier, tmp_path: Path
) -> None:
    own = PatchCard(859, 22, classifier.card.sha256, 0.9, 0.0, 65, 1920, 88.0)
    other = PatchCard(954, 22, "0" * 64, 0.9, 0.0, 65, 1920, 88.0)
    for card in (own, other):
        replace_files(tmp_path / "patches", patch_files(Patch(card, sticker())))
    (tmp_path / "patches" / "1-22.json").write_text("{")
    (tmp_path / "patches" / "2-22.json").write_bytes((tmp_path / "patches" / "859-22.json").read_bytes())

    (found,) = load_patches(tmp_path, classifier.card)
    assert found.card == own
    assert np.array_equal(found.sticker, sticker())
    assert load_patches(tmp_path / "nowhere", classifier.card) == ()


def test_no_sticker_is_made_for_a_person(run_kiosk: Callable[..., CompletedProcess[str]]) -> None:
    done = run_kiosk("patch", "build", "--target", "scuba diver", "--gradients", "2")

    assert done.returncode == 2
    assert "a person" in done.stderr
