"""The exhibit's mark: that it runs, and what is kept of how it ended. A picture never is."""

import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from kiosk.device.running import (
    CRASH_FILE,
    forget_crash,
    is_running,
    last_crash,
    summary_of_error,
    summary_of_trace,
)
from kiosk.errors import CameraError, KioskError

AT = datetime(2026, 11, 24, 5, 41, tzinfo=UTC)
# In a process of its own: the fault handler of this one belongs to pytest.
RUN = """
import os, sys, time
from pathlib import Path
import numpy as np
from kiosk.errors import CameraError
from kiosk.device.running import Running

def go():
    exec(sys.argv[2])

with Running(Path(sys.argv[1])):
    print("runs", flush=True)
    go()
"""


def run(folder: Path, body: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", RUN, folder, body], capture_output=True, text=True, check=False, timeout=60
    )


def error_of(function: Callable[[], None]) -> Exception:
    with pytest.raises((KioskError, ValueError)) as caught:
        function()
    return caught.value


class TestTheMark:
    def test_is_there_while_it_runs_and_no_longer(self, tmp_path: Path) -> None:
        assert not is_running(tmp_path)
        with subprocess.Popen(
            [sys.executable, "-c", RUN, tmp_path, "sys.stdin.read()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "runs\n"
            assert is_running(tmp_path)
            assert is_running(tmp_path), "to ask leaves the mark"
            process.kill()
            process.wait()
            assert not is_running(tmp_path)
        assert last_crash(tmp_path) is None

    def test_of_a_good_end_leaves_no_crash(self, tmp_path: Path) -> None:
        assert run(tmp_path / "new", "pass").returncode == 0
        assert last_crash(tmp_path / "new") is None

    def test_that_cannot_be_made_keeps_nothing_from_opening(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way", "utf-8")
        done = run(tmp_path / "file" / "state", "pass")
        assert done.stdout == "runs\n"
        assert done.returncode == 0


class TestACrash:
    def test_is_kept_with_type_place_time_and_version(self, tmp_path: Path) -> None:
        done = run(tmp_path, "{}['key']")
        assert done.returncode == 1
        assert "KeyError" in done.stderr, "the error goes on to whoever started it"
        first, *places = (last_crash(tmp_path) or "").splitlines()
        assert first.startswith("KeyError in <string>:1 <module>, 20")
        assert " UTC, kiosk " in first
        assert len(places) == 3
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []

    def test_by_a_signal_is_told_after_the_next_start(self, tmp_path: Path) -> None:
        """The watchdog of systemd ends a hung exhibit with SIGABRT."""
        assert run(tmp_path, "os.abort()").returncode == -signal.SIGABRT
        assert last_crash(tmp_path) is None
        assert run(tmp_path, "pass").returncode == 0
        crash = last_crash(tmp_path) or ""
        assert crash.startswith("Fatal Python error: Aborted in File ")
        assert " in go" in crash
        forget_crash(tmp_path)
        assert run(tmp_path, "pass").returncode == 0
        assert last_crash(tmp_path) is None, "told once"

    @pytest.mark.parametrize("way", ["sys.exit(3)", "raise KeyboardInterrupt"])
    def test_is_not_an_end_on_purpose(self, tmp_path: Path, way: str) -> None:
        assert run(tmp_path, way).returncode != 0
        assert last_crash(tmp_path) is None

    def test_quotes_no_value_of_a_strangers_message(self) -> None:
        picture = np.full((8, 8, 3), 201, np.uint8)

        def fail() -> None:
            raise ValueError(f"cannot draw {picture}")

        summary = summary_of_error(error_of(fail), AT)
        assert "201" not in summary
        assert "cannot draw" not in summary
        assert summary.splitlines()[0].startswith("ValueError in test_running.py:")

    def test_quotes_our_own_errors(self) -> None:
        def fail() -> None:
            raise CameraError("camera: no frame for 2 s; check its cable")

        first = summary_of_error(error_of(fail), AT).splitlines()[0]
        assert "camera: no frame for 2 s; check its cable" in first
        assert "2026-11-24 05:41 UTC" in first

    def test_in_our_package_is_placed_from_the_package_on(self, tmp_path: Path) -> None:
        def fail() -> None:
            forget_crash(tmp_path / "\0")

        assert "  kiosk/device/running.py:" in summary_of_error(error_of(fail), AT)

    def test_can_be_forgotten_also_when_there_is_none(self, tmp_path: Path) -> None:
        (tmp_path / CRASH_FILE).write_text("KeyError in kiosk/app.py:70", "utf-8")
        assert last_crash(tmp_path)
        for _ in range(2):
            forget_crash(tmp_path)
        assert last_crash(tmp_path) is None


def test_a_trace_without_a_place_is_summed_up_all_the_same() -> None:
    assert summary_of_trace("Fatal Python error: Aborted\n\n", AT).startswith(
        "Fatal Python error: Aborted in an unknown place, before 2026-11-24 05:41 UTC"
    )
