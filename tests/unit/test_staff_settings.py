"""The settings that staff step through on the screen, and the file they end in."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from kiosk.core.staff import STAFF_SETTINGS, StaffSetting, Value
from kiosk.device.durable import WriteError
from kiosk.errors import BadArgumentError
from kiosk.settings.files import load_settings, settings_at_start
from kiosk.settings.sections import Settings
from kiosk.settings.staff import save_staff_settings, value_of
from tests.unit.full_disk import fill, tiny_disk

BY_KEY = {setting.key: setting for setting in STAFF_SETTINGS}
NEVER_ON_THE_SCREEN = ("state_dir", "display.driver", "debug.hang_after_s", "gradients.threads")


@pytest.fixture(autouse=True)
def state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty state folder, and no settings file of the system's."""
    monkeypatch.setattr("kiosk.settings.files.SYSTEM_FILE", tmp_path / "none.toml")
    monkeypatch.delenv("KIOSK_SETTINGS", raising=False)
    monkeypatch.setenv("KIOSK_STATE", str(tmp_path))
    return tmp_path


class TestTable:
    @pytest.mark.parametrize("setting", STAFF_SETTINGS, ids=lambda setting: setting.key)
    def test_every_choice_is_a_good_setting(self, setting: StaffSetting) -> None:
        for choice in setting.choices:
            table: dict[str, Any] = {setting.section: {setting.name: choice}}
            assert value_of(setting, Settings.model_validate(table)) == choice

    @pytest.mark.parametrize("setting", STAFF_SETTINGS, ids=lambda setting: setting.key)
    def test_the_shipped_value_is_among_the_choices_which_are_in_order(self, setting: StaffSetting) -> None:
        assert value_of(setting, Settings()) in setting.choices
        if not isinstance(setting.choices[0], str):
            assert list(setting.choices) == sorted(setting.choices, key=float)

    def test_what_could_leave_a_black_screen_is_not_in_it(self) -> None:
        assert not BY_KEY.keys() & set(NEVER_ON_THE_SCREEN)


class TestStepping:
    @pytest.mark.parametrize(
        ("value", "by", "following"),
        [
            (10.0, 1, 15.0),
            (10.0, -1, 10.0),
            (30.0, 1, 30.0),
            (30.0, -1, 20.0),
            (17.0, 1, 20.0),
            (17.0, -1, 15.0),
            (99.0, 1, 30.0),
            (99.0, -1, 30.0),
            (1.0, -1, 10.0),
        ],
    )
    def test_goes_from_choice_to_choice_and_ends_at_either_end(
        self, value: Value, by: int, following: Value
    ) -> None:
        setting = StaffSetting("idle", "countdown_s", (10.0, 15.0, 20.0, 30.0))
        assert setting.stepped(value, by) == following

    def test_leads_from_a_word_written_by_hand_back_to_the_choices(self) -> None:
        camera = BY_KEY["camera.source"]
        assert camera.stepped("webcam:/dev/video2", 1) == "auto"
        assert camera.stepped("auto", 1) == "picam"


class TestSaving:
    def test_takes_effect_at_the_next_start(self, state_folder: Path) -> None:
        following = save_staff_settings(load_settings(), {"idle.quiet_s": 90.0, "camera.source": "webcam"})
        assert (following.idle.quiet_s, following.camera.source) == (90.0, "webcam")
        assert load_settings() == following
        assert [file.name for file in state_folder.iterdir()] == ["staff.toml"]

    def test_keeps_what_was_saved_or_written_before(self, state_folder: Path) -> None:
        by_hand = "[camera]\nsource = 'gstreamer:v4l2src device=\"/dev/video1\"'\n[gradients]\nthreads = 2\n"
        (state_folder / "staff.toml").write_text(by_hand, "utf-8")
        following = save_staff_settings(load_settings(), {"idle.quiet_s": 90.0})
        save_staff_settings(following, {"idle.quiet_s": 60.0, "idle.countdown_s": 10.0})
        assert tomllib.loads((state_folder / "staff.toml").read_text("utf-8")) == {
            "camera": {"source": 'gstreamer:v4l2src device="/dev/video1"'},
            "gradients": {"threads": 2},
            "idle": {"quiet_s": 60.0, "countdown_s": 10.0},
        }

    def test_puts_a_good_file_in_a_bad_ones_place(self, state_folder: Path) -> None:
        (state_folder / "staff.toml").write_text("idle.quite_s = 3", "utf-8")
        save_staff_settings(settings_at_start().settings, {"idle.quiet_s": 90.0})
        assert load_settings().idle.quiet_s == 90.0

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("idle.quiet_s", 41.5),
            ("idle.quiet_s", "40"),
            ("display.driver", "x11"),
            ("state_dir", "/"),
            ("xyzzy", 1),
        ],
    )
    def test_refuses_what_is_not_the_staffs_to_choose_and_writes_nothing(
        self, state_folder: Path, key: str, value: Value
    ) -> None:
        with pytest.raises(BadArgumentError, match=key):
            save_staff_settings(load_settings(), {"idle.countdown_s": 10.0, key: value})
        assert list(state_folder.iterdir()) == []

    def test_refuses_what_does_not_fit_the_other_settings(self, state_folder: Path) -> None:
        (state_folder / "none.toml").write_text("heat.slowest_at_c = 78", "utf-8")
        with pytest.raises(BadArgumentError, match="paced_from_c below slowest_at_c"):
            save_staff_settings(load_settings(), {"heat.paced_from_c": 80.0})
        assert not (state_folder / "staff.toml").exists()

    def test_on_a_full_disk_leaves_the_old_file_whole(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with tiny_disk(tmp_path / "disk", kilobytes=64) as disk:
            monkeypatch.setenv("KIOSK_STATE", str(disk))
            settings = save_staff_settings(load_settings(), {"idle.quiet_s": 90.0})
            before = (disk / "staff.toml").read_bytes()
            fill(disk)
            with pytest.raises(WriteError):
                save_staff_settings(settings, {"idle.quiet_s": 60.0})
            assert (disk / "staff.toml").read_bytes() == before
