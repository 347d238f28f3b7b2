"""The plug is pulled at random moments; the clock is wrong; the disk is full; the root is an overlay, or was to be."""

import random
import time

from kiosk.topics.attract.screens.attract import Attract
from tests.device.machine.conftest import Started
from tests.device.machine.guest import Guest
from tests.device.machine.hardware import Hardware
from tests.device.machine.machine import Machine
from tests.device.machine.visitor import Visitor
from tests.figures import figure

CUTS, LATEST_CUT_S = 4, 25.0
WHOLE = """/opt/kiosk/current/.venv/bin/python -c '
import sqlite3
database = sqlite3.connect("file:/var/lib/kiosk/kiosk.sqlite?mode=ro", uri=True)
print(database.execute("pragma integrity_check").fetchone()[0])'"""
STATUS = "bash /opt/kiosk/current/systemd/install-release status"
FILL = """fallocate -l $(( $(df -k --output=avail / | tail -1) - 2000 ))K /fill
dd if=/dev/zero of=/fill-rest bs=64k || true"""


def opens(guest: Guest) -> None:
    """The exhibit is open, with nothing lost and nothing failed."""
    guest.wait_booted()
    guest.wait_ready()
    assert guest.failed_units() == []


def test_power_cuts_lose_nothing_and_end_in_the_exhibit(start: Started) -> None:
    chance = random.Random(13)
    machine = start(Hardware())
    opens(machine.guest)
    for _ in range(CUTS):
        visitor = Visitor(machine)
        visitor.wait_screen(Attract)
        visitor.tap("start")
        time.sleep(chance.uniform(0, LATEST_CUT_S))
        machine = start(Hardware())
        opens(machine.guest)
        assert machine.guest.run(WHOLE) == "ok"
        assert machine.guest.run("test -s /var/lib/kiosk-update/staff-pin.json; ls /var/lib/kiosk*")
    figure.told("power cuts in a visit that ended in the exhibit, counts whole", f"{CUTS} of {CUTS}")


def test_a_clock_of_1970_delays_nothing(start: Started) -> None:
    machine = start(Hardware(clock="1970-01-01T00:00:00"))
    opens(machine.guest)
    visitor = Visitor(machine)
    visitor.wait_screen(Attract)
    machine.guest.run("date -s '2031-05-05 12:00'")
    visitor.tap("start")
    machine.guest.run("date -s '2026-01-01 12:00'")
    assert visitor.changes(4) > 1, "a clock that jumps stops nothing"
    assert machine.guest.restarts() == 0


def test_on_a_full_disk_the_exhibit_opens(machine: Machine) -> None:
    machine.guest.run(FILL)
    machine.guest.run("systemctl restart kiosk.service")
    machine.guest.wait_ready()
    visitor = Visitor(machine)
    visitor.wait_screen(Attract)
    visitor.tap("start")
    machine.guest.run("rm /fill /fill-rest")
    assert machine.guest.restarts() == 0


def test_an_overlay_root_that_did_not_come_is_reported(start: Started) -> None:
    """The initramfs of a kernel update may lack the module: then the root is writable, and nothing says so."""
    machine = start(Hardware(kernel_words=("root=/dev/vda", "rw", "boot=overlay")))
    opens(machine.guest)
    assert "was to be read-only" in machine.guest.run(STATUS)
    told = machine.guest.run(
        "KIOSK_STATE=/var/lib/kiosk /opt/kiosk/current/.venv/bin/kiosk check --json || true"
    )
    assert "was to be read-only" in told


def test_an_overlay_root_forgets_what_was_written_and_opens_the_exhibit(start: Started) -> None:
    machine = start(Hardware(kernel_words=("root=/dev/vda", "ro", "overlayroot=tmpfs:recurse=0")))
    opens(machine.guest)
    assert machine.guest.run("findmnt -no FSTYPE /") == "overlay"
    assert "beneath an overlay" in machine.guest.run(STATUS)
    machine.guest.run("touch /etc/gone; sync")
    machine = start(Hardware())
    opens(machine.guest)
    assert machine.guest.tried("test -e /etc/gone")[0] == 1
