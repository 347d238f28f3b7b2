"""Training a head: what it learns, what it never sees, that it is the same each time. In this process, with PyTorch."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch

from kiosk.errors import BadArgumentError
from kiosk.gradients.compute.training import (
    DOUBT_BELOW,
    WEIGHT_DECAY,
    AdamW,
    EpochFigures,
    TrainingResult,
    folds_of,
    train_head,
)
from kiosk.vision.examples import NEVER_HELD_OUT, Examples
from kiosk.vision.recipe import Recipe

CHANNELS, LABELS, BURSTS, FRAMES = 24, 3, 4, 5
BRIEF = Recipe(epochs=15)

pytestmark = pytest.mark.usefixtures("torch_module")


def clouds(seed: int = 0, bursts: int = BURSTS, spread: float = 0.3) -> Examples:
    """Return three labels as clouds of embeddings; a burst is a place in its cloud, its frames are near-copies."""
    rng = np.random.default_rng(seed)
    centres = rng.random((LABELS, CHANNELS)) + np.eye(LABELS, CHANNELS) * 2
    rows, labels, numbers = [], [], []
    for label, centre in enumerate(centres):
        for burst in range(bursts):
            place = centre + rng.normal(0, spread, CHANNELS)
            rows += [place + rng.normal(0, 0.01, CHANNELS) for _ in range(FRAMES)]
            labels += [label] * FRAMES
            numbers += [label * 100 + burst] * FRAMES
    embeddings = np.abs(np.array(rows)).astype(np.float32)
    return Examples(("one", "two", "three"), embeddings, tuple(labels), tuple(numbers))


def trained(examples: Examples, recipe: Recipe = BRIEF) -> tuple[TrainingResult, list[EpochFigures]]:
    heard: list[EpochFigures] = []
    return train_head(examples, recipe, heard.append), heard


def answers(training: TrainingResult, embeddings: Any) -> list[int]:
    values = (embeddings - training.mean) / training.spread
    for index, layer in enumerate(training.layers):
        values = (np.maximum(values, 0) if index else values) @ layer.weight.T + layer.bias
    return [int(label) for label in values.argmax(1)]


def content(training: TrainingResult) -> bytes:
    arrays = [training.mean, *(array for layer in training.layers for array in (layer.weight, layer.bias))]
    return b"".join(array.tobytes() for array in arrays)


@pytest.mark.parametrize("layers", [(), (8,), (32, 32)])
def test_it_learns_what_it_is_taught(layers: tuple[int, ...]) -> None:
    training, figures = trained(clouds(), Recipe(layers, epochs=40))

    again = clouds(spread=0.2)
    assert answers(training, again.embeddings) == list(again.labels)
    assert [layer.weight.shape[0] for layer in training.layers] == [*layers, LABELS]
    assert figures[-1].loss < figures[0].loss
    assert figures[-1].accuracy == 1
    assert [figure.epoch for figure in figures] == list(range(1, 41))


def test_the_same_seed_gives_the_same_bytes_and_another_does_not() -> None:
    first, again, other = (trained(clouds(), Recipe(epochs=5, seed=seed))[0] for seed in (7, 7, 8))

    assert content(first) == content(again)
    assert first.predicted == again.predicted
    assert content(first) != content(other)


def test_a_burst_is_never_parted() -> None:
    labels = np.repeat([0, 1, 2], 60)
    bursts = np.repeat(np.arange(36), 5)
    folds = folds_of(labels, bursts, seed=3)

    for burst in np.unique(bursts):
        assert len(set(folds[bursts == burst].tolist())) == 1
    for label in (0, 1, 2):
        assert set(folds[labels == label].tolist()) == {0, 1, 2, 3, 4}


def test_held_out_figures_come_from_what_was_never_seen() -> None:
    """Labels that are tossed for each burst can be learnt by heart, never foreseen."""
    examples = clouds(bursts=20, spread=1.0)
    tossed = np.random.default_rng(0).permutation(np.repeat([0, 1, 2], 20))
    labels = tuple(int(label) for label in np.repeat(tossed, FRAMES))
    by_heart, figures = trained(
        Examples(examples.names, examples.embeddings, labels, tuple(int(n) for n in np.repeat(range(60), 5))),
        Recipe(epochs=60),
    )

    foreseen = np.mean([given == label for given, label in zip(by_heart.predicted, labels, strict=True)])
    assert figures[-1].accuracy > 0.95
    assert foreseen < 0.6
    assert figures[-1].held_out_accuracy == pytest.approx(foreseen, abs=1e-6)
    assert figures[-1].held_out_loss is not None
    assert figures[-1].held_out_loss > figures[-1].loss


def test_a_label_with_one_burst_is_never_held_out() -> None:
    examples = clouds()
    bursts = tuple(
        0 if label == 0 else burst for label, burst in zip(examples.labels, examples.bursts, strict=True)
    )
    training, figures = trained(Examples(examples.names, examples.embeddings, examples.labels, bursts))

    held_out = [given != NEVER_HELD_OUT for given in training.predicted]
    assert held_out == [label != 0 for label in examples.labels]
    assert all(
        said == given for said, given in zip(figures[-1].said, training.predicted, strict=True) if given >= 0
    ), "what is shown at last is what the test says"
    assert figures[-1].held_out_accuracy is not None


def test_without_a_second_burst_nothing_is_claimed() -> None:
    training, figures = trained(clouds(bursts=1))

    assert set(training.predicted) == {NEVER_HELD_OUT}
    assert {figure.held_out_accuracy for figure in figures} == {None}
    assert figures[-1].accuracy == 1
    assert 0 < training.least_likeness < 1
    assert 0 < training.least_confidence < 1


def test_one_example_a_label_is_enough() -> None:
    examples = clouds(bursts=1)
    few = Examples(examples.names, examples.embeddings[::FRAMES], (0, 1, 2), (0, 1, 2))
    training, _ = trained(few, Recipe(epochs=40))
    assert answers(training, few.embeddings) == [0, 1, 2]


def test_copies_of_one_picture_divide_by_nothing() -> None:
    same = Examples(("a", "b"), np.ones((4, CHANNELS), np.float32), (0, 0, 1, 1), (0, 1, 2, 3))
    training, figures = trained(same)
    assert np.isfinite(training.spread)
    assert all(np.isfinite(figure.loss) for figure in figures)


def test_doubt_begins_below_a_share_of_what_other_bursts_reach() -> None:
    """Two bursts a label, 60 degrees apart, all labels at right angles: likeness 0.5 everywhere."""
    rows = np.zeros((4, CHANNELS), np.float32)
    rows[0, 0] = rows[2, 2] = 1
    rows[1, :2] = rows[3, 2:4] = (0.5, 3**0.5 / 2)
    training, _ = trained(Examples(("a", "b"), rows, (0, 0, 1, 1), (0, 1, 2, 3)))
    assert training.least_likeness == pytest.approx(0.5 * DOUBT_BELOW, abs=1e-6)


def test_our_adamw_is_pytorchs() -> None:
    torch.manual_seed(0)
    ours = [torch.randn(5, 4), torch.randn(4)]
    theirs = [tensor.clone().requires_grad_() for tensor in ours]
    mine = AdamW([tensor.requires_grad_() for tensor in ours], 0.01)
    oracle = torch.optim.AdamW(theirs, 0.01, weight_decay=WEIGHT_DECAY)
    for _ in range(30):
        inputs = torch.randn(8, 5)
        mine.step(((inputs @ ours[0] + ours[1]) ** 2).sum())
        oracle.zero_grad()
        torch.autograd.backward(((inputs @ theirs[0] + theirs[1]) ** 2).sum())
        oracle.step()
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-6)


def test_training_does_not_wake_pytorchs_compiler() -> None:
    """It would take 150 MB and, on a device, many seconds."""
    program = (
        "import sys, numpy as np\n"
        "from kiosk.vision.recipe import Recipe\n"
        "from kiosk.gradients.compute.training import train_head\n"
        "from kiosk.vision.examples import Examples\n"
        "rows = np.random.default_rng(0).random((4, 8), np.float32)\n"
        "train_head(Examples(('a', 'b'), rows, (0, 0, 1, 1), (0, 1, 2, 3)), Recipe(epochs=2), lambda _: None)\n"
        "print('torch._dynamo' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize(
    "given",
    [
        {"layers": (32,) * 5},
        {"layers": (0,)},
        {"layers": (257,)},
        {"epochs": 0},
        {"batch": 0},
        {"learning_rate": 0.0},
        {"learning_rate": float("nan")},
        {"seed": -1},
    ],
)
def test_a_recipe_out_of_range_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(BadArgumentError, match=r"takes|the most"):
        Recipe(**given)


def test_a_callers_error_ends_the_training() -> None:
    class EnoughError(Exception):
        pass

    def stop(figures: EpochFigures) -> None:
        if figures.epoch == 3:
            raise EnoughError

    with pytest.raises(EnoughError):
        train_head(clouds(), Recipe(epochs=500), stop)
