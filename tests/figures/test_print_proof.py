"""Issue 14, must show 1 and 2: what is left of attacks that the referee photographs, and what a step costs."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kiosk.device.state_folder import StateFolder
from kiosk.gradients.compute.attacks import Attacker
from kiosk.gradients.compute.network import Network
from kiosk.gradients.compute.print_proof import print_proof_step
from kiosk.recapture.preset import PRESETS
from kiosk.recapture.proof import Proof
from kiosk.recapture.ranges import Ranges
from kiosk.recapture.simulator import draw_view
from kiosk.vision.classifier import Classifier
from kiosk.vision.model_card import MODEL_FILE
from kiosk.vision.picture import Rgb, read_photograph, to_picture
from kiosk.words.model_labels import ModelLabels
from tests.figures.figure import at_least, at_most, told
from tests.process.memory import resident_mb

PHOTOGRAPHS = 50
EVALUATE_TIMEOUT_S = 3 * 3600
STEPS_IN_MEMORY, GROWTH_MB = 1000, 4
TEAPOT = 849

Report = dict[str, Any]
Evaluate = Callable[..., Report]


@pytest.fixture(scope="module")
def evaluated(
    classifier: Classifier, state: StateFolder, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Evaluate:
    """`kiosk evaluate` over 50 photographs that are classified right, each set of arguments once a run."""
    labels_file = shared / "images" / "labels.json"
    right, labels = json.loads(labels_file.read_text("utf-8")), ModelLabels(classifier.card.labels)
    known = [
        file
        for file in sorted((shared / "images").glob("*.jpg"))
        if classifier(to_picture(read_photograph(file), 224)).label == labels.index(right[file.name])
    ]
    folder = tmp_path_factory.mktemp("photographs")
    for file in known[:: len(known) // PHOTOGRAPHS][:PHOTOGRAPHS]:
        (folder / file.name).symlink_to(file)

    @cache
    def run(*arguments: str) -> Report:
        out = tmp_path_factory.mktemp("evaluated") / "evaluated.json"
        fixed = ["--pictures", str(folder), "--labels", str(labels_file), "--out", str(out), "--views", "24"]
        done = subprocess.run(
            [sys.executable, "-m", "kiosk", "evaluate", *fixed, *arguments],
            env=os.environ | {"KIOSK_STATE": str(state.path)},
            capture_output=True,
            text=True,
            check=False,
            timeout=EVALUATE_TIMEOUT_S,
        )
        assert done.returncode == 0, done.stderr
        report: Report = json.loads(out.read_text("utf-8"))
        return report

    return run


@pytest.mark.slow
@pytest.mark.timeout(EVALUATE_TIMEOUT_S)
def test_the_invisible_attack_dies_on_paper(evaluated: Evaluate) -> None:
    report = evaluated()

    _told("invisible", report)
    at_most("invisible: views read as the lie", report["views_lie"], 0.01)


@pytest.mark.slow
@pytest.mark.timeout(EVALUATE_TIMEOUT_S)
def test_standard(evaluated: Evaluate) -> None:
    report = evaluated("--method", "printproof")

    _told("standard", report)
    at_least("standard: views read as the lie", report["views_lie"], 0.92)
    at_least("standard: pictures that lie in 80 % of their views", report["survivors"], 0.85)
    at_most("standard: views with the right label", report["views_right"], 0.03)
    at_least("standard: unprinted pictures read as the lie", report["success"], 0.97)
    at_least("standard: SSIM, mean", report["ssim_mean"], 0.85)
    at_least("standard: PSNR, mean", report["psnr_db_mean"], 28, " dB")


@pytest.mark.slow
@pytest.mark.timeout(EVALUATE_TIMEOUT_S)
def test_quick(evaluated: Evaluate) -> None:
    report = evaluated("--method", "printproof", "--preset", "quick")

    _told("quick", report)
    at_least("quick: views read as the lie", report["views_lie"], 0.78)
    at_least("quick: SSIM, mean", report["ssim_mean"], 0.70)


@pytest.mark.slow
@pytest.mark.timeout(EVALUATE_TIMEOUT_S)
def test_discreet(evaluated: Evaluate) -> None:
    report = evaluated("--method", "printproof", "--preset", "discreet")

    _told("discreet", report)
    at_least("discreet: views read as the lie", report["views_lie"], 0.85)
    at_least("discreet: SSIM, mean", report["ssim_mean"], 0.90)


def _told(name: str, report: Report) -> None:
    low, high = report["views_lie_interval"]
    told(
        f"{name}: views read as the lie, [95 %]; right label; clean right",
        f"{report['views_lie']:.3f} [{low:.3f}, {high:.3f}]; {report['views_right']:.3f};"
        f" {report['clean_views_right']:.3f}",
    )
    low, high = report["survivors_interval"]
    told(
        f"{name}: pictures that survive, [95 %]; SSIM; PSNR; steps, median; seconds, median",
        f"{report['survivors']:.2f} [{low:.2f}, {high:.2f}]; {report['ssim_mean']:.3f};"
        f" {report['psnr_db_mean']:.1f} dB; {report['steps_median']}; {report['seconds_median']:.1f}",
    )


@pytest.fixture(scope="module")
def attacker(state: StateFolder, classifier: Classifier, torch_module: object) -> Attacker:
    """The network in this process."""
    del torch_module
    card = classifier.card
    return Attacker(Network.from_file(state.model(None) / MODEL_FILE), card.mean, card.std)


def test_the_pull_back_agrees_along_the_networks_own_gradient(attacker: Attacker, coffee: Rgb) -> None:
    errors = []
    for seed in range(6):
        view = draw_view(Ranges(), 224, np.random.default_rng(seed))
        picture = coffee.astype(np.float32)
        sight = view.see(picture)
        wanted = attacker.gradient(sight.pixels, TEAPOT)
        pulled = sight.pull_back(wanted)
        along = pulled / np.abs(pulled).mean()
        seen = [float((view.see(picture + 0.25 * s * along).pixels * wanted).sum()) for s in (1, -1)]
        errors.append(abs(float((pulled * along).sum()) / ((seen[0] - seen[1]) / 0.5) - 1))

    at_most("pull-back beside central differences, largest difference", max(errors), 0.10)
    told("pull-back beside central differences, median", f"{statistics.median(errors):.3f}")


@pytest.mark.slow
def test_a_thousand_steps_take_no_more_memory(attacker: Attacker, coffee: Rgb) -> None:
    original, proof = coffee.astype(np.float32), Proof.begun(coffee)
    sizes_mb = []
    for number in range(STEPS_IN_MEMORY):
        proof = print_proof_step(
            attacker, proof, original, TEAPOT, number % 120, PRESETS["standard"], Ranges(), number
        )
        if number in (STEPS_IN_MEMORY // 10, STEPS_IN_MEMORY - 1):
            sizes_mb.append(resident_mb(os.getpid()))

    at_most("print-proof steps 101 to 1,000: memory grows", sizes_mb[1] - sizes_mb[0], GROWTH_MB, " MB")
