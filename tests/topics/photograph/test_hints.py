"""Hints while something is held up: what is measured, which hint follows, when and where it is read."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from kiosk.attack.verdict import answer
from kiosk.core.message import CameraFound
from kiosk.core.scene import Icon
from kiosk.device.state_folder import StateFolder
from kiosk.topics.photograph.facts import STEADY_S, Hint, SteadyHint, hint_for
from kiosk.topics.photograph.messages import LiveJudged
from kiosk.topics.photograph.performing.measuring import measured
from kiosk.vision import seen
from kiosk.vision.arrays import Floats
from kiosk.vision.build.quantising.quantise import narrow_weights
from kiosk.vision.classifier import Classifier, Prediction
from kiosk.vision.picture import Rgb, picture_files, read_photograph, to_picture
from kiosk.words.friendly_labels import visitor_labels
from tests.player import ORIGINAL, PANELS, TEXTS, Player, said
from tests.topics.photograph import made_up
from tests.topics.photograph.drawn import seen_hint
from tests.topics.photograph.scripted import GUESS, SEEN, WELL, at_live
from tests.topics.teaching.scripted import at_trained

LABELS = visitor_labels()


# What is measured.


def test_light_is_that_of_the_bright_part() -> None:
    lamp = np.zeros((224, 224, 3), np.uint8)
    lamp[:80, :80] = 200
    assert seen.light(lamp) == 200, "a bright thing on black ground is light enough"
    assert seen.light(np.full((224, 224, 3), 40, np.uint8)) == 40


def test_blur_grows_with_what_is_smeared_in_any_direction_and_a_plain_wall_has_none() -> None:
    mug = to_picture(made_up.with_mug(made_up.table(), 240), 224)
    assert seen.blur(mug) < seen.blur(made_up.smeared(mug, 5)) < seen.blur(made_up.smeared(mug, 11))
    assert seen.blur(made_up.smeared(mug, 11, upright=True)) > 0.55
    assert seen.blur(made_up.out_of_focus(mug, 3.0)) > 0.55
    assert seen.blur(np.full((224, 224, 3), 90, np.uint8)) == 0
    assert seen.blur(to_picture(made_up.wall(), 224)) < 0.2


def predicted(shares: dict[int, float], features: Floats) -> Prediction:
    """What a network of two channels might say of four labels."""
    logits = np.log(np.array([shares.get(label, 1e-6) for label in range(4)], np.float32))
    return Prediction(logits, features.mean(axis=(1, 2)), features)


def two_places() -> Floats:
    """Features of two channels, each found in a corner of its own."""
    features = np.zeros((2, 7, 7), np.float32)
    features[0, :2, :2], features[1, 5:, 5:] = 1.0, 1.0
    return features


def test_doubt_is_the_entropy_of_the_answer() -> None:
    assert seen.doubt(predicted({0: 1.0}, two_places())) < 0.001
    assert seen.doubt(predicted(dict.fromkeys(range(4), 0.25), two_places())) == pytest.approx(np.log(4))


def test_spread_is_the_part_of_the_picture_in_which_something_was_found() -> None:
    assert seen.spread(predicted({0: 1.0}, two_places())) == pytest.approx(8 / 49)
    assert seen.spread(predicted({0: 1.0}, np.ones((2, 7, 7), np.float32))) == 1
    assert seen.spread(predicted({0: 1.0}, np.zeros((2, 7, 7), np.float32))) == 0


def test_answers_in_two_places_are_apart_and_two_names_of_one_place_are_not() -> None:
    weights = np.array([[1, 0], [0, 1], [0.9, 0], [0, 0]], np.float32)
    assert seen.apartness(predicted({0: 0.6, 1: 0.4}, two_places()), weights) > 0.9
    assert seen.apartness(predicted({0: 0.6, 2: 0.4}, two_places()), weights) < 0.1
    assert seen.apartness(predicted({0: 0.97, 1: 0.03}, two_places()), weights) == 0, "too unlikely"


# Which hint follows.


@pytest.mark.parametrize("hint", Hint)
def test_each_hint_has_its_rule(hint: Hint) -> None:
    said_of_it, measures = SEEN[hint]
    assert hint_for(measures, said_of_it, LABELS, taught=False) is hint


def test_where_all_is_well_nothing_is_hinted() -> None:
    assert hint_for(WELL, ORIGINAL, LABELS, taught=False) is None


def test_what_a_visitor_taught_may_be_small_or_a_person() -> None:
    hints = {hint for hint, (told, of) in SEEN.items() if hint_for(of, told, LABELS, taught=True) is hint}
    assert hints == {Hint.DARK, Hint.STILL}


def test_light_is_needed_before_all_else() -> None:
    assert hint_for(replace(SEEN[Hint.STILL][1], light=20.0), GUESS, LABELS, taught=False) is Hint.DARK


@pytest.fixture(scope="module")
def cards(state: StateFolder) -> dict[str, Rgb]:
    """Our own pictures, to be held up as cards."""
    return {file.stem: to_picture(read_photograph(file), made_up.SIDE) for file in picture_files(state.stock)}


KINDS: tuple[tuple[Callable[[made_up.Cards], dict[str, Rgb]], set[Hint | None], int], ...] = (
    (made_up.good, {None}, 0),
    (made_up.too_dark, {Hint.DARK}, 0),
    (made_up.too_blurred, {Hint.STILL}, 0),
    # Weights of 7 bits, on an x86 without VNNI, see one of six in one place.
    (made_up.too_many, {Hint.ONE}, int(narrow_weights())),
    (made_up.nothing, {Hint.EMPTY}, 0),
    # A small motorcycle and a drawn person are as large to the network, and as strange.
    (made_up.too_far, {Hint.CLOSER}, 1),
    (made_up.strangers, {Hint.PERSON, Hint.STRANGE}, 1),
)


@pytest.mark.parametrize(("kind", "wanted", "missed"), KINDS, ids=lambda part: getattr(part, "__name__", ""))
def test_made_up_pictures_of_each_kind_get_their_hint(
    classifier: Classifier,
    cards: dict[str, Rgb],
    kind: Callable[[made_up.Cards], dict[str, Rgb]],
    wanted: set[Hint | None],
    missed: int,
) -> None:
    others = {}
    for name, shown in kind(cards).items():
        picture = to_picture(shown, classifier.card.input_size)
        prediction = classifier(picture)
        measures = measured(picture, prediction, classifier.last_layer)
        hint = hint_for(measures, answer(prediction), LABELS, taught=False)
        if hint not in wanted:
            others[name] = (hint, measures)
    assert len(others) <= missed, others


def test_the_last_layer_is_what_the_model_computes_its_answer_with(classifier: Classifier) -> None:
    """On pictures of any kind the logits are its sums with the embedding, up to a bias and the rounding of 8 bits."""
    weights = classifier.last_layer
    assert weights is not None
    first, second = (
        classifier(to_picture(made_up.wall(colour), 224)) for colour in (made_up.LIGHT, made_up.RED)
    )
    moved = second.logits - first.logits
    computed = weights @ (second.embedding - first.embedding)
    assert np.corrcoef(moved, computed)[0, 1] > 0.98


# When and where it is read.


def test_a_hint_that_does_not_last_is_not_shown() -> None:
    steady = SteadyHint()
    for at_s in (0.0, 0.2, 0.4):
        steady = steady.heard(Hint.CLOSER, at_s)
    assert steady.shown is None
    assert steady.heard(None, 0.45).heard(Hint.CLOSER, 0.6).shown is None
    assert steady.heard(Hint.CLOSER, STEADY_S).shown is Hint.CLOSER


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("hint", Hint)
def test_every_hint_is_read_on_every_panel_beside_its_drawing(panel: str, hint: Hint) -> None:
    playing = seen_hint(panel, hint)
    assert TEXTS(f"hint.{hint.value}") in said(playing)
    assert [item for item in playing.scene.items if isinstance(item, Icon)]


def steadily(playing: Player, hint: Hint) -> None:
    for _ in range(8):
        playing.send(LiveJudged(*SEEN[hint]))
        playing.wait(0.1)


def test_nothing_is_hinted_of_our_own_pictures() -> None:
    playing = at_live()
    playing.send(CameraFound("webcam: there is no /dev/video0"))
    steadily(playing, Hint.DARK)
    assert TEXTS("hint.dark") not in said(playing)
    assert TEXTS("live.stock_nudge") in said(playing)


def test_a_taught_machine_says_what_it_was_taught() -> None:
    playing = at_trained(labels=3)
    playing.touch("try")
    steadily(playing, Hint.PERSON)
    assert TEXTS("hint.person") not in said(playing)
