"""Vaccines by the performer, with a real classifier and a real gradient process."""

import gc
import os
import signal
import threading
import weakref
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.attack.verdict import answer
from kiosk.core.health import Phase
from kiosk.core.lesson import Example
from kiosk.core.message import DropJob, Forget, GradientsChanged, JobLost
from kiosk.core.visit import Verdict
from kiosk.device.state_folder import StateFolder
from kiosk.topics.attack.messages import RunStep, StartStack, StepJudged
from kiosk.topics.vaccine.facts import Stage
from kiosk.topics.vaccine.messages import GiveVaccine, VaccineGiven, VaccineUnderWay
from kiosk.topics.vaccine.performing import vaccinate
from tests.player import ESPRESSO, FLAMINGO
from tests.process.rehearsal import nothing_left
from tests.topics.teaching.process.school import CAT, CUP, STEPS, School, opened


@pytest.fixture(scope="module")
def shared_school(state: StateFolder) -> Iterator[School]:
    """One school for all tests that do not harm it."""
    with opened(state) as school:
        school.rehearsal.ready()
        yield school


@pytest.fixture
def school(shared_school: School) -> Iterator[School]:
    """The shared school, between visitors."""
    shared_school.next_visitor()
    yield shared_school
    shared_school.rehearsal.do(Forget())


@pytest.fixture
def fooled(school: School, monkeypatch: pytest.MonkeyPatch) -> StepJudged:
    """A cup that is taken for a cat; vaccines are tried on two other pictures only."""
    monkeypatch.setattr(vaccinate, "MOST_OTHERS", 2)
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
    rehearsal, step = school.rehearsal, fooled.judged.step
    pictures, models = rehearsal.performer.pictures, rehearsal.workshop.models
    adversarial, before = pictures["adversarial"], models.head
    job = rehearsal.job()
    given = rehearsal.ask(GiveVaccine(job, step, CUP, CAT), VaccineGiven)

    assert given.job == job
    stages = [event.stage for event in rehearsal.all(VaccineUnderWay)]
    assert list(dict.fromkeys(stages)) == [Stage.ATTACKING_BEFORE, Stage.TRAINING, Stage.ATTACKING_AFTER]
    assert models.head is not before
    assert pictures.stack is not None
    answers = [models.thread.judging(pictures.stack.picture(at)) for at in range(step + 1)]
    assert [judged.answer for judged in given.steps] == [answer(prediction) for prediction in answers]
    assert given.original == answer(answers[0])
    assert given.report.same_picture_right is (answers[step].label == CUP)
    assert given.report.same_photo.before == step, "the attack before was as fresh"
    assert given.report.robust is None
    numbers = [example.number for _, example in school.lesson.rows]
    assert len(given.others) == len(given.report.others) == 2
    assert set(given.others) <= set(numbers)
    assert len(given.predicted) == len(numbers)

    assert np.array_equal(pictures[f"example-{job}"], adversarial)
    school.lesson = school.lesson.vaccinated(CUP, Example(job, given.burst), given.predicted)
    kept = rehearsal.workshop.recordings.of(school.lesson)[job]
    assert np.array_equal(kept.embedding, models.thread.classifier(adversarial).embedding)
    assert kept.embedding.base is None, "it keeps no others alive"
    assert len(school.train().predicted) == len(numbers) + 1, "from now on it is an example as all others"


@pytest.mark.slow
def test_staff_can_have_attacked_copies_of_every_example_taught_too(
    school: School, fooled: StepJudged, monkeypatch: pytest.MonkeyPatch
) -> None:
    rehearsal, workshop = school.rehearsal, school.rehearsal.workshop
    teaching = workshop.settings.teaching.model_copy(
        update={"attacked_copies": 1, "attacked_copies_budget_255": 0.5}
    )
    monkeypatch.setattr(workshop, "settings", workshop.settings.model_copy(update={"teaching": teaching}))
    monkeypatch.setattr(vaccinate, "MOST_ROBUST", 2)
    given = rehearsal.ask(GiveVaccine(rehearsal.job(), fooled.judged.step, CUP, CAT), VaccineGiven)
    assert Stage.COPYING in {event.stage for event in rehearsal.all(VaccineUnderWay)}
    assert given.report.robust is not None
    assert given.report.robust.budget_255 == 0.5
    taught = workshop.models.taught
    assert taught is not None
    kept = taught.taught.examples
    assert kept.labels == (*(at for at, _ in school.lesson.rows), CUP), "copies are made anew for each head"
    assert len(taught.taught.predicted) == len(kept)
    assert len(taught.pictures) == len(kept) - 1


def test_a_vaccine_that_is_stopped_or_lost_changes_nothing(school: School, fooled: StepJudged) -> None:
    rehearsal, models, step = school.rehearsal, school.rehearsal.workshop.models, fooled.judged.step
    before = models.taught, models.head
    for stage in (Stage.ATTACKING_BEFORE, Stage.TRAINING):
        job = rehearsal.job()
        rehearsal.do(GiveVaccine(job, step, CUP, CAT))
        while rehearsal.next(VaccineUnderWay).stage is not stage:
            pass
        rehearsal.do(DropJob(job))
        rehearsal.heard.clear()
    assert rehearsal.ask(RunStep(rehearsal.job(), step), StepJudged), "the process is free again"

    gradients = models.gradients
    assert gradients is not None
    assert gradients.pid is not None
    job = rehearsal.job()
    rehearsal.do(GiveVaccine(job, step, CUP, CAT))
    rehearsal.next(VaccineUnderWay)  # the one before has ended: there is one at a time
    assert {e.job for e in rehearsal.heard if isinstance(e, VaccineGiven | VaccineUnderWay)} == {job}
    os.kill(gradients.pid, signal.SIGKILL)
    assert "try again" in rehearsal.next(JobLost).reason
    assert (models.taught, models.head) == before
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


def test_a_visitor_who_leaves_a_vaccine_leaves_nothing(school: School, fooled: StepJudged) -> None:
    rehearsal, pictures = school.rehearsal, school.rehearsal.performer.pictures
    arrays: list[weakref.ref[NDArray[Any]]] = [
        weakref.ref(picture) for key, picture in pictures.items() if key not in school.film
    ]
    stack, taught = pictures.stack, rehearsal.workshop.models.taught
    assert stack is not None
    assert taught is not None
    arrays += [weakref.ref(iterate) for iterate in stack.iterates]
    arrays.append(weakref.ref(taught.taught.head.layers[0].weight))
    del stack, taught
    rehearsal.do(GiveVaccine(rehearsal.job(), fooled.judged.step, CUP, CAT))
    rehearsal.next(VaccineUnderWay)
    rehearsal.do(Forget())
    nothing_left(rehearsal, school.film)
    school.home()
    rehearsal.until(lambda: living(arrays) == 0, "the end of the vaccine that had begun")
    rehearsal.heard.clear()
    assert school.photograph(CUP).answer.first.label == ESPRESSO
    assert not [e for e in rehearsal.heard if isinstance(e, VaccineGiven | VaccineUnderWay | JobLost)]


@pytest.mark.slow
def test_the_exhibit_can_be_ended_in_the_middle_of_a_vaccine(state: StateFolder) -> None:
    before = {*threading.enumerate()}
    with opened(state) as school:
        rehearsal = school.rehearsal
        rehearsal.ready()
        school.teach()
        school.photograph(CUP)
        rehearsal.do(StartStack(CAT), GiveVaccine(rehearsal.job(), 0, CUP, CAT))
        rehearsal.next(VaccineUnderWay)
    with pytest.raises(RuntimeError, match="after shutdown"):
        rehearsal.do(GiveVaccine(rehearsal.job(), 0, CUP, CAT))
    assert set(threading.enumerate()) <= before


def living(arrays: Sequence[weakref.ref[NDArray[Any]]]) -> int:
    """How many of some arrays are still kept anywhere."""
    gc.collect()
    return sum(array() is not None for array in arrays)
