"""Sticks as Linux says they are mounted, the table of counts, and updates asked for across the seam."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kiosk.core.staff import UpdateFacts, UpdateStage
from kiosk.device.durable import WriteError
from kiosk.device.health import Places
from kiosk.device.repair_sign import SIGN_FILE, is_closed, mark_closed
from kiosk.device.stick_update import INTERRUPTED, NoUpdateError, ask_for_update, update_facts
from kiosk.device.usb_stick import NoStickError, export_counts, mounted_sticks
from tests.unit.full_disk import contents, fill, tiny_disk

COUNTS = {
    date(2026, 7, 28): {"visits": 38, "screen Live": 40},
    date(2026, 7, 27): {"visits": 12},
}
NOW = datetime(2026, 7, 28, 14, 5, 9, tzinfo=UTC)
BOOT = "d0f8ddd1-0000-4000-8000-000000000001"


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    folder.mkdir()
    return folder


@pytest.fixture
def stick(media: Path) -> Path:
    folder = media / "sda1"
    folder.mkdir()
    return folder


def places(tmp_path: Path, *mounted: Path) -> Places:
    """A /proc in which those folders are mounted, beside what every system has."""
    proc = tmp_path / "proc"
    (proc / "sys/kernel/random").mkdir(parents=True, exist_ok=True)
    (proc / "sys/kernel/random/boot_id").write_text(f"{BOOT}\n", "ascii")
    rows = ["/dev/root / ext4 rw 0 0", "tmpfs /media tmpfs rw 0 0"]
    rows += [
        f"/dev/sda1 {folder} vfat rw,nosuid 0 0".replace("my stick", "my\\040stick") for folder in mounted
    ]
    (proc / "mounts").write_text("\n".join(rows), "ascii")
    return Places(proc=proc)


class TestSticks:
    def test_a_folder_is_no_stick_until_something_is_mounted_there(
        self, tmp_path: Path, media: Path, stick: Path
    ) -> None:
        assert mounted_sticks(media, places(tmp_path)) == ()
        assert mounted_sticks(media, places(tmp_path, stick)) == (stick,)

    def test_the_one_put_in_last_comes_first_and_names_may_have_spaces(
        self, tmp_path: Path, media: Path, stick: Path
    ) -> None:
        spaced = media / "pi" / "my stick"
        assert mounted_sticks(media, places(tmp_path, stick, spaced)) == (spaced, stick)

    def test_the_folder_itself_is_none(self, tmp_path: Path, media: Path) -> None:
        assert mounted_sticks(media, places(tmp_path, media)) == ()


class TestExport:
    def test_all_counts_are_a_table_that_a_spreadsheet_reads(self, stick: Path) -> None:
        file = export_counts((stick,), COUNTS, NOW)
        assert file == stick / "kiosk-counts-20260728-140509.csv"
        rows = list(csv.reader(io.StringIO(file.read_text("utf-8"))))
        assert rows == [
            ["day", "name", "count"],
            ["2026-07-27", "visits", "12"],
            ["2026-07-28", "screen Live", "40"],
            ["2026-07-28", "visits", "38"],
        ]
        assert [path.name for path in stick.iterdir()] == [file.name], "nothing half-written beside it"

    def test_without_a_stick_it_is_asked_for(self) -> None:
        with pytest.raises(NoStickError, match=r"There is no USB stick\. Put one in"):
            export_counts((), COUNTS, NOW)

    def test_a_full_stick_is_left_as_it_was(self, tmp_path: Path) -> None:
        with tiny_disk(tmp_path / "full", 64) as disk:
            (disk / "holiday.jpg").write_bytes(b"a picture")
            fill(disk)
            before = contents(disk)
            with pytest.raises(WriteError, match=r"nothing was written|cannot be written"):
                export_counts((disk,), COUNTS, NOW)
            assert contents(disk) == before


class TestUpdate:
    def test_only_archives_by_our_name_are_offered_and_of_several_the_last(
        self, tmp_path: Path, stick: Path
    ) -> None:
        for name in (
            "kiosk-update-0.1.0-aa.tar",
            "kiosk-update-0.2.0-bb.tar",
            "kiosk-update-.tar.gz",
            "holiday.tar",
        ):
            (stick / name).write_bytes(b"")
        (stick / "kiosk-update-0.9.0-cc.tar").mkdir()
        assert update_facts(tmp_path, (stick,), places(tmp_path)) == UpdateFacts("0.2.0-bb")

    def test_a_stick_that_was_pulled_out_offers_none(self, tmp_path: Path, media: Path) -> None:
        assert update_facts(tmp_path, (media / "gone",), places(tmp_path)) == UpdateFacts()

    def test_what_is_asked_for_is_the_archives_path(self, tmp_path: Path, stick: Path) -> None:
        archive = stick / "kiosk-update-0.2.0-bb.tar"
        archive.write_bytes(b"")
        ask_for_update(tmp_path, (stick,))
        assert (tmp_path / "update" / "asked").read_text("utf-8") == f"{archive}\n"
        assert update_facts(tmp_path, (stick,), places(tmp_path)).stage is UpdateStage.ASKED

    def test_nothing_is_asked_for_where_nothing_is(self, tmp_path: Path, stick: Path) -> None:
        with pytest.raises(NoUpdateError):
            ask_for_update(tmp_path, (stick,))
        assert not (tmp_path / "update").exists()

    @pytest.mark.parametrize("stage", [UpdateStage.RUNNING, UpdateStage.DONE, UpdateStage.FAILED])
    def test_the_result_is_told_as_it_stands_there(self, tmp_path: Path, stage: UpdateStage) -> None:
        result(tmp_path, f"{stage.value}\nIt says so.\n{BOOT}\n")
        assert update_facts(tmp_path, (), places(tmp_path)) == UpdateFacts("", stage, "It says so.")

    def test_one_that_ran_when_the_plug_was_pulled_runs_no_more(self, tmp_path: Path) -> None:
        result(tmp_path, "running\nIt is installed.\nanother start\n")
        assert update_facts(tmp_path, (), places(tmp_path)) == UpdateFacts(
            "", UpdateStage.FAILED, INTERRUPTED
        )

    @pytest.mark.parametrize("text", ["", "\n", "nonsense\nline\n", "\udcff"])
    def test_a_result_that_makes_no_sense_is_none(self, tmp_path: Path, text: str) -> None:
        result(tmp_path, text)
        assert update_facts(tmp_path, (), places(tmp_path)) == UpdateFacts()


def result(state: Path, text: str) -> None:
    (state / "update").mkdir()
    (state / "update" / "result").write_bytes(text.encode("utf-8", "surrogateescape"))


class TestSign:
    def test_hangs_until_it_is_taken_down(self, tmp_path: Path) -> None:
        assert not is_closed(tmp_path)
        mark_closed(tmp_path, True)
        mark_closed(tmp_path, True)
        assert is_closed(tmp_path)
        mark_closed(tmp_path, False)
        mark_closed(tmp_path, False)
        assert not is_closed(tmp_path)

    def test_hangs_in_a_folder_that_was_not_there(self, tmp_path: Path) -> None:
        mark_closed(tmp_path / "state", True)
        assert is_closed(tmp_path / "state")

    def test_one_that_cannot_be_taken_down_is_told(self, tmp_path: Path) -> None:
        (tmp_path / SIGN_FILE).mkdir()
        with pytest.raises(WriteError, match="cannot be removed"):
            mark_closed(tmp_path, False)
