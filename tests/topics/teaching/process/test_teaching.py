"""Teaching with a real classifier and a real gradient process: what is taught judges, is explained and is attacked."""

import gc
import weakref
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.attack.verdict import answer
from kiosk.core.health import Phase
from kiosk.core.labels import TAUGHT
from kiosk.core.lesson import Example
from kiosk.core.message import DropJob, Effect, Forget, ForgetPicture, GradientsChanged, JobLost
from kiosk.core.visit import Verdict
from kiosk.device.state_folder import StateFolder
from kiosk.perform.recordings import Recorded
from kiosk.topics.attack.messages import RunStep, StartStack, StepJudged
from kiosk.topics.explain.messages import DrawMaps, MapsDrawn
from kiosk.topics.models.messages import ChooseModel, FoundModel, JudgeAgain, ModelChosen, ModelsFound
from kiosk.topics.photograph.messages import LiveJudged, PictureTaken, StartLive, StopLive, TakePicture
from kiosk.topics.teaching.messages import (
    DropExamples,
    EpochTrained,
    ExampleRecorded,
    HeadTrained,
    RecordExample,
    TrainHead,
)
from kiosk.vision.classifier import Classifier
from kiosk.vision.model_card import CARD_FILE, MODEL_FILE, card_bytes, read_card
from tests.player import ESPRESSO, FLAMINGO
from tests.process.rehearsal import QUICK, Rehearsal, nothing_left
from tests.topics.teaching.process.school import CAT, CUP, NAMES, PER_BURST, STEPS, School, opened

FRUIT = tuple(f"fruit {number}" for number in range(1000))


@pytest.fixture(scope="module")
def two_models(state: StateFolder, tmp_path_factory: pytest.TempPathFactory) -> StateFolder:
    """A state folder with the default model, and the same network with labels of its own."""
    folder = StateFolder(tmp_path_factory.mktemp("two") / "state")
    fruit = folder.models / "fruit"
    fruit.mkdir(parents=True)
    folder.stock.symlink_to(state.stock)
    default = state.model(None)
    (folder.models / "efficientnet_lite0").symlink_to(default)
    (folder.models / "current").symlink_to("efficientnet_lite0")
    (fruit / MODEL_FILE).symlink_to(default / MODEL_FILE)
    card = msgspec.structs.replace(read_card(default), name="fruit", labels=FRUIT)
    (fruit / CARD_FILE).write_bytes(card_bytes(card))
    broken = folder.models / "broken"
    broken.mkdir()
    (broken / CARD_FILE).write_bytes(b"{}")
    return folder


@pytest.fixture(scope="module")
def shared_school(two_models: StateFolder) -> Iterator[School]:
    """One school for all tests that do not harm it."""
    with opened(two_models) as school:
        school.rehearsal.ready()
        yield school


@pytest.fixture
def school(shared_school: School) -> Iterator[School]:
    """The shared school, between visitors, with its own model in use."""
    shared_school.next_visitor()
    yield shared_school
    shared_school.rehearsal.do(Forget())


# Examples.


def test_an_example_is_the_newest_frame_and_its_embedding(school: School, classifier: Classifier) -> None:
    (number, *_) = school.record(CUP, 1)
    picture = school.rehearsal.performer.pictures[f"example-{number}"]
    assert picture.shape == (224, 224, 3)
    assert np.array_equal(school.embeddings()[number], classifier(picture).embedding)
    kept = school.rehearsal.workshop.recordings.of(school.lesson)[number].picture
    assert picture is kept, "the pictures on the screen are no copies"


def test_a_frame_is_kept_once_only(school: School) -> None:
    school.rehearsal.ask(RecordExample(school.rehearsal.job()), ExampleRecorded)
    lost = 0
    for _ in range(5):  # quicker than the camera
        school.rehearsal.do(RecordExample(school.rehearsal.job()))
    school.rehearsal.until(lambda: not school.rehearsal.workshop.jobs.wanted, "answers")
    lost = len(school.rehearsal.all(JobLost))
    assert lost >= 3
    assert len(school.embeddings()) == 6 - lost


def test_dropped_examples_leave_nothing(school: School) -> None:
    numbers = school.record(CUP, 1)
    gone = [weakref.ref(school.rehearsal.performer.pictures[f"example-{number}"]) for number in numbers[:2]]
    school.rehearsal.do(DropExamples(tuple(numbers[:2])))
    gc.collect()
    assert [picture() for picture in gone] == [None, None]
    assert sorted(school.embeddings()) == numbers[2:]
    dropped = school.rehearsal.job()
    school.rehearsal.do(RecordExample(dropped), DropJob(dropped))
    school.hold(CUP, 1)
    school.rehearsal.ask(TakePicture(school.rehearsal.job()), PictureTaken)  # after it, if it comes
    assert f"example-{dropped}" not in school.rehearsal.performer.pictures


def test_the_camera_is_shown_without_being_judged(school: School) -> None:
    school.rehearsal.do(StartLive(judging=False))
    school.hold(CAT, 1)
    school.rehearsal.until(lambda: "camera" in school.rehearsal.performer.pictures, "a frame")
    before = school.rehearsal.performer.pictures["camera"]
    school.rehearsal.until(
        lambda: school.rehearsal.performer.pictures["camera"] is not before, "a newer frame"
    )
    school.rehearsal.do(StopLive())
    assert school.rehearsal.all(LiveJudged) == []


# A head.


def test_a_training_tells_every_epoch_and_tests_itself(school: School) -> None:
    told = school.teach()
    epochs = [event.epoch for event in school.rehearsal.all(EpochTrained)]
    total = QUICK.teaching.epochs
    assert [epoch.epoch for epoch in epochs] == list(range(1, total + 1))
    assert {epoch.epochs for epoch in epochs} == {total}
    assert epochs[-1].loss < epochs[0].loss
    assert epochs[-1].held_out_accuracy is not None
    assert len(told.predicted) == 4 * PER_BURST
    report = school.lesson.report
    assert report is not None
    assert report.total == 4 * PER_BURST
    assert report.right >= 0.8 * report.total


def test_what_was_taught_judges_camera_and_picture(school: School) -> None:
    school.teach()
    for thing in (CUP, CAT, CUP):
        school.hold(thing, 5)
        school.rehearsal.heard.clear()
        school.rehearsal.do(StartLive())
        school.rehearsal.next(LiveJudged)
        said = school.rehearsal.next(LiveJudged).answer
        assert said.first.label == thing
        assert len(said.top) == 2
        school.rehearsal.do(StopLive())
    assert school.photograph(CAT).answer.said == CAT


def test_a_visitor_who_stops_a_training_hears_no_more_of_it(school: School) -> None:
    for burst in (1, 2):
        for thing in (CUP, CAT):
            school.record(thing, burst)
    job = school.rehearsal.job()
    school.rehearsal.do(TrainHead(job, NAMES, school.lesson))
    school.rehearsal.next(EpochTrained)
    school.rehearsal.do(DropJob(job))
    school.rehearsal.heard.clear()
    assert school.photograph(CUP).answer.first.label == ESPRESSO, "its own labels still"
    gradients = school.rehearsal.workshop.models.gradients
    assert gradients is not None
    promise = gradients.ping()
    school.rehearsal.until(promise.done, "the gradient process")
    school.rehearsal.do(StartStack(FLAMINGO))
    school.rehearsal.ask(RunStep(school.rehearsal.job(), 0), StepJudged)  # the process is free again
    assert school.rehearsal.all(HeadTrained) == []
    assert school.rehearsal.all(EpochTrained) == []
    assert school.rehearsal.workshop.models.taught is None


def test_what_cannot_be_learned_is_a_lost_job(school: School) -> None:
    school.record(CUP, 1)
    job = school.rehearsal.job()
    lost = school.rehearsal.ask(TrainHead(job, NAMES[:1], school.lesson), JobLost)
    assert lost.job == job
    assert "teach 2 to 8" in lost.reason
    missing = school.lesson.with_label(CAT).with_example(1, Example(9999, 9999))
    assert school.rehearsal.ask(TrainHead(school.rehearsal.job(), NAMES, missing), JobLost)
    assert school.rehearsal.ask(ChooseModel(school.rehearsal.job(), "fruit"), JobLost), (
        "no picture to look at"
    )


def test_a_taught_label_is_attacked_and_explained(school: School) -> None:
    school.teach()
    assert school.photograph(CUP).answer.said == CUP
    school.rehearsal.do(StartStack(CAT))
    pictures = school.rehearsal.performer.pictures
    judge = school.rehearsal.workshop.models.thread
    for at in range(STEPS):
        told = school.rehearsal.ask(RunStep(school.rehearsal.job(), at), StepJudged).judged
        assert told.answer == answer(judge.judging(pictures["adversarial"]))
        assert told.linf_255 <= (at + 2) // 2, "half a step of 255 at a time"
        if told.verdict is Verdict.FOOLED:
            break
    assert told.verdict is Verdict.FOOLED
    assert told.answer.first.label == CAT
    drawn = [
        school.rehearsal.ask(DrawMaps(school.rehearsal.job(), label, told.step), MapsDrawn)
        for label in (CUP, CAT)
    ]
    assert drawn[CUP].original_evidence, "the cup leans on the cup"
    assert not np.array_equal(pictures["gradcam-original"], pictures["gradcam-adversarial"])
    lost = school.rehearsal.ask(DrawMaps(school.rehearsal.job(), 2, told.step), JobLost)
    assert lost.reason, "no such label"


# Models.


def test_the_built_models_are_told_but_for_broken_ones(shared_school: School) -> None:
    rehearsal = Rehearsal(shared_school.rehearsal.workshop.state, "auto")
    with rehearsal.performer:
        found = rehearsal.next(ModelsFound)
    named = tuple(replace(model, agreement=None) for model in found.models)
    assert named == (FoundModel("efficientnet_lite0"), FoundModel("fruit", FRUIT))
    assert found.default == "efficientnet_lite0"


def test_another_model_judges_the_same_picture_and_forget_brings_ours_back(school: School) -> None:
    rehearsal = school.rehearsal
    taken = school.photograph(CUP)
    pid = rehearsal.workshop.models.gradients and rehearsal.workshop.models.gradients.pid
    job = rehearsal.job()
    rehearsal.do(ChooseModel(job, "fruit"))
    told = rehearsal.next(ModelChosen)
    assert (told.job, told.name) == (job, "fruit")
    assert told.answer == taken.answer, "the same network under other names"
    assert rehearsal.workshop.models.open_name == "fruit"
    phases = [event.health.phase for event in rehearsal.all(GradientsChanged)]
    assert phases[0] is Phase.WARMING
    rehearsal.until(
        lambda: rehearsal.all(GradientsChanged)[-1].health.phase is Phase.READY, "its gradient process"
    )
    gradients = rehearsal.workshop.models.gradients
    assert gradients is not None
    assert gradients.pid != pid
    rehearsal.do(StartStack(3))
    assert rehearsal.ask(RunStep(rehearsal.job(), 0), StepJudged).judged.step == 1
    rehearsal.do(Forget())
    nothing_left(rehearsal, school.film)
    school.home()
    assert school.photograph(CUP).answer == taken.answer


def test_a_model_that_does_not_open_leaves_the_old_one(school: School) -> None:
    rehearsal = school.rehearsal
    gradients = rehearsal.workshop.models.gradients
    school.photograph(CUP)
    job = rehearsal.job()
    assert rehearsal.ask(ChooseModel(job, "broken"), JobLost).job == job
    assert rehearsal.workshop.models.open_name == "efficientnet_lite0"
    assert school.photograph(CUP).answer.first.label == ESPRESSO
    rehearsal.do(StartStack(FLAMINGO))
    assert rehearsal.ask(RunStep(rehearsal.job(), 0), StepJudged), "its gradient process was never stopped"
    assert rehearsal.workshop.models.gradients is gradients


def test_from_what_was_taught_to_another_model_and_back(school: School) -> None:
    rehearsal = school.rehearsal
    school.teach()
    assert school.photograph(CAT).answer.said == CAT
    plain = rehearsal.ask(ChooseModel(rehearsal.job(), "fruit"), ModelChosen)
    assert len(plain.answer.top) > 2
    back = rehearsal.ask(ChooseModel(rehearsal.job(), TAUGHT), ModelChosen)
    assert back.answer.said == CAT
    assert rehearsal.workshop.models.open_name == "efficientnet_lite0"


def test_a_picture_that_waits_while_it_is_taught_is_judged_as_before(school: School) -> None:
    rehearsal, models = school.rehearsal, school.rehearsal.workshop.models
    school.photograph(CUP)
    rehearsal.do(StartStack(FLAMINGO))
    rehearsal.ask(RunStep(rehearsal.job(), 0), StepJudged)
    adversarial = rehearsal.workshop.pictures["adversarial"]
    school.teach()
    heads = [models.head]
    rehearsal.do(JudgeAgain("efficientnet_lite0"))
    heads.append(models.head)
    assert [head is None for head in heads] == [False, True], "at once: the next step is not the head's"
    assert rehearsal.workshop.pictures["adversarial"] is adversarial
    judged = rehearsal.ask(RunStep(rehearsal.job(), 1), StepJudged).judged
    assert judged.step == 2
    assert len(judged.answer.top) > 2, "by the model's own labels"
    rehearsal.do(JudgeAgain(TAUGHT))
    assert school.photograph(CAT).answer.said == CAT


def test_examples_of_one_model_are_looked_at_again_by_another(school: School) -> None:
    rehearsal = school.rehearsal
    for thing in (CUP, CAT):
        school.record(thing, 1)
    school.photograph(CUP)
    recordings = rehearsal.workshop.recordings
    for number, recorded in recordings.of(school.lesson).items():  # as if another network had seen them
        recordings.keep(number, Recorded(recorded.picture, np.zeros(3, np.float32), "another model"))
    school.train()
    assert {len(embedding) for embedding in school.embeddings().values()} == {1280}
    assert school.photograph(CAT).answer.first.label == CAT


# The end.


def test_a_new_picture_keeps_what_was_taught(school: School) -> None:
    school.teach()
    school.photograph(CUP)
    school.rehearsal.do(ForgetPicture())
    assert "original" not in school.rehearsal.performer.pictures
    assert school.rehearsal.performer.pictures.stack is None
    assert len(set(school.rehearsal.performer.pictures) - school.film) == 4 * PER_BURST
    assert school.photograph(CAT).answer.said == CAT


def test_the_end_of_a_visit_leaves_nothing_of_what_was_taught(school: School) -> None:
    school.teach()
    school.photograph(CUP)
    performer = school.rehearsal.performer
    taught = school.rehearsal.workshop.models.taught
    assert taught is not None
    arrays: dict[str, weakref.ref[NDArray[Any]]] = {
        key: weakref.ref(picture) for key, picture in performer.pictures.items() if key not in school.film
    }
    arrays |= {f"embedding {n}": weakref.ref(array) for n, array in school.embeddings().items()}
    arrays |= {"weights": weakref.ref(taught.taught.head.layers[0].weight)}
    arrays |= {"directions": weakref.ref(taught.taught.head.doubt.directions)}
    del taught
    school.rehearsal.do(Forget())
    nothing_left(school.rehearsal, school.film)
    school.home()
    school.rehearsal.heard.clear()
    assert school.photograph(CUP).answer.first.label == ESPRESSO
    school.rehearsal.do(Forget())
    school.home()
    gc.collect()
    assert [name for name, array in arrays.items() if array() is not None] == []


@pytest.mark.parametrize("what", ["an example", "a training", "another model"])
def test_what_is_under_way_when_the_visitor_leaves_comes_to_nothing(school: School, what: str) -> None:
    rehearsal = school.rehearsal
    for thing in (CUP, CAT):
        school.record(thing, 1)
    school.photograph(CUP)
    effects: dict[str, Effect] = {
        "an example": RecordExample(rehearsal.job()),
        "a training": TrainHead(rehearsal.job(), NAMES, school.lesson),
        "another model": ChooseModel(rehearsal.job(), "fruit"),
    }
    rehearsal.heard.clear()
    rehearsal.do(effects[what], Forget())
    nothing_left(rehearsal, school.film)
    school.home()
    assert school.photograph(CAT).answer.first.label > CAT, "one of a thousand"
    assert not [e for e in rehearsal.heard if isinstance(e, ExampleRecorded | HeadTrained | ModelChosen)]
    assert set(rehearsal.performer.pictures) == school.film | {"original"}
