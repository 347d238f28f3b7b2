"""Writes to a store without end, telling after each change that it is kept; the kill test runs and kills it."""

import itertools
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

from kiosk.store.archive import read_archive
from kiosk.store.exhibit_dataset import ExhibitDataset, TrainedHead
from kiosk.store.store import Store
from tests.unit.kept_datasets import keep_head, taught

FIRST, REPLACED, TRAINED = "first", "replaced", "trained"


@cache
def first_kept() -> ExhibitDataset:
    """Return the dataset that was there before, and stays."""
    return taught(FIRST, noisy=True)


@cache
def _versions(labels: int) -> ExhibitDataset:
    return taught(REPLACED, labels=labels, each=3, noisy=True)


def version(number: int) -> ExhibitDataset:
    """Return the dataset that is replaced, as it was saved at some turn."""
    return _versions(2 + number % 3)


def head(number: int) -> TrainedHead:
    """Return the head that came out of some training run."""
    return TrainedHead(number.to_bytes(4, "big") * 50_000, f'{{"seed":{number}}}')


def imported(archive: ExhibitDataset, number: int) -> ExhibitDataset:
    """Return what an archive's import is kept as."""
    return replace(archive, name=f"import-{number}")


def write(file: Path, archive: Path, first: int) -> None:
    """Import, save, train and remove, over and over."""
    with Store(file) as store:
        print("ready", flush=True)  # noqa: T201
        for number in itertools.count(first):
            store.save_dataset(imported(read_archive(archive), number))
            print("imported", number, flush=True)  # noqa: T201
            store.save_dataset(version(number), replacing=True)
            print("replaced", number, flush=True)  # noqa: T201
            keep_head(store, TRAINED, head(number))
            print("trained", number, flush=True)  # noqa: T201
            if number > first:
                store.remove_dataset(f"import-{number - 1}")
                print("removed", number - 1, flush=True)  # noqa: T201


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
