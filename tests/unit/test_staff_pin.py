"""The staff's PIN: no default, kept as a hash, slow to guess, also over restarts and pulled plugs."""

import stat
from pathlib import Path

import pytest

from kiosk.core.staff import is_pin
from kiosk.device.durable import WriteError
from kiosk.device.pin_keeper import RootPinKeeper
from kiosk.device.root_service import Answer, RootService
from kiosk.device.staff_pin import (
    FREE_TRIES,
    LONGEST_WAIT_S,
    PIN_FILE,
    PinFileError,
    StaffPin,
    wait_after,
    wait_left_s,
)
from kiosk.errors import BadArgumentError

PIN, WRONG = "48152", "48153"


class Clocks:
    """Time as a test wants it: the date, which may be set, and the clock that only goes on."""

    def __init__(self) -> None:
        self.date_s, self.run_s = 1.7e9, 50.0

    def time(self) -> float:
        return self.date_s

    def monotonic(self) -> float:
        return self.run_s

    def pass_by(self, seconds: float) -> None:
        self.date_s += seconds
        self.run_s += seconds


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    clocks = Clocks()
    monkeypatch.setattr("kiosk.device.staff_pin.time", clocks)
    monkeypatch.setattr("kiosk.device.staff_pin.SCRYPT_N", 2)  # the tests are about counting
    return clocks


@pytest.fixture
def pin(tmp_path: Path, clocks: Clocks) -> StaffPin:
    """One that was chosen."""
    del clocks
    pin = StaffPin(tmp_path)
    pin.choose(PIN)
    return pin


def guess(pin: StaffPin, times: int) -> None:
    for _ in range(times):
        assert not pin.attempt(WRONG).right


def test_there_is_none_before_one_is_chosen(tmp_path: Path, clocks: Clocks) -> None:
    del clocks
    pin = StaffPin(tmp_path)
    assert not pin.chosen
    for guess in ("0000", "1234", ""):
        assert not pin.attempt(guess).right


@pytest.mark.parametrize("digits", ["1234", "12345678", "0000"])
def test_four_to_eight_digits_are_one(digits: str) -> None:
    assert is_pin(digits)


@pytest.mark.parametrize("digits", ["", "123", "123456789", "12a4", "-123", "12 34", "１２３４", "²³²³"])
def test_anything_else_is_not(digits: str, tmp_path: Path) -> None:
    assert not is_pin(digits)
    with pytest.raises(BadArgumentError, match="4 to 8 digits"):
        StaffPin(tmp_path).choose(digits)
    assert list(tmp_path.iterdir()) == []


def test_the_right_one_opens_also_after_a_restart(pin: StaffPin, tmp_path: Path) -> None:
    assert pin.attempt(PIN).right
    again = StaffPin(tmp_path)
    assert again.chosen
    assert again.attempt(PIN).right
    assert not again.attempt(WRONG).right


def test_only_its_owner_may_read_the_file_and_it_does_not_hold_the_pin(pin: StaffPin, tmp_path: Path) -> None:
    assert pin.chosen
    file = tmp_path / PIN_FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert PIN not in file.read_text("utf-8")


def test_two_kiosks_with_one_pin_have_different_hashes(tmp_path: Path, clocks: Clocks) -> None:
    del clocks
    for name in ("a", "b"):
        StaffPin(tmp_path / name).choose(PIN)
    assert (tmp_path / "a" / PIN_FILE).read_bytes() != (tmp_path / "b" / PIN_FILE).read_bytes()


def test_a_new_one_takes_the_old_ones_place(pin: StaffPin, tmp_path: Path) -> None:
    pin.choose(WRONG)
    assert not pin.attempt(PIN).right
    assert StaffPin(tmp_path).attempt(WRONG).right


class TestWaits:
    def test_come_after_the_free_tries_and_double_up_to_the_longest(self) -> None:
        waits = [wait_after(tries) for tries in range(40)]
        assert waits[:FREE_TRIES] == [0.0] * FREE_TRIES
        assert waits[FREE_TRIES : FREE_TRIES + 3] == [10.0, 20.0, 40.0]
        assert waits == sorted(waits)
        assert waits[-1] == LONGEST_WAIT_S

    @pytest.mark.parametrize(
        ("since_s", "left_s"), [(0, 40), (15, 25), (40, 0), (1e9, 0), (-5, 40), (-1e9, 40)]
    )
    def test_get_shorter_with_time_and_never_longer_with_a_clock_set_back(
        self, since_s: float, left_s: float
    ) -> None:
        assert wait_left_s(FREE_TRIES + 2, since_s) == left_s

    def test_refuse_even_the_right_pin(self, pin: StaffPin, clocks: Clocks) -> None:
        guess(pin, FREE_TRIES)
        tried = pin.attempt(PIN)
        assert (tried.right, tried.wait_s) == (False, 10.0)
        clocks.pass_by(9.0)
        assert not pin.attempt(PIN).right
        clocks.pass_by(1.0)
        assert pin.attempt(PIN).right

    def test_are_not_made_longer_by_tries_during_them(self, pin: StaffPin, clocks: Clocks) -> None:
        guess(pin, FREE_TRIES + 20)
        clocks.pass_by(10.0)
        assert pin.attempt(PIN).right

    def test_begin_anew_after_the_right_pin(self, pin: StaffPin, tmp_path: Path) -> None:
        guess(pin, FREE_TRIES - 1)
        assert pin.attempt(PIN).right
        guess(StaffPin(tmp_path), FREE_TRIES - 1)
        assert StaffPin(tmp_path).attempt(PIN).right

    def test_go_on_after_a_restart(self, pin: StaffPin, tmp_path: Path, clocks: Clocks) -> None:
        guess(pin, FREE_TRIES)
        clocks.pass_by(4.0)
        assert StaffPin(tmp_path).wait_s == 6.0

    @pytest.mark.parametrize("jump_s", [-3e7, 3e7])
    def test_survive_a_date_that_jumps(
        self, pin: StaffPin, tmp_path: Path, clocks: Clocks, jump_s: float
    ) -> None:
        guess(pin, FREE_TRIES)
        clocks.date_s += jump_s
        assert pin.wait_s == 10.0
        assert StaffPin(tmp_path).wait_s == (10.0 if jump_s < 0 else 0.0)

    def test_are_counted_before_the_pin_is_compared(
        self, pin: StaffPin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def plug_pulled(*_: object) -> bool:
            raise KeyboardInterrupt

        monkeypatch.setattr("hmac.compare_digest", plug_pulled)
        for _ in range(FREE_TRIES):
            with pytest.raises(KeyboardInterrupt):
                StaffPin(tmp_path).attempt(WRONG)
        assert StaffPin(tmp_path).wait_s == 10.0
        assert pin.chosen

    def test_are_counted_in_memory_on_a_full_disk_and_staff_get_in(
        self, pin: StaffPin, monkeypatch: pytest.MonkeyPatch, clocks: Clocks
    ) -> None:
        def full(*_: object, **__: object) -> None:
            raise WriteError("no space")

        monkeypatch.setattr("kiosk.device.staff_pin.replace_files", full)
        guess(pin, FREE_TRIES)
        assert pin.wait_s == 10.0
        clocks.pass_by(10.0)
        assert pin.attempt(PIN).right


@pytest.mark.parametrize("content", [b"", b"{}", b'{"salt": "zz", "hash": "aa"}', b"\xff\xfe"])
def test_a_damaged_file_lets_nobody_in_and_nobody_choose(tmp_path: Path, content: bytes) -> None:
    (tmp_path / PIN_FILE).write_bytes(content)
    with pytest.raises(PinFileError, match="remove this file") as caught:
        StaffPin(tmp_path)
    assert str(tmp_path / PIN_FILE) in str(caught.value)


def test_the_real_hash_is_used_outside_of_tests(tmp_path: Path) -> None:
    pin = StaffPin(tmp_path)
    pin.choose(PIN)
    assert pin.attempt(PIN).right
    assert not pin.attempt(WRONG).right


class Keeping(RootService):
    """The system's service, which has a PIN already."""

    def ask(self, what: str, **fields: object) -> Answer:
        """Return that there is one."""
        assert (what, fields) == ("pin", {})
        return Answer({"chosen": True})


def test_an_older_pin_that_cannot_be_removed_here_keeps_no_exhibit_from_starting(tmp_path: Path) -> None:
    (tmp_path / PIN_FILE).mkdir()
    assert RootPinKeeper(tmp_path, Keeping(tmp_path / "socket")).chosen
