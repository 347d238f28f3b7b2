"""Keeping and opening what was taught with the real store, a real classifier and a real gradient process.

As in the tests of teaching only the camera is a stand-in.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kiosk.core.lesson import Lesson, Sign
from kiosk.core.message import Forget, JobLost
from kiosk.core.visit import Verdict
from kiosk.device.state_folder import StateFolder
from kiosk.store.store import Store
from kiosk.topics.attack.messages import RunStep, StartStack, StepJudged
from kiosk.topics.datasets.facts import KeptLabel
from kiosk.topics.datasets.messages import (
    DatasetKept,
    DatasetOpened,
    DatasetsFound,
    KeepDataset,
    ListDatasets,
    OpenDataset,
    RemoveDataset,
)
from kiosk.topics.teaching.messages import ExampleRecorded, HeadTrained, RecordExample, TrainHead
from kiosk.vision.classifier import Classifier
from tests.process.rehearsal import nothing_left
from tests.topics.teaching.process.school import CAT, CUP, NAMES, STEPS, School, opened
from tests.unit.full_disk import fill, tiny_disk
from tests.unit.kept_datasets import facts, taught

SIGNS = (Sign("Cup", "cup"), Sign("Cat", "cat"))
NAME = "Cup, Cat"


def with_models(folder: Path, state: StateFolder) -> StateFolder:
    """Return a state folder of the test's own, with the models of another one."""
    folder.mkdir(exist_ok=True)
    (folder / "models").symlink_to(state.models)
    (folder / "stock").symlink_to(state.stock)
    return StateFolder(folder)


def record(school: School) -> None:
    """Both things in two bursts each."""
    for burst in (1, 2):
        for thing in (CUP, CAT):
            school.record(thing, burst)


def names(school: School) -> list[str]:
    """What is kept, as it was told last."""
    return [dataset.name for dataset in school.rehearsal.all(DatasetsFound)[-1].datasets]


def open_kept(school: School, name: str = NAME) -> DatasetOpened:
    """A kept dataset, opened as the lesson."""
    job = school.rehearsal.job()
    told = school.rehearsal.ask(OpenDataset(job, name), DatasetOpened)
    assert told.job == job
    signs = [label.sign for label in told.dataset.labels]
    school.lesson = told.dataset.lesson(job, signs)
    for _ in range(told.dataset.size):
        school.rehearsal.job()
    return told


def test_what_was_kept_is_attacked_at_once_after_a_restart(state: StateFolder, tmp_path: Path) -> None:
    folder = with_models(tmp_path / "state", state)
    with opened(folder) as school:
        school.rehearsal.ready()
        school.teach()
        report = school.lesson.report
        seen = school.embeddings()
        before = [seen[example.number] for _, example in school.lesson.rows]
        head = school.rehearsal.workshop.models.head
        assert school.rehearsal.ask(KeepDataset(SIGNS, school.lesson), DatasetKept) == DatasetKept(NAME)
        assert school.rehearsal.ask(KeepDataset(SIGNS, school.lesson), DatasetKept).name == f"{NAME} 2"
        school.rehearsal.do(Forget())
        nothing_left(school.rehearsal, school.film)
        assert school.embeddings() == {}

    with opened(folder) as school:
        rehearsal = school.rehearsal
        rehearsal.until(lambda: bool(rehearsal.all(DatasetsFound)), "the list at the start")
        (kept, _) = rehearsal.all(DatasetsFound)[-1].datasets
        assert kept.labels == tuple(KeptLabel(sign, 10) for sign in SIGNS)
        assert kept.trained
        rehearsal.ready()
        told = open_kept(school)
        assert told.model == "efficientnet_lite0"
        assert school.lesson.known
        assert school.lesson.report is not None
        assert report is not None
        assert school.lesson.report.matrix == report.matrix
        assert all(np.array_equal(a, b) for a, b in zip(school.embeddings().values(), before, strict=True))
        assert all(example.key in rehearsal.performer.pictures for _, example in school.lesson.rows)
        again = rehearsal.workshop.models.head
        assert head is not None
        assert again is not None
        assert all(np.array_equal(a.weight, b.weight) for a, b in zip(head.layers, again.layers, strict=True))

        assert school.photograph(CUP).answer.said == CUP
        rehearsal.do(StartStack(CAT))
        for at in range(STEPS):
            judged = rehearsal.ask(RunStep(rehearsal.job(), at), StepJudged).judged
            if judged.verdict is Verdict.FOOLED:
                break
        assert judged.verdict is Verdict.FOOLED

        rehearsal.do(Forget())
        nothing_left(rehearsal, school.film)
        assert school.embeddings() == {}
        assert rehearsal.workshop.models.head is None
        rehearsal.do(RemoveDataset(f"{NAME} 2"))
        rehearsal.until(lambda: names(school) == [NAME], "one of them removed")


@pytest.fixture(scope="module")
def shared_school(state: StateFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """One performer for all tests that harm its datasets only."""
    with opened(with_models(tmp_path_factory.mktemp("kept") / "state", state)) as school:
        yield school


@pytest.fixture
def school(shared_school: School) -> Iterator[School]:
    """The shared one between visitors, with nothing kept."""
    shared_school.rehearsal.do(Forget())
    shared_school.lesson = Lesson()
    with store(shared_school) as kept:
        for summary in kept.dataset_summaries():
            kept.remove_dataset(summary.name)
    shared_school.rehearsal.heard.clear()
    yield shared_school
    shared_school.rehearsal.do(Forget())


def store(school: School) -> Store:
    """The store as a command beside the exhibit opens it."""
    return Store(school.rehearsal.workshop.state.database)


def keep(school: School) -> None:
    """Both things recorded and kept, without a head, and forgotten."""
    record(school)
    assert school.rehearsal.ask(KeepDataset(SIGNS, school.lesson), DatasetKept) == DatasetKept(NAME)
    school.rehearsal.do(Forget())


def lost(school: School, name: str) -> JobLost:
    """What is said of a dataset that cannot be opened; nothing has changed then."""
    told = school.rehearsal.ask(OpenDataset(school.rehearsal.job(), name), JobLost)
    nothing_left(school.rehearsal, school.film)
    assert school.embeddings() == {}
    return told


def test_what_another_model_saw_is_looked_at_again_before_it_is_trained(
    school: School, classifier: Classifier
) -> None:
    keep(school)
    with store(school) as kept:
        dataset = kept.dataset(NAME)
        other = tuple(replace(e, embedding=np.zeros(8, np.float32)) for e in dataset.examples)
        kept.save_dataset(replace(dataset, examples=other, backbone="ab" * 32), replacing=True)
    told = open_kept(school)
    assert told.dataset.predicted == ()
    assert school.rehearsal.workshop.models.head is None
    school.rehearsal.ready()
    job = school.rehearsal.job()
    school.rehearsal.ask(TrainHead(job, NAMES, school.lesson), HeadTrained)
    (number, *_) = school.embeddings()
    picture = school.rehearsal.performer.pictures[f"example-{number}"]
    assert np.array_equal(school.embeddings()[number], classifier(picture).embedding)


def test_a_head_that_is_damaged_is_left_out_and_can_be_trained_again(
    school: School, caplog: pytest.LogCaptureFixture
) -> None:
    keep(school)
    with sqlite3.connect(school.rehearsal.workshop.state.database) as connection:
        connection.execute("UPDATE exhibit_datasets SET head_npz = x'00', head_settings = '{}'")
    connection.close()
    assert open_kept(school).dataset.predicted == ()
    assert "event=kept_head_left_out" in caplog.text


def test_a_damaged_picture_is_left_out_and_told_and_one_that_is_gone_is_a_lost_job(school: School) -> None:
    keep(school)
    assert "no such exhibit dataset" in lost(school, "gone").reason
    before = open_kept(school, NAME).dataset.size
    with store(school) as kept:
        kept.save_dataset(taught("whole", embedded=False))
    with sqlite3.connect(school.rehearsal.workshop.state.database) as connection:
        connection.execute(
            "UPDATE examples SET png = x'89504e47' WHERE id ="
            " (SELECT min(e.id) FROM examples e JOIN exhibit_datasets d ON d.id = e.dataset WHERE d.name = ?)",
            (NAME,),
        )
    connection.close()
    assert open_kept(school, NAME).dataset.size == before - 1
    with store(school) as kept:
        assert f"{NAME}: 1 damaged pictures are left out" in kept.faults()[0].line
    assert open_kept(school, "whole").dataset.size == 12


def test_a_visitor_who_leaves_while_it_opens_finds_nothing_of_it(school: School) -> None:
    keep(school)
    school.rehearsal.do(OpenDataset(school.rehearsal.job(), NAME), Forget())
    school.rehearsal.ask(ListDatasets(), DatasetsFound)  # after it, in the same thread
    school.rehearsal.ask(RecordExample(school.rehearsal.job()), ExampleRecorded)  # after it, in the next one
    assert school.rehearsal.all(DatasetOpened) == []
    assert len(school.embeddings()) == 1


def test_on_a_full_disk_staff_read_why_and_nothing_is_lost(state: StateFolder, tmp_path: Path) -> None:
    with ExitStack() as stack:
        disk = stack.enter_context(tiny_disk(tmp_path / "disk", 4096))
        folder = with_models(disk, state)
        with Store(folder.database) as kept:
            kept.save_dataset(taught("earlier"))
            earlier = facts(kept.dataset("earlier"))
        school = stack.enter_context(opened(folder))
        record(school)
        fill(disk)
        told = school.rehearsal.ask(KeepDataset(SIGNS, school.lesson), DatasetKept)
        assert told.name == ""
        assert "free some space" in told.fault
        assert len(school.embeddings()) == 20, "the lesson is still there"
        (disk / "ballast").unlink()
        again = school.rehearsal.ask(KeepDataset(SIGNS, school.lesson), DatasetKept)
        assert again == DatasetKept(NAME)
        with Store(folder.database) as kept:
            assert facts(kept.dataset("earlier")) == earlier
            assert kept.faults() == ()


def test_a_database_that_cannot_be_opened_costs_nothing_but_itself(
    state: StateFolder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = with_models(tmp_path / "state", state)
    folder.database.touch()
    folder.database.with_name(".kiosk.sqlite.lock").mkdir()
    with opened(folder) as school:
        found = school.rehearsal.ask(ListDatasets(), DatasetsFound)
        assert found.datasets == ()
        assert str(folder.database) in found.fault
        record(school)
        assert (
            str(folder.database) in school.rehearsal.ask(KeepDataset(SIGNS, school.lesson), DatasetKept).fault
        )
    assert "Traceback" not in caplog.text
