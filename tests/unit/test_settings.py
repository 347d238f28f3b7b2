"""What staff may set: a slip of the pen is refused in one line that names the key and what it takes."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.camera.choose import check_spec
from kiosk.errors import BadArgumentError
from kiosk.settings.files import load_settings, settings_at_start
from kiosk.settings.sections import ClassifierSettings, GradientSettings, Settings


@pytest.fixture(autouse=True)
def system_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's settings file, not there yet, and no variables of whoever runs the tests."""
    file = tmp_path / "system.toml"
    monkeypatch.setattr("kiosk.settings.files.SYSTEM_FILE", file)
    for variable in ("KIOSK_GRADIENTS", "KIOSK_SETTINGS", "KIOSK_STATE", "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("KIOSK_STATE", str(tmp_path / "state"))
    return file


@pytest.fixture
def staff_file(tmp_path: Path) -> Path:
    """The staff's settings file in the state folder, not there yet."""
    folder = tmp_path / "state"
    folder.mkdir()
    return folder / "staff.toml"


def written(folder: Path, text: str, name: str = "kiosk.toml") -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def refusal(file: Path) -> str:
    with pytest.raises(BadArgumentError) as caught:
        load_settings(file)
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    assert message.startswith(f"{file}: ")
    return message


class TestValues:
    def test_of_a_file_are_taken_and_the_rest_keeps_its_defaults(self, tmp_path: Path) -> None:
        top, gradients = 'state_dir = "/data/kiosk"', "[gradients]\nthreads = 3\njob_deadline_s = 7.5"
        settings = load_settings(written(tmp_path, f"{top}\n{gradients}\n[classifier]\nspinning = true"))
        assert settings.state_dir == Path("/data/kiosk")
        assert settings.gradients.threads == 3
        assert settings.gradients.job_deadline_s == 7.5
        assert settings.gradients.niceness == Settings().gradients.niceness
        assert settings.classifier.spinning

    def test_of_an_empty_file_are_the_defaults(self, tmp_path: Path) -> None:
        assert load_settings(written(tmp_path, "")) == Settings()

    def test_cannot_be_changed_later(self) -> None:
        with pytest.raises(ValueError, match="frozen"):
            setattr(Settings().gradients, "threads", 9)  # noqa: B010 - mypy knows that it is frozen

    @pytest.mark.parametrize(
        ("cores", "gradients", "classifier"),
        [(None, 1, 1), (1, 1, 1), (2, 1, 1), (3, 1, 1), (4, 2, 1), (6, 2, 2), (32, 2, 2)],
    )
    def test_threads_default_to_a_budget_of_the_cores(
        self, monkeypatch: pytest.MonkeyPatch, cores: int | None, gradients: int, classifier: int
    ) -> None:
        monkeypatch.setattr("os.cpu_count", lambda: cores)
        settings = load_settings()
        assert (settings.gradients.threads, settings.classifier.threads) == (gradients, classifier)

    def test_idle_threads_do_not_spin_unless_asked_to(self) -> None:
        assert not Settings().classifier.spinning


class TestRefusing:
    @pytest.mark.parametrize(
        ("text", "key", "meant"),
        [
            ('state_dri = "/data"', "state_dri", "state_dir"),
            ("[gradient]\nthreads = 1", "gradient", "gradients"),
            ("[gradients]\nthread = 1", "gradients.thread", "threads"),
            ("[gradients]\njob_deadline = 3", "gradients.job_deadline", "job_deadline_s"),
            ("[classifier]\nspining = true", "classifier.spining", "spinning"),
        ],
    )
    def test_an_unknown_key_is_named_with_the_one_that_was_meant(
        self, tmp_path: Path, text: str, key: str, meant: str
    ) -> None:
        assert f"unknown key {key}; did you mean {meant}?" in refusal(written(tmp_path, text))

    @pytest.mark.parametrize(
        ("text", "section"), [("xyzzy = 1", Settings), ("[classifier]\nxyzzy = 1", ClassifierSettings)]
    )
    def test_an_unknown_key_like_no_other_is_answered_with_those_there_are(
        self, tmp_path: Path, text: str, section: type[Settings | ClassifierSettings]
    ) -> None:
        message = refusal(written(tmp_path, text))
        assert "xyzzy" in message
        assert ", ".join(sorted(section.model_fields)) in message

    @pytest.mark.parametrize(
        ("text", "key", "limit"),
        [
            ("[gradients]\nthreads = 0", "gradients.threads", "1"),
            ("[gradients]\nthreads = 99", "gradients.threads", "16"),
            ("[classifier]\nthreads = 17", "classifier.threads", "16"),
            ("[gradients]\nniceness = -5", "gradients.niceness", "0"),
            ("[gradients]\nniceness = 20", "gradients.niceness", "19"),
            ("[gradients]\njob_deadline_s = 0", "gradients.job_deadline_s", "0"),
            ("[gradients]\njob_deadline_s = inf", "gradients.job_deadline_s", "3600"),
            ("[gradients]\njob_deadline_s = nan", "gradients.job_deadline_s", ""),
            ("[gradients]\nlongest_back_off_s = 1e9", "gradients.longest_back_off_s", "3600"),
            ("[idle]\nquiet_s = 5", "idle.quiet_s", "10"),
            ("[idle]\ncountdown_s = 600", "idle.countdown_s", "120"),
            ("[heat]\npaced_from_c = 20", "heat.paced_from_c", "40"),
            ("[heat]\npaced_from_c = 90", "heat", "paced_from_c below slowest_at_c"),
            ("[teaching]\nattacked_copies = 5", "teaching.attacked_copies", "4"),
            ("[teaching]\nattacked_copies_budget_255 = 9", "teaching.attacked_copies_budget_255", "8"),
            ("[debug]\nhang_after_s = 0", "debug.hang_after_s", "0"),
            ('[camera]\nsource = "picamm"', "camera.source", "auto, picam, webcam"),
            ('[camera]\nsource = "pictures:"', "camera.source", "pictures:DIR"),
        ],
    )
    def test_a_value_out_of_range_is_refused_with_its_key_and_limit(
        self, tmp_path: Path, text: str, key: str, limit: str
    ) -> None:
        message = refusal(written(tmp_path, text))
        assert f"{key}: " in message
        assert limit in message

    @pytest.mark.parametrize(
        ("text", "key"),
        [
            ('[gradients]\nthreads = "many"', "gradients.threads"),
            ("[gradients]\nthreads = 1.5", "gradients.threads"),
            ("[gradients]\nthreads = [1]", "gradients.threads"),
            ("[classifier]\nspinning = 7", "classifier.spinning"),
            ("state_dir = 3", "state_dir"),
            ("gradients = 3", "gradients"),
            ("[[classifier]]\nthreads = 1", "classifier"),
        ],
    )
    def test_a_value_of_another_kind_is_refused_with_its_key(
        self, tmp_path: Path, text: str, key: str
    ) -> None:
        message = refusal(written(tmp_path, text))
        assert f"{key}: " in message
        assert "Settings" not in message, "a person does not know our classes"

    @pytest.mark.parametrize("text", ["threads = ", "[gradients", "threads: 3", "a = 1\na = 2"])
    def test_what_is_no_toml_is_refused_with_the_place(self, tmp_path: Path, text: str) -> None:
        message = refusal(written(tmp_path, text))
        assert "TOML" in message
        assert "(at " in message

    def test_bytes_that_are_no_text_are_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "kiosk.toml"
        file.write_bytes(b"\xff\xfe\x00t")
        assert "save it as UTF-8" in refusal(file)

    def test_a_named_file_that_is_not_there_is_refused(self, tmp_path: Path) -> None:
        assert "No such file" in refusal(tmp_path / "nowhere.toml")

    def test_a_folder_is_refused(self, tmp_path: Path) -> None:
        assert "directory" in refusal(tmp_path)

    @pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
    def test_a_file_that_may_not_be_read_is_refused(self, tmp_path: Path) -> None:
        file = written(tmp_path, "")
        file.chmod(0)
        assert "Permission" in refusal(file)

    def test_a_bad_system_file_is_not_passed_over(self, system_file: Path) -> None:
        system_file.write_text("xyzzy = 1", "utf-8")
        with pytest.raises(BadArgumentError, match="xyzzy"):
            load_settings()


class TestPrecedence:
    def test_of_files_is_the_named_one_then_the_variables_then_the_systems(
        self, tmp_path: Path, system_file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def threads(file: Path | None = None) -> int:
            return load_settings(file).gradients.threads

        system_file.write_text("[gradients]\nthreads = 11", "utf-8")
        by_variable = written(tmp_path, "[gradients]\nthreads = 12", "variable.toml")
        named = written(tmp_path, "[gradients]\nthreads = 13", "named.toml")
        assert threads() == 11
        monkeypatch.setenv("KIOSK_SETTINGS", str(by_variable))
        assert threads() == 12
        assert threads(named) == 13
        monkeypatch.setenv("KIOSK_SETTINGS", "")
        assert threads() == 11

    def test_a_file_the_variable_names_must_be_there(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("KIOSK_SETTINGS", str(tmp_path / "nowhere.toml"))
        with pytest.raises(BadArgumentError, match=r"nowhere\.toml"):
            load_settings()

    def test_of_the_gradient_process_are_the_variable_then_the_setting_then_one_of_our_own(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert Settings().gradient_socket() is None
        settings = Settings(gradients=GradientSettings(socket=Path("/run/set")))
        assert settings.gradient_socket() == Path("/run/set")
        monkeypatch.setenv("KIOSK_GRADIENTS", "/run/kiosk/gradients")
        assert settings.gradient_socket() == Path("/run/kiosk/gradients")
        monkeypatch.setenv("KIOSK_GRADIENTS", "")
        assert settings.gradient_socket() == Path("/run/set")

    def test_of_the_state_folder_is_the_variable_then_the_setting_then_the_users(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
        monkeypatch.delenv("KIOSK_STATE")
        assert Settings().state_folder() == tmp_path / "kiosk"
        settings = Settings(state_dir=Path("/data/kiosk"))
        assert settings.state_folder() == Path("/data/kiosk")
        monkeypatch.setenv("KIOSK_STATE", "/elsewhere")
        assert settings.state_folder() == Path("/elsewhere")
        monkeypatch.setenv("KIOSK_STATE", "")
        assert settings.state_folder() == Path("/data/kiosk")


class TestTheStaffsFile:
    def test_is_laid_over_the_other_key_by_key(self, system_file: Path, staff_file: Path) -> None:
        system_file.write_text("[idle]\nquiet_s = 50\ncountdown_s = 30\n[display]\ndriver = 'x11'", "utf-8")
        staff_file.write_text("[idle]\nquiet_s = 90", "utf-8")
        settings = load_settings()
        assert (settings.idle.quiet_s, settings.idle.countdown_s) == (90, 30)
        assert settings.display.driver == "x11"

    def test_is_that_of_the_state_folder_the_other_names(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("KIOSK_STATE")
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        (elsewhere / "staff.toml").write_text("idle.quiet_s = 77", "utf-8")
        settings = load_settings(written(tmp_path, f'state_dir = "{elsewhere}"'))
        assert settings.idle.quiet_s == 77
        assert settings.state_folder() == elsewhere

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("idle.quite_s = 50", "did you mean quiet_s?"),
            ("idle.quiet_s = 1", "idle.quiet_s"),
            ('state_dir = "/data"', "within the state folder"),
            ("idle = ", "TOML"),
        ],
    )
    def test_that_is_bad_is_named_and_refused(self, staff_file: Path, text: str, said: str) -> None:
        staff_file.write_text(text, "utf-8")
        with pytest.raises(BadArgumentError, match=r"staff\.toml") as caught:
            load_settings()
        assert said in str(caught.value)

    def test_may_not_make_a_sound_pair_of_limits_a_wrong_one(
        self, system_file: Path, staff_file: Path
    ) -> None:
        system_file.write_text("[heat]\nslowest_at_c = 78", "utf-8")
        staff_file.write_text("[heat]\npaced_from_c = 80", "utf-8")
        with pytest.raises(BadArgumentError, match=r"staff\.toml: heat: "):
            load_settings()


class TestAtTheExhibitsStart:
    def test_good_files_are_taken_without_complaint(self, system_file: Path) -> None:
        system_file.write_text("idle.quiet_s = 50", "utf-8")
        read = settings_at_start()
        assert (read.settings.idle.quiet_s, read.complaints) == (50, ())

    @pytest.mark.parametrize("text", ["idle.quite_s = 50", "idle = ", "\0", "[display]\ndiagonal_inch = 1"])
    def test_a_bad_file_means_the_shipped_settings_and_a_line_for_staff(
        self, system_file: Path, text: str
    ) -> None:
        system_file.write_text(text, "utf-8")
        read = settings_at_start()
        assert read.settings == Settings()
        assert len(read.complaints) == 1
        assert str(system_file) in read.complaints[0]

    def test_each_bad_file_is_left_out_alone(self, system_file: Path, staff_file: Path) -> None:
        system_file.write_text("idle.quiet_s = 50", "utf-8")
        staff_file.write_text("idle.countdown_s = 1", "utf-8")
        read = settings_at_start()
        assert (read.settings.idle.quiet_s, read.settings.idle.countdown_s) == (50, 20)
        system_file.write_text("xyzzy = 1", "utf-8")
        staff_file.write_text("idle.countdown_s = 10", "utf-8")
        read = settings_at_start()
        assert (read.settings.idle.quiet_s, read.settings.idle.countdown_s) == (40, 10)
        staff_file.write_text("xyzzy = 1", "utf-8")
        assert len(settings_at_start().complaints) == 2

    def test_a_named_file_that_is_not_there_is_complained_of(self, tmp_path: Path) -> None:
        read = settings_at_start(tmp_path / "nowhere.toml")
        assert read.settings == Settings()
        assert "nowhere.toml" in read.complaints[0]


@pytest.mark.parametrize(
    "spec",
    [
        *("", "auto", "auto:1", "picam", "picam:0", "webcam", "webcam:", "webcam:/dev/video2", "webcams:1"),
        *("gstreamer", "gstreamer:v4l2src ! x", "pictures", "pictures:", "pictures:/a b", "camera", "AUTO"),
    ],
)
def test_settings_and_the_camera_agree_on_what_names_one(spec: str) -> None:
    def accepted(check: Callable[[], object]) -> bool:
        try:
            check()
        except ValueError:
            return False
        return True

    by_settings = accepted(lambda: Settings.model_validate({"camera": {"source": spec}}))
    assert by_settings == accepted(lambda: check_spec(spec))
