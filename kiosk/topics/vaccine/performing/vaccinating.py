"""The attacked picture is taught with its right name, and the report on that is made."""

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from kiosk.attack.noise import iterate_picture, noise_size
from kiosk.attack.verdict import judged
from kiosk.core.visit import Judged
from kiosk.errors import KioskError
from kiosk.gradients.client import GradientClient, Taught
from kiosk.perform.models import TaughtModel
from kiosk.perform.part import Part
from kiosk.perform.recordings import Recorded
from kiosk.perform.stack import Stack
from kiosk.perform.workshop import Workshop
from kiosk.settings.sections import TeachingSettings
from kiosk.topics.vaccine.facts import Stage
from kiosk.topics.vaccine.messages import GiveVaccine, VaccineGiven, VaccineUnderWay
from kiosk.topics.vaccine.performing.vaccinate import Dose, Regimen, VaccinationResult, vaccinate
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import Rgb
from kiosk.vision.taught import TaughtClassifier

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class _Patient:
    """What a vaccination is made of, as it was when it began: nothing here changes under its thread."""

    model: TaughtModel
    gradients: GradientClient
    original: Rgb
    iterates: tuple[NDArray[np.float32], ...]
    target: int | None

    def dose(self, effect: GiveVaccine) -> Dose:
        """Return the picture to be taught."""
        return Dose(self.original, iterate_picture(self.iterates[effect.step]), effect.label, effect.lie)


@dataclass(frozen=True, eq=False)
class _Given:
    """A finished vaccination: what is told of it, and what has to be kept."""

    told: VaccineGiven
    taught: Taught
    dose: Recorded
    original_label: int


class Vaccinating(Part[GiveVaccine]):
    """Owns the thread of a vaccination: one at a time, which ends as soon as its job was dropped."""

    performs = (GiveVaccine,)

    def __init__(self, workshop: Workshop) -> None:
        """Work with what all parts share."""
        super().__init__(workshop)
        self._closing = threading.Event()
        self._thread = ThreadPoolExecutor(1, "vaccine")

    def close(self) -> None:
        """End the thread; the gradient process may end before."""
        self._closing.set()
        self._thread.shutdown(cancel_futures=True)

    def perform(self, effect: GiveVaccine) -> None:
        """Begin a vaccination; the job is lost where what judges was not taught, or there is no such picture."""
        job, jobs = effect.job, self._workshop.jobs
        jobs.want(job)
        stack = self._workshop.pictures.stack
        gradients, model = self._workshop.models.gradients, self._workshop.models.taught
        if stack is None or effect.step >= len(stack.iterates):
            jobs.lose(job, KioskError("there is no attacked picture to learn from"))
        elif gradients is None or model is None or self._workshop.models.head is None:
            jobs.lose(job, KioskError("what judges now was not taught, or there is no gradient process yet"))
        else:
            patient = _Patient(model, gradients, stack.original, tuple(stack.iterates), stack.target)
            given = self._thread.submit(self._vaccinated, effect, patient)
            given.add_done_callback(partial(self._tell, job, stack, model))

    def forget_picture(self) -> None:
        """Drop nothing: a vaccination under way ends by itself, since its job was dropped."""

    def forget(self) -> None:
        """Drop nothing: a vaccination under way ends by itself, since its job was dropped."""

    def _stopped(self, job: int) -> bool:
        return self._closing.is_set() or job not in self._workshop.jobs.wanted

    def _progress(self, job: int, stage: Stage, share: float) -> None:
        self._workshop.jobs.tell_so_far(VaccineUnderWay(job, stage, share), job)

    def _vaccinated(self, effect: GiveVaccine, patient: _Patient) -> _Given:
        """Return a finished vaccination; in its own thread, with a classifier of its own."""
        job, model, dose = effect.job, patient.model, patient.dose(effect)
        with self._workshop.models.open_classifier(model.model) as classifier:
            done = vaccinate(
                classifier,
                patient.gradients,
                model.taught,
                [*model.pictures.values()],
                dose,
                regimen(self._workshop.settings.teaching),
                on_progress=partial(self._progress, job),
                cancelled=partial(self._stopped, job),
            )
            original, steps = _judged_again(classifier, done.taught, patient)
            sha256 = classifier.card.sha256
        numbers = [*model.pictures]
        examples = done.taught.examples
        told = VaccineGiven(
            job,
            done.report,
            tuple(numbers[other.example] for other in done.report.others if other.example is not None),
            done.taught.predicted[: len(numbers)],
            examples.bursts[-1],
            steps[0].answer,
            steps,
        )
        recorded = Recorded(dose.adversarial, examples.embeddings[-1].copy(), sha256)
        return _Given(told, _without_copies(done, len(model.taught.examples)), recorded, original)

    def _tell(self, job: int, stack: Stack, model: TaughtModel, promise: "Future[_Given]") -> None:
        if promise.cancelled():
            return
        error = promise.exception()
        if error is None:
            given = promise.result()
            self._workshop.jobs.tell(given.told, partial(self._put, stack, model, given), job)
            return
        if not isinstance(error, KioskError):
            log.error("event=vaccination_failed", exc_info=error)
        self._workshop.jobs.lose(job, error)

    def _put(self, stack: Stack, model: TaughtModel, given: _Given) -> None:
        self._workshop.models.teach(given.taught, model.pictures)
        self._workshop.recordings.keep(given.told.job, given.dose)
        stack.original_label = given.original_label


def regimen(settings: TeachingSettings) -> Regimen:
    """Return how to vaccinate, as staff have set it."""
    return Regimen(
        settings.recipe, settings.attacked_copies, copies_budget_255=settings.attacked_copies_budget_255
    )


def _judged_again(
    classifier: Classifier, taught: Taught, patient: _Patient
) -> tuple[int, tuple[Judged, ...]]:
    """Return what a new head says of a stack: the label of its original, and every iterate judged."""
    answers = TaughtClassifier(classifier, taught.head)
    predictions = [
        (picture, answers(picture)) for picture in (iterate_picture(iterate) for iterate in patient.iterates)
    ]
    label = predictions[0][1].label
    return label, tuple(
        judged(step, prediction, noise_size(patient.original, picture), label, patient.target)
        for step, (picture, prediction) in enumerate(predictions)
    )


def _without_copies(done: VaccinationResult, before: int) -> Taught:
    """Return what was taught with the dose, which comes last: attacked copies are made anew for each head."""
    taught = done.taught
    kept = [*range(before), len(taught.examples) - 1]
    return Taught(taught.head, taught.examples.only(kept), tuple(taught.predicted[place] for place in kept))
