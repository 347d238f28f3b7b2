"""The kept datasets' part: lists, keeps, opens and removes them. The store's thread packs and unpacks the pictures."""

import logging
from concurrent.futures import Future
from functools import partial

from kiosk.core.datasets import (
    DatasetEffect,
    DatasetKept,
    DatasetOpened,
    DatasetsFound,
    KeepDataset,
    KeptDataset,
    KeptLabel,
    ListDatasets,
    OpenDataset,
    RemoveDataset,
)
from kiosk.core.lesson import Sign
from kiosk.errors import KioskError
from kiosk.gradients.client import Taught
from kiosk.perform.backstage import Backstage
from kiosk.perform.kept_lesson import TaughtLesson, Unpacked, to_dataset
from kiosk.perform.machines import Machines
from kiosk.perform.records import Records
from kiosk.perform.teaching import Recorded, Teaching
from kiosk.store.exhibit_dataset import free_name
from kiosk.store.store import Store
from kiosk.vision.classifier import AnyClassifier

log = logging.getLogger(__name__)

Kept = tuple[KeptDataset, ...]


class Datasets:
    """Carries what was taught to the store and back; the examples and the head go to those who own them."""

    def __init__(
        self, backstage: Backstage, records: Records, teaching: Teaching, machines: Machines
    ) -> None:
        self._backstage, self._records = backstage, records
        self._teaching, self._machines = teaching, machines

    def perform(self, effect: DatasetEffect) -> None:
        """Begin what an effect asks for."""
        match effect:
            case ListDatasets():
                self._list()
            case KeepDataset():
                self._keep(effect)
            case OpenDataset(job, name):
                self._backstage.news.want(job)
                read = self._records.ask(partial(_read, name=name))
                read.add_done_callback(partial(self._was_read, job))
            case RemoveDataset(name):
                removed = self._records.ask(partial(Store.remove_dataset, name=name))
                removed.add_done_callback(self._removed)

    def _list(self, fault: str = "") -> None:
        nothing: Kept = ()
        self._records.look(_kept, nothing).add_done_callback(partial(self._listed, fault))

    def _listed(self, fault: str, promise: "Future[Kept]") -> None:
        error = promise.exception()
        kept = () if error is not None else promise.result()
        self._backstage.news.tell(DatasetsFound(kept, fault or _said(error)))

    def _removed(self, promise: "Future[None]") -> None:
        self._list(_said(promise.exception()))

    # ---- keeping

    def _keep(self, effect: KeepDataset) -> None:
        """Let a lesson be kept as it is now: whoever leaves meanwhile takes nothing from it."""
        try:
            recorded = self._teaching.recorded(effect.lesson)
        except KioskError as error:
            self._backstage.news.tell(DatasetKept("", str(error)))
            return
        model = self._machines.taught
        taught = TaughtLesson(
            effect.signs,
            effect.lesson,
            tuple(recorded.values()),
            None if model is None else model.taught,
            self._backstage.settings.teaching.recipe,
        )
        self._records.ask(partial(_save, taught=taught)).add_done_callback(self._was_kept)

    def _was_kept(self, promise: "Future[str]") -> None:
        error = promise.exception()
        told = DatasetKept(promise.result()) if error is None else DatasetKept("", _said(error))
        self._backstage.news.tell(told)

    # ---- opening

    def _was_read(self, job: int, promise: "Future[Unpacked]") -> None:
        error = promise.exception()
        if error is not None:
            self._backstage.news.lose(job, KioskError(_said(error)))
            return
        look = partial(self._look, job, promise.result())
        self._backstage.news.go_on(job, partial(self._backstage.ask, job, look))

    def _look(self, job: int, unpacked: Unpacked, classifier: AnyClassifier) -> None:
        """See whether the head is of the open model; in the classify thread, the only one that changes it."""
        learned = unpacked.learned(classifier.card.sha256)
        taught, predicted = (None, ()) if learned is None else learned
        recorded = dict(enumerate(unpacked.recorded(), start=job))
        tested = tuple(job + row for row, said in enumerate(predicted) if said is not None)
        told = DatasetOpened(job, self._machines.open_name, unpacked.opened(predicted))
        self._backstage.news.tell(told, partial(self._put, recorded, taught, tested), job)

    def _put(self, recorded: dict[int, Recorded], taught: Taught | None, tested: tuple[int, ...]) -> None:
        self._teaching.replace(recorded)
        if taught is None:
            self._machines.unteach()
        else:
            self._machines.teach(taught, {number: recorded[number].picture for number in tested})


def _kept(store: Store) -> Kept:
    return tuple(
        KeptDataset(
            summary.name,
            tuple(KeptLabel(Sign(label.name, label.icon), count) for label, count in summary.labels),
            summary.trained,
        )
        for summary in store.dataset_summaries()
    )


def _read(store: Store, name: str) -> Unpacked:
    return Unpacked.of(store.dataset(name))


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
