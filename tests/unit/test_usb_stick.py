"""Sticks as Linux says they are mounted, the table of counts, and the sign."""

import csv
import io
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kiosk.device.closed_signs import SIGN_FILE, is_closed, mark_closed
from kiosk.device.durable import WriteError
from kiosk.device.health import Places
from kiosk.device.usb_stick import NoStickError, export_counts, mounted_sticks
from tests.unit.full_disk import contents, fill, tiny_disk

COUNTS = {
    date(2026, 7, 28): {"visits": 38, "screen Live": 40},
    date(2026, 7, 27): {"visits": 12},
}
NOW = datetime(2026, 7, 28, 14, 5, 9, tzinfo=UTC)


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
    proc.mkdir(exist_ok=True)
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

    def test_a_stick_that_can_only_be_read_is_passed_over(self, tmp_path: Path, stick: Path) -> None:
        with tiny_disk(tmp_path / "ntfs", 64) as disk:
            subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
            assert export_counts((disk, stick), COUNTS, NOW).parent == stick
            with pytest.raises(NoStickError, match="can only be read"):
                export_counts((disk,), COUNTS, NOW)


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
