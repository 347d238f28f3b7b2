"""What the state folder's database keeps: exhibit datasets, counts and faults."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from kiosk.errors import BadArgumentError
from kiosk.store.copies import copied_at, remove_from_copies
from kiosk.store.counters import Counts, add_counts, counter_in
from kiosk.store.database import Database
from kiosk.store.exhibit_dataset import (
    DatasetError,
    DatasetLabel,
    ExhibitDataset,
    StoredExample,
    TrainedHead,
    check_dataset,
    name_key,
    utc_now,
)
from kiosk.store.faults import Fault, read_faults, time_in
from kiosk.vision.arrays import Floats

STORED_FLOAT = np.dtype("<f4")


@dataclass(frozen=True, slots=True)
class Counted:
    """The counters of each day, and how many rows are damaged and left out."""

    days: Counts
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class DatasetSummary:
    """An exhibit dataset without its pictures: each label with its number of examples."""

    name: str
    created_utc: datetime
    labels: tuple[tuple[DatasetLabel, int], ...]
    backbone: str | None
    trained: bool


class Store:
    """Owns the state folder's database.

    A store belongs to the thread that opened it and refuses every other one. In the exhibit that thread is the one
    writer, and may wait for the disk: each change is one transaction, synced before it returns. A command beside a
    running exhibit opens a store of its own; SQLite lets one of the two write at a time.

    A file found broken, at opening or later, is moved aside with a fault, and the newest sound copy, or a new one, is
    in its place. A damaged row is left out, with a fault; what SQLite raises is never raised here for damage.
    """

    def __init__(self, path: Path, *, clock: Callable[[], datetime] = utc_now) -> None:
        """Open the database in a file, made if need be; raises StoreError, also for a newer kiosk's file."""
        self._database = Database(path, clock)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ---- exhibit datasets

    def save_dataset(self, dataset: ExhibitDataset, *, replacing: bool = False) -> None:
        """Keep a dataset whole; raises DatasetError where it is unfit, or its name taken and not to be replaced."""
        check_dataset(dataset)
        with self._database.writing() as connection:
            if replacing:
                _delete(connection, dataset.name)
            _refuse_taken(connection, dataset.name)
            _insert(connection, dataset)

    def refuse_taken(self, name: str) -> None:
        """Raise DatasetError for a name that an exhibit dataset bears: before a long import, not after it."""
        with self._database.reading() as connection:
            _refuse_taken(connection, name)

    def dataset(self, name: str) -> ExhibitDataset:
        """Return a kept dataset; raises BadArgumentError naming those there are."""
        with self._database.reading() as connection:
            number, shown, created_utc, backbone, head_npz, head_settings = _known_row(connection, name)
            labels = connection.execute(
                "SELECT name, icon FROM labels WHERE dataset = ? ORDER BY position", (number,)
            ).fetchall()
            rows = connection.execute(
                "SELECT label, burst, png, embedding FROM examples WHERE dataset = ? ORDER BY id", (number,)
            ).fetchall()
        examples = tuple(example for row in rows if (example := _example(row)) is not None)
        if len(examples) < len(rows):
            self.note(f"{shown}: {len(rows) - len(examples)} damaged examples are left out")
        return ExhibitDataset(
            str(shown),
            time_in(created_utc),
            tuple(DatasetLabel(str(label), str(icon)) for label, icon in labels),
            examples,
            backbone if isinstance(backbone, str) else None,
            _head(head_npz, head_settings),
        )

    def dataset_summaries(self) -> tuple[DatasetSummary, ...]:
        """Return what is kept, in the order of the names."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id, name, created_utc, backbone, head_npz IS NOT NULL FROM exhibit_datasets"
                " ORDER BY name_key"
            ).fetchall()
            return tuple(
                DatasetSummary(
                    name,
                    time_in(created_utc),
                    _counted_labels(connection, number),
                    backbone,
                    bool(trained),
                )
                for number, name, created_utc, backbone, trained in rows
            )

    def remove_dataset(self, name: str) -> tuple[str, ...]:
        """Return which files set aside as broken went with a dataset: it is removed, its pictures are overwritten.

        What lies in a broken file cannot be told apart, so that it goes as a whole. Raises BadArgumentError naming
        the datasets there are, and StoreError where such a file stays: then nothing is removed.
        """
        with self._database.writing() as connection:
            _known_row(connection, name)
            set_aside = self._database.remove_set_aside()
            _delete(connection, name)
        self._database.empty_log()
        remove_from_copies(self._database.path, name_key(name))
        return set_aside

    # ---- counts and faults

    def count(self, day: date, increments: Mapping[str, int]) -> None:
        """Add to the named counters of a day, all or none: once a visit, say, what happened in it."""
        self.count_days({day: increments})

    def count_days(self, increments: Mapping[date, Mapping[str, int]]) -> None:
        """Add to the named counters of some days, all or none."""
        with self._database.writing() as connection:
            add_counts(connection, increments)

    def counts(self, first: date = date.min, last: date = date.max) -> Counts:
        """Return the counters of each day, from first to last, on which anything was counted."""
        return self.counted(first, last).days

    def counted(self, first: date = date.min, last: date = date.max) -> Counted:
        """Return the same, and how many rows are damaged: they are left out, and staff are told."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT day, name, count FROM counts").fetchall()
        days: Counts = {}
        left_out = 0
        for row in sorted(rows, key=str):
            counter = counter_in(*row)
            if counter is None:
                left_out += 1
            elif first <= counter[0] <= last:
                day, name, count = counter
                counters = days.setdefault(day, {})
                counters[name] = counters.get(name, 0) + count
        if left_out:
            self._database.note(f"{left_out} damaged rows of counts are left out")
        return Counted(days, left_out)

    def note(self, line: str) -> None:
        """Note a fault for staff, unless the same one is kept already."""
        self._database.note(line)

    def copy_if_due(self) -> bool:
        """Return whether the week's copy of everything was made now; raises StoreError."""
        return self._database.copy_if_due()

    def copied_at(self) -> datetime | None:
        """Return when everything was last copied, None where it never was."""
        return copied_at(self._database.path)

    def faults(self) -> tuple[Fault, ...]:
        """Return the faults that are kept, the newest first."""
        with self._database.reading() as connection:
            return read_faults(connection)


_Row = tuple[int, str, str, str | None, bytes | None, str]


def _row(connection: sqlite3.Connection, name: str) -> _Row | None:
    row: _Row | None = connection.execute(
        "SELECT id, name, created_utc, backbone, head_npz, head_settings FROM exhibit_datasets WHERE name_key = ?",
        (name_key(name),),
    ).fetchone()
    return row


def _known_row(connection: sqlite3.Connection, name: str) -> _Row:
    row = _row(connection, name)
    if row is None:
        kept = connection.execute("SELECT name FROM exhibit_datasets ORDER BY name_key").fetchall()
        names = ", ".join(shown for (shown,) in kept) or "none yet"
        raise BadArgumentError(f"{name}: no such exhibit dataset; there are: {names}")
    return row


def _refuse_taken(connection: sqlite3.Connection, name: str) -> None:
    if _row(connection, name) is not None:
        raise DatasetError(f"{name}: there is an exhibit dataset of that name; give another with --name")


def _delete(connection: sqlite3.Connection, name: str) -> None:
    connection.execute("DELETE FROM exhibit_datasets WHERE name_key = ?", (name_key(name),))


def _insert(connection: sqlite3.Connection, dataset: ExhibitDataset) -> None:
    head = dataset.head
    number = connection.execute(
        "INSERT INTO exhibit_datasets (name, name_key, created_utc, backbone, head_npz, head_settings)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            dataset.name,
            name_key(dataset.name),
            dataset.created_utc.isoformat(),
            dataset.backbone,
            None if head is None else head.npz,
            None if head is None else head.settings,
        ),
    ).lastrowid
    connection.executemany(
        "INSERT INTO labels VALUES (?, ?, ?, ?)",
        ((number, position, label.name, label.icon) for position, label in enumerate(dataset.labels)),
    )
    connection.executemany(
        "INSERT INTO examples (dataset, label, burst, png, embedding) VALUES (?, ?, ?, ?, ?)",
        (
            (number, example.label, example.burst, example.png, _packed(example.embedding))
            for example in dataset.examples
        ),
    )


def _counted_labels(connection: sqlite3.Connection, dataset: int) -> tuple[tuple[DatasetLabel, int], ...]:
    rows = connection.execute(
        "SELECT name, icon, (SELECT count(*) FROM examples AS e"
        " WHERE e.dataset = labels.dataset AND e.label = labels.position)"
        " FROM labels WHERE dataset = ? ORDER BY position",
        (dataset,),
    ).fetchall()
    return tuple((DatasetLabel(name, icon), count) for name, icon, count in rows)


def _head(npz: object, settings: object) -> TrainedHead | None:
    """Return a head as it was kept, None where there is none or it is damaged: it can be trained again."""
    if isinstance(npz, bytes) and isinstance(settings, str):
        return TrainedHead(npz, settings)
    return None


def _example(row: tuple[Any, ...]) -> StoredExample | None:
    """Return a row of the examples, None for one that is damaged; damaged pixels show when they are unpacked."""
    label, burst, png, raw = row
    whole = isinstance(label, int) and isinstance(burst, int) and isinstance(png, bytes)
    if not whole or not isinstance(raw, bytes | None) or len(raw or b"") % STORED_FLOAT.itemsize:
        return None
    return StoredExample(label, burst, png, _unpacked(raw))


def _packed(embedding: Floats | None) -> bytes | None:
    return None if embedding is None else embedding.astype(STORED_FLOAT).tobytes()


def _unpacked(raw: bytes | None) -> Floats | None:
    return None if raw is None else np.frombuffer(raw, STORED_FLOAT).astype(np.float32)
