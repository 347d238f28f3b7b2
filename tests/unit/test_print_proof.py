"""The attack that survives paper: what each of its steps keeps to, when it settles, and that it reaches its lie."""

import numpy as np
import pytest

from kiosk.attack.print_proof import METERED_VIEWS, Meter, Proofing
from kiosk.attack.run import Plan, run_attack
from kiosk.attack.survival import judged_views
from kiosk.errors import BadArgumentError
from kiosk.gradients.client import GradientClient
from kiosk.gradients.compute.print_proof import budgets_255
from kiosk.gradients.jobs import JobRefusedError
from kiosk.recapture.conditions import Conditions
from kiosk.recapture.preset import PRESETS, Preset
from kiosk.recapture.proof import Proof
from kiosk.recapture.ranges import Ranges
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import Rgb

TEAPOT = 849


def stepped(gradients: GradientClient, picture: Rgb, steps: int, seed: int = 0) -> Proof:
    proof = Proof.begun(picture)
    for step in range(steps):
        proof = gradients.print_proof_step(
            proof, picture, TEAPOT, step, PRESETS["standard"], ranges=Ranges(), seed=seed
        ).result()
    return proof


def test_steps_stay_in_each_pixels_budget_and_in_the_picture(gradients: GradientClient, coffee: Rgb) -> None:
    extreme = coffee.copy()
    extreme[:40], extreme[40:80] = 0, 255
    budget = budgets_255(extreme.astype(np.float32), PRESETS["standard"])

    proof = stepped(gradients, extreme, 8)

    assert (np.abs(proof.iterate - extreme) <= budget + 1e-3).all()
    assert proof.iterate.min() >= 0
    assert proof.iterate.max() <= 255
    assert proof.view.shape == extreme.shape


def test_smooth_places_get_a_third_of_the_budget_and_busy_ones_all_of_it() -> None:
    picture = np.full((224, 224, 3), 128, np.float32)
    picture[:, 112:] = np.random.default_rng(0).choice((0, 255), (224, 112, 1))

    budget = budgets_255(picture, PRESETS["standard"])

    assert budget[112, 40, 0] == pytest.approx(16 * 0.35)
    assert budget[112, 190, 0] == 16
    assert (budgets_255(picture, PRESETS["quick"]) == 14).all()


def test_the_same_seed_is_the_same_bytes_and_another_looks_elsewhere(
    gradients: GradientClient, coffee: Rgb
) -> None:
    first, again, other = (stepped(gradients, coffee, 2, seed) for seed in (0, 0, 1))

    assert first.iterate.tobytes() == again.iterate.tobytes()
    assert first.view.tobytes() == again.view.tobytes()
    assert (first.view != other.view).any()


def test_a_step_beyond_the_last_is_refused(gradients: GradientClient, coffee: Rgb) -> None:
    answer = gradients.print_proof_step(
        Proof.begun(coffee), coffee, TEAPOT, 60, PRESETS["quick"], ranges=Ranges(), seed=0
    )
    with pytest.raises(JobRefusedError, match="step 60 of 60"):
        answer.result()


def test_steps_shorten_and_look_at_the_picture_itself_now_and_then() -> None:
    preset = PRESETS["standard"]
    lengths = [preset.length(step) for step in range(preset.gradients)]

    assert lengths[0] == pytest.approx(0.4)
    assert lengths[-1] == pytest.approx(0.02, rel=0.02)
    assert lengths == sorted(lengths, reverse=True)
    assert sum(preset.looks_plain(step) for step in range(preset.gradients)) == preset.gradients // 8


def test_once_all_views_lie_only_the_settling_steps_are_left() -> None:
    preset = PRESETS["standard"]

    assert preset.after(20, all_lie=False) == 21
    assert preset.after(20, all_lie=True) == 80
    assert preset.after(preset.gradients - 2, all_lie=True) == preset.gradients - 1


def test_the_meter_is_the_share_of_the_last_twelve_views() -> None:
    meter = Meter()
    for lies in (True,) * 6:
        meter.add(lies)
    half = meter.share
    for lies in (False, *(True,) * METERED_VIEWS):
        meter.add(lies)

    assert half == 0.5
    assert meter.share == 1


@pytest.mark.parametrize(("budget", "gradients"), [(0, 10), (300, 10), (16, 0), (float("nan"), 10)])
def test_senseless_presets_are_refused(budget: float, gradients: int) -> None:
    with pytest.raises(BadArgumentError):
        Preset(budget, gradients, textured=False)


def test_it_reaches_the_lie_in_most_views_where_the_invisible_one_dies(
    classifier: Classifier, gradients: GradientClient, coffee: Rgb
) -> None:
    label = classifier(coffee).label
    plans = Plan("sign", TEAPOT), Plan("printproof", TEAPOT, proofing=Proofing(PRESETS["quick"]))

    invisible, proof = (run_attack(classifier, gradients, coffee, label, plan) for plan in plans)
    survived = [
        sum(
            view.prediction.label == TEAPOT
            for view in judged_views(classifier, attacked.shown.picture, 12, 0, Conditions())
        )
        for attacked in (invisible, proof)
    ]

    assert invisible.fooled
    assert proof.fooled
    assert survived[0] <= 1
    assert survived[1] >= 8


def test_without_a_target_it_is_refused(
    classifier: Classifier, gradients: GradientClient, coffee: Rgb
) -> None:
    with pytest.raises(BadArgumentError, match="takes a target"):
        run_attack(classifier, gradients, coffee, 0, Plan("printproof", None))
