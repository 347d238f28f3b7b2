"""What the units call: each script with stand-ins for what only a device has."""

import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.device.units import SYSTEMD

pytestmark = pytest.mark.untimed

SCRIPTS = sorted(path for path in (SYSTEMD / "lib").iterdir() if path.is_file() and not path.suffix)
PATIENCE_S = 30

Commands = Callable[..., Path]


def test_the_scripts_are_shellcheck_clean() -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is not installed: apt-get install shellcheck")
    done = subprocess.run(["shellcheck", *SCRIPTS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_scripts_can_be_run() -> None:
    assert [script.name for script in SCRIPTS if not os.access(script, os.X_OK)] == []


@pytest.fixture
def command(tmp_path: Path) -> Commands:
    """Make a stand-in command in a folder of the test's, which goes first on the path; returns that folder."""
    folder = tmp_path / "commands"
    folder.mkdir()

    def make(name: str, body: str = "") -> Path:
        (folder / name).write_text(f"#!/bin/sh\n{body}\n", "ascii")
        (folder / name).chmod(0o755)
        return folder

    return make


def run(script: str, commands: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    plain = {"PATH": f"{commands}:{os.environ['PATH']}"}
    return subprocess.run(
        [SYSTEMD / "lib" / script],
        env=plain | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )


def graphics(folder: Path, **connectors: str) -> str:
    """Make a /sys with graphics cards; returns its path."""
    (folder / "class" / "drm").mkdir(parents=True)
    for connector, status in connectors.items():
        place = folder / "class" / "drm" / connector.replace("_", "-")
        place.mkdir()
        (place / "status").write_text(f"{status}\n", "ascii")
    return str(folder)


class TestOpenExhibit:
    @pytest.fixture
    def opened(self, command: Commands, tmp_path: Path) -> Callable[..., "subprocess.CompletedProcess[str]"]:
        """Run it with a stand-in compositor and exhibit that say how they were called."""
        told = 'echo "$SDL_VIDEODRIVER runtime=$XDG_RUNTIME_DIR seat=$LIBSEAT_BACKEND card=$SDL_KMSDRM_DEVICE_INDEX"'
        command("cage", f'echo "cage $1 $2 ${{3##*/}}"; {told}')
        commands = command("kiosk", f"echo kiosk; {told}")
        sysfs = graphics(tmp_path / "sys", card0_HDMI_A_1="disconnected", card2_DSI_1="connected")

        def run_it(**environment: str) -> "subprocess.CompletedProcess[str]":
            settings = {
                "KIOSK": str(commands / "kiosk"),
                "SYSFS": sysfs,
                "RUNTIME_DIRECTORY": "/run/kiosk-exhibit",
            }
            return run("open-exhibit", commands, **(settings | environment))

        return run_it

    @pytest.mark.parametrize("environment", [{}, {"SDL_VIDEODRIVER": "wayland"}], ids=["unset", "wayland"])
    def test_opens_a_compositor_by_default(
        self, opened: Callable[..., "subprocess.CompletedProcess[str]"], environment: dict[str, str]
    ) -> None:
        done = opened(**environment)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == "cage -d -- kiosk\nwayland runtime=/run/kiosk-exhibit seat=seatd card=\n"

    def test_finds_the_card_with_the_screen(
        self, opened: Callable[..., "subprocess.CompletedProcess[str]"]
    ) -> None:
        assert opened(SDL_VIDEODRIVER="kmsdrm").stdout == "kiosk\nkmsdrm runtime= seat= card=2\n"

    def test_leaves_the_card_to_sdl_where_no_screen_is_connected(
        self, opened: Callable[..., "subprocess.CompletedProcess[str]"], tmp_path: Path
    ) -> None:
        done = opened(SDL_VIDEODRIVER="kmsdrm", SYSFS=str(tmp_path / "nothing"))
        assert (done.returncode, done.stdout) == (0, "kiosk\nkmsdrm runtime= seat= card=\n")

    def test_uses_the_x_server_of_a_jetson(
        self, opened: Callable[..., "subprocess.CompletedProcess[str]"]
    ) -> None:
        assert opened(SDL_VIDEODRIVER="x11").stdout.startswith("kiosk\nx11 ")

    def test_names_the_file_where_another_driver_is_set(
        self, opened: Callable[..., "subprocess.CompletedProcess[str]"]
    ) -> None:
        done = opened(SDL_VIDEODRIVER="directfb")
        assert (done.returncode, done.stdout) == (2, "")
        assert "/etc/kiosk/environment: SDL_VIDEODRIVER=directfb" in done.stderr


class TestCloseExhibit:
    # A compositor that ends, well, when the exhibit does, and aborts when it is told to end itself.
    COMPOSITOR = """
import os, signal, subprocess, sys
signal.signal(signal.SIGTERM, lambda *_: os.abort())
exhibit = subprocess.Popen([sys.executable, "-c",
    "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(7));"
    "print('up', flush=True); time.sleep(60)"])
sys.exit(0 if exhibit.wait() == 7 else 1)
"""

    def test_ends_the_exhibit_before_its_compositor(self) -> None:
        if shutil.which("pkill") is None:
            pytest.skip("pkill is not installed: apt-get install procps")
        with subprocess.Popen(
            [sys.executable, "-c", self.COMPOSITOR], stdout=subprocess.PIPE, text=True
        ) as compositor:
            assert compositor.stdout is not None
            assert compositor.stdout.readline() == "up\n"
            assert self.closed(compositor, "wayland") == 0

    def test_ends_an_exhibit_that_has_no_compositor(self) -> None:
        with subprocess.Popen(["sleep", "60"]) as exhibit:
            assert self.closed(exhibit, "kmsdrm") == -signal.SIGTERM

    @staticmethod
    def closed(main: "subprocess.Popen[Any]", driver: str) -> int:
        """Return how the main process ended, which the script waits for."""
        environment = os.environ | {"MAINPID": str(main.pid), "SDL_VIDEODRIVER": driver}
        with subprocess.Popen([SYSTEMD / "lib" / "close-exhibit"], env=environment) as closing:
            try:
                ended = main.wait(PATIENCE_S)
                assert closing.wait(PATIENCE_S) == 0
                return ended
            finally:
                closing.kill()
                main.kill()


class TestOutOfOrder:
    ROWS, COLUMNS = 30, 100  # an 800 x 480 screen has as many of 8 x 16 pixels

    def shown(self, commands: Path, **environment: str) -> list[str]:
        """Return the lines that it shows on a terminal."""
        screen, terminal = pty.openpty()
        try:
            subprocess.run(
                ["stty", "rows", str(self.ROWS), "cols", str(self.COLUMNS), "-opost"],
                stdin=terminal,
                check=True,
            )
            done = subprocess.run(
                [SYSTEMD / "lib" / "out-of-order"],
                env={
                    "PATH": f"{commands}:{os.environ['PATH']}",
                    "TERM": "linux",
                    "RETRY_S": "0",
                    **environment,
                },
                stdin=terminal,
                stdout=terminal,
                check=False,
                timeout=PATIENCE_S,
            )
            assert done.returncode == 0
            os.set_blocking(screen, False)
            return re.sub(r"\x1b\[[?0-9;]*[A-Za-z]", "", os.read(screen, 65536).decode()).splitlines()
        finally:
            os.close(screen)
            os.close(terminal)

    def test_shows_large_words_in_the_middle_and_tries_again(self, command: Commands, tmp_path: Path) -> None:
        calls = tmp_path / "calls"
        command("setterm")
        commands = command("systemctl", f'echo "$*" >>{calls}; [ "$1" != show ] || echo watchdog')
        lines = self.shown(commands, WORDS=str(tmp_path / "none"))
        assert len(lines) <= self.ROWS
        large = [line for line in lines if "█" in line]
        assert len(large) == 15
        left = min(len(line) - len(line.lstrip()) for line in large)
        right = self.COLUMNS - max(len(line) for line in large)
        assert abs(left - right) <= 2
        assert any("This exhibit cannot run" in line for line in lines)
        assert lines[-1].strip() == "kiosk.service: watchdog"
        assert calls.read_text("ascii").splitlines() == [
            "show --property=Result --value kiosk.service",
            "reset-failed kiosk.service",
            "--no-block start kiosk.service",
        ]

    def test_shows_the_words_that_staff_wrote(self, command: Commands, tmp_path: Path) -> None:
        words = tmp_path / "out-of-order.txt"
        words.write_text("Außer Betrieb\n", "utf-8")
        command("setterm", "exit 1")
        lines = self.shown(command("systemctl"), WORDS=str(words))
        assert any(line.strip() == "Außer Betrieb" for line in lines)
        assert not any("█" in line for line in lines)


class TestClock:
    NOTICE = "hours-ignored"

    @pytest.fixture
    def right(self, command: Commands, tmp_path: Path) -> Callable[..., bool]:
        """Ask whether the clock is right, with or without a network, and with a battery clock so many seconds off."""
        (tmp_path / "run" / "kiosk").mkdir(parents=True)

        def ask(*, network: bool = False, battery_off_s: int | None = None, set_from_it: bool = True) -> bool:
            commands = command("timedatectl", f"echo {'yes' if network else 'no'}")
            clock = tmp_path / "sys" / "class" / "rtc" / "rtc0"
            if battery_off_s is not None:
                clock.mkdir(parents=True)
                (clock / "hctosys").write_text(f"{int(set_from_it)}\n", "ascii")
                (clock / "since_epoch").write_text(f"{int(time.time()) + battery_off_s}\n", "ascii")
            done = run("clock-is-right", commands, RUN=str(tmp_path / "run"), SYSFS=str(tmp_path / "sys"))
            notice = tmp_path / "run" / "kiosk" / self.NOTICE
            assert done.returncode in (0, 1)
            assert (done.returncode == 1) == notice.exists() == ("opening hours are ignored" in done.stderr)
            return done.returncode == 0

        return ask

    def test_the_network_sets_it(self, right: Callable[..., bool]) -> None:
        assert not right()
        assert right(network=True), "the notice goes away"

    @pytest.mark.parametrize("off_s", [0, -60, 60])
    def test_a_battery_keeps_it(self, right: Callable[..., bool], off_s: int) -> None:
        assert right(battery_off_s=off_s)

    def test_a_clock_without_a_battery_says_1970(self, right: Callable[..., bool]) -> None:
        assert not right(battery_off_s=-int(time.time()) + 30)

    def test_a_battery_clock_that_nobody_read_does_not_count(self, right: Callable[..., bool]) -> None:
        assert not right(battery_off_s=0, set_from_it=False)


def test_the_x_server_lets_the_exhibit_in_once_it_is_up(command: Commands, tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    commands = command("xhost", f'echo "$*" >>{calls}; [ $(wc -l <{calls}) -ge 3 ]')
    assert run("let-in-kiosk", commands).returncode == 0
    assert calls.read_text("ascii") == "+si:localuser:kiosk\n" * 3


class TestClosing:
    @pytest.fixture
    def due(self, command: Commands) -> Callable[..., bool]:
        """Ask whether a closing is due at hours from now, as systemd shows and starts it; it opens at another one."""

        def shown(from_now_h: float) -> str:
            hour = datetime.now() + timedelta(hours=from_now_h)  # noqa: DTZ005  # timers go by the device's own clock
            return f"{{ OnCalendar=*-*-* {hour:%H:%M:%S} ; next_elapse=(null) }}"

        def ask(*closings_h: float, opening_h: float, timer: str = "kiosk-close.timer") -> bool:
            closings = "\n".join(shown(hour) for hour in closings_h)
            answers = f"*kiosk-open.timer) echo '{shown(opening_h)}' ;; *) echo '{closings}' ;;"
            done = run(
                "closing-is-due", command("systemctl", f'case "$*" in {answers} esac'), TRIGGER_UNIT=timer
            )
            assert done.returncode in (0, 1)
            assert (done.returncode == 1) == ("past a closing, which is left out" in done.stderr)
            return done.returncode == 0

        return ask

    def test_one_is_due_at_its_hour(self, due: Callable[..., bool]) -> None:
        assert due(-0.001, opening_h=-8)
        assert due(-5, -0.1, opening_h=-1), "any of several"

    def test_one_that_the_clock_was_set_past_by_day_is_not(self, due: Callable[..., bool]) -> None:
        assert not due(-15, opening_h=-2)
        assert not due(-3, 2, opening_h=-1)

    def test_one_that_the_clock_was_set_past_in_the_evening_is(self, due: Callable[..., bool]) -> None:
        assert due(-2, opening_h=13)

    def test_by_hand_it_always_is(self, due: Callable[..., bool]) -> None:
        assert due(-3, opening_h=-1, timer="")

    def test_where_the_hours_cannot_be_told_it_is(self, due: Callable[..., bool]) -> None:
        assert due(opening_h=-1)
