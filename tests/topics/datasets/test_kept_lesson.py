"""A lesson as a dataset and back: what is kept of pictures, embeddings and head, and when the head fits no more."""

from dataclasses import replace

import numpy as np
import pytest

from kiosk.core import lesson as lessons
from kiosk.core.lesson import NOT_TESTED, Example, Lesson, Report, Sign, TaughtLabel
from kiosk.gradients.client import Taught
from kiosk.perform.recordings import Recorded
from kiosk.store.exhibit_dataset import DatasetError, TrainedHead, check_dataset
from kiosk.topics.datasets.performing.kept_lesson import TaughtLesson, Unpacked, to_dataset
from kiosk.vision.examples import Examples
from kiosk.vision.head import Doubt, Head, Layer, directions
from kiosk.vision.recipe import Recipe
from tests.unit.kept_datasets import noisy_picture

SHA256, OTHER = "5" * 64, "6" * 64
CHANNELS = 8
SIGNS = (Sign("Cup", "cup"), Sign("Cat", "cat"))
FIRST = (Example(3, 3), Example(4, 3), Example(20, 20))  # the last one is a vaccine
SECOND = (Example(9, 9), Example(10, 9))


def recorded(number: int, side: int = 224) -> Recorded:
    """An example's picture and embedding, another one for each number."""
    embedding = np.random.default_rng(number).standard_normal(CHANNELS).astype(np.float32)
    return Recorded(noisy_picture(number)[:side, :side], embedding, SHA256)


def lesson() -> Lesson:
    """Two labels that were tested, and a vaccine that was not."""
    rows = ((FIRST[0], 0, 0), (FIRST[1], 0, 1), (SECOND[0], 1, NOT_TESTED), (SECOND[1], 1, NOT_TESTED))
    tested = tuple(lessons.Tested(*row) for row in rows)
    labels = (TaughtLabel(5, FIRST), TaughtLabel(2, SECOND))
    return Lesson(labels, Report((5, 2), tested))


def head() -> Head:
    """A head of two labels, whose numbers mean nothing."""
    rng = np.random.default_rng(1)
    layer = Layer(rng.standard_normal((2, CHANNELS)).astype(np.float32), np.zeros(2, np.float32))
    seen = directions(rng.standard_normal((5, CHANNELS)).astype(np.float32))
    return Head(("Cup", "Cat"), SHA256, np.zeros(CHANNELS, np.float32), 1.0, (layer,), Doubt(seen, 0.2, 0.5))


def taught_lesson() -> TaughtLesson:
    """The lesson as the performer has it, once it was trained and vaccinated."""
    learned = [FIRST[0], FIRST[1], *SECOND, FIRST[2]]
    embeddings = np.stack([recorded(example.number).embedding for example in learned])
    examples = Examples(("Cup", "Cat"), embeddings, (0, 0, 1, 1, 0), tuple(e.burst for e in learned))
    rows = tuple(recorded(example.number) for _, example in lesson().rows)
    return TaughtLesson(SIGNS, lesson(), rows, Taught(head(), examples, (0, 1, -1, -1, -1)), Recipe())


def test_a_vaccinated_lesson_comes_back_as_it_was() -> None:
    taught = taught_lesson()
    dataset = to_dataset(taught, "Cup, Cat")
    check_dataset(dataset)
    assert dataset.backbone == SHA256
    unpacked = Unpacked.of(dataset)
    for before, after in zip(taught.recorded, unpacked.recorded(), strict=True):
        assert np.array_equal(before.picture, after.picture)
        assert np.array_equal(before.embedding, after.embedding)
        assert before.sha256 == after.sha256
    learned = unpacked.learned(SHA256)
    assert learned is not None
    again, predicted = learned
    assert predicted == (0, 1, None, NOT_TESTED, NOT_TESTED)
    assert taught.taught is not None
    assert np.array_equal(again.examples.embeddings, taught.taught.examples.embeddings)
    assert again.examples.labels == taught.taught.examples.labels
    assert again.predicted == taught.taught.predicted
    assert np.array_equal(again.head.layers[0].weight, head().layers[0].weight)
    opened = unpacked.opened(predicted).lesson(100, SIGNS)
    assert opened.report is not None
    assert opened.report.matrix == ((1, 1), (0, 0))


@pytest.mark.parametrize("change", ["one more", "one less", "moved", "untrained"])
def test_a_head_that_did_not_learn_exactly_this_is_not_kept(change: str) -> None:
    taught = taught_lesson()
    changed = {
        "one more": taught.lesson.with_example(1, Example(30, 30)),
        "one less": taught.lesson.without_example(9),
        "moved": taught.lesson.moved(9, 0),
        "untrained": replace(taught.lesson, report=None),
    }[change]
    rows = tuple(recorded(example.number) for _, example in changed.rows)
    dataset = to_dataset(replace(taught, lesson=changed, recorded=rows), "Cup, Cat")
    check_dataset(dataset)
    assert dataset.head is None
    assert dataset.backbone == SHA256
    assert Unpacked.of(dataset).learned(SHA256) is None


def test_embeddings_of_two_models_or_of_other_pictures_are_not_kept() -> None:
    taught = taught_lesson()
    mixed = (replace(taught.recorded[0], sha256=OTHER), *taught.recorded[1:])
    smaller = tuple(recorded(example.number, side=192) for _, example in taught.lesson.rows)
    for rows in (mixed, smaller):
        dataset = to_dataset(replace(taught, recorded=rows), "Cup, Cat")
        check_dataset(dataset)
        assert (dataset.backbone, dataset.head) == (None, None)
        assert all(one.sha256 == "" for one in Unpacked.of(dataset).recorded())


@pytest.mark.parametrize(
    "settings",
    ["{}", "no JSON", '{"recipe": {}, "predicted": [0]}', '{"recipe": {}, "predicted": [0, 1, 2, 0, 0]}'],
)
def test_a_head_that_does_not_fit_is_left_out(settings: str) -> None:
    dataset = to_dataset(taught_lesson(), "Cup, Cat")
    assert dataset.head is not None
    for kept in (TrainedHead(dataset.head.npz, settings), TrainedHead(b"no head", dataset.head.settings)):
        assert Unpacked.of(replace(dataset, head=kept)).learned(SHA256) is None
    assert Unpacked.of(dataset).learned(OTHER) is None


def test_a_damaged_dataset_is_refused() -> None:
    dataset = to_dataset(taught_lesson(), "Cup, Cat")
    with pytest.raises(DatasetError):
        Unpacked.of(replace(dataset, examples=dataset.examples[:3]))
