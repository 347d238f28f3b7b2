"""Issue 4: what taught heads reach on real photographs, and that gradients through them are right."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from kiosk.device.state_folder import StateFolder
from kiosk.gradients.client import GradientClient, Taught
from kiosk.gradients.compute import operators
from kiosk.gradients.compute import taught as taught_heads
from kiosk.gradients.compute.attacks import Attacker, log_odds
from kiosk.gradients.compute.network import Network
from kiosk.gradients.compute.taught import TaughtLayers
from kiosk.gradients.compute.training import DOUBT_BELOW
from kiosk.vision.classifier import Classifier
from kiosk.vision.head import Doubt, Head, Layer
from kiosk.vision.model_card import FLOAT_FILE, MODEL_FILE
from kiosk.vision.picture import Rgb
from kiosk.vision.recipe import Recipe
from kiosk.vision.taught import TaughtClassifier
from tests.figures.figure import at_least, at_most, told
from tests.lessons import Lesson, View, examples, groups, kinds, objects

FALSE_DOUBT, CAUGHT = 0.10, 0.70
DOUBT_SHARES, DRAWN_BY_CHANCE = (0.3, 0.35, 0.4, DOUBT_BELOW, 0.5, 0.55, 0.6), 0.15
SKIMAGE_SHOWS = (
    *(
        "astronaut",
        "brick",
        "camera",
        "cell",
        "chelsea",
        "clock_motion",
        "coffee",
        "coins",
        "grass",
        "gravel",
    ),
    *("hubble_deep_field", "ihc", "moon", "motorcycle_left", "page", "retina", "rocket", "text"),
)
DRAWS, LABELS = 5, 8
ATTACKED_LABELS = 5
SHOTS = (1, 5, 10, 30)
SLOPE_ERROR, HEAD_DIFFERENCE = 1e-2, 1e-5
LONG_S = 3600

slow = pytest.mark.slow
long = pytest.mark.timeout(LONG_S)


# ---- oracles


@pytest.fixture(scope="module")
def drawn_head(classifier: Classifier, pictures: list[Rgb]) -> Head:
    """A head of random weights on real embeddings, so that every layer matters."""
    rng = np.random.default_rng(0)
    embeddings = np.stack([classifier(picture).embedding for picture in pictures[:12]])
    widths = (embeddings.shape[1], 32, 32, 6)
    layers = [
        Layer(
            (rng.standard_normal((after, before)) * (2 / before) ** 0.5).astype(np.float32),
            (rng.standard_normal(after) * 0.1).astype(np.float32),
        )
        for before, after in pairwise(widths)
    ]
    mean, spread = embeddings.mean(0), float(embeddings.std(0).mean())
    return Head(
        tuple("abcdef"), classifier.card.sha256, mean, spread, tuple(layers), Doubt(embeddings, 0.5, 0.5)
    )


def in_pytorch(head: Head) -> TaughtLayers:
    weights, biases = [each.weight for each in head.layers], [each.bias for each in head.layers]
    return TaughtLayers.of(head.mean, head.spread, weights, biases)


def taught_attacker(folder: Path, file: str, classifier: Classifier, head: Head) -> Attacker:
    card = classifier.card
    return Attacker(Network.from_file(folder / file), card.mean, card.std, in_pytorch(head))


def test_the_head_in_pytorch_is_the_head_in_numpy(
    state: StateFolder, classifier: Classifier, pictures: list[Rgb], drawn_head: Head
) -> None:
    attacker = taught_attacker(state.model(None), MODEL_FILE, classifier, drawn_head)
    answering = TaughtClassifier(classifier, drawn_head)
    alone, whole = [], []
    for picture in pictures[:12]:
        prediction = answering(picture)
        embedding = torch.from_numpy(prediction.embedding[np.newaxis])
        pixels = attacker.normalised(torch.from_numpy(picture.astype(np.float32)))
        with torch.no_grad():
            layers_alone = in_pytorch(drawn_head)(embedding)[0].numpy()
            through_all = attacker.logits(pixels)[0].numpy()
        alone.append(float(np.abs(layers_alone - prediction.logits).max()))
        whole.append(float(np.abs(through_all - prediction.logits).max()))

    at_most("taught head, PyTorch against numpy, largest difference of a logit", max(alone), HEAD_DIFFERENCE)
    at_most("the same through the whole int8 network, median", float(np.median(whole)), 1e-4)


def test_the_gradient_through_head_and_float_graph_is_that_of_central_differences(
    state: StateFolder,
    classifier: Classifier,
    pictures: list[Rgb],
    drawn_head: Head,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = state.model(None)
    attacker = taught_attacker(folder, FLOAT_FILE, classifier, drawn_head)
    for module in (operators, taught_heads):
        monkeypatch.setattr(module, "_tensor", lambda values: torch.from_numpy(np.array(values, np.float64)))
    exact = taught_attacker(folder, FLOAT_FILE, classifier, drawn_head)
    rng = np.random.default_rng(0)
    label, point = 2, pictures[0].astype(np.float64)
    gradient = attacker.gradient(pictures[0].astype(np.float32), label)
    directions = [d / np.linalg.norm(d) for d in rng.standard_normal((3, *point.shape))]
    slopes = np.array([slope(exact, point, direction, label) for direction in directions])
    delivered = np.array([float((gradient * direction).sum()) for direction in directions])
    error = float(np.linalg.norm(delivered - slopes) / np.linalg.norm(slopes))

    at_most("gradient through a head against central differences, 3 directions", error, SLOPE_ERROR)


def slope(
    attacker: Attacker, point: NDArray[np.float64], direction: NDArray[np.float64], label: int
) -> float:
    step = 1e-5
    with torch.no_grad():
        ahead, behind = (
            float(
                log_odds(
                    attacker.logits(attacker.normalised(torch.from_numpy(point + side * step * direction))),
                    label,
                )
            )
            for side in (1, -1)
        )
    return (ahead - behind) / (2 * step)


# ---- "I don't know", and how few examples are enough


@pytest.fixture(scope="module")
def files(shared: Path) -> list[Path]:
    return sorted((shared / "images").glob("*.jpg"))


def taught_by(gradients: GradientClient, classifier: Classifier, names: Sequence[str], views: Any) -> Taught:
    taught: Taught = gradients.train(examples(classifier, names, views), Recipe()).result()
    return taught


@dataclass(frozen=True, eq=False)
class Questions:
    """The embeddings of what asks about labels, those labels, and the embeddings of strangers."""

    asking: Sequence[NDArray[np.float32]]
    labels: Sequence[int]
    strangers: Sequence[NDArray[np.float32]]

    @classmethod
    def of(cls, classifier: Classifier, lesson: Lesson) -> "Questions":
        """Return a lesson's questions as a classifier sees them."""
        return cls(
            [classifier(view.picture).embedding for view in lesson.asking],
            [view.label for view in lesson.asking],
            [classifier(picture).embedding for picture in lesson.strangers],
        )

    def put_to(self, head: Head) -> tuple[float, float, float]:
        """Return accuracy and share of doubt on what asks about the labels, and the share of strangers caught."""
        right = head.logits(np.stack(self.asking)).argmax(1) == self.labels
        doubted = [not head.knows(embedding) for embedding in self.asking]
        caught = [not head.knows(embedding) for embedding in self.strangers]
        return float(right.mean()), float(np.mean(doubted)), float(np.mean(caught))


@slow
@long
def test_where_doubt_begins_costs_least_on_package_photographs(
    gradients: GradientClient, classifier: Classifier
) -> None:
    files, costs = package_photographs(), dict.fromkeys(DOUBT_SHARES, 0.0)
    for labels in (2, 4, 8):
        for seed in range(DRAWS):
            lesson = objects(files, seed, labels, bursts=5, frames=4)
            head = taught_by(gradients, classifier, lesson.names, lesson.teaching).head
            questions = Questions.of(classifier, lesson)
            for share in costs:
                _, doubted, caught = questions.put_to(doubting_below(head, share))
                costs[share] += (doubted / FALSE_DOUBT + (1 - caught) / (1 - CAUGHT)) / (3 * DRAWS)

    told("cost of doubt on package photographs", " ".join(f"{s}: {cost:.2f}" for s, cost in costs.items()))
    at_most("cost of the share in use", costs[DOUBT_BELOW], min(costs.values()) + DRAWN_BY_CHANCE)


def package_photographs() -> list[Path]:
    """Return what the wheels of scikit-image and scikit-learn show, the only photographs that may tune anything."""
    folders = {name: Path(str(resources.files(name))) for name in ("skimage", "sklearn")}
    shown = [next((folders["skimage"] / "data").glob(f"{name}.*")) for name in SKIMAGE_SHOWS]
    return shown + sorted((folders["sklearn"] / "datasets" / "images").glob("*.jpg"))


def doubting_below(head: Head, share: float) -> Head:
    """Return a head whose doubt begins at another share of what is usual."""
    times = share / DOUBT_BELOW
    doubt = Doubt(
        head.doubt.directions, head.doubt.least_likeness * times, head.doubt.least_confidence * times
    )
    return replace(head, doubt=doubt)


@slow
@long
def test_it_says_when_it_does_not_know(
    gradients: GradientClient, classifier: Classifier, files: list[Path]
) -> None:
    for name, draw in (
        ("objects", partial(objects, files, labels=LABELS, bursts=5, frames=4)),
        ("two objects", partial(objects, files, labels=2, bursts=5, frames=4)),
        ("groups", partial(groups, files, photographs=6, bursts=3, frames=3)),
        ("kinds", partial(kinds, files, frames=6)),
    ):
        results = []
        for seed in range(DRAWS):
            lesson = draw(seed=seed)
            taught = taught_by(gradients, classifier, lesson.names, lesson.teaching)
            results.append(Questions.of(classifier, lesson).put_to(taught.head))
        right, doubted, caught = np.mean(results, axis=0)
        told(f"{name}, {DRAWS} draws: accuracy", f"{right:.3f}")
        told(f"{name}: don't know, each draw", " ".join(f"{d:.2f}/{c:.2f}" for _, d, c in results))
        if "objects" in name:
            at_most(f"{name}: taught things called unknown", doubted, FALSE_DOUBT)
            at_least(f"{name}: unknown things caught", caught, CAUGHT)
        else:
            told(f"{name}: taught called unknown, unknown caught", f"{doubted:.3f}, {caught:.3f}")


@slow
@long
def test_how_few_examples_are_enough(
    gradients: GradientClient, classifier: Classifier, files: list[Path]
) -> None:
    for name, draw in (
        ("objects", partial(objects, files, labels=LABELS, bursts=10, frames=3)),
        ("groups", partial(groups, files, photographs=6, bursts=2, frames=3)),
        ("kinds", partial(kinds, files, frames=10)),
    ):
        rows: dict[int, list[tuple[float, float, float]]] = {shots: [] for shots in SHOTS}
        for seed in range(DRAWS):
            lesson = draw(seed=seed)
            questions = Questions.of(classifier, lesson)
            for shots in SHOTS:
                views = few(lesson.teaching, shots)
                taught = taught_by(gradients, classifier, lesson.names, views)
                rows[shots].append(questions.put_to(taught.head))
        for shots, results in rows.items():
            right, doubted, caught = np.mean(results, axis=0)
            told(
                f"few-shot, {name}, {shots} examples a label: accuracy, called unknown, strangers caught",
                f"{right:.3f}, {doubted:.3f}, {caught:.3f}",
            )
        if name == "objects":
            at_least("few-shot, objects, 30 examples: accuracy", float(np.mean(rows[30], axis=0)[0]), 0.9)


def few(views: Sequence[View], shots: int) -> list[View]:
    """Return so many views of each label, from as many bursts as there are."""
    chosen: list[View] = []
    for label in sorted({view.label for view in views}):
        by_burst: dict[int, list[View]] = {}
        for view in views:
            if view.label == label:
                by_burst.setdefault(view.burst, []).append(view)
        frames = max(map(len, by_burst.values()))
        in_turn = [burst[turn] for turn in range(frames) for burst in by_burst.values() if turn < len(burst)]
        chosen += in_turn[:shots]
    return chosen
