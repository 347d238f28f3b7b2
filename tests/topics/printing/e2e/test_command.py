"""`kiosk sheet` and `kiosk patch sheet`: the sheets as files, for whoever has a printer elsewhere."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kiosk.device.state_folder import StateFolder
from kiosk.paper.layout import Paper, Shown, sticker_places
from kiosk.paper.markers import SheetFinder, straightened
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import Rgb, picture_in_png
from kiosk.words.model_labels import ModelLabels
from tests.sheets import extent_mm, printed
from tests.stickers import with_sticker

pytestmark = pytest.mark.untimed


def test_a_sheet_and_its_control_are_written(
    run_kiosk: Callable[..., "subprocess.CompletedProcess[str]"],
    state: StateFolder,
    classifier: Classifier,
    coffee: Rgb,
    tmp_path: Path,
) -> None:
    out = tmp_path / "sheets"
    arguments = ("--picture", state.stock / "coffee-cup.png", "--target", "flamingo", "--out", out)
    done = run_kiosk("sheet", *arguments, "--preset", "quick", "--paper", "Letter")
    assert done.returncode == 0, done.stderr

    shown = {name: picture_in_png((out / f"{name}.png").read_bytes(), 224) for name in ("proof", "control")}
    assert classifier(shown["proof"]).label == ModelLabels(classifier.card.labels).index("flamingo")
    assert classifier(shown["control"]).label == classifier(coffee).label
    made, thrown = (np.sort(np.abs(one.astype(np.int16) - coffee), axis=None) for one in shown.values())
    assert np.array_equal(made, thrown)  # the dice's noise is exactly as large
    page = printed((out / "sheet.pdf").read_bytes(), 150, tmp_path)
    assert page.shape[1] / 150 * 25.4 == pytest.approx(215.9, abs=0.2)
    found = {sheet.block.shown: sheet for sheet in SheetFinder()(page)}
    assert found.keys() == {Shown.ORIGINAL, Shown.PROOF}
    read = straightened(page, found[Shown.PROOF], 224).astype(np.int16)
    assert np.abs(read - shown["proof"]).mean() < 6
    control = SheetFinder()(printed((out / "control.pdf").read_bytes(), 150, tmp_path))
    assert [sheet.block.shown for sheet in control] == [Shown.CONTROL]


def test_a_sticker_is_written_at_its_size_and_one_that_is_not_there_is_told_of(
    run_kiosk: Callable[..., "subprocess.CompletedProcess[str]"], state: StateFolder, tmp_path: Path
) -> None:
    here, out = with_sticker(state, tmp_path / "state"), tmp_path / "sticker.pdf"

    def sheet(target: str, *more: str) -> "subprocess.CompletedProcess[str]":
        arguments = ("patch", "sheet", "--target", target, "--out", out)
        return run_kiosk(*arguments, *more, KIOSK_STATE=str(here.path))

    done = sheet("toaster", "--size", "45", "--paper", "Letter")
    assert done.returncode == 0, done.stderr
    assert "toaster: a sticker of 45 mm and a grey one on Letter." in done.stdout
    page, (_, grey) = printed(out.read_bytes(), 150, tmp_path), sticker_places(Paper.LETTER, 45)
    assert page.shape[1] / 150 * 25.4 == pytest.approx(215.9, abs=0.2)
    assert extent_mm(page, 127, grey.y + 22.5, 150) == pytest.approx((grey.x, grey.x + 45), abs=0.5)

    out.unlink()
    for target, told, status in (
        ("banana", "kiosk patch build --target 954", 1),
        ("scuba diver", "a person", 2),
    ):
        done = sheet(target)
        assert (done.returncode, done.stderr.count("\n")) == (status, 1)
        assert told in done.stderr
        assert not out.exists()
