"""Visits and staff with datasets that are kept."""

from kiosk.core.lesson import Sign
from kiosk.core.message import Effect, Event, JobLost
from kiosk.core.staff import CORNER_HOLD_S
from kiosk.store.exhibit_dataset import free_name
from kiosk.topics.datasets.facts import KeptDataset, KeptLabel, OpenedDataset, OpenedLabel
from kiosk.topics.datasets.messages import (
    DatasetKept,
    DatasetOpened,
    DatasetsFound,
    KeepDataset,
    ListDatasets,
    OpenDataset,
    RemoveDataset,
)
from tests.player import Player, Script
from tests.topics.photograph.scripted import at_live
from tests.topics.staff.scripted import PIN, with_staff
from tests.topics.teaching.scripted import at_trained

PER_BURST = 6


def opened(kept: KeptDataset) -> OpenedDataset:
    """A dataset as it comes from the store, in bursts of six."""
    labels = tuple(
        OpenedLabel(label.sign, tuple(100 * at + number // PER_BURST for number in range(label.count)))
        for at, label in enumerate(kept.labels)
    )
    said = tuple(at for at, label in enumerate(kept.labels) for _ in range(label.count))
    return OpenedDataset(labels, said if kept.trained else ())


def kept(*names: str, count: int = 12, trained: bool = True) -> KeptDataset:
    """A dataset of labels that are called so; their drawings are called as they are."""
    labels = tuple(KeptLabel(Sign(name, name.lower()), count) for name in names)
    return KeptDataset(free_name(names, ()), labels, trained)


PETS = kept("Cat", "Dog", "Rabbit", "Bird")
TOOLS = kept("Hammer", "Phone", count=30, trained=False)  # a hammer is on no wall of ours
MANY = (
    PETS,
    TOOLS,
    kept("Smile", "Frown"),
    kept("Sun", "Moon", "Star", "Heart", "Robot", "Ghost", "Fish", "Dinosaur", count=200),
    kept("A label with quite a long name", "Another one of that kind", count=8),
    kept("Robot", "Ghost"),
    kept("Heart", "Star", "Moon"),
)


class DatasetsScript(Script):
    """A store that holds `datasets`; those that are trained open with a head that knows every example."""

    datasets: tuple[KeptDataset, ...] = ()

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        named = {one.name: one for one in self.datasets}
        match effect:
            case KeepDataset(signs, lesson):
                counts = [len(label.examples) for label in lesson.labels]
                name = free_name((sign.name for sign in signs), named)
                labels = tuple(map(KeptLabel, signs, counts))
                self.datasets = (*self.datasets, KeptDataset(name, labels, lesson.report is not None))
                return (DatasetKept(name),)
            case OpenDataset(job, name) if name in named:
                return (DatasetOpened(job, playing.state.context.default, opened(named[name])),)
            case OpenDataset(job, name):
                return (JobLost(job, f"{name}: no such exhibit dataset"),)
            case RemoveDataset(name):
                self.datasets = tuple(one for one in self.datasets if one.name != name)
                return (DatasetsFound(self.datasets),)
            case ListDatasets():
                return (DatasetsFound(self.datasets),)
            case _:
                return None


SCRIPT = DatasetsScript


def with_datasets(playing: Player, datasets: tuple[KeptDataset, ...] = MANY) -> Player:
    """A kiosk that has found what staff keep."""
    playing.script(DatasetsScript).datasets = datasets
    playing.send(DatasetsFound(datasets))
    return playing


def at_readymade(panel: str = "1280x800", datasets: tuple[KeptDataset, ...] = MANY) -> Player:
    """A visit that is about to teach, and may take what is ready-made."""
    playing = with_datasets(at_live(panel), datasets)
    playing.touch("teach")
    return playing


def at_keeping(panel: str = "1280x800", datasets: tuple[KeptDataset, ...] = (), *, labels: int = 2) -> Player:
    """Staff who taught something, and want to keep it."""
    playing = with_staff(with_datasets(at_trained(panel, labels=labels), datasets))
    playing.touch("back")
    playing.hold_corner(CORNER_HOLD_S + 0.1)
    playing.type_pin(PIN)
    playing.touch("page-datasets")
    playing.wait(0.3)
    return playing
