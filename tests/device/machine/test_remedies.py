"""Faults that only this machine has shown, with their remedies taken away: they come back, so the tests see them.

With the remedies they are in test_screens, test_processes, test_buttons and test_power.
"""

import time

import pytest

from kiosk.core.message import Button
from kiosk.program.input import HOLD_S
from tests.device.machine.conftest import Started
from tests.device.machine.guest import Guest, GuestError
from tests.device.machine.hardware import NO_OVERLAY_WORDS, Hardware
from tests.device.machine.machine import Machine
from tests.device.machine.test_buttons import pressed, slow_frames
from tests.device.machine.test_power import STATUS
from tests.device.machine.test_processes import EXHIBIT, OUT_OF_ORDER
from tests.device.machine.test_screens import FAILED, OTHER_MODE, WAITING, fills, screen_status, use_driver
from tests.figures import figure

SURELY_S = 45.0
UNDO = """
import sys
from pathlib import Path
import kiosk
file = Path(kiosk.__path__[0]) / sys.argv[1]
text = file.read_text()
assert sys.argv[2] in text, f"{file} no longer has it"
file.write_text(text.replace(sys.argv[2], sys.argv[3], 1))
"""


def undo(guest: Guest, file: str, remedy: str, otherwise: str) -> None:
    """Take a remedy away from the release that runs, from its next start on."""
    guest.run(
        f"cd / && /opt/kiosk/current/.venv/bin/python - '{file}' '{remedy}' '{otherwise}'",
        given=UNDO.encode(),
    )


def test_1_without_the_kernels_news_another_mode_freezes_it(machine: Machine) -> None:
    undo(machine.guest, "ui/display/hotplug.py", 'if driver == "kmsdrm"', 'if driver == "none"')
    use_driver(machine, "kmsdrm")
    machine.plug_screen(*OTHER_MODE)
    with pytest.raises(GuestError, match="another mode"):
        machine.guest.wait(lambda: fills(machine, OTHER_MODE), "another mode is filled", SURELY_S)
    assert "gradient process" in machine.guest.status(), "and systemd is content"
    figure.told("reproduced: 1, another mode freezes it", f"for {SURELY_S:.0f} s nothing was drawn on it")


def test_2_with_the_display_closed_a_restart_without_a_screen_fails(machine: Machine) -> None:
    undo(
        machine.guest,
        "ui/window.py",
        'ENDED_WITH_THE_PROCESS = ("kmsdrm", "wayland")',
        "ENDED_WITH_THE_PROCESS = ()",
    )
    machine.guest.run("systemctl restart kiosk.service")
    machine.guest.wait_open()
    with machine.unplugged():
        machine.guest.wait(lambda: screen_status(machine) == "disconnected", "the kernel sees no screen")
        machine.guest.tried("systemctl restart kiosk.service", SURELY_S)
        machine.guest.wait(lambda: FAILED in machine.guest.journal(lines=200), "it fails", SURELY_S)
    figure.told("reproduced: 2, a restart without a screen", "systemd calls the exhibit failed")


def test_3_with_systemds_ordinary_restart_the_sign_flashes(machine: Machine) -> None:
    machine.guest.run(
        "printf '[Service]\\nRestartMode=normal\\n' >/etc/systemd/system/kiosk.service.d/undo.conf;"
        "systemctl daemon-reload"
    )
    machine.guest.run(f"kill -SEGV {machine.guest.pid_of(EXHIBIT)}")
    machine.guest.wait(lambda: machine.guest.run(OUT_OF_ORDER) != "0", "OUT OF ORDER is shown", SURELY_S)
    figure.told("reproduced: 3, a single crash", "OUT OF ORDER")


def test_4_without_waiting_a_start_without_a_screen_fails(machine: Machine) -> None:
    undo(
        machine.guest,
        "exhibit/opening_window.py",
        "if size_px is not None or not screen_missing()",
        "if True",
    )
    use_driver(machine, "kmsdrm")
    with machine.unplugged():
        machine.guest.wait(lambda: screen_status(machine) == "disconnected", "the kernel sees no screen")
        machine.guest.tried("systemctl restart kiosk.service", SURELY_S)
        machine.guest.wait(lambda: machine.guest.restarts() > 0, "it fails", 3 * SURELY_S)
        assert WAITING not in machine.guest.status()
    figure.told("reproduced: 4, a start without a screen", "fails")


def test_5_without_the_kernels_times_presses_are_timed_by_frames(machine: Machine) -> None:
    undo(
        machine.guest,
        "ui/window.py",
        "return now_s if told_s is None else min(told_s, now_s)",
        "return now_s",
    )
    machine.guest.run("systemctl restart kiosk.service")
    machine.guest.wait_ready()
    lasted_s = []
    with slow_frames(machine) as visitor:
        for _ in range(4):
            downs, ups = pressed(visitor, Button.MORE, 1)
            lasted_s += [up - down for down, up in zip(downs, ups, strict=True)]
            time.sleep(0.3)
    figure.told("reproduced: 5, presses of 0.2 s", ", ".join(f"{took_s:.1f}" for took_s in lasted_s) + " s")
    assert all(took_s == 0 or took_s >= HOLD_S for took_s in lasted_s), "as many frames as fell in between"


def test_6_without_the_question_a_writable_root_is_called_good(start: Started) -> None:
    machine = start(Hardware(kernel_words=NO_OVERLAY_WORDS))
    machine.guest.wait_booted()
    machine.guest.run(
        "sed 's/elif is_overlay_asked/elif false/' /opt/kiosk/current/systemd/install-release >/tmp/undone"
    )
    assert machine.guest.run("bash /tmp/undone status") != machine.guest.run(STATUS)
    assert "was to be read-only" not in machine.guest.run("bash /tmp/undone status")
    figure.told("reproduced: 6, an overlay root that did not come", "writable, and nothing said so")
