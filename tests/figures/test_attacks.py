"""Issue 2, must show 2: what `kiosk evaluate` reaches, and what every step of the gradient process keeps to."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from kiosk.attack.noise import iterate_picture, truncated_picture
from kiosk.attack.run import Attacked, Plan, run_attack
from kiosk.attack.strides import falling_255
from kiosk.device.state_folder import StateFolder
from kiosk.gradients.client import GradientClient
from kiosk.gradients.compute.attacks import Attacker
from kiosk.gradients.compute.network import Network
from kiosk.gradients.protocol import StepMethod
from kiosk.settings.sections import GradientSettings
from kiosk.vision.classifier import Classifier
from kiosk.vision.model_card import MODEL_FILE
from kiosk.vision.picture import Rgb
from tests.figures.figure import at_least, at_most, enough, most_of, record, told

SIGN_SUCCESS = 0.98
SIGN_STEPS, SIGN_PSNR_DB = 5, 40
SMALL_BUDGET = ("--budget", "2", "--step", "0.25", "--max-steps", "20")
SMALL_BUDGET_SUCCESS = 0.92
QUIET_L2 = 0.65
LEAST_L2_255 = 200
EVALUATE_TIMEOUT_S = 3600

FLAMINGO = 130

Report = dict[str, Any]
Evaluate = Callable[..., Report]


# ---- what `kiosk evaluate` reaches


@pytest.fixture(scope="module")
def evaluated(
    state: StateFolder, shared: Path, photographs: list[Path], tmp_path_factory: pytest.TempPathFactory
) -> Evaluate:
    """`kiosk evaluate` over the photographs, each set of arguments once a run; returns its JSON."""
    folder = tmp_path_factory.mktemp("photographs")
    for photograph in photographs:
        (folder / photograph.name).symlink_to(photograph)

    @cache
    def run(*arguments: str) -> Report:
        out = tmp_path_factory.mktemp("evaluated") / "evaluated.json"
        labels = shared / "images" / "labels.json"
        fixed = ["--pictures", str(folder), "--labels", str(labels), "--out", str(out)]
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


def test_sign(evaluated: Evaluate) -> None:
    report = evaluated()

    _summary("sign", report)
    most_of("sign: fooled", _fooled(report), report["pictures"], enough(SIGN_SUCCESS, report["pictures"]))
    at_most("sign: steps, median", report["steps_median"], SIGN_STEPS)
    at_least("sign: PSNR, median", report["psnr_db_median"], SIGN_PSNR_DB, " dB")
    at_most("sign: L-inf in steps of 255, largest", max(row["linf_255"] for row in report["rows"]), 4)


@pytest.mark.slow
@pytest.mark.timeout(EVALUATE_TIMEOUT_S)
def test_sign_with_half_the_budget(evaluated: Evaluate) -> None:
    report = evaluated(*SMALL_BUDGET)

    name = f"sign {' '.join(SMALL_BUDGET)}"
    _summary(name, report)
    at_least(f"{name}: success", report["success"], SMALL_BUDGET_SUCCESS)
    at_most(f"{name}: L-inf in steps of 255, largest", max(row["linf_255"] for row in report["rows"]), 2)


@pytest.mark.slow
@pytest.mark.timeout(EVALUATE_TIMEOUT_S)
def test_quiet_is_half_as_loud(evaluated: Evaluate) -> None:
    sign, quiet = evaluated(), evaluated("--method", "quiet")

    _summary("quiet", quiet)
    at_most("quiet: L2 over sign's, medians", quiet["l2_255_median"] / sign["l2_255_median"], QUIET_L2)


@pytest.mark.slow
@pytest.mark.timeout(EVALUATE_TIMEOUT_S)
def test_least_noise(evaluated: Evaluate) -> None:
    report = evaluated("--method", "least", "--max-steps", "40")

    _summary("least, 40 gradients", report)
    at_most("least: L2 in steps of 255, median", report["l2_255_median"], LEAST_L2_255)


@pytest.mark.slow
@pytest.mark.timeout(EVALUATE_TIMEOUT_S)
def test_report_beside_ours(evaluated: Evaluate) -> None:
    report = evaluated("--method", "report", "--budget", "16", "--max-steps", "40")

    _summary("report, 40 presses", report)
    within = sum(row["fooled"] and row["step"] <= 20 for row in report["rows"])
    told("report: fooled within 20 presses", f"{within} of {report['pictures']}")


def _fooled(report: Report) -> int:
    return sum(row["fooled"] for row in report["rows"])


def _summary(name: str, report: Report) -> None:
    told(
        f"{name}: fooled, the float model too",
        f"{_fooled(report)} of {report['pictures']}, {report['success_float']:.3f}",
    )
    told(
        f"{name}: steps median, mean, p90",
        f"{report['steps_median']}, {report['steps_mean']:.2f}, {report['steps_p90']:.1f}",
    )
    told(
        f"{name}: noise L-inf, L2, PSNR, medians",
        f"{report['linf_255_median']}, {report['l2_255_median']:.0f}, {report['psnr_db_median']:.1f} dB",
    )
    told(f"{name}: time of a step, median", f"{report['seconds_per_step_median']:.3f} s")


# ---- what every step keeps to, through the real gradient process


@pytest.mark.parametrize("method", get_args(StepMethod))
def test_steps_stay_in_the_budget_and_in_the_picture(
    gradients: GradientClient, coffee: Rgb, method: StepMethod
) -> None:
    extreme = coffee.copy()
    extreme[:40], extreme[40:80] = 0, 255
    iterate = extreme.astype(np.float32)
    for _ in range(4):
        iterate = gradients.step(method, iterate, extreme, FLAMINGO, step_255=0.75, budget_255=2).result()

        assert iterate.dtype == np.float32
        assert iterate.shape == extreme.shape
        assert float(np.abs(iterate - extreme).max()) <= 2
        assert iterate.min() >= 0
        assert iterate.max() <= 255
    assert (iterate != extreme).any()


def test_the_same_step_is_the_same_bytes(
    gradients: GradientClient, state: StateFolder, classifier: Classifier, coffee: Rgb
) -> None:
    first, again = (_stepped(gradients, coffee) for _ in range(2))
    with GradientClient(state.model(None), classifier.card, GradientSettings(threads=1)) as another:
        elsewhere = _stepped(another, coffee)

    assert first.tobytes() == again.tobytes()
    assert first.tobytes() == elsewhere.tobytes()


def _stepped(client: GradientClient, picture: Rgb) -> Any:
    iterate = picture.astype(np.float32)
    for _ in range(2):
        iterate = client.step("sign", iterate, picture, FLAMINGO).result()
    return iterate


@pytest.mark.parametrize("step_255", [1.0, 0.5, 0.25])
def test_sign_moves_every_value_by_the_step(
    gradients: GradientClient, state: StateFolder, classifier: Classifier, coffee: Rgb, step_255: float
) -> None:
    card = classifier.card
    attacker = Attacker(Network.from_file(state.model(None) / MODEL_FILE), card.mean, card.std)
    inner = np.clip(coffee, 1, 254)
    gradient = attacker.gradient(inner.astype(np.float32), FLAMINGO)

    moved = gradients.step("sign", inner.astype(np.float32), inner, FLAMINGO, step_255=step_255).result()

    np.testing.assert_array_equal(moved - inner, step_255 * np.sign(gradient))
    assert (gradient != 0).mean() > 0.9


def test_falling_steps_shrink_in_a_straight_line() -> None:
    strides = [falling_255(step, 10, 2.0) for step in range(1, 11)]
    assert strides == pytest.approx([2, 1.8, 1.6, 1.4, 1.2, 1, 0.8, 0.6, 0.4, 0.2])


def test_quiet_is_half_as_loud_a_step(gradients: GradientClient, pictures: list[Rgb]) -> None:
    ratios = []
    for picture in pictures[:12]:
        loud, quiet = (
            gradients.step(method, picture.astype(np.float32), picture, FLAMINGO, step_255=1).result()
            for method in ("sign", "quiet")
        )
        ratios.append(float(np.linalg.norm(quiet - picture) / np.linalg.norm(loud - picture)))

    at_most("quiet: L2 of one step over sign's, median", float(np.median(ratios)), QUIET_L2)


def test_least_streams_whole_numbers(gradients: GradientClient, coffee: Rgb) -> None:
    iterates: list[Any] = []
    gradients.least(coffee, FLAMINGO, 12, iterates.append).result()

    assert len(iterates) == 12
    for iterate in iterates:
        assert iterate.dtype == np.float32
        np.testing.assert_array_equal(iterate, np.rint(iterate))
        np.testing.assert_array_equal(iterate_picture(iterate), iterate)
    assert len({iterate.tobytes() for iterate in iterates}) == 12


def test_least_shows_its_smallest_fooled_picture(
    gradients: GradientClient, classifier: Classifier, coffee: Rgb
) -> None:
    attacked = _attacked(classifier, gradients, coffee, Plan("least", FLAMINGO, max_steps=20))

    fooled = [step.noise.l2_255 for step in attacked.steps if step.prediction.label == FLAMINGO]
    assert attacked.fooled
    assert attacked.shown.noise.l2_255 == min(fooled)
    assert len(attacked.steps) == 20


def test_report_stalls(gradients: GradientClient, classifier: Classifier, pictures: list[Rgb]) -> None:
    sign, report, changed = 0, 0, []
    rng = random.Random(0)
    for picture in pictures[:6]:
        target = rng.randrange(1000)
        inner = np.clip(
            picture, 8, 247
        )  # no value that is at its end already may be the one that is to move most
        first = gradients.step("report", inner.astype(np.float32), inner, target, step_255=1).result()
        assert float(np.abs(first - inner).max()) == 1
        changed.append(int((truncated_picture(first, inner) != inner).sum()))
        for method in ("sign", "report"):
            plan = Plan(method, target, budget_255=16, max_steps=8)
            fooled = _attacked(classifier, gradients, picture, plan).fooled
            sign, report = sign + (fooled and method == "sign"), report + (fooled and method == "report")

    values = float(np.median(changed))
    record(
        "report: values of 150,528 changed by its first press, median",
        f"{values:.0f}",
        "below 100",
        values < 100,
    )
    record("fooled within 8 presses, of 6: report", f"{report}", f"below sign's {sign}", report < sign)


def test_fgsm_is_one_step(gradients: GradientClient, classifier: Classifier, coffee: Rgb) -> None:
    plan = Plan("fgsm", FLAMINGO, step_255=1, budget_255=8, max_steps=10)
    attacked = _attacked(classifier, gradients, coffee, plan)
    inner = np.clip(coffee, 8, 247)
    moved = gradients.step("fgsm", inner.astype(np.float32), inner, FLAMINGO, budget_255=8).result()

    assert len(attacked.steps) == 1
    assert attacked.shown.noise.linf_255 == 8
    assert set(np.unique(moved - inner)) <= {-8.0, 0.0, 8.0}


def test_untargeted_leaves_the_label(
    gradients: GradientClient, classifier: Classifier, pictures: list[Rgb]
) -> None:
    left = 0
    for picture in pictures[:6]:
        attacked = _attacked(classifier, gradients, picture, Plan("untargeted", None))
        left += attacked.shown.prediction.label != classifier(picture).label

    most_of("untargeted: left the label", left, 6, 6)


def _attacked(classifier: Classifier, gradients: GradientClient, picture: Rgb, plan: Plan) -> Attacked:
    return run_attack(classifier, gradients, picture, classifier(picture).label, plan)
