"""A taught head in numpy: what it answers, when it doubts, and its file."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kiosk.store.head_file import save_head
from kiosk.vision.examples import Examples, ExamplesError
from kiosk.vision.head import Doubt, Head, HeadError, Layer, directions, load_head

SHA256, CHANNELS = "5" * 64, 4


def floats(*rows: Any) -> Any:
    return np.array(rows, np.float32)


@pytest.fixture
def head() -> Head:
    """Two labels: the first two channels speak for the first, the others for the second."""
    hidden = Layer(floats([1, 1, 0, 0], [0, 0, 1, 1]), floats(0, 0))
    last = Layer(floats([2, 0], [0, 2]), floats(0, 0))
    doubt = Doubt(directions(floats([1, 1, 0, 0], [0, 0, 1, 1])), least_likeness=0.6, least_confidence=0.7)
    return Head(("cup", "clé"), SHA256, np.full(CHANNELS, 0.5, np.float32), 2.0, (hidden, last), doubt)


def test_logits_are_the_layers_with_relu_between(head: Head) -> None:
    # (3.5 - 0.5) / 2 = 1.5 a channel: 3 before the last layer; the other side is below 0 and stops there.
    np.testing.assert_allclose(head.logits(floats(3.5, 3.5, 0, 0)), [6, 0])
    assert head.logits(floats(3.5, 3.5, 0, 0)).dtype == np.float32


def test_many_embeddings_at_once(head: Head) -> None:
    embeddings = np.random.default_rng(0).random((7, CHANNELS), np.float32)
    one_by_one = [head.logits(embedding) for embedding in embeddings]
    np.testing.assert_allclose(head.logits(embeddings), one_by_one, rtol=1e-6)


@pytest.mark.parametrize(
    ("embedding", "known"),
    [
        ((3, 3, 0, 0), True),
        ((30, 30, 0, 0), True),  # brighter, the same direction
        ((4, 0, 0, 0), True),  # cosine 0.71
        ((4, 0, 3.8, 0), False),  # both labels at once: not sure enough
        ((5, -3, 0, 0), False),  # sure, but like no example: cosine 0.24
        ((0, 0, 0, 0), False),
    ],
)
def test_it_doubts_what_is_unlike_every_example_or_unsure(
    head: Head, embedding: tuple[float, ...], known: bool
) -> None:
    assert head.knows(floats(*embedding)) is known


def test_the_file_brings_back_the_same_head(head: Head, tmp_path: Path) -> None:
    save_head(head, tmp_path / "head.npz")
    again = load_head(tmp_path / "head.npz", SHA256, CHANNELS)
    probe = np.random.default_rng(0).random((9, CHANNELS), np.float32)

    assert again.labels == head.labels
    np.testing.assert_array_equal(again.logits(probe), head.logits(probe))
    assert [again.knows(row) for row in probe] == [head.knows(row) for row in probe]
    save_head(again, tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / "head.npz").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.npz", "head.npz"]


def test_a_head_of_another_model_is_refused(head: Head, tmp_path: Path) -> None:
    save_head(head, tmp_path / "head.npz")
    with pytest.raises(HeadError, match="another model"):
        load_head(tmp_path / "head.npz", "6" * 64, CHANNELS)
    with pytest.raises(HeadError, match=r"\(5,\) float32 was expected"):
        load_head(tmp_path / "head.npz", SHA256, CHANNELS + 1)


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(HeadError, match="kiosk teach"):
        load_head(tmp_path / "none.npz", SHA256, CHANNELS)
    with pytest.raises(HeadError, match="cannot be read"):
        load_head(tmp_path, SHA256, CHANNELS)


class Trap:
    """Unpickling it would be noticed."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return pytest.fail, ("a pickle was loaded",)


CHANGES: dict[str, dict[str, Any]] = {
    "another format": {"format": np.array(2)},
    "a pickled array": {"mean": np.array([Trap()] * CHANNELS, dtype=object)},
    "float64": {"mean": np.zeros(CHANNELS)},
    "undefined values": {"weight_0": np.full((2, CHANNELS), np.nan, np.float32)},
    "a layer that does not fit": {"weight_1": np.zeros((2, 3), np.float32)},
    "a scalar for an array": {"bias_0": np.array(1, np.float32)},
    "one label": {"labels": np.array(["cup"])},
    "nine labels": {"labels": np.array([f"label {n}" for n in range(9)])},
    "the same label twice": {"labels": np.array(["cup", "cup"])},
    "an empty name": {"labels": np.array(["cup", ""])},
    "a name of 65 letters": {"labels": np.array(["cup", "x" * 65])},
    "no spread": {"spread": np.array(0.0)},
    "several spreads": {"spread": np.ones(CHANNELS)},
    "no doubt": {"doubt": np.array([np.nan, 0.5])},
    "half a doubt": {"doubt": np.array([0.5])},
    "no examples": {"directions": np.zeros((0, CHANNELS), np.float32)},
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_is_no_head_is_one_plain_error(head: Head, tmp_path: Path, change: str) -> None:
    file = tmp_path / "head.npz"
    save_head(head, file)
    with np.load(file) as archive:
        arrays = dict(archive)
    np.savez(file, **(arrays | CHANGES[change]))
    refused(file)


def test_an_array_that_is_stored_by_columns_is_the_same_array(head: Head, tmp_path: Path) -> None:
    file = tmp_path / "head.npz"
    save_head(head, file)
    with np.load(file) as archive:
        arrays = dict(archive)
    np.savez(file, **(arrays | {"weight_0": np.asfortranarray(arrays["weight_0"])}))
    again = load_head(file, SHA256, CHANNELS)
    np.testing.assert_array_equal(again.layers[0].weight, head.layers[0].weight)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "no zip": lambda _: b"not a zip archive" * 10,
    "cut off": lambda whole: whole[: len(whole) // 2],
    "a changed byte": lambda whole: whole[:300] + bytes([whole[300] ^ 255]) + whole[301:],
    "too many members": lambda _: zipped({f"{n}.npy": b"" for n in range(100)}),
    "no numpy inside": lambda _: zipped({"format.npy": b"hello"}),
    "an array that lies about its size": lambda _: zipped({"mean.npy": npy_header((10**12,))}),
    "a bomb": lambda _: zipped({"mean.npy": npy_header((2**24,)) + b"\0" * 2**26}),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_one_plain_error(head: Head, tmp_path: Path, damage: str) -> None:
    file = tmp_path / "head.npz"
    save_head(head, file)
    file.write_bytes(DAMAGES[damage](file.read_bytes()))
    refused(file)


def refused(file: Path) -> None:
    with pytest.raises(HeadError) as caught:
        load_head(file, SHA256, CHANNELS)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def npy_header(shape: tuple[int, ...]) -> bytes:
    out = io.BytesIO()
    description = {"descr": "<f4", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(out, description)
    return out.getvalue()


def test_nothing_is_written_where_saving_fails(head: Head, tmp_path: Path) -> None:
    (tmp_path / "head.npz").mkdir()
    with pytest.raises(OSError, match="nothing was written"):
        save_head(replace(head, labels=("a", "b")), tmp_path / "head.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["head.npz"]


# ---- examples


EMBEDDINGS = np.ones((3, CHANNELS), np.float32)


@pytest.mark.parametrize(
    ("names", "labels", "bursts", "words"),
    [
        (("cup",), (0, 0, 0), (0, 1, 2), "1 labels"),
        (tuple("abcdefghi"), (0, 1, 2), (0, 1, 2), "9 labels"),
        (("cup", "key"), (0, 0, 0), (0, 1, 2), "key: has no examples"),
        (("cup", "key"), (0, 1), (0, 1), "2 labels for embeddings"),
        (("cup", "key"), (0, 1, 1), (0, 1), "3 labels for embeddings"),
        (("cup", "key"), (0, 1, 2), (0, 1, 2), "label 2"),
    ],
)
def test_examples_that_teach_nothing_are_refused(
    names: tuple[str, ...], labels: tuple[int, ...], bursts: tuple[int, ...], words: str
) -> None:
    with pytest.raises(ExamplesError, match=words):
        Examples(names, EMBEDDINGS, labels, bursts)


def test_more_examples_leave_the_first_alone() -> None:
    few = Examples(("cup", "key"), EMBEDDINGS, (0, 1, 1), (0, 1, 2))
    more = few.with_more([floats(5, 5, 5, 5)], [0], [9])
    assert (len(few), len(more)) == (3, 4)
    assert more.labels == (0, 1, 1, 0)
    assert more.bursts == (0, 1, 2, 9)
    np.testing.assert_array_equal(more.embeddings[3], floats(5, 5, 5, 5))


def test_some_of_the_examples_in_the_order_asked_for() -> None:
    few = Examples(("cup", "key"), EMBEDDINGS, (0, 1, 1), (0, 1, 2)).only([2, 0])
    assert few.labels == (1, 0)
    assert few.bursts == (2, 0)
    np.testing.assert_array_equal(few.embeddings, EMBEDDINGS[[2, 0]])
    with pytest.raises(ExamplesError, match="cup: has no examples"):
        few.only([0])
