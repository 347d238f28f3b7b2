"""The staff's part of the performer with real files: PIN, board, counts, settings, the sign, sticks and updates."""

import logging
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from kiosk.core.health import CRASH, Level
from kiosk.core.message import CameraFound, CameraLost, Count, Forget
from kiosk.core.staff import UpdateFacts, UpdateStage
from kiosk.device.closed_signs import MARK, WISH, is_closed, mark_closed
from kiosk.device.health import Places
from kiosk.device.running import CRASH_FILE
from kiosk.device.staff_pin import FREE_TRIES, PIN_FILE, StaffPin
from kiosk.device.state_folder import StateFolder
from kiosk.exhibit.staff_at_start import MOMENT_S, StaffAtStart
from kiosk.settings.files import STAFF_FILE
from kiosk.settings.sections import Settings, StaffSettings
from kiosk.store.store import Store
from kiosk.topics.photograph.messages import RestartCamera, StartFraming, StopLive
from kiosk.topics.staff.facts import DayCounts, ScreenTime
from kiosk.topics.staff.messages import (
    AskPin,
    BeginUpdate,
    BoardRead,
    ChoosePin,
    ClosedMarked,
    CountsExported,
    CountsRead,
    ExportCounts,
    ForgetCrash,
    GoDark,
    HoursTold,
    LookForUpdate,
    MarkClosed,
    OpenNow,
    PinChecked,
    PinChosen,
    ReadBoard,
    ReadCounts,
    RestartExhibit,
    SaveSettings,
    SettingsSaved,
    StaffFound,
    TryPin,
    UpdateTold,
)
from kiosk.topics.staff.performing.staffing import staff_found, staff_unasked
from kiosk.vision.picture import png_bytes
from tests.process.rehearsal import QUICK, Rehearsal
from tests.unit.signed_stick import SignedStick

PIN = "804159"
LIMIT_S = 10.0


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StateFolder:
    """A state folder without a model: what staff need works without one."""
    monkeypatch.setenv("KIOSK_STATE", str(tmp_path / "state"))
    (tmp_path / "state").mkdir()
    return StateFolder(tmp_path / "state")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A system on which no stick is mounted yet."""
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc" / "mounts").write_text("/dev/root / ext4 rw 0 0\n", "ascii")
    return Places(tmp_path / "sys", tmp_path / "proc", tmp_path / "none", tmp_path / "run")


@pytest.fixture
def stick(tmp_path: Path, places: Places) -> Path:
    """A stick that is put in: a folder that the system says something is mounted on."""
    there = tmp_path / "media" / "sda1"
    there.mkdir(parents=True)
    with (places.proc / "mounts").open("a", encoding="ascii") as mounts:
        mounts.write(f"/dev/sda1 {there} vfat rw 0 0\n")
    return there


@dataclass
class Opener:
    """Opens a performer on a state folder; the one before is closed first, as by a restart."""

    folder: StateFolder
    camera: Path
    settings: Settings
    places: Places
    stack: ExitStack

    def __call__(self) -> Rehearsal:
        self.close()
        rehearsal = Rehearsal(self.folder, f"pictures:{self.camera}", self.settings, self.places)
        self.stack.enter_context(rehearsal.performer)
        return rehearsal

    def close(self) -> None:
        self.stack.close()


@pytest.fixture
def opened(folder: StateFolder, places: Places, tmp_path: Path) -> Iterator[Opener]:
    """What opens a performer; it is closed for certain."""
    settings = QUICK.model_copy(update={"staff": StaffSettings(sticks=tmp_path / "media")})
    camera = tmp_path / "camera"
    camera.mkdir()
    (camera / "wide.png").write_bytes(png_bytes(np.full((60, 100, 3), 200, np.uint8)))
    with ExitStack() as stack:
        yield Opener(folder, camera, settings, places, stack)


class TestPin:
    def test_is_chosen_tried_and_kept(self, opened: Opener, folder: StateFolder) -> None:
        staff = opened()
        assert staff.ask(ChoosePin(PIN), PinChosen) == PinChosen()
        assert staff.ask(TryPin("1111"), PinChecked).right is False
        assert staff.ask(TryPin(PIN), PinChecked) == PinChecked(right=True)
        kept = (folder.path / PIN_FILE).read_text("ascii")
        assert PIN not in kept
        assert StaffPin(folder.path).attempt(PIN).right

    def test_wrong_tries_slow_it_down_also_after_a_restart(self, opened: Opener) -> None:
        staff = opened()
        staff.ask(ChoosePin(PIN), PinChosen)
        for _ in range(FREE_TRIES):
            told = staff.ask(TryPin("1111"), PinChecked)
        assert 5 < told.wait_s <= 10
        assert staff.ask(TryPin(PIN), PinChecked).right is False, "not even the right one meanwhile"
        again = opened()
        asked = again.ask(AskPin(), PinChecked)
        assert asked.right is None
        assert 0 < asked.wait_s <= 10

    def test_a_damaged_file_lets_nobody_in_and_nobody_choose_anew(
        self, opened: Opener, folder: StateFolder, caplog: pytest.LogCaptureFixture
    ) -> None:
        (folder.path / PIN_FILE).write_text("{broken", "ascii")
        staff = opened()
        assert "remove this file" in staff.ask(AskPin(), PinChecked).fault
        told = staff.ask(TryPin(PIN), PinChecked)
        assert (told.right, told.fault != "") == (False, True)
        assert "remove this file" in staff.ask(ChoosePin(PIN), PinChosen).fault
        found = staff_found(Settings(), on_device=True)
        assert found.staff.pin_chosen
        assert not found.begins
        assert "event=pin_unreadable" in caplog.text

    def test_digits_are_in_no_log(self, opened: Opener, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        staff = opened()
        staff.ask(ChoosePin(PIN), PinChosen)
        staff.ask(TryPin("777000"), PinChecked)
        assert PIN not in caplog.text
        assert "777000" not in caplog.text


class TestStart:
    @pytest.mark.parametrize(
        ("first_start", "on_device", "begins"),
        [(None, True, True), (None, False, False), (True, False, True), (False, True, False)],
    )
    def test_asks_for_a_pin_on_a_device_or_where_the_settings_say_so(
        self, folder: StateFolder, first_start: bool | None, on_device: bool, begins: bool
    ) -> None:
        settings = Settings(staff=StaffSettings(first_start=first_start))
        found = staff_found(settings, on_device=on_device)
        assert found.begins is begins
        assert found.staff.may_choose is (first_start is not False)
        StaffPin(folder.path).choose(PIN)
        assert not staff_found(settings, on_device=on_device).begins

    def test_waits_for_no_service_that_hangs(
        self, folder: StateFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("kiosk.device.root_service.PATIENCE_S", 1.0)
        mark_closed(folder.path, True)
        place = tmp_path / "asked"
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as deaf:
            deaf.bind(str(place))
            deaf.listen()
            settings = Settings(staff=StaffSettings(service=place, first_start=True))
            since_s = time.monotonic()
            asked = StaffAtStart(partial(staff_found, settings, on_device=True))
            found = asked.first(staff_unasked(settings))
            assert time.monotonic() - since_s < 2 * MOMENT_S
            assert found.staff.closed, "what lies here is known"
            assert found.staff.pin_chosen, "no PIN may be chosen while there may be one"
            assert not found.begins
            assert [*asked.late()] == []
            connection, _ = deaf.accept()
            with connection:
                connection.sendall(b'{"chosen": false}\n')
                late: list[StaffFound] = []
                while not late and time.monotonic() - since_s < LIMIT_S:
                    time.sleep(0.01)
                    late += asked.late()
        assert [told.begins for told in late] == [True], "the first start goes on once it is known"
        assert [*asked.late()] == []

    def test_finds_the_sign_and_the_settings(self, folder: StateFolder) -> None:
        assert not staff_found(Settings(), on_device=True).staff.closed
        mark_closed(folder.path, True)
        found = staff_found(Settings(), on_device=True).staff
        assert found.closed
        assert found.value("idle.quiet_s") == 40.0


class TestBoard:
    def test_every_part_has_a_finding(self, opened: Opener) -> None:
        findings = opened().ask(ReadBoard(), BoardRead).findings
        assert [finding.what for finding in findings] == [
            "temperature", "power", "disk", "root", "clock", "running", "records", CRASH,
        ]  # fmt: skip

    def test_opening_hours_that_are_ignored_say_why(self, opened: Opener, places: Places) -> None:
        (places.run / "kiosk").mkdir(parents=True)
        (places.run / "kiosk" / "hours-ignored").write_text("the clock is not synchronised\n", "utf-8")
        findings = opened().ask(ReadBoard(), BoardRead).findings
        (clock,) = (finding for finding in findings if finding.what == "clock")
        assert (clock.level, clock.advice) == (Level.WARNING, "the clock is not synchronised")

    def test_a_crash_is_there_until_it_was_seen(self, opened: Opener, folder: StateFolder) -> None:
        (folder.path / CRASH_FILE).write_text("KeyError in kiosk/app.py:1 run\n  more\n", "utf-8")
        staff = opened()
        crash = staff.ask(ReadBoard(), BoardRead).findings[-1]
        assert (crash.level, crash.found) == (Level.WARNING, "KeyError in kiosk/app.py:1 run")
        assert staff.ask(ForgetCrash(), BoardRead).findings[-1].level is Level.OK
        assert not (folder.path / CRASH_FILE).exists()


def whole(day: dict[str, int]) -> dict[str, int]:
    """What was counted of a day, without the shares of its hours."""
    return {name: count for name, count in day.items() if " at " not in name}


class TestCounts:
    def test_are_kept_when_a_visit_is_over_and_read(self, opened: Opener, folder: StateFolder) -> None:
        staff = opened()
        staff.do(Count(("visits", "screen Live")))
        staff.do(Count(("ended_by_idle",), (("Live", 12),)))
        told = staff.ask(ReadCounts(), CountsRead)
        assert {
            DayCounts("ended_by_idle", 1, 1),
            DayCounts("screen Live", 1, 1),
            DayCounts("visits", 1, 1),
        } <= {*told.counts}
        assert told.plots.screens == (ScreenTime("Live", 1, 12.0),)
        assert sum(span.counted[0] for span in told.plots.today) == 1, "in its hour"
        staff.do(Count(("visits",)))
        opened.close()
        with Store(folder.database) as store:
            (day,) = store.counts().values()
        wanted = {"ended_by_idle": 1, "screen Live": 1, "seconds Live": 12, "visits": 2}
        assert whole(day) == wanted, "what waited is written at the end"

    def test_nothing_is_opened_before_there_is_something_to_keep(
        self, opened: Opener, folder: StateFolder
    ) -> None:
        opened()
        opened.close()
        assert not folder.database.exists()

    def test_of_a_store_out_of_reach_wait_and_staff_are_told(
        self, opened: Opener, folder: StateFolder, caplog: pytest.LogCaptureFixture
    ) -> None:
        lock = folder.database.with_name(".kiosk.sqlite.lock")
        lock.mkdir()  # what stands for a disk that fails: the store cannot be opened
        staff = opened()
        staff.do(Count(("visits", "ended_by_idle")))
        told = staff.ask(ReadCounts(), CountsRead)
        assert told.counts == ()
        assert "kiosk.sqlite" in told.fault
        assert "event=counts_wait" in caplog.text
        (kept,) = (f for f in staff.ask(ReadBoard(), BoardRead).findings if f.what == "records")
        assert (kept.level, kept.advice) == (Level.WARNING, "counts wait in memory and are written later")
        assert staff.ask(AskPin(), PinChecked).right is None
        lock.rmdir()
        staff.do(Count(("visits", "ended_by_visitor")))
        told = staff.ask(ReadCounts(), CountsRead)
        assert DayCounts("visits", 2, 2) in told.counts
        assert DayCounts("ended_by_idle", 1, 1) in told.counts
        (kept,) = (f for f in staff.ask(ReadBoard(), BoardRead).findings if f.what == "records")
        assert kept.level is Level.OK

    def test_that_another_process_locks_out_wait_as_well(
        self, opened: Opener, folder: StateFolder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("kiosk.store.schema.BUSY_S", 0.1)
        staff = opened()
        staff.do(Count(("visits", "ended_by_idle")))
        staff.ask(ReadCounts(), CountsRead)
        with closing(sqlite3.connect(folder.database, isolation_level=None)) as beside:
            beside.execute("BEGIN IMMEDIATE")
            for _ in range(3):
                staff.do(Count(("visits", "ended_by_idle")))
            staff.until(lambda: bool(staff.workshop.store.trouble), "told")
            beside.execute("ROLLBACK")
        opened.close()
        with Store(folder.database) as store:
            (day,) = store.counts().values()
        assert whole(day) == {"visits": 4, "ended_by_idle": 4}

    def test_go_to_the_stick(self, opened: Opener, stick: Path) -> None:
        staff = opened()
        staff.do(Count(("visits",)))
        told = staff.ask(ExportCounts(), CountsExported)
        assert told.fault == ""
        assert (stick / told.file).read_text("utf-8").splitlines()[1].endswith(",visits,1")

    def test_without_a_stick_it_is_asked_for(self, opened: Opener) -> None:
        told = opened().ask(ExportCounts(), CountsExported)
        assert told == CountsExported(
            "", "There is no USB stick. Put one in, wait some seconds, and press again."
        )


class TestSettings:
    def test_are_saved_one_after_the_other(self, opened: Opener, folder: StateFolder) -> None:
        staff = opened()
        staff.ask(SaveSettings((("idle.quiet_s", 60.0),)), SettingsSaved)
        told = staff.ask(SaveSettings((("camera.source", "webcam"),)), SettingsSaved)
        assert told.fault == ""
        assert dict(told.settings)["idle.quiet_s"] == 60.0
        assert dict(told.settings)["camera.source"] == "webcam"
        lines = (folder.path / STAFF_FILE).read_text("utf-8").splitlines()
        assert sorted(lines) == ['camera.source = "webcam"', "idle.quiet_s = 60.0"]

    def test_one_that_is_not_the_staffs_to_choose_is_refused(
        self, opened: Opener, folder: StateFolder
    ) -> None:
        told = opened().ask(SaveSettings((("debug.hang_after_s", 1.0),)), SettingsSaved)
        assert "debug.hang_after_s" in told.fault
        assert dict(told.settings)["idle.quiet_s"] == 40.0
        assert not (folder.path / STAFF_FILE).exists()


class TestHours:
    @pytest.fixture
    def mark(self, places: Places) -> Path:
        """Where systemd says that it is closed."""
        (places.run / "kiosk").mkdir(parents=True)
        return places.run / "kiosk" / MARK

    def test_a_start_finds_them(self, folder: StateFolder, places: Places, mark: Path) -> None:
        del folder
        assert not staff_found(Settings(), on_device=True, places=places).staff.after_hours
        mark.write_text("2020-01-03 09:45:00\n", "ascii")
        staff = staff_found(Settings(), on_device=True, places=places).staff
        assert (staff.after_hours, staff.opens, staff.opens_day) == (True, "9:45", "friday")

    def test_closing_is_told_and_staff_open_it(self, opened: Opener, mark: Path) -> None:
        staff = opened()
        mark.write_text(f"{datetime.now().astimezone():%Y-%m-%d 23:59}:00\n", "ascii")
        assert staff.next(HoursTold) == HoursTold(after_hours=True, opens="23:59")
        mark.write_text("n/a\n", "ascii")
        assert staff.next(HoursTold) == HoursTold(after_hours=True)
        assert staff.ask(OpenNow(), HoursTold) == HoursTold(after_hours=False)
        assert not mark.exists()

    def test_the_clock_opens_it_too(self, opened: Opener, mark: Path) -> None:
        mark.write_text("\n", "ascii")
        staff = opened()
        mark.unlink()
        assert staff.next(HoursTold) == HoursTold(after_hours=False)

    def test_it_asks_for_the_dark(self, opened: Opener, mark: Path) -> None:
        opened().do(GoDark())
        assert mark.with_name(WISH).exists()


class TestRepair:
    def test_the_sign_is_hung_up_and_taken_down(self, opened: Opener, folder: StateFolder) -> None:
        staff = opened()
        assert staff.ask(MarkClosed(True), ClosedMarked) == ClosedMarked(True)
        assert is_closed(folder.path)
        assert staff.ask(MarkClosed(False), ClosedMarked) == ClosedMarked(False)
        assert not is_closed(folder.path)

    def test_a_sign_that_cannot_be_kept_is_told(self, opened: Opener, folder: StateFolder) -> None:
        (folder.path / "closed-for-repair").mkdir()
        told = opened().ask(MarkClosed(True), ClosedMarked)
        assert told.closed
        assert "is a folder" in told.fault

    def test_the_camera_is_opened_again(self, opened: Opener) -> None:
        staff = opened()
        staff.until(lambda: bool(staff.all(CameraFound)), "a camera")
        staff.do(RestartCamera())
        staff.until(lambda: len(staff.all(CameraFound)) == 2, "the camera again")
        assert len(staff.all(CameraLost)) == 1

    def test_the_exhibit_ends_to_be_started_again(self, opened: Opener) -> None:
        staff = opened()
        assert not staff.performer.restarting
        staff.do(RestartExhibit())
        assert staff.performer.restarting

    def test_all_that_the_camera_sees_is_shown_while_it_is_mounted(self, opened: Opener) -> None:
        staff = opened()
        staff.until(lambda: bool(staff.all(CameraFound)), "a camera")
        staff.do(StartFraming())
        staff.until(lambda: "framing" in staff.performer.pictures, "what it sees")
        seen = staff.performer.pictures["framing"]
        side = seen.shape[0]
        assert seen.shape == (side, side, 3)
        assert (seen[0] == 0).all(), "nothing above a wide picture"
        assert (seen[side // 2, 0] == 50).all(), "dark beside the square"
        assert (seen[side // 2, side // 2] == 200).all()
        assert "camera" not in staff.performer.pictures
        staff.do(StopLive(), Forget())
        staff.look()
        assert "framing" not in staff.performer.pictures


@pytest.fixture
def service(tmp_path: Path, stick: Path) -> Iterator[SignedStick]:
    """The system's own service, and a stick with a signed release; both end with the test."""
    with SignedStick.served(tmp_path / "device", stick) as served:
        yield served


class TestService:
    def test_the_pin_lies_with_the_system_and_the_exhibit_has_no_hash_of_it(
        self, opened: Opener, service: SignedStick, folder: StateFolder
    ) -> None:
        StaffPin(folder.path).choose(PIN)
        opened.settings = service.settings
        assert staff_found(service.settings, on_device=True).staff.pin_chosen
        assert not (folder.path / PIN_FILE).exists(), "the one that the exhibit kept was handed over"
        staff = opened()
        assert staff.ask(AskPin(), PinChecked) == PinChecked(None)
        assert staff.ask(TryPin(PIN), PinChecked).right
        assert "present PIN" in staff.ask(ChoosePin("20406", "1111"), PinChosen).fault
        assert staff.ask(ChoosePin("20406", PIN), PinChosen) == PinChosen()
        assert staff.ask(TryPin(PIN), PinChecked).right is False
        assert staff.ask(TryPin("20406"), PinChecked).right
        assert not (folder.path / PIN_FILE).exists()

    def test_wrong_tries_are_slowed_down_by_the_system(self, opened: Opener, service: SignedStick) -> None:
        opened.settings = service.settings
        staff = opened()
        assert staff.ask(ChoosePin(PIN), PinChosen) == PinChosen()
        for _ in range(FREE_TRIES):
            told = staff.ask(TryPin("1111"), PinChecked)
        assert 5 < told.wait_s <= 10
        assert staff.ask(TryPin(PIN), PinChecked).right is False
        assert 0 < opened().ask(AskPin(), PinChecked).wait_s <= 10

    def test_a_damaged_file_of_an_earlier_exhibit_lets_nobody_choose_anew(
        self, service: SignedStick, folder: StateFolder
    ) -> None:
        (folder.path / PIN_FILE).write_text("{broken", "ascii")
        assert staff_found(service.settings, on_device=True).staff.pin_chosen

    def test_one_that_does_not_answer_is_told_and_no_pin_may_be_chosen(
        self, opened: Opener, service: SignedStick
    ) -> None:
        service.hang_up()
        opened.settings = service.settings
        staff = opened()
        assert "does not answer" in staff.ask(AskPin(), PinChecked).fault
        assert "does not answer" in staff.ask(ChoosePin(PIN), PinChosen).fault
        update = staff.ask(LookForUpdate(), UpdateTold).update
        assert update.stage is UpdateStage.SILENT, "nothing was said of an update: it did not fail"
        assert "does not answer" in update.line
        assert staff_found(service.settings, on_device=True).staff.pin_chosen

    def test_a_signed_release_is_shown_and_installed_with_the_pin_alone(
        self, opened: Opener, service: SignedStick, stick: Path
    ) -> None:
        opened.settings = service.settings
        staff = opened()
        staff.ask(ChoosePin(PIN), PinChosen)
        assert staff.ask(LookForUpdate(), UpdateTold).update == UpdateFacts(running="")
        service.put("0.2.0-3f9a1c07d2b4", stick)
        shown = staff.ask(LookForUpdate(), UpdateTold).update
        assert (shown.offered, shown.signer, shown.age_days) == ("0.2.0-3f9a1c07d2b4", "anna@museum", 0)
        assert staff.ask(BeginUpdate("1111", shown), PinChecked).right is False
        assert service.installed() == []
        assert staff.ask(BeginUpdate(PIN, shown), UpdateTold).update.stage is not UpdateStage.FAILED
        staff.until(lambda: bool(service.installed()), "it was installed")
        staff.until(
            lambda: staff.ask(LookForUpdate(), UpdateTold).update.stage is UpdateStage.DONE, "and told so"
        )

    def test_a_desk_takes_up_no_updates(self, opened: Opener) -> None:
        assert opened().ask(LookForUpdate(), UpdateTold).update.stage is UpdateStage.UNABLE
