"""`kiosk dataset`, as staff use it: from one kiosk to another, and what it says when something is wrong."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kiosk.device.state_folder import StateFolder
from kiosk.store.archive import archive_bytes, read_archive
from kiosk.store.store import Store
from kiosk.vision.classifier import Classifier
from tests.unit.full_disk import contents, fill, tiny_disk
from tests.unit.kept_datasets import BACKBONE, facts, plain_picture, taught

pytestmark = pytest.mark.untimed

Dataset = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def own(tmp_path: Path) -> StateFolder:
    """A state folder without models."""
    return StateFolder(tmp_path / "state")


@pytest.fixture
def dataset(run_kiosk: Callable[..., subprocess.CompletedProcess[str]], own: StateFolder) -> Dataset:
    """Run `kiosk dataset` on that state folder."""
    return lambda *arguments: run_kiosk("dataset", *arguments, KIOSK_STATE=str(own.path))


@pytest.fixture
def carried(tmp_path: Path) -> Path:
    """A dataset from another kiosk."""
    file = tmp_path / "carried.zip"
    file.write_bytes(archive_bytes(taught()))
    return file


@pytest.fixture
def kept(own: StateFolder) -> None:
    """A dataset that is kept already."""
    with Store(own.database) as store:
        store.save_dataset(taught())


def complaint(done: subprocess.CompletedProcess[str], status: int) -> str:
    assert done.returncode == status, done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("kiosk: ")
    return done.stderr


def test_from_one_kiosk_to_another(dataset: Dataset, own: StateFolder, carried: Path, tmp_path: Path) -> None:
    assert "No exhibit datasets yet" in dataset("list").stdout
    assert not own.path.exists()

    done = dataset("import", carried)
    assert (done.returncode, done.stdout) == (0, "Kept shapes: 3 labels, 12 examples.\n"), done.stderr
    assert dataset("import", carried, "--name", "Shapes of Monday").returncode == 0
    with Store(own.database) as store:
        assert facts(store.dataset("shapes")) == facts(read_archive(carried))
    listed = dataset("list").stdout
    assert "shapes" in listed
    assert "Shapes of Monday" in listed
    assert "red cup (4)" in listed

    assert dataset("export", "SHAPES", tmp_path / "again.zip").returncode == 0
    assert (tmp_path / "again.zip").read_bytes() == carried.read_bytes()

    assert dataset("remove", "shapes").returncode == 0
    with Store(own.database) as store:
        assert [kept.name for kept in store.dataset_summaries()] == ["Shapes of Monday"]


def test_embeddings_of_another_model_are_computed_again(
    dataset: Dataset, own: StateFolder, state: StateFolder, carried: Path
) -> None:
    own.path.mkdir()
    own.models.symlink_to(state.models)
    assert dataset("import", carried).returncode == 0
    with Store(own.database) as store, Classifier(own.model(None)) as classifier:
        kept = store.dataset("shapes")
        assert kept.backbone == classifier.card.sha256 != BACKBONE
        np.testing.assert_array_equal(kept.examples[4].embedding, classifier(plain_picture(1)).embedding)


@pytest.mark.usefixtures("kept")
class TestRefused:
    def test_a_file_that_is_none(self, dataset: Dataset, own: StateFolder, carried: Path) -> None:
        carried.write_bytes(carried.read_bytes()[:-50])
        assert str(carried) in complaint(dataset("import", carried, "--name", "other"), 1)
        with Store(own.database) as store:
            assert [kept.name for kept in store.dataset_summaries()] == ["shapes"]

    def test_a_name_that_is_taken_or_none(self, dataset: Dataset, carried: Path) -> None:
        assert "--name" in complaint(dataset("import", carried), 1)
        assert "there is an exhibit dataset" in complaint(dataset("import", carried, "--name", "shapes"), 2)
        assert "1 to 64 printable letters" in complaint(dataset("import", carried, "--name", " "), 2)

    def test_a_dataset_that_is_not_there(self, dataset: Dataset, tmp_path: Path) -> None:
        for arguments in (("export", "circles", tmp_path / "out.zip"), ("remove", "circles")):
            assert "circles: no such exhibit dataset; there are: shapes" in complaint(dataset(*arguments), 2)
        assert not (tmp_path / "out.zip").exists()

    def test_a_place_that_cannot_be_written(self, dataset: Dataset, tmp_path: Path) -> None:
        with tiny_disk(tmp_path / "full", kilobytes=8) as disk:
            fill(disk)
            before = contents(disk)
            assert "No space left" in complaint(dataset("export", "shapes", disk / "out.zip"), 1)
            assert contents(disk) == before
