"""The installed self-test: a line for every part, and exit 0 only where the exhibit can open."""

import fcntl
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kiosk.commands import check
from kiosk.device.running import CRASH_FILE, MARK_FILE
from kiosk.device.state_folder import StateFolder
from kiosk.vision.picture import picture_files
from tests.e2e.exhibit_driver import Display
from tests.e2e.own_state import copy_of

RunKiosk = Callable[..., subprocess.CompletedProcess[str]]
Found = Callable[..., dict[str, dict[str, Any]]]
PARTS = {
    *("settings", "model", "recorded attack", "gradient process", "attack", "camera", "display"),
    *(
        "touch and buttons",
        "state folder",
        "records",
        "temperature",
        "power",
        "disk",
        "root",
        "clock",
    ),
    "last crash",
}


@pytest.fixture
def own_state(state: StateFolder, tmp_path: Path) -> StateFolder:
    """A state folder to damage."""
    return copy_of(state, tmp_path / "state")


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A state folder without a model: the rest is quickly tested."""
    (tmp_path / "empty").mkdir()
    return tmp_path / "empty"


def findings(printed: str, status: int, expected: int) -> dict[str, dict[str, Any]]:
    """The parts found, by name; the exit status is what they make it."""
    assert status == expected, printed
    told = json.loads(printed)
    assert told["can_open"] == (status == 0)
    found = {finding["what"]: finding for finding in told["findings"]}
    assert (status == 0) == all(finding["level"] != "failed" for finding in found.values())
    return found


def settings_of(folder: Path, text: str) -> Path:
    file = folder / "kiosk.toml"
    file.write_text(text, "utf-8")
    return file


def on(display: Display) -> dict[str, str]:
    return {"DISPLAY": display.name, "SDL_VIDEODRIVER": "x11"}


def test_a_board_with_everything_but_a_camera_can_open(
    run_kiosk: RunKiosk, display: Display, state: StateFolder
) -> None:
    done = run_kiosk("check", "--json", **on(display))
    assert done.stderr == ""
    found = findings(done.stdout, done.returncode, 0)
    assert found.keys() == PARTS
    assert "efficientnet_lite0" in found["model"]["found"]
    assert found["gradient process"]["level"] == found["attack"]["level"] == "ok"
    assert "espresso to flamingo in" in found["attack"]["found"]
    assert found["display"]["found"] == "x11 opens a window"
    assert found["state folder"]["found"] == str(state.path)


def test_a_processor_without_gradients_still_opens_with_the_recorded_attack(
    run_kiosk: RunKiosk, display: Display, state: StateFolder, own_state: StateFolder, tmp_path: Path
) -> None:
    (tmp_path / "torch.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGILL)\n", "utf-8")
    path = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))
    environment = on(display) | {"PYTHONPATH": path, "KIOSK_STATE": str(own_state.path)}
    done = run_kiosk("check", "--json", **environment)
    found = findings(done.stdout, done.returncode, 0)
    assert found["gradient process"]["level"] == "warning"
    assert "SIGILL" in found["gradient process"]["found"]
    assert "recorded attack" in found["gradient process"]["advice"]
    assert "attack" not in found
    own_state.stock.unlink()
    own_state.stock.mkdir()
    for file in picture_files(state.stock):  # without the film
        (own_state.stock / file.name).symlink_to(file)
    done = run_kiosk("check", "--json", **environment)
    found = findings(done.stdout, done.returncode, 1)
    assert found["recorded attack"]["level"] == "warning"
    assert found["gradient process"]["level"] == "failed"


def test_without_model_and_display_the_table_says_what_to_do(run_kiosk: RunKiosk, empty: Path) -> None:
    done = run_kiosk("check", KIOSK_STATE=str(empty), SDL_VIDEODRIVER="dummy", COLUMNS="200")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    [model] = [line for line in lines if line.split()[:2] == ["failed", "model"]]
    assert "kiosk model build efficientnet_lite0" in done.stdout
    assert "no model in use" in model
    assert [line for line in lines if line.split()[:2] == ["failed", "display"]]
    assert lines[-1] == "The exhibit cannot open."


class TestQuickly:
    """In this process, without a display: what there is to say of one part."""

    @pytest.fixture(autouse=True)
    def environment(self, empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A state folder without a model, and no settings of whoever runs the tests."""
        monkeypatch.setenv("KIOSK_STATE", str(empty))
        monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
        monkeypatch.delenv("KIOSK_SETTINGS", raising=False)

    @pytest.fixture
    def found(self, capsys: pytest.CaptureFixture[str]) -> Found:
        """The findings of a self-test, none of which can succeed without a display."""

        def found(settings: Path | None = None) -> dict[str, dict[str, Any]]:
            status = check.run(settings, as_json=True)
            return findings(capsys.readouterr().out, status, 1)

        return found

    def test_a_bad_settings_file_fails_and_the_rest_is_tested_all_the_same(
        self, found: Found, tmp_path: Path
    ) -> None:
        file = settings_of(tmp_path, "[camera]\nsauce = 1")
        parts = found(file)
        assert parts["settings"]["level"] == "failed"
        assert f"{file}: unknown key camera.sauce; did you mean source?" in parts["settings"]["found"]
        assert parts["camera"]["level"] == "warning"

    def test_a_damaged_model_fails_by_its_digest(
        self, found: Found, own_state: StateFolder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("KIOSK_STATE", str(own_state.path))
        with (own_state.model(None) / "classifier.onnx").open("ab") as file:
            file.write(b"x")
        parts = found()
        assert parts["model"]["level"] == "failed"
        assert "SHA-256 differs" in parts["model"]["found"]
        assert parts["gradient process"]["found"] == "not tested without a model"

    def test_a_camera_in_use_by_the_running_exhibit_counts_as_good(
        self, found: Found, empty: Path, tmp_path: Path
    ) -> None:
        file = settings_of(tmp_path, '[camera]\nsource = "webcam:/dev/nowhere"')
        camera = found(file)["camera"]
        assert camera["level"] == "warning", "no exhibit runs"
        assert "/dev/nowhere" in camera["found"]
        with (empty / MARK_FILE).open("wb") as mark:
            fcntl.flock(mark, fcntl.LOCK_SH)  # as a running exhibit does
            camera = found(file)["camera"]
            assert (camera["level"], camera["found"]) == ("ok", "in use by the running exhibit")

    def test_an_exhibit_that_crashed_is_told_of(self, found: Found, run_kiosk: RunKiosk, empty: Path) -> None:
        crashed = run_kiosk("--window", "800x480", KIOSK_STATE=str(empty))
        assert crashed.returncode == 1
        crash = found()["last crash"]
        assert crash["level"] == "warning"
        assert crash["found"].startswith("DisplayUnavailableError: only the display driver 'dummy' opens")
        (empty / CRASH_FILE).unlink()
        assert found()["last crash"]["level"] == "ok"
