"""The judge that tells why: its parts are its score, they are found rightly, and PyTorch agrees."""

from collections.abc import Generator
from typing import TypeVar

import numpy as np
import pytest
import torch

from kiosk.device.state_folder import StateFolder
from kiosk.gradients.client import GradientClient
from kiosk.gradients.compute.taught import TaughtPatches
from kiosk.gradients.jobs import JobRefusedError
from kiosk.vision.arrays import Floats
from kiosk.vision.classifier import Classifier
from kiosk.vision.examples import NEVER_HELD_OUT
from kiosk.vision.picture import Rgb, read_photograph
from kiosk.vision.prototypes.head import PatchSpace, PrototypeHead
from kiosk.vision.prototypes.teaching import Patches, TaughtPrototypes, teach_prototypes
from tests.lessons import burst_of

NAMES = ("cat", "motorcycle", "rocket")
BURSTS, FRAMES = 3, 2
EXACT = 1e-4

T = TypeVar("T")


def finished(steps: Generator[float, None, T]) -> T:
    while True:
        try:
            assert 0 <= next(steps) <= 1
        except StopIteration as ended:
            result: T = ended.value
            return result


@pytest.fixture(scope="module")
def views(state: StateFolder) -> dict[str, list[Rgb]]:
    rng = np.random.default_rng(0)
    return {
        name: [
            picture
            for _ in range(BURSTS)
            for picture in burst_of(read_photograph(state.stock / f"{name}.png"), rng, FRAMES)
        ]
        for name in NAMES
    }


@pytest.fixture(scope="module")
def patches(classifier: Classifier, views: dict[str, list[Rgb]]) -> Patches:
    """The last label comes first, and has one burst only: no place may be taken for another."""
    order = [("rocket", 1), ("cat", BURSTS), ("motorcycle", BURSTS)]
    rows = [
        (NAMES.index(name), 10 * NAMES.index(name) + at // FRAMES, picture)
        for name, bursts in order
        for at, picture in enumerate(views[name][: bursts * FRAMES])
    ]
    features = np.stack([classifier(picture).features for _, _, picture in rows])
    return Patches(NAMES, features, tuple(row[0] for row in rows), tuple(row[1] for row in rows))


@pytest.fixture(scope="module")
def taught(patches: Patches) -> TaughtPrototypes:
    return finished(teach_prototypes(patches))


@pytest.fixture(scope="module")
def asked(classifier: Classifier, state: StateFolder) -> list[Floats]:
    rng = np.random.default_rng(1)
    photographs = (read_photograph(state.stock / f"{name}.png") for name in NAMES)
    return [classifier(next(burst_of(photograph, rng, 1))).features for photograph in photographs]


def test_it_knows_what_it_was_taught(taught: TaughtPrototypes, patches: Patches, asked: list[Floats]) -> None:
    assert [int(taught.head.logits(features).argmax()) for features in asked] == [0, 1, 2]
    assert taught.predicted == tuple(NEVER_HELD_OUT if label == 2 else label for label in patches.labels)


def test_its_parts_add_up_to_the_score_of_every_label(taught: TaughtPrototypes, asked: list[Floats]) -> None:
    for features in asked:
        logits = taught.head.logits(features)
        for label in range(len(NAMES)):
            matches = taught.head.explained(features, label)
            assert sorted(match.cell for match in matches) == list(range(49))
            assert sum(match.points for match in matches) == pytest.approx(logits[label], abs=EXACT)
            assert [match.points for match in matches] == sorted(
                (match.points for match in matches), reverse=True
            )


def test_each_patch_is_the_most_alike_of_its_label_and_comes_from_where_it_is_said(
    taught: TaughtPrototypes, patches: Patches, asked: list[Floats]
) -> None:
    """By the slow way, in doubles, from the taught features themselves."""
    space = taught.head.space

    def direction(features: Floats, cell: int) -> np.ndarray:
        row, column = divmod(cell, features.shape[2])
        place = space.axes.astype(float) @ (features[:, row, column].astype(float) - space.mean)
        return place / np.linalg.norm(place)

    for label, features in enumerate(asked):
        own = [at for at, of in enumerate(patches.labels) if of == label]
        taught_cells = {(at, cell): direction(patches.features[at], cell) for at in own for cell in range(49)}
        for match in taught.head.explained(features, label)[:5]:
            here = direction(features, match.cell)
            best = max(taught_cells, key=lambda place: float(here @ taught_cells[place]))
            assert match.likeness == pytest.approx(float(here @ taught_cells[best]), abs=EXACT)
            source = taught.sources[match.patch]
            assert float(here @ taught_cells[source]) == pytest.approx(match.likeness, abs=EXACT)


def test_pytorch_gives_the_same_scores(taught: TaughtPrototypes, asked: list[Floats]) -> None:
    head = taught.head
    other = TaughtPatches.of(head.space.mean, head.space.axes, head.patches, head.counts, head.scale)
    for features in asked:
        delivered = other(torch.from_numpy(features[np.newaxis]))[0].numpy()
        np.testing.assert_allclose(delivered, head.logits(features), atol=EXACT)


def test_a_step_goes_towards_a_taught_label(
    gradients: GradientClient, classifier: Classifier, taught: TaughtPrototypes, views: dict[str, list[Rgb]]
) -> None:
    original, head = views["cat"][0], taught.head
    iterate = original.astype(np.float32)
    for _ in range(3):
        iterate = gradients.step("sign", iterate, original, 1, head=head).result(60)
    before, after = (
        head.logits(classifier(np.rint(pixels).astype(np.uint8)).features) for pixels in (original, iterate)
    )
    assert after[1] - after[0] > before[1] - before[0]
    assert np.abs(iterate - original).max() <= 3


def test_a_head_whose_patches_do_not_fit_is_refused(
    gradients: GradientClient, taught: TaughtPrototypes, views: dict[str, list[Rgb]]
) -> None:
    head, picture = taught.head, views["cat"][0]
    space = PatchSpace(head.space.mean, head.space.axes[:, :9].copy())
    for wrong in (
        PrototypeHead(NAMES, head.space, head.patches, (1, 2, 3), head.scale),
        PrototypeHead(NAMES, space, head.patches, head.counts, head.scale),
        PrototypeHead(NAMES, head.space, head.patches, (*head.counts[:2], head.counts[2], 0), head.scale),
    ):
        with pytest.raises(JobRefusedError, match="patches do not fit"):
            gradients.step("sign", picture.astype(np.float32), picture, 1, head=wrong).result(60)
