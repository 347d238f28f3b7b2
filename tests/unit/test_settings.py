"""What staff may set: a slip of the pen is refused in one line that names the key and what it takes."""

import os
from pathlib import Path

import pytest

from kiosk.errors import BadArgumentError
from kiosk.settings import ClassifierSettings, GradientSettings, Settings, load_settings


@pytest.fixture(autouse=True)
def system_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's settings file, not there yet, and no variables of whoever runs the tests."""
    file = tmp_path / "system.toml"
    monkeypatch.setattr("kiosk.settings.SYSTEM_FILE", file)
    for variable in ("KIOSK_GRADIENTS", "KIOSK_SETTINGS", "KIOSK_STATE", "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    return file


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
        assert "TOML" in refusal(file)

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
        assert Settings().state_folder() == tmp_path / "kiosk"
        settings = Settings(state_dir=Path("/data/kiosk"))
        assert settings.state_folder() == Path("/data/kiosk")
        monkeypatch.setenv("KIOSK_STATE", "/elsewhere")
        assert settings.state_folder() == Path("/elsewhere")
        monkeypatch.setenv("KIOSK_STATE", "")
        assert settings.state_folder() == Path("/data/kiosk")
