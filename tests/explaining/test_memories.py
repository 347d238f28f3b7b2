"""Memories that are kept with the model: found by brute force, placed as scikit-learn places them."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.decomposition import PCA

from kiosk.device.state_folder import StateFolder
from kiosk.vision.classifier import Classifier
from kiosk.vision.memories import (
    MEMORIES_FILE,
    Memories,
    MemoriesError,
    load_memories,
    memories_bytes,
    nearest,
    nearest_kinds,
)
from kiosk.vision.picture import Rgb


@pytest.fixture(scope="module")
def memories(state: StateFolder) -> Memories:
    return load_memories(state.model(None))


def test_the_nearest_are_those_of_a_search_through_all(memories: Memories) -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        embedding = np.maximum(rng.normal(0, 1, memories.embeddings.shape[1]), 0).astype(np.float32)
        found = nearest(embedding, memories.embeddings, 3)
        slowly = []
        for place, other in enumerate(memories.embeddings.astype(np.float64)):
            cosine = float(other @ embedding) / float(np.linalg.norm(other) * np.linalg.norm(embedding))
            slowly.append((-cosine, place))
        assert [one.place for one in found] == [place for _, place in sorted(slowly)[:3]]
        assert found[0].likeness == pytest.approx(-min(slowly)[0], abs=1e-5)


def test_each_thing_is_remembered_once(memories: Memories, classifier: Classifier, coffee: Rgb) -> None:
    found = nearest_kinds(classifier(coffee).embedding, memories, 3)
    names = [memories.names[one.place] for one in found]
    assert names[0] == "coffee cup"
    assert len(set(names)) == 3
    assert found[0].likeness > 0.7
    assert [one.likeness for one in found] == sorted((one.likeness for one in found), reverse=True)


def test_the_map_is_scikit_learns(memories: Memories, classifier: Classifier, coffee: Rgb) -> None:
    theirs = PCA(2, svd_solver="full").fit(memories.embeddings)
    embeddings = np.stack([classifier(coffee).embedding, classifier(255 - coffee).embedding])
    np.testing.assert_allclose(memories.map.places(embeddings), theirs.transform(embeddings), atol=1e-4)
    assert memories.map.kept == pytest.approx(theirs.explained_variance_ratio_.sum(), abs=1e-4)


def test_they_survive_being_written(memories: Memories, tmp_path: Path) -> None:
    content = memories_bytes(memories)
    (tmp_path / MEMORIES_FILE).write_bytes(content)
    assert memories_bytes(load_memories(tmp_path)) == content


@pytest.mark.parametrize("damage", ["cut", "text", "shape", "none"])
def test_damaged_ones_are_refused_in_a_line(memories: Memories, tmp_path: Path, damage: str) -> None:
    content = memories_bytes(memories)
    path = tmp_path / MEMORIES_FILE
    match damage:
        case "cut":
            path.write_bytes(content[:5000])
        case "text":
            path.write_bytes(b"no memories")
        case "shape":
            other = Memories(memories.names[1:], memories.pictures, memories.embeddings, memories.map)
            path.write_bytes(memories_bytes(other))
    with pytest.raises(MemoriesError, match="build the model again"):
        load_memories(tmp_path)
