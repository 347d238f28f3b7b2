"""The database is damaged, taken away or out of reach: counting goes on, and staff are told what was lost."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.core.health import Level
from kiosk.store.copies import copies
from kiosk.store.finding import look_at_store
from kiosk.store.schema import StoreDamagedError, StoreError
from kiosk.store.store import Store
from tests.unit.full_disk import fill, tiny_disk
from tests.unit.kept_datasets import facts, taught

NOW = datetime(2026, 7, 28, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
VISIT = {"visits": 1}


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "kiosk.sqlite"


@pytest.fixture
def store(file: Path, clock: Clock) -> Iterator[Store]:
    with Store(file, clock=clock) as store:
        yield store


def garble(file: Path, old: bytes, new: bytes) -> None:
    """Change bytes in a file as a worn card does."""
    content = file.read_bytes()
    assert old in content
    file.write_bytes(content.replace(old, new))


class TestRow:
    def test_that_is_nonsense_is_left_out_and_told_once(self, file: Path) -> None:
        with Store(file) as store:
            for day in range(1, 10):
                store.count(date(2026, 1, day), VISIT)
        garble(file, b"2026-01-03", b"2026-0\0\0\0\0")
        with Store(file) as store:
            counted = store.counted()
            assert counted.left_out == 1
            assert len(counted.days) == 8
            store.counted()
            (fault,) = store.faults()
            assert "1 damaged rows of counts are left out" in fault.line
            store.count(TODAY, VISIT)
            assert store.counts()[TODAY] == VISIT

    def test_of_a_dataset_takes_only_itself_along(self, file: Path) -> None:
        with Store(file) as store:
            store.save_dataset(taught("Pets"))
        connection = sqlite3.connect(file)
        connection.execute("UPDATE exhibit_datasets SET created_utc = 'yesterday'")
        connection.execute("UPDATE examples SET embedding = x'0001' WHERE id = 1")
        connection.commit()
        connection.close()
        with Store(file) as store:
            assert [kept.name for kept in store.dataset_summaries()] == ["Pets"]
            assert len(store.dataset("Pets").examples) == len(taught("Pets").examples) - 1
            assert "Pets: 1 damaged examples are left out" in store.faults()[0].line


class TestFile:
    def test_that_nobody_could_read_is_moved_aside_and_told(self, file: Path, shared: Path) -> None:
        damaged = shared / "inputs" / "state" / "kiosk_unreadable.sqlite"
        if not damaged.is_file():
            pytest.skip("no damaged inputs beside the checkout")
        file.parent.mkdir()
        shutil.copyfile(damaged, file)
        found = look_at_store(file, NOW)
        with Store(file, clock=lambda: NOW) as store:
            store.count(TODAY, VISIT)
            assert store.counts()[TODAY] == VISIT
            assert "was broken" in store.faults()[0].line
        assert found.level is Level.WARNING
        assert "was broken" in found.found
        assert len([*file.parent.glob("kiosk.sqlite.broken-*")]) == 1

    def test_with_a_garbled_day_shows_all_other_days(self, file: Path, shared: Path) -> None:
        damaged = shared / "inputs" / "state" / "kiosk_garbled_day.sqlite"
        if not damaged.is_file():
            pytest.skip("no damaged inputs beside the checkout")
        file.parent.mkdir()
        shutil.copyfile(damaged, file)
        with Store(file, clock=lambda: NOW) as store:
            counted = store.counted()
            assert (counted.left_out, sum(map(len, counted.days.values()))) == (1, 59)
            assert "damaged rows of counts are left out" in store.faults()[0].line
            store.count(TODAY, VISIT)
        assert not [*file.parent.glob("*.broken-*")]

    def test_whose_tables_are_others_is_moved_aside(self, file: Path) -> None:
        with Store(file) as store:
            store.count(TODAY, VISIT)
        connection = sqlite3.connect(file)
        connection.execute("ALTER TABLE counts RENAME TO others")
        connection.close()
        with Store(file) as store:
            store.count(TODAY, VISIT)
            assert "its tables are not those of a kiosk" in store.faults()[0].line

    @pytest.mark.parametrize("how", ["removed", "replaced", "moved away"])
    def test_that_was_taken_away_meanwhile_is_missed(self, store: Store, file: Path, how: str) -> None:
        store.count(TODAY, {"visits": 5})
        if how == "replaced":
            other = file.with_name("other.sqlite")
            with Store(other) as beside:
                beside.count(TODAY, {"visits": 30})
            other.replace(file)
        elif how == "removed":
            file.unlink()
        else:
            file.replace(file.with_name("elsewhere.sqlite"))
        store.count(TODAY, VISIT)
        assert store.counts() == {TODAY: {"visits": 31 if how == "replaced" else 1}}
        assert "was removed or replaced" in store.faults()[0].line
        with Store(file) as again:
            assert again.counts() == {TODAY: {"visits": 31 if how == "replaced" else 1}}

    def test_that_is_gone_or_empty_at_the_start_is_told(self, file: Path) -> None:
        Store(file).close()
        file.unlink()
        with Store(file) as store:
            assert "was gone" in store.faults()[0].line
        file.write_bytes(b"")
        with Store(file) as store:
            assert "it was empty" in store.faults()[0].line


class TestDisk:
    def test_that_fails_once_ends_nothing(self, store: Store, file: Path) -> None:
        """One error of the disk used to be "cannot operate on a closed database" for ever after."""
        store.count(TODAY, VISIT)
        database = store._database

        class FailedError(sqlite3.OperationalError):
            sqlite_errorcode = sqlite3.SQLITE_IOERR | (1 << 8)

        for fail in (database.reading, database.writing):
            with pytest.raises(StoreError, match="check the disk"), fail():
                raise FailedError("disk I/O error")
            store.count(TODAY, VISIT)
        assert store.counts() == {TODAY: {"visits": 3}}
        assert not [*file.parent.glob("*.broken-*")]

    def test_that_cannot_take_the_broken_file_away_is_asked_again(self, file: Path) -> None:
        """Another process has it open: the next visit finds that one gone."""
        with Store(file) as store:
            store.count(TODAY, VISIT)
            with Store(file) as beside:
                with pytest.raises(StoreError, match="another kiosk process"), store._database.reading():
                    raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "damaged")
                beside.close()
                beside._database._lock = os.open(os.devnull, os.O_RDONLY)
            store.count(TODAY, VISIT)
            assert store.counts()[TODAY]["visits"] == 2

    def test_that_is_full_is_told_and_counted_on_when_there_is_room(self, tmp_path: Path) -> None:
        with tiny_disk(tmp_path / "disk", kilobytes=600) as disk, Store(disk / "kiosk.sqlite") as store:
            store.count(TODAY, VISIT)
            fill(disk)
            waiting = {TODAY: {f"{number:0>60000}": 1 for number in range(20)}}
            with pytest.raises(StoreError, match="free some space"):
                store.count_days(waiting)
            (disk / "ballast").unlink()
            store.count(TODAY, VISIT)
            assert store.counts() == {TODAY: {"visits": 2}}


class TestCopies:
    def test_are_made_once_a_week_and_two_are_kept(self, store: Store, file: Path, clock: Clock) -> None:
        made = []
        for day in range(30):
            clock.now = NOW + timedelta(days=day)
            store.count(clock.now.date(), VISIT)
            if store.copy_if_due():
                made.append(day)
        assert made == [0, 7, 14, 21, 28]
        newest, before = copies(file)
        assert [_visits(copy) for copy in (newest, before)] == [29, 22]

    def test_are_made_again_after_a_clock_that_was_ahead(self, store: Store, clock: Clock) -> None:
        clock.now = NOW + timedelta(days=4000)
        assert store.copy_if_due()
        clock.now = NOW
        assert store.copy_if_due()
        assert not store.copy_if_due()

    def test_take_the_place_of_a_broken_file(self, file: Path, clock: Clock) -> None:
        with Store(file, clock=clock) as store:
            store.save_dataset(taught("Pets"))
            store.count(TODAY, {"visits": 7})
            store.copy_if_due()
            store.count(TODAY, {"visits": 1})
        file.write_bytes(b"\xff" * 40_000)
        with Store(file, clock=clock) as store:
            assert store.counts() == {TODAY: {"visits": 7}}
            assert facts(store.dataset("Pets")) == facts(taught("Pets"))
            assert "what was kept by 28 July 2026 is back" in store.faults()[0].line

    def test_and_what_can_be_read_of_the_broken_counts_are_kept(self, file: Path, clock: Clock) -> None:
        """A picture's page is damaged: no visit that was counted since the copy is lost."""
        with Store(file, clock=clock) as store:
            store.save_dataset(taught("Pets", each=8, noisy=True))
            store.count(TODAY, {"visits": 7})
            store.copy_if_due()
            store.count(TODAY, {"visits": 2})
        content = bytearray(file.read_bytes())
        content[len(content) // 3 : len(content) // 2] = b"\xff" * (len(content) // 2 - len(content) // 3)
        file.write_bytes(content)
        with Store(file, clock=clock) as store:
            with pytest.raises(StoreDamagedError, match=r"of its counts \(1 days\) is kept"):
                store.dataset("Pets")
            assert store.counts() == {TODAY: {"visits": 9}}
            assert facts(store.dataset("Pets")) == facts(taught("Pets", each=8, noisy=True))

    def test_that_are_broken_too_are_passed_over(self, file: Path, clock: Clock) -> None:
        with Store(file, clock=clock) as store:
            for week in range(2):
                clock.now = NOW + timedelta(days=7 * week)
                store.count(clock.now.date(), VISIT)
                assert store.copy_if_due()
        for broken in (file, copies(file)[0]):
            broken.write_bytes(b"\xff" * 40_000)
        with Store(file, clock=clock) as store:
            assert store.counts() == {TODAY: VISIT}

    def test_take_no_damage_along(self, store: Store, file: Path, clock: Clock) -> None:
        store.save_dataset(taught("Pets", each=8, noisy=True))
        assert store.copy_if_due()
        clock.now = NOW + timedelta(days=8)
        store._database.empty_log()
        with file.open("r+b") as content:
            content.seek(file.stat().st_size // 2)
            content.write(b"\xff" * 40_000)
        with Store(file, clock=clock) as beside, pytest.raises(StoreError):
            beside.copy_if_due()
        assert _visits(copies(file)[0]) == 0

    def test_hold_no_dataset_that_was_removed(self, store: Store, file: Path) -> None:
        """Staff who remove pictures of people expect them to be gone."""
        dataset = taught("Pets", each=2, noisy=True)
        store.save_dataset(dataset)
        store.count(TODAY, VISIT)
        store.copy_if_due()
        shutil.copyfile(copies(file)[0], file.with_name(f"{file.name}.copy-unfinished"))  # by a power cut
        store.remove_dataset("Pets")
        mark = dataset.examples[1].png[1000:1064]
        assert not any(mark in part.read_bytes() for part in file.parent.iterdir())
        assert _visits(copies(file)[0]) == 1

    def test_are_not_made_where_there_is_no_room(
        self, store: Store, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("kiosk.store.copies.SPARE_BYTES", 2**60)
        with pytest.raises(StoreError, match="no room for a copy"):
            store.copy_if_due()
        assert copies(file) == ()
        store.count(TODAY, VISIT)


def _visits(copy: Path) -> int:
    connection = sqlite3.connect(copy)
    (total,) = connection.execute(
        "SELECT coalesce(sum(count), 0) FROM counts WHERE name = 'visits'"
    ).fetchone()
    connection.close()
    return int(total)


class TestFinding:
    def test_of_nothing_makes_nothing(self, file: Path) -> None:
        assert look_at_store(file, NOW).level is Level.UNKNOWN
        assert not file.exists()

    def test_tells_days_datasets_and_the_copy(self, file: Path, clock: Clock) -> None:
        with Store(file, clock=clock) as store:
            store.count(TODAY, VISIT)
            store.copy_if_due()
        found = look_at_store(file, NOW)
        assert (found.level, found.found) == (Level.OK, "1 days, 0 datasets")
        assert found.advice == "copied on 28 July 2026"

    def test_tells_a_fault_for_two_weeks(self, file: Path) -> None:
        file.parent.mkdir()
        file.write_bytes(b"\xff" * 4096)
        Store(file, clock=lambda: NOW).close()
        assert look_at_store(file, NOW + timedelta(days=13)).level is Level.WARNING
        assert look_at_store(file, NOW + timedelta(days=15)).level is Level.OK

    def test_of_a_store_out_of_reach_lets_the_exhibit_open(self, file: Path) -> None:
        with Store(file, clock=lambda: NOW):
            file.write_bytes(b"\xff" * 4096)
            found = look_at_store(file, NOW)
        assert found.level is Level.WARNING
        assert "another kiosk process has it open" in found.found
