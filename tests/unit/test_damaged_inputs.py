"""Issue 6, must show 5: the files of settings and state that once fell give what is right for each."""

from pathlib import Path

import pytest

from kiosk.attack.film import FILM_FILE, load_film
from kiosk.device.staff_pin import PIN_FILE, PinFileError, StaffPin
from kiosk.gradients.protocol import Incoming, ProtocolError, Request
from kiosk.settings.files import ReadSettings, settings_at_start
from kiosk.store.archive import read_archive
from kiosk.store.exhibit_dataset import DatasetError
from kiosk.vision.head import HeadError, load_head


@pytest.fixture
def inputs(shared: Path) -> Path:
    if not (shared / "inputs").is_dir():
        pytest.skip("no damaged inputs beside the checkout")
    return shared / "inputs"


def read(file: Path, monkeypatch: pytest.MonkeyPatch, folder: Path) -> ReadSettings:
    monkeypatch.setenv("KIOSK_STATE", str(folder))
    return settings_at_start(file)


class TestSettings:
    def test_with_a_mark_before_them_are_read(
        self, inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found = read(inputs / "settings" / "bom.toml", monkeypatch, tmp_path)
        assert found.complaints == ()
        assert found.settings.display.diagonal_inch == 7.0

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("utf16.toml", "save it as UTF-8"),
            ("smartquotes.toml", "line 2 has typographic quotes “”; type straight ones"),
            ("deep_brackets.toml", "nested too deeply"),
        ],
    )
    def test_that_cannot_be_used_are_left_out_and_told(
        self, inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, words: str
    ) -> None:
        (complaint,) = read(inputs / "settings" / name, monkeypatch, tmp_path).complaints
        assert words in complaint
        assert len(complaint.splitlines()) == 1


class TestState:
    def test_a_pin_with_a_hash_that_is_none_is_told(self, inputs: Path, tmp_path: Path) -> None:
        damaged = (inputs / "state" / "staff-pin_foreign_hash.json").read_bytes()
        (tmp_path / PIN_FILE).write_bytes(damaged)
        with pytest.raises(PinFileError, match="the PIN cannot be read"):
            StaffPin(tmp_path)

    def test_a_film_with_a_bad_byte_is_shot_anew(self, inputs: Path, tmp_path: Path) -> None:
        (tmp_path / FILM_FILE).write_bytes((inputs / "state" / "film_bad_byte.json").read_bytes())
        assert load_film(tmp_path, "ab" * 32) is None

    def test_a_damaged_head_is_refused_in_one_line(self, inputs: Path) -> None:
        with pytest.raises(HeadError, match="is no head of this kiosk, or damaged") as caught:
            load_head(inputs / "state" / "head_damaged.npz", "ab" * 32, 1280)
        assert len(str(caught.value).splitlines()) == 1

    def test_a_message_that_is_no_text_closes_the_connection(self, inputs: Path) -> None:
        with pytest.raises(ProtocolError, match="a message that cannot be read"):
            list(Incoming(Request).feed((inputs / "state" / "message_not_utf8.bin").read_bytes()))


def test_a_dataset_of_the_year_one_is_refused_in_one_line(inputs: Path) -> None:
    with pytest.raises(DatasetError, match="its date is before all dates") as caught:
        read_archive(inputs / "archives" / "year_one.zip")
    assert len(str(caught.value).splitlines()) == 1
