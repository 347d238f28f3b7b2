"""What outlives a visit: kept whole, in order, on the disk, and in a file that a kiosk can always open."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from kiosk.errors import BadArgumentError
from kiosk.store import schema
from kiosk.store.database import Database
from kiosk.store.exhibit_dataset import DatasetError, DatasetLabel, ExhibitDataset, StoredExample, TrainedHead
from kiosk.store.faults import KEPT, Fault, add_fault
from kiosk.store.schema import MIGRATIONS, StoreDamagedError, StoreError
from kiosk.store.store import Store
from tests.unit.full_disk import tiny_disk
from tests.unit.kept_datasets import CREATED, facts, keep_head, noisy_picture, plain_picture, taught

SCHEMAS = Path(__file__).with_name("schemas")
NOW = datetime(2026, 7, 28, 9, 0, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "kiosk.sqlite"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    with Store(file, clock=lambda: NOW) as store:
        yield store


class TestDatasets:
    @pytest.mark.parametrize("embedded", [True, False])
    def test_are_what_they_were_when_they_are_read_again(self, file: Path, embedded: bool) -> None:
        dataset = taught(embedded=embedded)
        with Store(file) as store:
            store.save_dataset(dataset)
        with Store(file) as store:
            assert facts(store.dataset("shapes")) == facts(dataset)
            pixels = store.dataset("shapes").examples[5].picture()
        np.testing.assert_array_equal(pixels, plain_picture(5))

    def test_are_listed_by_name_with_their_labels_and_counts(self, store: Store) -> None:
        store.save_dataset(taught("shapes", labels=2, each=3))
        store.save_dataset(taught("Animals", embedded=False))
        first, second = store.dataset_summaries()
        assert (first.name, first.trained, first.backbone) == ("Animals", False, None)
        assert (second.name, second.trained, second.created_utc) == ("shapes", True, CREATED)
        assert second.labels == (
            (DatasetLabel("red cup", "icon-0"), 3),
            (DatasetLabel("Küche / 1", "icon-1"), 3),
        )

    def test_bear_names_that_case_and_accents_do_not_tell_apart(self, store: Store) -> None:
        store.save_dataset(taught("Küche"))
        with pytest.raises(DatasetError, match="there is an exhibit dataset of that name"):
            store.save_dataset(taught("ku\u0308che"))
        assert store.dataset("KÜCHE").name == "Küche"

    def test_of_a_taken_name_replace_nothing_unless_asked_to(self, store: Store) -> None:
        old, new = taught(), taught(each=2, embedded=False)
        store.save_dataset(old)
        with pytest.raises(DatasetError):
            store.save_dataset(new)
        assert facts(store.dataset("shapes")) == facts(old)
        store.save_dataset(new, replacing=True)
        assert facts(store.dataset("shapes")) == facts(new)

    def test_get_a_new_head_in_the_place_of_the_old_one(self, store: Store) -> None:
        store.save_dataset(taught(embedded=False))
        for version in (b"first", b"second"):
            keep_head(store, "shapes", TrainedHead(version, "{}"))
        assert store.dataset("shapes").head == TrainedHead(b"second", "{}")

    def test_that_are_not_there_are_named_with_those_that_are(self, store: Store) -> None:
        with pytest.raises(BadArgumentError, match="animals: no such exhibit dataset; there are: none yet"):
            store.dataset("animals")
        store.save_dataset(taught())
        asking: list[Callable[[], object]] = [
            lambda: store.dataset("animals"),
            lambda: store.remove_dataset("animals"),
        ]
        for ask in asking:
            with pytest.raises(BadArgumentError, match="there are: shapes"):
                ask()

    def test_are_gone_when_removed_and_the_others_stay(self, store: Store) -> None:
        store.save_dataset(taught("first"))
        store.save_dataset(taught("second"))
        store.remove_dataset("first")
        assert [kept.name for kept in store.dataset_summaries()] == ["second"]
        assert facts(store.dataset("second")) == facts(taught("second"))

    def test_leave_no_pixel_in_the_files_when_removed(self, store: Store, file: Path) -> None:
        """A staff member who removes pictures of people expects them to be gone."""
        dataset = taught(noisy=True, each=2)
        store.save_dataset(dataset)
        mark = dataset.examples[1].png[1000:1064]
        assert any(mark in part.read_bytes() for part in file.parent.iterdir())
        store.remove_dataset("shapes")
        assert not any(mark in part.read_bytes() for part in file.parent.iterdir())

    def test_with_another_models_embeddings_lose_their_head(self) -> None:
        dataset = taught().embedded("cd" * 32, lambda picture: picture[0, 0].astype(np.float32))
        assert (dataset.backbone, dataset.head) == ("cd" * 32, None)
        for number, example in enumerate(dataset.examples):
            np.testing.assert_array_equal(example.embedding, plain_picture(number)[0, 0])


def without_embedding(dataset: ExhibitDataset) -> ExhibitDataset:
    return replace(dataset, examples=(replace(dataset.examples[0], embedding=None), *dataset.examples[1:]))


def embedding_of(values: np.ndarray) -> Callable[[ExhibitDataset], ExhibitDataset]:
    return lambda dataset: replace(
        dataset, examples=(replace(dataset.examples[0], embedding=values), *dataset.examples[1:])
    )


def crowded(dataset: ExhibitDataset) -> ExhibitDataset:
    return replace(dataset, examples=(*dataset.examples, *[dataset.examples[0]] * 197))


UNFIT: dict[str, tuple[Callable[[ExhibitDataset], ExhibitDataset], str]] = {
    "one label": (lambda d: replace(d, labels=d.labels[:1]), "1 labels; a dataset has 2 to 8"),
    "nine labels": (lambda d: replace(d, labels=d.labels * 3), "9 labels"),
    "twins": (lambda d: replace(d, labels=(DatasetLabel("Red Cup", ""), *d.labels)), "same name"),
    "no name": (lambda d: replace(d, name=" "), "name is 1 to 64 printable letters"),
    "a name of two lines": (lambda d: replace(d, name="a\nb"), "printable"),
    "a long label": (lambda d: replace(d, labels=(DatasetLabel("x" * 65, ""), *d.labels[1:])), "1 to 64"),
    "no examples": (
        lambda d: replace(d, labels=(*d.labels, DatasetLabel("x", ""))),
        "label x has 0 examples",
    ),
    "201 examples": (crowded, "label red cup has 201 examples"),
    "an example of no label": (lambda d: replace(d, labels=d.labels[:2]), "of no label"),
    "a large picture": (
        lambda d: replace(d, examples=(*d.examples, StoredExample(0, 0, bytes(2**18)))),
        "more than 160 kB",
    ),
    "a missing embedding": (without_embedding, "all its examples"),
    "embeddings of no model": (lambda d: replace(d, backbone=None), "all its examples"),
    "a short embedding": (embedding_of(np.zeros(3, np.float32)), "one length"),
    "a double embedding": (embedding_of(np.zeros(16, np.float64)), "float32"),
    "an undefined embedding": (embedding_of(np.full(16, np.nan, np.float32)), "undefined"),
    "a large head": (lambda d: replace(d, head=TrainedHead(bytes(65 * 2**20), "{}")), "more than 64 MB"),
}


@pytest.mark.parametrize("case", sorted(UNFIT))
def test_an_unfit_dataset_is_refused_in_one_line_and_not_kept(store: Store, case: str) -> None:
    change, words = UNFIT[case]
    with pytest.raises(DatasetError, match=words) as caught:
        store.save_dataset(change(taught()))
    assert len(str(caught.value).splitlines()) == 1
    assert store.dataset_summaries() == ()


class TestCounts:
    def test_add_up_by_day_and_name(self, store: Store) -> None:
        store.count(TODAY, {"visits_started": 1, "presses": 4})
        store.count(TODAY, {"visits_started": 1, "fooled": 2})
        store.count(TODAY + timedelta(1), {"visits_started": 1})
        assert store.counts() == {
            TODAY: {"fooled": 2, "presses": 4, "visits_started": 2},
            TODAY + timedelta(1): {"visits_started": 1},
        }

    def test_of_some_days_can_be_asked_for(self, store: Store) -> None:
        for day in range(5):
            store.count(TODAY + timedelta(day), {"attacks": day + 1})
        asked = store.counts(TODAY + timedelta(1), TODAY + timedelta(2))
        assert [counted["attacks"] for counted in asked.values()] == [2, 3]

    def test_are_added_all_or_none(self, store: Store) -> None:
        unfit: dict[str, int] = {"presses": 1, "fooled": None}  # type: ignore[dict-item]
        with pytest.raises(sqlite3.IntegrityError):
            store.count(TODAY, unfit)
        assert store.counts() == {}

    def test_of_two_processes_are_both_there(self, store: Store, file: Path) -> None:
        with Store(file) as beside:
            for writer in (store, beside, store, beside):
                writer.count(TODAY, {"attacks": 1})
        assert store.counts() == {TODAY: {"attacks": 4}}


def add_faults(file: Path, *faults: Fault) -> None:
    """Note faults in a store's file, as the database notes that it was broken."""
    database = Database(file, clock=lambda: NOW)
    with database.writing() as connection:
        for fault in faults:
            add_fault(connection, fault)
    database.close()


class TestFaults:
    def test_are_read_the_newest_first(self, store: Store, file: Path) -> None:
        faults = [Fault(NOW + timedelta(seconds=at), "camera", f"fault {at}") for at in range(3)]
        add_faults(file, *faults)
        assert store.faults() == tuple(reversed(faults))

    def test_are_one_line_however_long_they_were(self, store: Store, file: Path) -> None:
        add_faults(file, Fault(NOW, "camera", "first\n  second\t" + "x" * 1000))
        (fault,) = store.faults()
        assert fault.line.startswith("first second xxx")
        assert len(fault.line) == 300

    def test_are_let_go_when_there_are_too_many(
        self, store: Store, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("kiosk.store.faults.KEPT", 20)
        add_faults(file, *(Fault(NOW, "camera", str(at)) for at in range(50)))
        assert [int(fault.line) for fault in store.faults()] == [*range(49, 29, -1)]
        assert KEPT >= 100


class TestThreads:
    def test_other_than_the_one_that_opened_it_are_refused(self, store: Store) -> None:
        raised: list[Exception] = []

        def count() -> None:
            try:
                store.count(TODAY, {"attacks": 1})
            except sqlite3.ProgrammingError as error:
                raised.append(error)

        thread = threading.Thread(target=count)
        thread.start()
        thread.join()
        assert len(raised) == 1
        assert store.counts() == {}


def released(version: int) -> str:
    """Return the tables of an earlier schema as they were written when it was released."""
    return (SCHEMAS / f"{version}.sql").read_text("utf-8")


def tables(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
    return [re.sub(r"\s+", " ", sql).strip() for (sql,) in rows]


class TestSchema:
    @pytest.mark.parametrize("version", range(len(MIGRATIONS) + 1))
    def test_of_every_earlier_version_is_brought_to_this_one(self, file: Path, version: int) -> None:
        file.parent.mkdir()
        old, new = sqlite3.connect(file), sqlite3.connect(":memory:")
        old.executescript(released(version))
        old.close()
        for statement in (statement for migration in MIGRATIONS for statement in migration):
            new.execute(statement)
        with Store(file) as store:
            rows = version > 0
            assert store.counts() == ({date(2026, 7, 1): {"attacks": 3}} if rows else {})
            assert [kept.name for kept in store.dataset_summaries()] == (["kept"] if rows else [])
            store.save_dataset(taught())
        brought = sqlite3.connect(file)
        assert tables(brought) == tables(new)
        assert brought.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        brought.close()
        new.close()

    def test_of_a_released_version_is_never_changed(self) -> None:
        """A device that has it would not get the change: add a migration, and its tables as schemas/N.sql."""
        for version in range(1, len(MIGRATIONS) + 1):
            kept, made = sqlite3.connect(":memory:"), sqlite3.connect(":memory:")
            kept.executescript(released(version))
            for statement in (statement for migration in MIGRATIONS[:version] for statement in migration):
                made.execute(statement)
            assert tables(made) == tables(kept)
            kept.close()
            made.close()

    def test_of_a_newer_kiosk_is_refused_and_left_as_it_is(self, file: Path) -> None:
        with Store(file) as store:
            store.save_dataset(taught())
        connection = sqlite3.connect(file)
        connection.execute("PRAGMA user_version = 99")
        connection.close()
        before = file.read_bytes()
        with pytest.raises(StoreError, match=r"kiosk\.sqlite: was written by a newer kiosk \(schema 99"):
            Store(file)
        assert file.read_bytes() == before

    def test_is_not_half_changed_by_a_migration_that_fails(
        self, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with Store(file) as store:
            store.count(TODAY, {"attacks": 1})
        failing = (*MIGRATIONS, ("CREATE TABLE half (id INTEGER)", "CREATE TABLE half (id INTEGER)"))
        monkeypatch.setattr(schema, "MIGRATIONS", failing)
        with pytest.raises(StoreError, match="half already exists"):
            Store(file)
        monkeypatch.undo()
        with Store(file) as store:
            assert store.counts() == {TODAY: {"attacks": 1}}


def garbage(file: Path) -> None:
    file.write_bytes(b"no database at all, but long enough to have a header's length " * 40)


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 3])


def zeroed_schema(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[100:4096] = bytes(3996)
    file.write_bytes(content)


def zeroed_counts(file: Path) -> None:
    connection = sqlite3.connect(file)
    (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'counts'").fetchone()
    connection.close()
    content = bytearray(file.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    file.write_bytes(content)


def open_files() -> list[str]:
    """Return the paths of the files that this process holds open."""
    return [str(path.readlink()) for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]


def broken_files(file: Path) -> list[str]:
    return sorted(path.name for path in file.parent.glob("*.broken-*"))


class TestBrokenFile:
    @pytest.mark.parametrize("damage", [garbage, cut_off, zeroed_schema, zeroed_counts])
    def test_is_moved_aside_with_a_fault_and_a_new_one_is_begun(
        self, file: Path, damage: Callable[[Path], None]
    ) -> None:
        with Store(file) as store:
            store.save_dataset(taught())
            store.count(TODAY, {"attacks": 1})
        damage(file)
        damaged = file.read_bytes()
        with Store(file, clock=lambda: NOW) as store:
            (fault,) = store.faults()
            assert (fault.at_utc, fault.kind) == (NOW, "store")
            assert "kiosk.sqlite.broken-20260728T090000Z" in fault.line
            assert store.dataset_summaries() == ()
            store.save_dataset(taught())
            store.count(TODAY, {"attacks": 1})
        assert broken_files(file) == ["kiosk.sqlite.broken-20260728T090000Z"]
        assert (file.parent / broken_files(file)[0]).read_bytes() == damaged
        with Store(file) as store:
            assert len(store.faults()) == 1
            assert facts(store.dataset("shapes")) == facts(taught())

    def test_found_broken_while_it_is_read_is_moved_aside_then(self, file: Path) -> None:
        """Pictures' pages are too many to be checked at every start."""
        with Store(file) as store:
            store.save_dataset(taught(noisy=True))
        content = bytearray(file.read_bytes())
        content[len(content) // 4 : 3 * len(content) // 4] = b"\xff" * (len(content) // 2)
        file.write_bytes(content)
        with Store(file, clock=lambda: NOW) as store:
            with pytest.raises(
                StoreDamagedError, match=r"kiosk\.sqlite: was broken .*import your exhibit datasets"
            ):
                store.dataset("shapes")
            assert [fault.kind for fault in store.faults()] == ["store"]
            assert not [held for held in open_files() if ".broken-" in held]
            store.count(TODAY, {"attacks": 1})
        assert len(broken_files(file)) == 1
        with Store(file) as store:
            assert store.counts() == {TODAY: {"attacks": 1}}

    def test_is_not_taken_from_under_another_process(self, file: Path) -> None:
        with Store(file) as store:
            store.save_dataset(taught())
            store.remove_dataset("shapes")  # which writes the log back into the file
            garbage(file)
            with pytest.raises(StoreError, match="another kiosk process has it open"):
                Store(file)
        assert broken_files(file) == []

    def test_goes_with_the_dataset_that_it_may_hold(self, file: Path) -> None:
        """Staff who remove pictures of people expect them to be gone, also from what was set aside."""
        dataset = taught(noisy=True, each=2)
        with Store(file) as store:
            store.save_dataset(dataset)
            store.copy_if_due()
        zeroed_schema(file)
        file.with_name(f"{file.name}-wal").write_bytes(dataset.examples[1].png)
        mark = dataset.examples[1].png[1000:1064]
        with Store(file, clock=lambda: NOW) as store:
            assert broken_files(file)
            assert any(mark in (file.parent / name).read_bytes() for name in broken_files(file))
            with pytest.raises(BadArgumentError):
                store.remove_dataset("animals")
            assert broken_files(file), "nothing was removed"
            assert set(store.remove_dataset("shapes")) >= {"kiosk.sqlite.broken-20260728T090000Z"}
            assert broken_files(file) == []
            assert not any(mark in part.read_bytes() for part in file.parent.iterdir())
            assert store.dataset_summaries() == ()

    def test_that_cannot_be_removed_keeps_the_dataset_and_is_named(self, file: Path) -> None:
        with Store(file) as store:
            store.save_dataset(taught())
            aside = file.with_name(f"{file.name}.broken-20260728T090000Z")
            (aside / "in the way").mkdir(parents=True)
            with pytest.raises(StoreError, match=r"broken-20260728T090000Z: .*remove it by hand"):
                store.remove_dataset("shapes")
            assert [kept.name for kept in store.dataset_summaries()] == ["shapes"]

    def test_is_kept_with_the_one_before_only(self, file: Path) -> None:
        for day in range(1, 6):
            file.parent.mkdir(exist_ok=True)
            garbage(file)
            Store(file, clock=lambda day=day: NOW.replace(day=day)).close()  # type: ignore[misc]
        assert broken_files(file) == [
            "kiosk.sqlite.broken-20260704T090000Z",
            "kiosk.sqlite.broken-20260705T090000Z",
        ]

    def test_that_is_empty_is_a_new_database(self, file: Path) -> None:
        file.parent.mkdir()
        file.touch()
        with Store(file) as store:
            assert store.faults() == ()


class TestDisk:
    def test_that_is_full_leaves_what_was_there(self, tmp_path: Path) -> None:
        with tiny_disk(tmp_path / "disk", kilobytes=1500) as disk, Store(disk / "kiosk.sqlite") as store:
            store.save_dataset(taught("small"))
            with pytest.raises(StoreError, match="full; free some space"):
                store.save_dataset(taught("large", each=8, noisy=True))
            assert [kept.name for kept in store.dataset_summaries()] == ["small"]
            assert facts(store.dataset("small")) == facts(taught("small"))
            store.count(TODAY, {"attacks": 1})

    def test_that_may_not_be_written_is_a_plain_error(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"kept")
        with pytest.raises(StoreError, match="check its folder"):
            Store(tmp_path / "file" / "kiosk.sqlite")

    @pytest.mark.parametrize("thing", ["folder", "pipe", "link to nothing"])
    def test_that_has_no_file_in_its_place_is_counted_on_all_the_same(self, file: Path, thing: str) -> None:
        file.parent.mkdir()
        match thing:
            case "folder":
                file.mkdir()
            case "pipe":
                os.mkfifo(file)
            case _:
                file.symlink_to(file.parent / "nothing" / "there")
        with Store(file) as store:
            store.count(TODAY, {"attacks": 1})
            assert store.counts() == {TODAY: {"attacks": 1}}
            assert "is no file" in store.faults()[0].line or "link to nothing" in store.faults()[0].line

    def test_is_synced_at_every_commit(self, file: Path) -> None:
        """SQLite's setting that a power cut takes nothing which was answered for."""
        if shutil.which("strace") is None:
            pytest.skip("strace is not installed")
        script = f"from pathlib import Path; from tests.unit.test_store import counted; counted(Path({str(file)!r}))"
        done = subprocess.run(
            ["strace", "-f", "-e", "trace=fsync,fdatasync,write", sys.executable, "-c", script],
            capture_output=True,
            text=True,
            check=True,
        )
        lines = done.stderr.splitlines()
        before, after = (
            next(at for at, line in enumerate(lines) if mark in line)
            for mark in ("before-count", "after-count")
        )
        assert any("sync(" in line for line in lines[before:after])


def counted(file: Path) -> None:
    """Count once, saying so before and after."""
    with Store(file) as store:
        sys.stdout.write("before-count\n")
        sys.stdout.flush()
        store.count(TODAY, {"attacks": 1})
        sys.stdout.write("after-count\n")
        sys.stdout.flush()


def test_a_large_dataset_leaves_no_large_log_behind(store: Store, file: Path) -> None:
    store.save_dataset(taught(each=20, noisy=True))
    store.count(TODAY, {"attacks": 1})
    log = file.with_name(file.name + "-wal")
    assert log.stat().st_size <= schema.JOURNAL_BYTES + 64 * 1024
    assert noisy_picture(3).shape == (224, 224, 3)
