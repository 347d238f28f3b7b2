"""The datasets that staff keep: kept, opened, removed."""

from dataclasses import dataclass

from kiosk.core.context import Context, Fact
from kiosk.core.lesson import Lesson, Sign
from kiosk.core.message import Asking, Effect, News, Reply, Way
from kiosk.topics.datasets.facts import KeptDataset, OpenedDataset


@dataclass(frozen=True, slots=True)
class ToReadymade(Way):
    """Choose what it is to learn: things of one's own, or a dataset that is kept."""


@dataclass(frozen=True, slots=True)
class ToDatasets(Way):
    """Show the staff's page of datasets."""


@dataclass(frozen=True, slots=True)
class ToOpened(Way):
    """Go on with what staff had kept, in the place of all that was taught.

    Where that judged the visitor's picture, it is `replaced`, and the picture forgotten.
    """

    opened: "DatasetOpened"
    replaced: bool = False

    @property
    def fresh(self) -> bool:
        """Return whether the picture there was is forgotten."""
        return self.replaced


@dataclass(frozen=True, slots=True)
class ListDatasets(Effect):
    """Say `DatasetsFound`."""


@dataclass(frozen=True, slots=True)
class KeepDataset(Effect):
    """Keep a lesson, whose labels have these signs, with the head that learned it; say `DatasetKept`."""

    signs: tuple[Sign, ...]
    lesson: Lesson


@dataclass(frozen=True, slots=True)
class OpenDataset(Asking):
    """Put a kept dataset in the place of all that was taught, say `DatasetOpened` or `JobLost`: then nothing changed.

    Its examples have the job's number and those that follow.
    """

    name: str


@dataclass(frozen=True, slots=True)
class RemoveDataset(Effect):
    """Remove a kept dataset, say `DatasetsFound`."""

    name: str


@dataclass(frozen=True, slots=True)
class Kept(Fact):
    """The datasets that are kept."""

    datasets: tuple[KeptDataset, ...] = ()


@dataclass(frozen=True, slots=True)
class DatasetsFound(News):
    """What is kept now; `fault` is why it could not be read, or one not be removed."""

    datasets: tuple[KeptDataset, ...]
    fault: str = ""

    def known(self, context: Context) -> Context:
        """Return the context with what is kept."""
        return context.with_fact(Kept(self.datasets))


@dataclass(frozen=True, slots=True)
class DatasetKept(News):
    """The answer to `KeepDataset`: the name it was given, or why it could not be kept."""

    name: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class DatasetOpened(Reply):
    """The answer to `OpenDataset`: its pictures are there; `model` is the built one that is open under it."""

    model: str
    dataset: OpenedDataset
