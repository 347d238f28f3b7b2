"""Teaching, attacking and explaining taught labels through the real gradient process."""

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from kiosk.attack.run import Plan, run_attack
from kiosk.device.state_folder import StateFolder
from kiosk.gradients import protocol
from kiosk.gradients.client import GradientClient, Taught
from kiosk.gradients.jobs import JobCancelledError, JobLostError, JobRefusedError
from kiosk.gradients.protocol import EpochDone
from kiosk.settings.sections import GradientSettings
from kiosk.vision.classifier import Classifier
from kiosk.vision.examples import Examples
from kiosk.vision.head import HeadError, Layer
from kiosk.vision.heatmap import CellMap
from kiosk.vision.picture import Rgb, picture_files, read_photograph
from kiosk.vision.recipe import Recipe
from kiosk.vision.taught import TaughtClassifier
from tests.lessons import View, burst_of, examples

PATIENCE_S = 60.0
QUICK = GradientSettings(threads=1, first_back_off_s=0.1, longest_back_off_s=0.4)


@pytest.fixture(scope="module")
def views(state: StateFolder) -> list[View]:
    """Three bursts of three frames of each stock picture."""
    rng = np.random.default_rng(0)
    return [
        View(picture, label, label * 10 + burst)
        for label, file in enumerate(picture_files(state.stock))
        for burst in range(3)
        for picture in burst_of(read_photograph(file), rng, 3)
    ]


@pytest.fixture(scope="module")
def lesson(state: StateFolder, classifier: Classifier, views: list[View]) -> Examples:
    return examples(classifier, [file.stem for file in picture_files(state.stock)], views)


@pytest.fixture(scope="module")
def taught(gradients: GradientClient, lesson: Examples) -> Taught:
    taught: Taught = gradients.train(lesson, Recipe()).result(PATIENCE_S)
    return taught


@pytest.fixture
def own_client(state: StateFolder, classifier: Classifier) -> Iterator[GradientClient]:
    """A gradient process of the test's own."""
    with GradientClient(state.model(None), classifier.card, QUICK) as client:
        client.ping().result(PATIENCE_S)
        yield client


def test_every_epoch_is_told_and_the_head_answers(
    gradients: GradientClient, classifier: Classifier, lesson: Examples, views: list[View]
) -> None:
    heard: list[EpochDone] = []
    taught: Taught = gradients.train(lesson, Recipe(epochs=25), heard.append).result(PATIENCE_S)

    assert [epoch.epoch for epoch in heard] == list(range(1, 26))
    assert heard[-1].held_out_accuracy == taught.accuracy == 1
    assert taught.confusion == tuple(
        tuple(9 if row == column else 0 for column in range(5)) for row in range(5)
    )
    answering = TaughtClassifier(classifier, taught.head)
    seen = [answering(view.picture) for view in views]
    assert [prediction.label for prediction in seen] == [view.label for view in views]
    assert all(prediction.known for prediction in seen)
    assert answering.card.labels == lesson.names


def test_the_same_training_is_the_same_bytes_in_another_process(
    taught: Taught, own_client: GradientClient, lesson: Examples
) -> None:
    again: Taught = own_client.train(lesson, Recipe()).result(PATIENCE_S)
    for first, second in zip(taught.head.layers, again.head.layers, strict=True):
        assert first.weight.tobytes() == second.weight.tobytes()
    assert again.head.doubt.least_likeness == taught.head.doubt.least_likeness
    assert again.predicted == taught.predicted


def test_a_cancelled_training_ends_before_its_next_epoch(
    own_client: GradientClient, lesson: Examples
) -> None:
    heard: list[int] = []
    first = threading.Event()

    def hear(epoch: EpochDone) -> None:
        heard.append(epoch.epoch)
        first.set()

    answer = own_client.train(lesson, Recipe(epochs=500), hear)
    assert first.wait(PATIENCE_S)
    own_client.cancel(answer)
    with pytest.raises(JobCancelledError):
        answer.result(PATIENCE_S)
    assert len(heard) < 500
    assert own_client.train(lesson, Recipe(epochs=1)).result(PATIENCE_S)


def test_a_training_whose_process_dies_is_lost_and_the_head_before_it_still_works(
    own_client: GradientClient, taught: Taught, lesson: Examples, views: list[View]
) -> None:
    first = threading.Event()
    answer = own_client.train(lesson, Recipe(epochs=500), lambda _: first.set())
    assert first.wait(PATIENCE_S)
    assert own_client.pid is not None
    os.kill(own_client.pid, signal.SIGKILL)
    with pytest.raises(JobLostError):
        answer.result(PATIENCE_S)

    picture = views[0].picture
    iterate = own_client.step("sign", picture.astype(np.float32), picture, 3, head=taught.head).result(
        PATIENCE_S
    )
    assert 0 < np.abs(iterate - picture).max() <= 1


def test_what_cannot_be_trained_is_refused_with_a_reason(gradients: GradientClient, lesson: Examples) -> None:
    undefined = lesson.embeddings.copy()
    undefined[3, 7] = np.nan
    with pytest.raises(JobRefusedError, match="infinite or undefined"):
        gradients.train(replace(lesson, embeddings=undefined), Recipe()).result(PATIENCE_S)


def test_more_examples_than_a_message_holds_are_refused_in_words(gradients: GradientClient) -> None:
    rows = protocol.MAX_MESSAGE_BYTES // (4 * 1280) + 1
    many = Examples(
        ("a", "b"), np.zeros((rows, 1280), np.float32), tuple(i % 2 for i in range(rows)), tuple(range(rows))
    )
    with pytest.raises(JobRefusedError, match="too large"):
        gradients.train(many, Recipe(epochs=1)).result(PATIENCE_S)


def test_the_largest_lesson_fits_in_a_message() -> None:
    full = 8 * 200
    embeddings = np.zeros((full, 1280), np.float32)
    request = protocol.Train(
        1,
        names=tuple("abcdefgh"),
        embeddings=protocol.Array.of(embeddings),
        labels=tuple(i // 200 for i in range(full)),
        bursts=tuple(range(10**9, 10**9 + full)),
        recipe=Recipe(),
    )
    assert len(protocol.encode(request)) < 0.6 * protocol.MAX_MESSAGE_BYTES


def test_attacks_reach_every_taught_label(
    gradients: GradientClient, classifier: Classifier, taught: Taught, views: list[View]
) -> None:
    answering = TaughtClassifier(classifier, taught.head)
    for target in range(5):
        view = views[9 * ((target + 1) % 5)]
        attacked = run_attack(
            answering, gradients, view.picture, view.label, Plan("sign", target, 0.5, 4.0, 12)
        )
        assert attacked.fooled
        assert attacked.shown.noise.linf_255 <= 4
        assert classifier(attacked.shown.picture).logits.shape == (1000,)


def test_the_smallest_noise_works_on_taught_labels(
    gradients: GradientClient, classifier: Classifier, taught: Taught, views: list[View]
) -> None:
    answering = TaughtClassifier(classifier, taught.head)
    attacked = run_attack(answering, gradients, views[0].picture, 0, Plan("least", 2, max_steps=15))
    assert attacked.fooled
    assert len(attacked.steps) == 15


def test_grad_cam_is_of_the_taught_label(
    gradients: GradientClient, classifier: Classifier, taught: Taught, views: list[View]
) -> None:
    """Behind a mean over the map, a channel's weight is the head's gradient over the map's size."""
    prediction = classifier(views[0].picture)
    seen: CellMap = gradients.maps("grad-cam", [views[0].picture], 0, head=taught.head).result(PATIENCE_S)[0]

    gradient = slope(taught, prediction.embedding, 0)
    size = prediction.features.shape[1] * prediction.features.shape[2]
    expected = np.maximum(np.einsum("c,cij->ij", gradient / size, prediction.features), 0)
    np.testing.assert_allclose(seen.cells, expected, rtol=1e-3, atol=1e-4)


def test_a_contrast_of_taught_labels_adds_up_to_what_the_head_says(
    gradients: GradientClient, classifier: Classifier, taught: Taught, views: list[View]
) -> None:
    """Its layers bend, so the squares are a linearisation, and say so; with the rest they are the log-odds."""
    logits = taught.head.logits(classifier(views[0].picture).embedding)
    seen: CellMap = gradients.maps("contrast", [views[0].picture], 0, 1, head=taught.head).result(PATIENCE_S)[
        0
    ]
    assert not seen.exact
    assert seen.total == pytest.approx(float(logits[0] - logits[1]), abs=0.1)


def slope(taught: Taught, embedding: np.ndarray, label: int) -> np.ndarray:
    """Return a logit's gradient with respect to the embedding, by the chain rule."""
    head = taught.head
    values, gates = (embedding - head.mean) / head.spread, []
    for layer in head.layers[:-1]:
        values = values @ layer.weight.T + layer.bias
        gates.append(values > 0)
        values = np.maximum(values, 0)
    gradient = head.layers[-1].weight[label]
    for layer, gate in zip(head.layers[-2::-1], gates[::-1], strict=True):
        gradient = (gradient * gate) @ layer.weight
    return np.asarray(gradient / head.spread)


def test_a_label_the_head_has_not_is_refused(
    gradients: GradientClient, taught: Taught, views: list[View]
) -> None:
    picture = views[0].picture
    with pytest.raises(JobRefusedError, match="labels are 0 to 4"):
        gradients.step("sign", picture.astype(np.float32), picture, 5, head=taught.head).result(PATIENCE_S)


def test_a_head_that_does_not_fit_is_refused(
    gradients: GradientClient, taught: Taught, views: list[View]
) -> None:
    crooked = replace(taught.head, layers=(Layer(np.ones((2, 7), np.float32), np.ones(2, np.float32)),))
    with pytest.raises(JobRefusedError, match="do not fit"):
        gradients.maps("grad-cam", [views[0].picture], 0, head=crooked).result(PATIENCE_S)


def test_a_head_of_another_model_does_not_answer(classifier: Classifier, taught: Taught) -> None:
    with pytest.raises(HeadError, match="another model"):
        TaughtClassifier(classifier, replace(taught.head, model_sha256="0" * 64))


def test_without_a_head_nothing_has_changed(gradients: GradientClient, taught: Taught, coffee: Rgb) -> None:
    plain = gradients.step("sign", coffee.astype(np.float32), coffee, 130).result(PATIENCE_S)
    gradients.step("sign", coffee.astype(np.float32), coffee, 1, head=taught.head).result(PATIENCE_S)
    again = gradients.step("sign", coffee.astype(np.float32), coffee, 130).result(PATIENCE_S)
    assert plain.tobytes() == again.tobytes()
