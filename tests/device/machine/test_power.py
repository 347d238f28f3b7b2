"""The plug is pulled at random moments; the clock is wrong; the disk is full; the root is an overlay, or was to be."""

import random
import time
from pathlib import Path

import numpy as np

from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.photograph.screens.live import Live
from tests.device.machine.conftest import Started
from tests.device.machine.faults import fault
from tests.device.machine.guest import Guest
from tests.device.machine.hardware import NO_OVERLAY_WORDS, OVERLAY_WORDS, Bench, Hardware
from tests.device.machine.machine import Machine, blank_disk
from tests.device.machine.pushed import PushedCard
from tests.device.machine.test_push import copied_clone
from tests.device.machine.visitor import Visitor
from tests.device.machine.visits import begin, leave

CUTS, LATEST_CUT_S = 15, 25.0
UNPLUGGED_S = 10.0
MAKE_DATA = """mkfs.ext4 -q -L kiosk-data /dev/disk/by-id/virtio-data
udevadm trigger --settle /dev/disk/by-id/virtio-data
mkdir -p /data
mount LABEL=kiosk-data /data"""
STATUS = "bash /opt/kiosk/current/systemd/install-release status"
FILL = """fallocate -l $(( $(df -k --output=avail / | tail -1) - 2000 ))K /fill
dd if=/dev/zero of=/fill-rest bs=64k || true"""


def opens(guest: Guest) -> None:
    """The exhibit is open, with nothing lost and nothing failed."""
    guest.wait_booted()
    guest.wait_open()
    assert guest.failed_units() == []


def test_power_cuts_lose_nothing_and_end_in_the_exhibit(start: Started) -> None:
    chance = random.Random(13)
    machine = start(Hardware())
    opens(machine.guest)
    for cut in range(CUTS):
        visitor = Visitor(machine)
        visitor.wait_screen(Attract)
        visitor.tap("start")
        after_s = chance.uniform(0, LATEST_CUT_S)
        with fault(machine, f"power cut {after_s:.1f} s into visit {cut + 1}") as found:
            time.sleep(after_s)
            found.shows("what the visitor saw")
            found.machine = machine = start(Hardware())
            found.strikes()
            opens(machine.guest)
            found.ends("by itself, with the power")


def test_a_clock_of_1970_delays_nothing(start: Started) -> None:
    machine = start(Hardware(clock="1970-01-01T00:00:00"))
    opens(machine.guest)
    visitor = Visitor(machine)
    visitor.wait_screen(Attract)
    with fault(machine, "clock in 1970, then five years ahead, then back") as found:
        machine.guest.run("date -s '2031-05-05 12:00'")
        visitor.tap("start")
        visitor.wait_screen(Live)
        machine.guest.run("date -s '2026-01-01 12:00'")
        assert visitor.changes(4) > 1, "a clock that jumps stops nothing"
        found.shows("the visit, as before")
        found.ends("it did not go")
    assert machine.guest.restarts() == 0


def test_on_a_full_disk_the_exhibit_opens(machine: Machine) -> None:
    with fault(machine, "disk full, exhibit started anew") as found:
        machine.guest.run(FILL)
        machine.guest.run("systemctl restart kiosk.service")
        machine.guest.wait_open()
        begin(Visitor(machine))
        found.shows("the visit, as ever")
        machine.guest.run("rm /fill /fill-rest")
        found.ends("it did not go; staff read that no counts can be written")
    assert machine.guest.restarts() == 0


def test_on_a_disk_that_has_become_read_only_the_exhibit_runs_on_and_opens(
    machine: Machine, visitor: Visitor
) -> None:
    """A worn-out card does that: the kernel lets nothing more be written."""
    visitor.wait_screen(Attract)
    with fault(machine, "disk read-only in the middle of the day") as found:
        machine.guest.run("echo 1 >/proc/sys/kernel/sysrq; echo u >/proc/sysrq-trigger; sleep 2")
        assert machine.guest.tried("touch /etc/written")[0] != 0, "nothing can be written"
        visitor.tap("start")
        visitor.wait_screen(Live)
        machine.guest.run("systemctl restart kiosk.service")
        machine.guest.wait_open()
        begin(Visitor(machine))
        found.shows("the visit, as ever")
        machine.guest.run("mount -o remount,rw /")
        found.ends("it did not go, nor did a start fail")
    assert machine.guest.restarts() == 0


def test_without_a_network_the_exhibit_runs_on(machine: Machine, visitor: Visitor) -> None:
    """There is none to speak to; what is pulled is the one by which staff push."""
    visitor.wait_screen(Attract)
    with fault(machine, "network unplugged in a visit") as found:
        start_button = visitor.control("start").box
        machine.connect_network(False)
        before = machine.pixels()
        machine.tap(start_button.x + start_button.w // 2, start_button.y + start_button.h // 2)
        time.sleep(UNPLUGGED_S)
        assert not np.array_equal(machine.pixels(), before), "it hears hands"
        found.shows("the visit, as ever")
        machine.connect_network(True)
        found.strikes()
        machine.guest.wait_booted()
        found.ends("it did not go; staff reach it again by ssh")
    visitor.wait_screen(Live)
    assert machine.guest.restarts() == 0


def test_an_overlay_root_that_did_not_come_is_reported(start: Started) -> None:
    """The initramfs of a kernel update may lack the module: then the root is writable, and nothing says so."""
    machine = start(Hardware(kernel_words=NO_OVERLAY_WORDS))
    opens(machine.guest)
    assert "was to be read-only" in machine.guest.run(STATUS)


def test_an_overlay_root_forgets_what_was_written_and_its_data_partition_keeps_what_it_has_to(
    bench: Bench, start: Started, pushed: PushedCard, tmp_path: Path
) -> None:
    """As the README says: a partition for the data, a push, and then the root becomes read-only."""
    data = blank_disk(bench, tmp_path / "data.qcow2", "4G")
    machine = start(Hardware(data=data))
    opens(machine.guest)
    machine.guest.run(MAKE_DATA)
    clone = copied_clone(pushed, tmp_path / "clone", machine)
    moved = clone.deploy("push", "pi@kiosk", "--wheelhouse", bench.wheels)
    assert moved.returncode == 0, moved.stdout

    read_only = Hardware(data=data, kernel_words=OVERLAY_WORDS)
    machine = start(read_only)
    machine.guest.wait_booted()
    machine.guest.wait_open()
    assert machine.guest.run("findmnt -no FSTYPE /") == "overlay"
    assert "beneath an overlay" in machine.guest.run(STATUS)
    visitor = Visitor(machine)
    begin(visitor)
    leave(visitor)
    machine.guest.run("touch /etc/gone; sync")
    with fault(machine, "power cut with a read-only root") as found:
        found.machine = machine = start(read_only)
        machine.guest.wait_booted()
        machine.guest.wait_open()
        found.ends("by itself, with the power")
    assert machine.guest.tried("test -e /etc/gone")[0] == 1
    failed = machine.guest.failed_units()  # some of systemd's own mind an overlay
    assert not [unit for unit in failed if unit.startswith("kiosk")]
