"""What the self-test can say of display, hands and memory without opening anything."""

import time
from pathlib import Path

import pytest

from kiosk.commands.checks import SERVERS, input_finding, memory_comes, screen_findings
from kiosk.core.health import Finding, Level
from kiosk.device.health import Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "sys", tmp_path / "proc")


def plug_in(places: Places, socket: str, status: str) -> None:
    folder = places.sys / "class/drm" / socket
    folder.mkdir(parents=True)
    (folder / "status").write_text(f"{status}\n", "utf-8")


def installed(monkeypatch: pytest.MonkeyPatch, *programs: str) -> None:
    monkeypatch.setattr(
        "kiosk.commands.checks.which", lambda name: f"/usr/bin/{name}" if name in programs else None
    )
    monkeypatch.setattr("kiosk.commands.checks.try_window_in_cage", lambda *_: "wayland")


def display(places: Places, driver: str | None, **environment: str) -> Finding:
    return next(iter(screen_findings(driver, environment=environment, places=places)))


class TestACompositorThatStartsWithTheExhibit:
    """Over ssh there is no compositor to open a window with; what it will need can be looked at."""

    @pytest.mark.parametrize("driver", SERVERS)
    def test_is_good_where_it_and_a_screen_are_there(
        self, places: Places, monkeypatch: pytest.MonkeyPatch, driver: str
    ) -> None:
        installed(monkeypatch, SERVERS[driver].program)
        plug_in(places, "card1-HDMI-A-1", "disconnected")
        plug_in(places, "card0-DSI-1", "connected")
        found = display(places, None, SDL_VIDEODRIVER=driver)
        assert found.level is Level.OK
        assert found.found.endswith("on DSI-1")

    def test_without_a_screen_is_a_warning(self, places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
        installed(monkeypatch, "cage")
        found = display(places, "wayland")
        assert found.level is Level.WARNING
        assert "no screen is connected" in found.found

    def test_that_is_not_installed_fails(self, places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
        installed(monkeypatch)
        found = display(places, "wayland")
        assert found.level is Level.FAILED
        assert "install cage" in found.advice


class TestHands:
    def devices(self, folder: Path, *names: str) -> Path:
        for name in names:
            (folder / name).touch()
        return folder

    def test_are_read_by_the_display_server_where_there_is_one(self, tmp_path: Path) -> None:
        """Which is not looked into, and so no tick."""
        assert input_finding("x11", tmp_path).level is Level.UNKNOWN
        assert input_finding("wayland", tmp_path).level is Level.UNKNOWN

    def test_under_kmsdrm_need_devices_that_may_be_read(self, tmp_path: Path) -> None:
        assert input_finding("kmsdrm", tmp_path).level is Level.WARNING
        devices = self.devices(tmp_path, "event0", "event1", "mice")
        good = input_finding("kmsdrm", devices, readable=lambda _: True)
        assert (good.level, good.found) == (Level.OK, "2 devices")
        dead = input_finding("kmsdrm", devices, readable=lambda path: path.name != "event1")
        assert dead.level is Level.FAILED
        assert "usermod -aG input" in dead.advice


class TestMemory:
    def available(self, places: Places, kilobytes: int) -> None:
        places.proc.mkdir(exist_ok=True)
        (places.proc / "meminfo").write_text(f"MemAvailable: {kilobytes} kB\n", "utf-8")

    def test_that_is_there_is_not_waited_for(self, places: Places) -> None:
        self.available(places, 2_000_000)
        since_s = time.monotonic()
        assert memory_comes(600_000_000, 60.0, places)
        assert time.monotonic() - since_s < 30

    def test_that_does_not_come_is_not_waited_for_for_ever(self, places: Places) -> None:
        self.available(places, 100_000)
        assert not memory_comes(600_000_000, 0.05, places)

    def test_that_cannot_be_known_is_no_reason_to_wait(self, places: Places) -> None:
        assert memory_comes(600_000_000, 60.0, places)

    def test_is_noticed_when_it_comes(self, places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
        self.available(places, 100_000)
        monkeypatch.setattr("kiosk.commands.checks.time.sleep", lambda _: self.available(places, 2_000_000))
        assert memory_comes(600_000_000, 60.0, places)
