"""Whether maps show what an answer leaned on: insertion and deletion beside controls, and networks that know nothing.

A method that fails either is not offered to visitors.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from onnx import numpy_helper
from scipy.stats import spearmanr

from kiosk.device.state_folder import StateFolder
from kiosk.explaining.maps import class_activation_map, occlusion_map
from kiosk.explaining.occlusion import GREY
from kiosk.gradients.compute.attacks import Attacker
from kiosk.gradients.compute.cell_maps import METHODS, cell_map
from kiosk.gradients.compute.network import Network
from kiosk.gradients.protocol import MapMethod
from kiosk.topics.more_maps.facts import ALIKE, Method
from kiosk.vision.arrays import Floats
from kiosk.vision.classifier import OUTPUTS, Classifier, Prediction, open_session
from kiosk.vision.last_layer import last_layer
from kiosk.vision.model_card import FLOAT_FILE, MODEL_FILE
from kiosk.vision.picture import Rgb, read_photograph, to_input, to_picture
from tests.figures.figure import record, told

PHOTOGRAPHS, RANDOMISED = 100, 10
ACROSS, AT_ONCE = 14, 7  # squares a side, and how many of them come or go at a time
BLUR_PX = 31
OFFERED = set(Method)

Drawing = Callable[[Rgb, int], Floats]

pytestmark = [pytest.mark.usefixtures("torch_module"), pytest.mark.slow]


@dataclass(frozen=True)
class Judging:
    """A model file that can be judged with, differentiated, and asked for its last layer."""

    file: Path
    classifier: Classifier

    def drawings(self) -> Mapping[str, Drawing]:
        """Return every way to draw the map of a label."""
        card = self.classifier.card
        session = open_session(self.file, threads=1)
        attacker = Attacker(Network.from_file(self.file), card.mean, card.std)
        weights = last_layer(self.file)
        assert weights is not None

        def judge(picture: Rgb) -> Prediction:
            outputs = session.run(OUTPUTS, {"input": to_input(picture, card.mean, card.std)})
            return Prediction(*(output[0] for output in outputs))

        def by_gradients(method: MapMethod) -> Drawing:
            def draw(picture: Rgb, label: int) -> Floats:
                against = next(other for other, _ in judge(picture).top(2) if other != label)
                return cell_map(
                    attacker, method, picture, label, against if method == "contrast" else None
                ).cells

            return draw

        return {
            **{method: by_gradients(method) for method in METHODS},
            "cam": lambda picture, label: class_activation_map(judge(picture), weights, label).cells,
            "occlusion": lambda picture, label: occlusion_map(judge, picture, label).cells,
        }


@pytest.fixture(scope="module")
def hundred(shared: Path) -> list[tuple[str, Rgb]]:
    """A hundred photographs on the model's grid, by name."""
    files = sorted((shared / "images").glob("*.jpg"))[:PHOTOGRAPHS]
    return [(file.name, to_picture(read_photograph(file), 224)) for file in files]


def centre(picture: Rgb, label: int) -> Floats:
    """The nearer to the middle, the more."""
    del picture, label
    at = np.arange(ACROSS, dtype=np.float32) - (ACROSS - 1) / 2
    near: Floats = -np.hypot(at[:, None], at[None, :])
    return near


def order_of(cells: Floats, chance: random.Random) -> list[int]:
    """The squares of the common grid, what a map says most of first; ties fall by chance, never by their place."""
    common = cv2.resize(cells, (ACROSS, ACROSS), interpolation=cv2.INTER_LINEAR).ravel()
    return sorted(range(ACROSS**2), key=lambda square: (-common[square], chance.random()))


def area(classifier: Classifier, label: int, order: list[int], begin: Rgb, end: Rgb) -> float:
    """The mean confidence of a label while squares of one picture take the place of the other's, in that order."""
    side = begin.shape[0] // ACROSS
    picture, found = begin.copy(), [float(classifier(begin).probabilities[label])]
    for first in range(0, len(order), AT_ONCE):
        for square in order[first : first + AT_ONCE]:
            row, column = divmod(square, ACROSS)
            there = (slice(row * side, (row + 1) * side), slice(column * side, (column + 1) * side))
            picture[there] = end[there]
        found.append(float(classifier(picture).probabilities[label]))
    return float(np.mean(found))


def test_squares_that_a_map_names_matter_more_than_random_ones_and_than_the_middle(
    state: StateFolder, classifier: Classifier, hundred: list[tuple[str, Rgb]]
) -> None:
    ways = {**Judging(state.model(None) / MODEL_FILE, classifier).drawings(), "centre": centre}
    scores: dict[str, list[tuple[float, float]]] = {name: [] for name in (*ways, "random")}
    for name, picture in hundred:
        label, chance = classifier(picture).label, random.Random(name)
        blurred = np.asarray(cv2.GaussianBlur(picture, (BLUR_PX, BLUR_PX), 0), np.uint8)
        grey = np.full_like(picture, GREY)
        orders = {way: order_of(draw(picture, label), chance) for way, draw in ways.items()}
        orders["random"] = chance.sample(range(ACROSS**2), ACROSS**2)
        for way, order in orders.items():
            inserted = area(classifier, label, order, blurred, picture)
            deleted = area(classifier, label, order, picture, grey)
            scores[way].append((inserted, deleted))

    means = {way: np.mean(rows, axis=0) for way, rows in scores.items()}
    controls = [means["random"], means["centre"]]
    for way, (inserted, deleted) in means.items():
        name = f"{way}, {len(hundred)} photographs: insertion, deletion"
        figure = f"{inserted:.3f}, {deleted:.3f}"
        if way not in OFFERED:
            told(name, figure)
            continue
        better = all(inserted > control[0] and deleted < control[1] for control in controls)
        record(name, figure, "better than random and centre in both", better)


def shuffled(file: Path, to: Path, wanted: Callable[[onnx.NodeProto], bool]) -> Path:
    """A model file whose wanted nodes have their weights in random places."""
    model, rng = onnx.load(file), np.random.default_rng(0)
    names = {name for node in model.graph.node if wanted(node) for name in node.input[1:]}
    for tensor in model.graph.initializer:
        if tensor.name in names:
            values = rng.permutation(numpy_helper.to_array(tensor).ravel())
            tensor.CopyFrom(numpy_helper.from_array(values.reshape(tuple(tensor.dims)), tensor.name))
    onnx.save(model, to)
    return to


def alikeness(one: Floats, other: Floats) -> float:
    """The rank correlation of two maps; one that is even everywhere is like no other."""
    return 0.0 if np.ptp(one) == 0 or np.ptp(other) == 0 else float(spearmanr(one, other).statistic)


def test_a_network_that_knows_nothing_has_other_maps(
    state: StateFolder, classifier: Classifier, hundred: list[tuple[str, Rgb]], tmp_path: Path
) -> None:
    """Adebayo et al. 2018, arXiv:1810.03292: a map that stays as it was shows the picture, not the answer."""
    file = state.model(None) / FLOAT_FILE
    heads = shuffled(file, tmp_path / "head.onnx", lambda node: node.op_type == "Gemm")
    everything = shuffled(file, tmp_path / "all.onnx", lambda node: node.op_type in ("Conv", "Gemm"))
    own, *others = (Judging(each, classifier).drawings() for each in (file, heads, everything))
    for way, draw in own.items():
        alike: list[list[float]] = []
        for _, picture in hundred[:: PHOTOGRAPHS // RANDOMISED]:
            label = classifier(picture).label
            cells = draw(picture, label).ravel()
            drawn = [other[way](picture, label).ravel() for other in others]
            alike.append([alikeness(cells, each) for each in drawn])
        head, whole = np.median(alike, axis=0)
        name = f"{way}, {len(alike)} photographs: rank correlation with a shuffled head's map, a shuffled network's"
        figure = f"{head:.2f}, {whole:.2f}"
        if way in OFFERED:
            record(name, figure, f"at most {ALIKE}, {ALIKE}", max(head, whole) <= ALIKE)
        else:
            told(name, figure)
