"""What the model says of a picture, and that only the model its card describes is run."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from msgspec.structs import fields
from onnx import TensorProto, helper

from kiosk.device.state_folder import StateFolder
from kiosk.vision.classifier import Classifier, Prediction
from kiosk.vision.model_card import (
    CARD_FILE,
    FLOAT_FILE,
    MODEL_FILE,
    ModelCard,
    ModelError,
    card_bytes,
    file_sha256,
    read_card,
)
from kiosk.vision.picture import Rgb, read_photograph, to_picture

TABBY_TIGER_EGYPTIAN = {281, 282, 285}
ESPRESSO_CUP = {967, 968}


def answering(*logits: float) -> Prediction:
    return Prediction(np.array(logits, np.float32), np.zeros(1, np.float32), np.zeros((1, 1, 1), np.float32))


@pytest.fixture
def copied(state: StateFolder, tmp_path: Path) -> Path:
    """A model folder to damage: card and int8 file, without the float twin."""
    folder = tmp_path / "model"
    folder.mkdir()
    for name in (CARD_FILE, MODEL_FILE):
        shutil.copyfile(state.model(None) / name, folder / name)
    return folder


def refusal(folder: Path) -> str:
    """Return the one line with which a model folder is refused."""
    with pytest.raises(ModelError) as caught:
        Classifier(folder).close()
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    assert str(folder) in message
    assert "build" in message, "it says what to do"
    return message


def changed(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    card = json.loads((folder / CARD_FILE).read_bytes())
    change(card)
    (folder / CARD_FILE).write_text(json.dumps(card), "utf-8")


def signed(folder: Path, content: bytes) -> None:
    """Put another model file in place, with a card that says it is the right one."""
    (folder / MODEL_FILE).write_bytes(content)
    changed(folder, lambda card: card.update(sha256=file_sha256(folder / MODEL_FILE)))


class TestAnswers:
    @pytest.mark.parametrize(
        ("file", "right"), [("cat.png", TABBY_TIGER_EGYPTIAN), ("coffee-cup.png", ESPRESSO_CUP)]
    )
    def test_on_the_stock_pictures_are_right(
        self, state: StateFolder, classifier: Classifier, file: str, right: set[int]
    ) -> None:
        picture = to_picture(read_photograph(state.stock / file), 224)
        assert classifier(picture).label in right

    def test_have_the_shapes_of_the_card(self, classifier: Classifier, coffee: Rgb) -> None:
        prediction = classifier(coffee)
        assert prediction.logits.shape == (len(classifier.card.labels),) == (1000,)
        assert prediction.embedding.shape == (1280,)
        assert prediction.features.shape == (1280, 7, 7)
        assert {array.dtype for array in (prediction.logits, prediction.embedding, prediction.features)} == {
            np.dtype(np.float32)
        }

    def test_are_the_same_bytes_for_the_same_picture(
        self, state: StateFolder, classifier: Classifier, noise_picture: Rgb, coffee: Rgb
    ) -> None:
        first = classifier(coffee)
        assert classifier(noise_picture).logits.tobytes() != first.logits.tobytes()
        with Classifier(state.model(None)) as another:
            for again in (classifier(coffee), another(coffee.copy())):
                assert again.logits.tobytes() == first.logits.tobytes()
                assert again.features.tobytes() == first.features.tobytes()

    def test_do_not_change_when_the_next_picture_is_classified(
        self, classifier: Classifier, noise_picture: Rgb, coffee: Rgb
    ) -> None:
        kept = classifier(coffee)
        bytes_then = kept.logits.tobytes(), kept.features.tobytes()
        classifier(noise_picture)
        assert (kept.logits.tobytes(), kept.features.tobytes()) == bytes_then

    def test_probabilities_are_between_none_and_all_and_sum_to_one(
        self, classifier: Classifier, coffee: Rgb, noise_picture: Rgb
    ) -> None:
        for picture in (coffee, noise_picture, np.zeros_like(coffee)):
            probabilities = classifier(picture).probabilities
            assert probabilities.dtype == np.float32
            assert probabilities.min() >= 0
            assert float(probabilities.sum(dtype=np.float64)) == pytest.approx(1, abs=1e-5)

    def test_the_embedding_is_the_mean_of_the_features_to_a_quantisation_step(
        self, classifier: Classifier, coffee: Rgb
    ) -> None:
        prediction = classifier(coffee)
        step = float(np.diff(np.unique(prediction.embedding)).min())
        mean = prediction.features.mean((1, 2))
        assert step < 0.1
        assert float(mean.max()) > 10 * step
        unsaturated = prediction.embedding < prediction.embedding.max()
        assert np.abs(prediction.embedding - mean)[unsaturated].max() <= step

    def test_the_float_twin_says_the_same_of_an_easy_picture(
        self, state: StateFolder, classifier: Classifier, coffee: Rgb
    ) -> None:
        twin = Classifier.float_twin(state.model(None))
        assert twin is not None
        with twin:
            exact = twin(coffee)
        rounded = classifier(coffee)
        assert exact.label == rounded.label
        assert np.corrcoef(exact.logits, rounded.logits)[0, 1] > 0.98
        assert exact.logits.tobytes() != rounded.logits.tobytes()

    def test_there_is_no_float_twin_where_none_was_kept(self, copied: Path) -> None:
        assert Classifier.float_twin(copied) is None


class TestTop:
    def test_is_best_first(self, classifier: Classifier, coffee: Rgb) -> None:
        prediction = classifier(coffee)
        top = prediction.top(5)
        assert [label for label, _ in top] == sorted(range(1000), key=lambda i: -prediction.logits[i])[:5]
        assert top[0][0] == prediction.label
        for label, probability in top:
            assert probability == float(prediction.probabilities[label])

    def test_of_equal_labels_the_lower_number_is_first(self) -> None:
        prediction = answering(1, 3, 2, 3, 2, 3)
        assert [label for label, _ in prediction.top(6)] == [1, 3, 5, 2, 4, 0]
        assert prediction.label == 1
        assert [label for label, _ in answering(*[1, 2, 3] * 300).top(5)] == [2, 5, 8, 11, 14]

    def test_keeps_its_order_where_the_probabilities_are_too_small_to_tell(self) -> None:
        prediction = answering(-300, 0, -400, -200, -100)
        assert [label for label, _ in prediction.top(5)] == [1, 4, 3, 0, 2]

    def test_is_all_there_is_when_more_is_asked_for(self) -> None:
        assert len(answering(1, 2, 3).top(5)) == 3

    def test_probabilities_of_huge_logits_stay_numbers(self) -> None:
        assert answering(1e4, 1e4, -1e4).probabilities.tolist() == [0.5, 0.5, 0]


class TestCard:
    def test_of_the_default_model(self, state: StateFolder) -> None:
        card = read_card(state.model(None))
        assert card.name == "efficientnet_lite0"
        assert card.input_size == 224
        assert card.mean == card.std == (0.5, 0.5, 0.5)
        assert card.outputs == ("logits", "embedding", "features")
        assert len(card.labels) == 1000
        assert card.labels[963] == "pizza"
        assert card.activations in ("uint8", "int8")
        assert card.calibration
        assert card.sha256 == file_sha256(state.model(None) / MODEL_FILE)
        assert card.measured.crops >= 100
        assert (card.measured.agreement or 0) >= 0.95
        assert card.measured.int8_bytes == (state.model(None) / MODEL_FILE).stat().st_size
        assert card.measured.float_bytes == (state.model(None) / FLOAT_FILE).stat().st_size

    def test_is_written_as_it_was_read(self, state: StateFolder) -> None:
        content = (state.model(None) / CARD_FILE).read_bytes()
        assert card_bytes(read_card(state.model(None))) == content

    def test_holds_no_time_no_path_and_no_name_of_whoever_built_it(self, state: StateFolder) -> None:
        content = (state.model(None) / CARD_FILE).read_text("utf-8")
        for trace in (str(state.path), str(Path.home()), "/tmp", os.uname().nodename, "20:", "date", "time_"):  # noqa: S108
            assert trace not in content


class TestRefusing:
    @pytest.mark.parametrize("missing", [CARD_FILE, MODEL_FILE])
    def test_a_missing_file(self, copied: Path, missing: str) -> None:
        (copied / missing).unlink()
        assert f"{missing}: missing" in refusal(copied)

    def test_a_missing_folder(self, tmp_path: Path) -> None:
        assert "missing" in refusal(tmp_path / "nowhere")

    def test_a_model_with_one_changed_bit(self, copied: Path) -> None:
        content = bytearray((copied / MODEL_FILE).read_bytes())
        content[len(content) // 2] ^= 1
        (copied / MODEL_FILE).write_bytes(content)
        assert "SHA-256" in refusal(copied)

    def test_a_cut_off_model(self, copied: Path) -> None:
        content = (copied / MODEL_FILE).read_bytes()
        (copied / MODEL_FILE).write_bytes(content[: len(content) // 2])
        assert "SHA-256" in refusal(copied)

    def test_another_models_file(self, state: StateFolder, copied: Path) -> None:
        shutil.copyfile(state.model(None) / FLOAT_FILE, copied / MODEL_FILE)
        assert "SHA-256" in refusal(copied)

    def test_an_unknown_key_in_the_card(self, copied: Path) -> None:
        changed(copied, lambda card: card.update(surprise=1))
        assert "surprise" in refusal(copied)

    @pytest.mark.parametrize("key", [field.name for field in fields(ModelCard) if field.required])
    def test_a_card_without_one_of_its_keys(self, copied: Path, key: str) -> None:
        changed(copied, lambda card: card.pop(key))
        assert key in refusal(copied)

    @pytest.mark.parametrize(
        "content",
        [b"", b"{", b"[]", b"null", b'"text"', b"not a card", b'{"name": "\xff\xfe"}', b"\x89PNG\r\n\x1a\n"],
    )
    def test_a_foreign_card(self, copied: Path, content: bytes) -> None:
        (copied / CARD_FILE).write_bytes(content)
        assert "card" in refusal(copied)

    @pytest.mark.parametrize("content", [b"", b"no model", b"\x08\x07" + bytes(500)])
    def test_a_foreign_file_with_a_card_of_its_own(self, copied: Path, content: bytes) -> None:
        signed(copied, content)
        refusal(copied)

    def test_a_foreign_network_with_a_card_of_its_own(self, copied: Path) -> None:
        """It runs in ONNX Runtime, but has neither our input nor our outputs."""
        node = helper.make_node("Relu", ["x"], ["y"])
        ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 4]) for name in "xy"]
        graph = helper.make_graph([node], "foreign", ends[:1], ends[1:])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
        signed(copied, model.SerializeToString())
        refusal(copied)

    @pytest.mark.parametrize(("key", "value"), [("input_size", 192), ("labels", ["cat", "dog"])])
    def test_a_card_that_does_not_fit_its_network(self, copied: Path, key: str, value: object) -> None:
        changed(copied, lambda card: card.update({key: value}))
        refusal(copied)

    def test_a_damaged_float_twin(self, copied: Path) -> None:
        (copied / FLOAT_FILE).write_bytes(b"no model")
        with pytest.raises(ModelError, match=r"float\.onnx"):
            Classifier.float_twin(copied)


def test_the_model_file_is_a_plain_onnx_file_on_its_own(state: StateFolder) -> None:
    """No weights in a second file: one digest covers everything that is run."""
    model = onnx.load(state.model(None) / MODEL_FILE, load_external_data=False)
    assert all(tensor.data_location == TensorProto.DEFAULT for tensor in model.graph.initializer)
