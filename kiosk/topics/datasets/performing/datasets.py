"""The datasets that are kept: listed, kept, opened and removed."""

import logging
from concurrent.futures import Future
from functools import partial
from typing import assert_never

from kiosk.core.lesson import Sign
from kiosk.errors import KioskError
from kiosk.gradients.client import Taught
from kiosk.perform.part import Part
from kiosk.perform.recordings import Recorded
from kiosk.perform.workshop import Workshop
from kiosk.store.exhibit_dataset import free_name
from kiosk.store.store import Store
from kiosk.topics.datasets.facts import KeptDataset, KeptLabel
from kiosk.topics.datasets.messages import (
    DatasetKept,
    DatasetOpened,
    DatasetsFound,
    KeepDataset,
    ListDatasets,
    OpenDataset,
    RemoveDataset,
)
from kiosk.topics.datasets.performing.kept_lesson import TaughtLesson, Unpacked, to_dataset
from kiosk.vision.classifier import AnyClassifier

log = logging.getLogger(__name__)

Listed = tuple[KeptDataset, ...]


class DatasetKeeping(Part[ListDatasets | KeepDataset | OpenDataset | RemoveDataset]):
    """Carries what was taught to the store and back; the store's thread packs and unpacks the pictures."""

    performs = (ListDatasets, KeepDataset, OpenDataset, RemoveDataset)

    def __init__(self, workshop: Workshop) -> None:
        """Tell at once what is kept."""
        super().__init__(workshop)
        self._list()

    def perform(self, effect: ListDatasets | KeepDataset | OpenDataset | RemoveDataset) -> None:
        """Begin what an effect asks for."""
        match effect:
            case ListDatasets():
                self._list()
            case KeepDataset():
                self._keep(effect)
            case OpenDataset(job, name):
                self._workshop.jobs.want(job)
                read = self._workshop.store.ask(partial(_read, name=name))
                read.add_done_callback(partial(self._was_read, job))
            case RemoveDataset(name):
                removed = self._workshop.store.ask(partial(Store.remove_dataset, name=name))
                removed.add_done_callback(self._removed)
            case _:
                assert_never(effect)

    def forget_picture(self) -> None:
        """Drop nothing: no picture is kept here."""

    def forget(self) -> None:
        """Drop nothing: nothing of a visitor is kept here."""

    def _list(self, fault: str = "") -> None:
        nothing: Listed = ()
        self._workshop.store.look(_kept, nothing).add_done_callback(partial(self._listed, fault))

    def _listed(self, fault: str, promise: "Future[Listed]") -> None:
        error = promise.exception()
        kept = () if error is not None else promise.result()
        self._workshop.jobs.tell(DatasetsFound(kept, fault or _said(error)))

    def _removed(self, promise: "Future[tuple[str, ...]]") -> None:
        self._list(_said(promise.exception()))

    # ---- keeping

    def _keep(self, effect: KeepDataset) -> None:
        """Keep a lesson as it is now: a visitor who leaves meanwhile takes nothing from it."""
        try:
            recorded = self._workshop.recordings.of(effect.lesson)
        except KioskError as error:
            self._workshop.jobs.tell(DatasetKept("", str(error)))
            return
        model = self._workshop.models.taught
        taught = TaughtLesson(
            effect.signs,
            effect.lesson,
            tuple(recorded.values()),
            None if model is None else model.taught,
            self._workshop.settings.teaching.recipe,
        )
        self._workshop.store.ask(partial(_save, taught=taught)).add_done_callback(self._was_kept)

    def _was_kept(self, promise: "Future[str]") -> None:
        error = promise.exception()
        told = DatasetKept(promise.result()) if error is None else DatasetKept("", _said(error))
        self._workshop.jobs.tell(told)

    # ---- opening

    def _was_read(self, job: int, promise: "Future[Unpacked]") -> None:
        error = promise.exception()
        if error is not None:
            self._workshop.jobs.lose(job, KioskError(_said(error)))
            return
        look = partial(self._look, job, promise.result())
        self._workshop.jobs.go_on(job, partial(self._workshop.ask, job, look))

    def _look(self, job: int, unpacked: Unpacked, classifier: AnyClassifier) -> None:
        """See whether the head is of the open model; in the classify thread, the only one that changes it."""
        learned = unpacked.learned(classifier.card.sha256)
        taught, predicted = (None, ()) if learned is None else learned
        recorded = dict(enumerate(unpacked.recorded(), start=job))
        tested = tuple(job + row for row, said in enumerate(predicted) if said is not None)
        told = DatasetOpened(job, self._workshop.models.open_name, unpacked.opened(predicted))
        self._workshop.jobs.tell(told, partial(self._put, recorded, taught, tested), job)

    def _put(self, recorded: dict[int, Recorded], taught: Taught | None, tested: tuple[int, ...]) -> None:
        self._workshop.recordings.replace(recorded)
        if taught is None:
            self._workshop.models.unteach()
        else:
            self._workshop.models.teach(taught, {number: recorded[number].picture for number in tested})


def _kept(store: Store) -> Listed:
    return tuple(
        KeptDataset(
            summary.name,
            tuple(KeptLabel(Sign(label.name, label.icon), count) for label, count in summary.labels),
            summary.trained,
        )
        for summary in store.dataset_summaries()
    )


def _read(store: Store, name: str) -> Unpacked:
    dataset = store.dataset(name)
    unpacked = Unpacked.of(dataset)
    damaged = len(dataset.examples) - len(unpacked.pictures)
    if damaged:
        store.note(f"{dataset.name}: {damaged} damaged pictures are left out")
    return unpacked


def _save(store: Store, taught: TaughtLesson) -> str:
    """Return the name under which a lesson is kept by now."""
    taken = (summary.name for summary in store.dataset_summaries())
    name = free_name((sign.name for sign in taught.signs), taken)
    store.save_dataset(to_dataset(taught, name))
    return name


def _said(error: BaseException | None) -> str:
    """Return one line on why something could not be done, nothing where it could."""
    if error is None:
        return ""
    if not isinstance(error, KioskError):
        log.error("event=records_failed", exc_info=error)
        return f"the datasets cannot be used now ({error})"
    return str(error)
