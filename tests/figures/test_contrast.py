"""Issue 7 of the visit, must show 2: squares of one answer against another are their log-odds, and are leaned on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from kiosk.attack.dice_noise import dice_noise
from kiosk.attack.noise import iterate_picture
from kiosk.device.state_folder import StateFolder
from kiosk.gradients.compute.attacks import Attacker
from kiosk.gradients.compute.cell_maps import cell_map
from kiosk.gradients.compute.network import Network
from kiosk.vision.arrays import Floats
from kiosk.vision.classifier import Classifier, Prediction
from kiosk.vision.heatmap import CellMap
from kiosk.vision.model_card import FLOAT_FILE, MODEL_FILE
from kiosk.vision.picture import Rgb
from tests.figures.figure import at_least, at_most, told
from tests.lies import lie_about

SUM = 1e-3
STEPS, STEP_255, BUDGET_255 = 16, 1.0, 16.0  # the exhibit's
FIFTH, CELLS, DRAWS = 10, 49, 5
LOWERS = 0.90
TIE = 0.15  # in logits: two steps of the logits' grid
SIDE = 32

pytestmark = pytest.mark.usefixtures("torch_module")


@dataclass(frozen=True)
class Attacked:
    """A photograph, its first answer, the lie, and the picture at the first fooled step and after all of them."""

    name: str
    original: Rgb
    truth: int
    lie: int
    first: Rgb | None
    last: Rgb


@pytest.fixture(scope="module")
def attacker(state: StateFolder, classifier: Classifier) -> Attacker:
    """The int8 network, to be differentiated in this process."""
    network = Network.from_file(state.model(None) / MODEL_FILE)
    return Attacker(network, classifier.card.mean, classifier.card.std)


@pytest.fixture(scope="module")
def attacks(
    photographs: list[Path], pictures: list[Rgb], classifier: Classifier, attacker: Attacker
) -> list[Attacked]:
    """All steps of the exhibit's attack on every photograph, towards a random lie each."""
    done = []
    for path, original in zip(photographs, pictures, strict=True):
        truth = classifier(original).label
        lie = lie_about(path, truth)
        start = iterate = original.astype(np.float32)
        first = None
        for _ in range(STEPS):
            iterate = attacker.step("sign", iterate, start, lie, STEP_255, BUDGET_255)
            picture = iterate_picture(iterate)
            if first is None and classifier(picture).label == lie:
                first = picture
        done.append(Attacked(path.stem, original, truth, lie, first, picture))
    return done


def float_tail(folder: Path) -> Callable[[Prediction], Floats]:
    """Return the logits that follow from a prediction's features in plain numpy, with the int8 file's own weights."""
    model = onnx.load(folder / MODEL_FILE)
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    made = {node.output[0]: node for node in model.graph.node}
    gemm = next(node for node in reversed(model.graph.node) if node.op_type == "Gemm")

    def real(name: str) -> Floats:
        integers, scale = (constants[given] for given in made[name].input[:2])
        by_row = scale.reshape(-1, *(1,) * (integers.ndim - 1)) if scale.size > 1 else scale
        values: Floats = integers.astype(np.float32) * by_row
        return values

    weight, bias = real(gemm.input[1]), real(gemm.input[2])
    return lambda prediction: prediction.features.mean((1, 2)) @ weight.T + bias


def odds(logits: Floats, label: int, against: int) -> float:
    return float(logits[label] - logits[against])


def test_squares_and_biases_add_up_to_the_log_odds(
    state: StateFolder, pictures: list[Rgb], classifier: Classifier, attacker: Attacker
) -> None:
    tail, rng = float_tail(state.model(None)), np.random.default_rng(0)
    twin = Classifier.float_twin(state.model(None))
    assert twin is not None
    floats = Attacker(
        Network.from_file(state.model(None) / FLOAT_FILE), classifier.card.mean, classifier.card.std
    )
    of_tail, of_float = [], []
    for picture in pictures:
        prediction, lie = classifier(picture), int(rng.integers(1000))
        truth = prediction.label if prediction.label != lie else (lie + 1) % 1000
        seen = cell_map(attacker, "contrast", picture, lie, truth)
        assert seen.exact
        assert seen.cells.shape == prediction.features.shape[1:]
        of_tail.append(abs(seen.total - odds(tail(prediction), lie, truth)))
        seen = cell_map(floats, "contrast", picture, lie, truth)
        of_float.append(abs(seen.total - odds(twin(picture).logits, lie, truth)))
    twin.close()

    name = f"{len(pictures)} photographs, largest difference in logits"
    at_most(
        f"contrast: squares and biases against the float tail on int8 features, {name}", max(of_tail), SUM
    )
    at_most(f"contrast: squares and biases against float.onnx in ONNX Runtime, {name}", max(of_float), SUM)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_the_squares_of_a_fooled_picture_say_what_the_verdict_says(
    attacks: list[Attacked], classifier: Classifier, attacker: Attacker
) -> None:
    for when, chosen in (("first fooled step", "first"), (f"{STEPS} steps", "last")):
        signs, ties, silent, limited, count = 0, [], 0, 0, 0
        for attack in attacks:
            picture: Rgb | None = getattr(attack, chosen)
            if picture is None or classifier(picture).label != attack.lie:
                continue
            count += 1
            seen = cell_map(attacker, "contrast", picture, attack.lie, attack.truth)
            signs += seen.total > 0
            if seen.total <= 0:
                ties.append(f"{attack.name} {seen.total:+.2f}")
                assert seen.total > -TIE, ties
            silent += former_peak(attacker, picture, attack.lie) <= 0
            limited += alone(attacker, picture, attack.lie).peak <= 0
        name = f"contrast: {count} fooled pictures, {when}"
        told(f"{name}: the total has the verdict's sign", f"{signs} of {count}; ties: {ties or 'none'}")
        told(f"{name}: the former map said 'no sign' of the lie", f"{silent} of {count}")
        told(f"{name}: Grad-CAM behind unlimited logits has no sign of it", f"{limited} of {count}")
        at_least(f"{name}: signs that agree, ties aside", (signs + len(ties)) / count, 1.0)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_taking_the_noise_from_the_top_fifth_costs_the_lie_more_than_from_a_random_fifth(
    attacks: list[Attacked], classifier: Classifier, attacker: Attacker
) -> None:
    """Hidden is the noise, square by square: a grey cover would bring edges of its own, which is told beside it."""
    lower = {"noise": 0, "grey": 0}
    count = 0
    for attack in attacks:
        if attack.first is None:
            continue
        count += 1
        made, rng = attack.first, np.random.default_rng(count)
        cells = cell_map(attacker, "contrast", made, attack.lie, attack.truth).cells
        top = np.argsort(-cells, axis=None)[:FIFTH]
        fifths = [rng.choice(CELLS, FIFTH, replace=False) for _ in range(DRAWS)]
        for name, cover in (("noise", attack.original), ("grey", np.full_like(made, 127))):

            def left(
                hidden: NDArray[np.intp], cover: Rgb = cover, attack: Attacked = attack, made: Rgb = made
            ) -> float:
                mask = np.zeros(CELLS, np.bool_)
                mask[hidden] = True
                large = np.kron(mask.reshape(7, 7), np.ones((SIDE, SIDE), np.bool_))[..., None]
                return odds(classifier(np.where(large, cover, made)).logits, attack.lie, attack.truth)

            lower[name] += left(top) < float(np.mean([left(fifth) for fifth in fifths]))
    told(
        "contrast: top fifth under grey lowers the log-odds more than a random fifth",
        f"{lower['grey']} of {count}",
    )
    at_least(
        f"contrast: noise hidden in the top fifth lowers the log-odds more than in a random fifth, of {count}",
        lower["noise"] / count,
        LOWERS,
    )


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_aimed_pushes_add_up_and_those_of_dice_do_not(attacks: list[Attacked], attacker: Attacker) -> None:
    """What the screen tells as the reason why it works, on every photograph at its first fooled step."""
    shares: dict[str, list[float]] = {"aimed": [], "dice": []}
    growth: dict[str, list[float]] = {"aimed": [], "dice": []}
    for attack in attacks:
        if attack.first is None:
            continue
        original = attack.original.astype(np.float32)
        gradient = attacker.odds_gradient(original, attack.lie, attack.truth)
        before = cell_map(attacker, "contrast", attack.original, attack.lie, attack.truth).total
        for name, picture in (
            ("aimed", attack.first),
            ("dice", dice_noise(attack.original, attack.first, 1)),
        ):
            noise = picture - original
            pushes = (gradient * noise).sum(axis=2)[noise.any(axis=2)]
            shares[name].append(float((pushes > 0).mean()))
            after = cell_map(attacker, "contrast", picture, attack.lie, attack.truth).total
            growth[name].append(after - before)

    name, nothing = f"reason, {len(shares['aimed'])} fooled pictures", np.abs(growth["dice"])
    at_least(f"{name}: moved dots that push to the lie, median", float(np.median(shares["aimed"])), 0.7)
    told(f"{name}: the smallest of these shares", f"{min(shares['aimed']):.2f}")
    unlike_half = np.abs(np.array(shares["dice"]) - 0.5)
    at_most(f"{name}: dice's share less one half, median of sizes", float(np.median(unlike_half)), 0.01)
    # On white and on black noise can go one way only, and is not as even.
    told(
        f"{name}: the same, 9 in 10 and largest",
        f"{np.quantile(unlike_half, 0.9):.3f}, {unlike_half.max():.3f}",
    )
    told(f"{name}: growth of the sum in logits, median", f"{np.median(growth['aimed']):.1f}")
    told(
        f"{name}: the same by dice, median and 9 in 10",
        f"{np.median(growth['dice']):+.2f}, {np.quantile(nothing, 0.9):.2f}",
    )
    at_most(
        f"{name}: dice's growth over the aimed noise's, median of sizes",
        float(np.median(nothing / np.array(growth["aimed"]))),
        0.1,
    )


def former_peak(attacker: Attacker, picture: Rgb, label: int) -> float:
    """Return the peak of Grad-CAM as it was: behind the file's own logits, where gradients end at the grid's end."""
    with torch.no_grad():
        pixels = attacker.normalised(torch.from_numpy(picture.astype(np.float32)))
        (features,) = attacker.network(pixels, ["features"])
    leaf = features.requires_grad_()
    (logits,) = attacker.network.resume({"features": leaf}, ["logits"])
    (gradient,) = torch.autograd.grad(logits[0, label], leaf)
    return float((gradient.mean((2, 3), keepdim=True) * leaf.detach()).sum(1).max())


def alone(attacker: Attacker, picture: Rgb, label: int) -> CellMap:
    return cell_map(attacker, "grad-cam", picture, label)


def _bent_attacker() -> Attacker:
    """Return a network of two labels behind a tail with a bend in it, as MobileNetV3's."""
    rng = np.random.default_rng(1)
    shapes = {"kernel": (4, 3, 1, 1), "hidden": (6, 4), "hidden_bias": (6,), "head": (2, 6), "bias": (2,)}
    nodes = [
        helper.make_node("Conv", ["input", "kernel"], ["sums"]),
        helper.make_node("Relu", ["sums"], ["features"]),
        helper.make_node("GlobalAveragePool", ["features"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["embedding"]),
        helper.make_node("Gemm", ["embedding", "hidden", "hidden_bias"], ["deep"], transB=1),
        helper.make_node("HardSwish", ["deep"], ["bent"]),
        helper.make_node("Gemm", ["bent", "head", "bias"], ["logits"], transB=1),
    ]
    outputs = ("logits", "embedding", "features")
    graph = helper.make_graph(
        nodes,
        "bent",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, (1, 3, SIDE, SIDE))],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
        [
            numpy_helper.from_array(rng.standard_normal(shape).astype(np.float32), name)
            for name, shape in shapes.items()
        ],
    )
    return Attacker(Network(helper.make_model(graph)), (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))


def test_behind_a_bend_the_squares_are_a_linearisation_and_say_so(noise_picture: Rgb) -> None:
    attacker, picture = _bent_attacker(), np.ascontiguousarray(noise_picture[:SIDE, :SIDE])
    with torch.no_grad():
        logits = attacker.logits(attacker.normalised(torch.from_numpy(picture.astype(np.float32))))[0].numpy()

    seen = cell_map(attacker, "contrast", picture, 1, 0)

    assert not seen.exact
    assert seen.total == pytest.approx(odds(logits, 1, 0), abs=1e-4)


def test_integrated_gradients_are_all_that_the_picture_adds_to_grey(noise_picture: Rgb) -> None:
    attacker, picture = _bent_attacker(), np.ascontiguousarray(noise_picture[:SIDE, :SIDE])
    grey = torch.full((SIDE, SIDE, 3), 127.0)
    with torch.no_grad():
        of_grey = attacker.logits(attacker.normalised(grey))[0].numpy()
        logits = attacker.logits(attacker.normalised(torch.from_numpy(picture.astype(np.float32))))[0].numpy()

    seen = cell_map(attacker, "integrated-gradients", picture, 1, 0)

    assert seen.cells.shape == (4, 4)
    assert seen.total == pytest.approx(odds(logits, 1, 0), abs=1e-4)
    assert seen.rest == pytest.approx(odds(of_grey, 1, 0), abs=0.02 * abs(odds(logits, 1, 0)) + 1e-3)
