"""Teaching with a real classifier and a real gradient process: what is taught judges, is explained and is attacked.

Only the camera is a stand-in, so that it sees what the test holds up: cut-outs of the stock cup and the stock cat, far
apart on purpose, since this is about the parts working together. How well few examples do is measured elsewhere.
"""

import gc
import os
import signal
import threading
import time
import weakref
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.attack.verdict import answer
from kiosk.camera.base import FRAME_WAIT_S, Frame
from kiosk.core.effects import (
    ChooseModel,
    DrawMaps,
    DropExamples,
    DropJob,
    Effect,
    Forget,
    ForgetPicture,
    GiveVaccine,
    RecordExample,
    RunStep,
    StartLive,
    StartStack,
    StopLive,
    TakePicture,
    TrainHead,
)
from kiosk.core.events import (
    CameraFound,
    EpochTrained,
    ExampleRecorded,
    GradientsChanged,
    HeadTrained,
    JobLost,
    LiveJudged,
    MapsDrawn,
    ModelChosen,
    ModelsFound,
    PictureTaken,
    StepJudged,
    VaccineGiven,
    VaccineUnderWay,
)
from kiosk.core.lesson import Example, Lesson
from kiosk.core.model import FoundModel, Phase, Verdict
from kiosk.core.vaccine import Stage
from kiosk.device.state_folder import StateFolder
from kiosk.settings.sections import GradientSettings
from kiosk.state import TAUGHT
from kiosk.vision.classifier import Classifier
from kiosk.vision.model_card import CARD_FILE, MODEL_FILE, card_bytes, read_card
from kiosk.vision.picture import Rgb, centre_square, read_photograph
from tests.driver import ESPRESSO, FLAMINGO
from tests.process.rehearsal import QUICK, Rehearsal, nothing_left, own

CUP, CAT = 0, 1
NAMES = ("Cup", "Cat")
PER_BURST = 5
FRUIT = tuple(f"fruit {number}" for number in range(1000))
STEPS = 32
PATIENT = QUICK.model_copy(update={"gradients": GradientSettings(threads=1, job_deadline_s=60.0)})


class HeldUp:
    """Stands in for a camera: it sees what is held up before it."""

    name = "a hand before the camera"

    def __init__(self) -> None:
        self._rgb: Rgb = np.zeros((240, 320, 3), np.uint8)
        self._frames = 0

    def __call__(self) -> "HeldUp":
        """Open it."""
        return self

    def hold(self, rgb: Rgb) -> None:
        """Hold a picture up; the next frames are of it."""
        self._rgb = np.ascontiguousarray(rgb)

    def read(self, timeout_s: float = FRAME_WAIT_S) -> Frame:
        time.sleep(min(0.01, timeout_s))
        self._frames += 1
        return Frame(self._rgb, self._frames, time.monotonic())

    def capture(self, timeout_s: float = FRAME_WAIT_S) -> Frame:
        return self.read(timeout_s)

    def close(self) -> None:
        """Nothing to give back."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to give back."""


class School:
    """A performer whose camera sees what the test holds up, and the lesson that grows."""

    def __init__(self, rehearsal: Rehearsal, camera: HeldUp, photographs: tuple[Rgb, Rgb]) -> None:
        self.rehearsal, self.camera = rehearsal, camera
        self._photographs = photographs
        self.lesson = Lesson()

    def view(self, thing: int, seed: int) -> Rgb:
        """A cut-out of a thing's photograph."""
        rng = np.random.default_rng([thing, seed])
        square = centre_square(self._photographs[thing])
        side = square.shape[0]
        cut = round(side * rng.uniform(0.75, 0.95))
        x, y = rng.integers(0, side - cut, 2)
        return square[y : y + cut, x : x + cut]

    def hold(self, thing: int, seed: int) -> None:
        """Hold a thing up, and wait until the camera has seen it."""
        self.camera.hold(self.view(thing, seed))
        newest = self.rehearsal.performer._photos.newest
        before = newest()
        self.rehearsal.until(
            lambda: (frame := newest()) is not None and (before is None or frame.id > before.id + 2),
            "a frame",
        )

    def record(self, thing: int, burst: int) -> list[int]:
        """One burst of a thing."""
        numbers: list[int] = []
        for at in range(PER_BURST):
            self.hold(thing, 100 * burst + at)
            job = self.rehearsal.job()
            assert self.rehearsal.ask(RecordExample(job), ExampleRecorded).job == job
            numbers.append(job)
            self.lesson = self.lesson.with_label(thing)
            place = self.lesson.index_of(thing)
            assert place is not None
            self.lesson = self.lesson.with_example(place, Example(job, numbers[0]))
        return numbers

    def train(self) -> HeadTrained:
        """The lesson learned."""
        job = self.rehearsal.job()
        told = self.rehearsal.ask(TrainHead(job, NAMES, self.lesson), HeadTrained)
        assert told.job == job
        self.lesson = self.lesson.tested(told.predicted)
        return told

    def teach(self) -> HeadTrained:
        """Both things shown in two bursts each, and learned."""
        for burst in (1, 2):
            for thing in (CUP, CAT):
                self.record(thing, burst)
        return self.train()

    def photograph(self, thing: int) -> PictureTaken:
        """A picture of a thing."""
        self.hold(thing, 7)
        return self.rehearsal.photograph()


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
def film_keys(two_models: StateFolder) -> frozenset[str]:
    """What may stay on the shelf."""
    frames = len([*(two_models.stock / "film-efficientnet_lite0").glob("film-*.png")])
    return frozenset({"film-noise", *(f"film-{number}" for number in range(frames))})


@pytest.fixture(scope="module")
def shared_school(two_models: StateFolder) -> Iterator[School]:
    """One school for all tests that do not harm it."""
    camera = HeldUp()
    things = (
        read_photograph(two_models.stock / "coffee-cup.png"),
        read_photograph(two_models.stock / "cat.png"),
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("kiosk.perform.photos.CameraChoice", lambda *_: camera)
        with own(two_models, "auto", PATIENT) as rehearsal:
            rehearsal.ready()
            rehearsal.until(lambda: bool(rehearsal.all(CameraFound)), "a camera")
            yield School(rehearsal, camera, things)


@pytest.fixture
def school(shared_school: School) -> Iterator[School]:
    """The shared school, between visitors, with its own model in use."""
    rehearsal = shared_school.rehearsal
    rehearsal.do(Forget())
    home(rehearsal)
    rehearsal.heard.clear()
    shared_school.lesson = Lesson()
    yield shared_school
    rehearsal.do(Forget())


def home(rehearsal: Rehearsal) -> None:
    """Wait until the exhibit's own model is open."""
    machines = rehearsal.performer._machines
    rehearsal.until(lambda: machines.open_name == "efficientnet_lite0", "its own model")
    ready: list[bool] = []
    rehearsal.performer._backstage.judge.ask(lambda _: ready.append(True), lambda _: None)
    rehearsal.until(lambda: bool(ready), "the classify thread")


def embeddings(school: School) -> dict[int, NDArray[np.float32]]:
    """What the performer keeps of each example."""
    kept = school.rehearsal.performer._teaching._recorded
    return {number: recorded.embedding for number, recorded in kept.items()}


# Examples.


def test_an_example_is_the_newest_frame_and_its_embedding(school: School, classifier: Classifier) -> None:
    (number, *_) = school.record(CUP, 1)
    picture = school.rehearsal.performer.pictures[f"example-{number}"]
    assert picture.shape == (224, 224, 3)
    assert np.array_equal(embeddings(school)[number], classifier(picture).embedding)
    kept = school.rehearsal.performer._teaching._recorded[number].picture
    assert picture is kept, "the shelf holds no copies"


def test_a_frame_is_kept_once_only(school: School) -> None:
    school.rehearsal.ask(RecordExample(school.rehearsal.job()), ExampleRecorded)
    lost = 0
    for _ in range(5):  # quicker than the camera
        school.rehearsal.do(RecordExample(school.rehearsal.job()))
    school.rehearsal.until(lambda: not school.rehearsal.performer._backstage.news.wanted, "answers")
    lost = len(school.rehearsal.all(JobLost))
    assert lost >= 3
    assert len(embeddings(school)) == 6 - lost


def test_dropped_examples_leave_nothing(school: School) -> None:
    numbers = school.record(CUP, 1)
    gone = [weakref.ref(school.rehearsal.performer.pictures[f"example-{number}"]) for number in numbers[:2]]
    school.rehearsal.do(DropExamples(tuple(numbers[:2])))
    gc.collect()
    assert [picture() for picture in gone] == [None, None]
    assert sorted(embeddings(school)) == numbers[2:]
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
    gradients = school.rehearsal.performer._backstage.gradients
    assert gradients is not None
    promise = gradients.ping()
    school.rehearsal.until(promise.done, "the gradient process")
    school.rehearsal.do(StartStack(FLAMINGO))
    school.rehearsal.ask(RunStep(school.rehearsal.job(), 0), StepJudged)  # the process is free again
    assert school.rehearsal.all(HeadTrained) == []
    assert school.rehearsal.all(EpochTrained) == []
    assert school.rehearsal.performer._machines.taught is None


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
    judge = school.rehearsal.performer._backstage.judge
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


# The vaccine.


@pytest.fixture
def fooled(school: School, monkeypatch: pytest.MonkeyPatch) -> StepJudged:
    """A cup that is taken for a cat; vaccines are tried on two other pictures only."""
    monkeypatch.setattr("kiosk.attack.vaccine.MOST_OTHERS", 2)
    school.teach()
    school.photograph(CUP)
    school.rehearsal.do(StartStack(CAT))
    for at in range(STEPS):
        told = school.rehearsal.ask(RunStep(school.rehearsal.job(), at), StepJudged)
        if told.judged.verdict is Verdict.FOOLED:
            return told
    raise AssertionError(f"not fooled in {STEPS} steps")


def test_a_vaccine_teaches_the_attacked_picture_and_tells_what_that_changed(
    school: School, fooled: StepJudged
) -> None:
    rehearsal, performer, step = school.rehearsal, school.rehearsal.performer, fooled.judged.step
    adversarial, before = performer.pictures["adversarial"], performer._backstage.judge.head
    job = rehearsal.job()
    given = rehearsal.ask(GiveVaccine(job, step, CUP, CAT), VaccineGiven)

    assert given.job == job
    stages = [event.stage for event in rehearsal.all(VaccineUnderWay)]
    assert list(dict.fromkeys(stages)) == [Stage.ATTACKING_BEFORE, Stage.TRAINING, Stage.ATTACKING_AFTER]
    judge = performer._backstage.judge
    assert judge.head is not before
    stack = performer._backstage.stack
    assert stack is not None
    answers = [judge.judging(stack.picture(at)) for at in range(step + 1)]
    assert [judged.answer for judged in given.steps] == [answer(prediction) for prediction in answers]
    assert given.original == answer(answers[0])
    assert given.report.same_picture_right is (answers[step].label == CUP)
    assert given.report.same_photo.before == step, "the attack before was as fresh"
    assert given.report.robust is None
    numbers = [example.number for _, example in school.lesson.rows]
    assert len(given.others) == len(given.report.others) == 2
    assert set(given.others) <= set(numbers)
    assert len(given.predicted) == len(numbers)

    assert np.array_equal(performer.pictures[f"example-{job}"], adversarial)
    kept = performer._teaching._recorded[job]
    assert np.array_equal(kept.embedding, judge.classifier(adversarial).embedding)
    assert kept.embedding.base is None, "it keeps no others alive"
    school.lesson = school.lesson.vaccinated(CUP, Example(job, given.burst), given.predicted)
    assert len(school.train().predicted) == len(numbers) + 1, "from now on it is an example as all others"


@pytest.mark.slow
def test_staff_can_have_attacked_copies_of_every_example_taught_too(
    school: School, fooled: StepJudged, monkeypatch: pytest.MonkeyPatch
) -> None:
    rehearsal, backstage = school.rehearsal, school.rehearsal.performer._backstage
    teaching = backstage.settings.teaching.model_copy(
        update={"attacked_copies": 1, "attacked_copies_budget_255": 0.5}
    )
    monkeypatch.setattr(backstage, "settings", backstage.settings.model_copy(update={"teaching": teaching}))
    monkeypatch.setattr("kiosk.attack.vaccine.MOST_ROBUST", 2)
    given = rehearsal.ask(GiveVaccine(rehearsal.job(), fooled.judged.step, CUP, CAT), VaccineGiven)
    assert Stage.COPYING in {event.stage for event in rehearsal.all(VaccineUnderWay)}
    assert given.report.robust is not None
    assert given.report.robust.budget_255 == 0.5
    taught = rehearsal.performer._machines.taught
    assert taught is not None
    kept = taught.taught.examples
    assert kept.labels == (*(at for at, _ in school.lesson.rows), CUP), "copies are made anew for each head"
    assert len(taught.taught.predicted) == len(kept)
    assert len(taught.pictures) == len(kept) - 1


def test_a_vaccine_that_is_stopped_or_lost_changes_nothing(school: School, fooled: StepJudged) -> None:
    rehearsal, performer, step = school.rehearsal, school.rehearsal.performer, fooled.judged.step
    before = performer._machines.taught, performer._backstage.judge.head
    for stage in (Stage.ATTACKING_BEFORE, Stage.TRAINING):
        job = rehearsal.job()
        rehearsal.do(GiveVaccine(job, step, CUP, CAT))
        while rehearsal.next(VaccineUnderWay).stage is not stage:
            pass
        rehearsal.do(DropJob(job))
        rehearsal.heard.clear()
    assert rehearsal.ask(RunStep(rehearsal.job(), step), StepJudged), "the process is free again"
    resting(rehearsal)
    rehearsal.look()
    assert not [e for e in rehearsal.heard if isinstance(e, VaccineGiven | VaccineUnderWay)]

    gradients = performer._backstage.gradients
    assert gradients is not None
    assert gradients.pid is not None
    rehearsal.do(GiveVaccine(rehearsal.job(), step, CUP, CAT))
    rehearsal.next(VaccineUnderWay)
    os.kill(gradients.pid, signal.SIGKILL)
    assert "try again" in rehearsal.next(JobLost).reason
    assert (performer._machines.taught, performer._backstage.judge.head) == before
    rehearsal.until(
        lambda: rehearsal.all(GradientsChanged)[-1].health.phase is Phase.READY, "another gradient process"
    )


def test_what_cannot_be_vaccinated_is_a_lost_job(school: School) -> None:
    rehearsal = school.rehearsal
    lost = rehearsal.ask(GiveVaccine(rehearsal.job(), 0, CUP, CAT), JobLost)
    assert "no attacked picture" in lost.reason
    school.photograph(CUP)
    rehearsal.do(StartStack(FLAMINGO))
    lost = rehearsal.ask(GiveVaccine(rehearsal.job(), 0, CUP, CAT), JobLost)
    assert "was not taught" in lost.reason


def test_a_visitor_who_leaves_a_vaccine_leaves_nothing(
    school: School, fooled: StepJudged, film_keys: frozenset[str]
) -> None:
    rehearsal, performer = school.rehearsal, school.rehearsal.performer
    arrays: list[weakref.ref[NDArray[Any]]] = [
        weakref.ref(picture) for key, picture in performer.pictures.items() if key not in film_keys
    ]
    stack, taught = performer._backstage.stack, performer._machines.taught
    assert stack is not None
    assert taught is not None
    arrays += [weakref.ref(iterate) for iterate in stack.iterates]
    arrays.append(weakref.ref(taught.taught.head.layers[0].weight))
    del stack, taught
    rehearsal.do(GiveVaccine(rehearsal.job(), fooled.judged.step, CUP, CAT))
    rehearsal.next(VaccineUnderWay)
    rehearsal.do(Forget())
    nothing_left(rehearsal, film_keys)
    resting(rehearsal)
    home(rehearsal)
    gc.collect()
    assert [array() for array in arrays if array() is not None] == []
    rehearsal.heard.clear()
    assert school.photograph(CUP).answer.first.label == ESPRESSO
    assert not [e for e in rehearsal.heard if isinstance(e, VaccineGiven | VaccineUnderWay | JobLost)]


@pytest.mark.slow
def test_the_exhibit_can_be_ended_in_the_middle_of_a_vaccine(
    two_models: StateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = HeldUp()
    things = (
        read_photograph(two_models.stock / "coffee-cup.png"),
        read_photograph(two_models.stock / "cat.png"),
    )
    monkeypatch.setattr("kiosk.perform.photos.CameraChoice", lambda *_: camera)
    before = {*threading.enumerate()}
    with own(two_models, "auto", PATIENT) as rehearsal:
        rehearsal.ready()
        school = School(rehearsal, camera, things)
        school.teach()
        school.photograph(CUP)
        rehearsal.do(StartStack(CAT), GiveVaccine(rehearsal.job(), 0, CUP, CAT))
        rehearsal.next(VaccineUnderWay)
    thread = rehearsal.performer._vaccinating._thread
    with pytest.raises(RuntimeError, match="after shutdown"):
        thread.submit(lambda: None)
    assert set(threading.enumerate()) <= before


def resting(rehearsal: Rehearsal) -> None:
    """Wait until the thread of vaccines has ended what it had in hand."""
    idle = rehearsal.performer._vaccinating._thread.submit(lambda: None)
    rehearsal.until(idle.done, "the vaccine's thread")


# Models.


def test_the_built_models_are_told_but_for_broken_ones(shared_school: School) -> None:
    rehearsal = Rehearsal(shared_school.rehearsal.performer._backstage.state, "auto")
    with rehearsal.performer:
        found = rehearsal.next(ModelsFound)
    assert found.models == (FoundModel("efficientnet_lite0"), FoundModel("fruit", FRUIT))
    assert found.default == "efficientnet_lite0"


def test_another_model_judges_the_same_picture_and_forget_brings_ours_back(
    school: School, film_keys: frozenset[str]
) -> None:
    rehearsal = school.rehearsal
    taken = school.photograph(CUP)
    pid = rehearsal.performer._backstage.gradients and rehearsal.performer._backstage.gradients.pid
    job = rehearsal.job()
    rehearsal.do(ChooseModel(job, "fruit"))
    told = rehearsal.next(ModelChosen)
    assert (told.job, told.name) == (job, "fruit")
    assert told.answer == taken.answer, "the same network under other names"
    assert rehearsal.performer._machines.open_name == "fruit"
    phases = [event.health.phase for event in rehearsal.all(GradientsChanged)]
    assert phases[0] is Phase.WARMING
    rehearsal.until(
        lambda: rehearsal.all(GradientsChanged)[-1].health.phase is Phase.READY, "its gradient process"
    )
    gradients = rehearsal.performer._backstage.gradients
    assert gradients is not None
    assert gradients.pid != pid
    rehearsal.do(StartStack(3))
    assert rehearsal.ask(RunStep(rehearsal.job(), 0), StepJudged).judged.step == 1
    rehearsal.do(Forget())
    nothing_left(rehearsal, film_keys)
    home(rehearsal)
    assert school.photograph(CUP).answer == taken.answer


def test_a_model_that_does_not_open_leaves_the_old_one(school: School) -> None:
    rehearsal = school.rehearsal
    gradients = rehearsal.performer._backstage.gradients
    school.photograph(CUP)
    job = rehearsal.job()
    assert rehearsal.ask(ChooseModel(job, "broken"), JobLost).job == job
    assert rehearsal.performer._machines.open_name == "efficientnet_lite0"
    assert school.photograph(CUP).answer.first.label == ESPRESSO
    rehearsal.do(StartStack(FLAMINGO))
    assert rehearsal.ask(RunStep(rehearsal.job(), 0), StepJudged), "its gradient process was never stopped"
    assert rehearsal.performer._backstage.gradients is gradients


def test_from_what_was_taught_to_another_model_and_back(school: School) -> None:
    rehearsal = school.rehearsal
    school.teach()
    assert school.photograph(CAT).answer.said == CAT
    plain = rehearsal.ask(ChooseModel(rehearsal.job(), "fruit"), ModelChosen)
    assert len(plain.answer.top) > 2
    back = rehearsal.ask(ChooseModel(rehearsal.job(), TAUGHT), ModelChosen)
    assert back.answer.said == CAT
    assert rehearsal.performer._machines.open_name == "efficientnet_lite0"


def test_examples_of_one_model_are_looked_at_again_by_another(school: School) -> None:
    rehearsal = school.rehearsal
    for thing in (CUP, CAT):
        school.record(thing, 1)
    school.photograph(CUP)
    kept = rehearsal.performer._teaching._recorded
    for number, recorded in [*kept.items()]:  # as if another network had seen them
        other = np.zeros(3, np.float32)
        kept[number] = type(recorded)(recorded.picture, other, "another model")
    school.train()
    assert {len(embedding) for embedding in embeddings(school).values()} == {1280}
    assert school.photograph(CAT).answer.first.label == CAT


# The end.


def test_a_new_picture_keeps_what_was_taught(school: School, film_keys: frozenset[str]) -> None:
    school.teach()
    school.photograph(CUP)
    school.rehearsal.do(ForgetPicture())
    assert "original" not in school.rehearsal.performer.pictures
    assert school.rehearsal.performer._backstage.stack is None
    assert len([key for key in school.rehearsal.performer.pictures if key not in film_keys]) == 4 * PER_BURST
    assert school.photograph(CAT).answer.said == CAT


def test_the_end_of_a_visit_leaves_nothing_of_what_was_taught(
    school: School, film_keys: frozenset[str]
) -> None:
    school.teach()
    school.photograph(CUP)
    performer = school.rehearsal.performer
    taught = performer._machines.taught
    assert taught is not None
    arrays: dict[str, weakref.ref[NDArray[Any]]] = {
        key: weakref.ref(picture) for key, picture in performer.pictures.items() if key not in film_keys
    }
    arrays |= {f"embedding {n}": weakref.ref(array) for n, array in embeddings(school).items()}
    arrays |= {"weights": weakref.ref(taught.taught.head.layers[0].weight)}
    arrays |= {"directions": weakref.ref(taught.taught.head.doubt.directions)}
    del taught
    school.rehearsal.do(Forget())
    nothing_left(school.rehearsal, film_keys)
    home(school.rehearsal)
    school.rehearsal.heard.clear()
    assert school.photograph(CUP).answer.first.label == ESPRESSO
    school.rehearsal.do(Forget())
    home(school.rehearsal)
    gc.collect()
    assert [name for name, array in arrays.items() if array() is not None] == []


@pytest.mark.parametrize("what", ["an example", "a training", "another model"])
def test_what_is_under_way_when_the_visitor_leaves_comes_to_nothing(
    school: School, film_keys: frozenset[str], what: str
) -> None:
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
    nothing_left(rehearsal, film_keys)
    home(rehearsal)
    assert school.photograph(CAT).answer.first.label > CAT, "one of a thousand"
    assert not [e for e in rehearsal.heard if isinstance(e, ExampleRecorded | HeadTrained | ModelChosen)]
    assert set(rehearsal.performer.pictures) == film_keys | {"original"}
