"""Files are there whole or not at all: a full card or a pulled plug never leaves half of something."""

import errno
import os
import threading
import time
from pathlib import Path

import pytest

from kiosk.device.durable import ABANDONED_S, WriteError, replace_files, replace_link
from tests.unit.full_disk import contents, fill, tiny_disk

OLD = {"card.json": b"old card", "model.onnx": b"old model"}
NEW = {"card.json": b"new card" * 100, "model.onnx": b"new model" * 5000}


def refusal(folder: Path, files: dict[str, bytes]) -> str:
    with pytest.raises(WriteError) as caught:
        replace_files(folder, files)
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    assert str(folder) in message
    return message


def failing_sync(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """Let the disk be found full at the so-manieth sync."""
    calls = iter(range(1, 1000))

    def fsync(_: object) -> None:
        if next(calls) == at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", fsync)


class TestFiles:
    def test_are_written_to_a_folder_made_for_them(self, tmp_path: Path) -> None:
        paths = replace_files(tmp_path / "deep" / "er", NEW)
        assert paths == [tmp_path / "deep" / "er" / name for name in NEW]
        assert contents(tmp_path / "deep" / "er") == NEW

    def test_replace_those_of_their_names_and_leave_the_others(self, tmp_path: Path) -> None:
        replace_files(tmp_path, OLD | {"notes.txt": b"mine"})
        replace_files(tmp_path, NEW)
        assert contents(tmp_path) == NEW | {"notes.txt": b"mine"}

    def test_replace_even_one_that_may_not_be_written(self, tmp_path: Path) -> None:
        replace_files(tmp_path, OLD)
        (tmp_path / "card.json").chmod(0o444)
        replace_files(tmp_path, NEW)
        assert contents(tmp_path) == NEW

    @pytest.mark.parametrize("at", [1, 2])
    def test_stay_as_they_were_when_the_disk_is_found_full(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
    ) -> None:
        replace_files(tmp_path, OLD)
        failing_sync(monkeypatch, at)
        assert "No space left" in refusal(tmp_path, NEW)
        assert contents(tmp_path) == OLD

    def test_stay_as_they_were_on_a_really_full_disk(self, tmp_path: Path) -> None:
        with tiny_disk(tmp_path / "disk", kilobytes=32) as disk:
            replace_files(disk, OLD)
            assert "No space left" in refusal(disk, NEW)
            assert contents(disk) == OLD

    def test_fit_again_once_there_is_room(self, tmp_path: Path) -> None:
        with tiny_disk(tmp_path / "disk", kilobytes=64) as disk:
            fill(disk)
            refusal(disk, NEW)
            (disk / "ballast").unlink()
            replace_files(disk, NEW)
            assert contents(disk) == NEW

    def test_stay_as_they_were_when_a_folder_bears_one_of_their_names(self, tmp_path: Path) -> None:
        replace_files(tmp_path, {"card.json": b"old card"})
        (tmp_path / "model.onnx").mkdir()
        (tmp_path / "model.onnx" / "kept").write_bytes(b"")
        refusal(tmp_path, NEW)
        assert contents(tmp_path) == {"card.json": b"old card", "model.onnx/kept": b""}

    def test_are_refused_below_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"kept")
        refusal(tmp_path / "file", NEW)
        refusal(tmp_path / "file" / "deeper", NEW)
        assert contents(tmp_path) == {"file": b"kept"}

    def test_are_met_whole_by_whoever_reads_meanwhile(self, tmp_path: Path) -> None:
        versions = [bytes([number]) * 200_000 for number in range(30)]
        replace_files(tmp_path, {"model": versions[0]})
        met: set[bytes] = set()
        done = threading.Event()

        def read() -> None:
            while not done.is_set():
                met.add((tmp_path / "model").read_bytes())

        reader = threading.Thread(target=read)
        reader.start()
        for version in versions:
            replace_files(tmp_path, {"model": version})
        done.set()
        reader.join()
        assert met <= set(versions)

    def test_remove_what_a_power_cut_left_half_staged(self, tmp_path: Path) -> None:
        for name, age_s in ((".staging-old", 2 * ABANDONED_S), (".staging-young", 1.0)):
            (tmp_path / name).mkdir()
            (tmp_path / name / "model").write_bytes(b"half")
            os.utime(tmp_path / name, (time.time() - age_s,) * 2)
        replace_files(tmp_path, {"model": b"whole"})
        assert sorted(path.name for path in tmp_path.iterdir()) == [".staging-young", "model"]


class TestLink:
    def test_points_where_it_was_pointed_last(self, tmp_path: Path) -> None:
        for name in ("first", "second"):
            (tmp_path / name).mkdir()
            replace_link(tmp_path / "current", Path(name))
            assert (tmp_path / "current").readlink() == Path(name)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["current", "first", "second"]

    def test_is_never_missing_for_whoever_reads_meanwhile(self, tmp_path: Path) -> None:
        replace_link(tmp_path / "current", Path("0"))
        met: set[str] = set()
        done = threading.Event()

        def read() -> None:
            while not done.is_set():
                try:
                    met.add((tmp_path / "current").readlink().name)
                except OSError as error:
                    met.add(str(error))

        reader = threading.Thread(target=read)
        reader.start()
        for number in range(100):
            replace_link(tmp_path / "current", Path(str(number)))
        done.set()
        reader.join()
        assert met <= {str(number) for number in range(100)}

    def test_is_put_in_place_over_what_an_interrupted_run_left(self, tmp_path: Path) -> None:
        (tmp_path / f".current.{os.getpid()}").symlink_to("nowhere")
        replace_link(tmp_path / "current", Path("first"))
        assert [path.name for path in tmp_path.iterdir()] == ["current"]

    def test_that_cannot_be_replaced_is_a_plain_error_and_leaves_nothing_behind(self, tmp_path: Path) -> None:
        """`models/current` is a folder where a state folder was copied to a stick without its links."""
        (tmp_path / "current").mkdir()
        (tmp_path / "current" / "kept").write_bytes(b"")
        with pytest.raises(WriteError, match="current") as caught:
            replace_link(tmp_path / "current", Path("first"))
        assert len(str(caught.value).splitlines()) == 1
        assert [str(path.relative_to(tmp_path)) for path in sorted(tmp_path.rglob("*"))] == [
            "current",
            "current/kept",
        ]
