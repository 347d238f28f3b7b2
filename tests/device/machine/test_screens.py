"""The screen's plug: out and in again, in with another mode, out while systemd starts the exhibit, none at power-on."""

from contextlib import ExitStack

import numpy as np
import pytest

from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.photograph.screens.live import Live
from tests.device.machine.conftest import Started
from tests.device.machine.faults import fault
from tests.device.machine.hardware import Hardware
from tests.device.machine.machine import Machine
from tests.device.machine.scan_out import shows
from tests.device.machine.visitor import Visitor
from tests.device.machine.visits import begin

FAILED = "Failed with result"  # as systemd says it
WAITING = "waiting for a screen"
OTHER_MODE = (1024, 768)
DRAWN_ON = 5.0  # of 255: how much the pixels of a part differ on which there is something


def use_driver(machine: Machine, driver: str) -> None:
    """Let the exhibit open by another driver of SDL, as staff may."""
    if driver != "wayland":
        machine.guest.run(f"sed -i s/^SDL_VIDEODRIVER=.*/SDL_VIDEODRIVER={driver}/ /etc/kiosk/environment")
        machine.guest.run("systemctl restart kiosk.service")
        machine.guest.wait_open()


@pytest.mark.parametrize("driver", ["wayland", "kmsdrm"])
def test_a_screen_that_comes_back_shows_the_exhibit_and_hears_hands(machine: Machine, driver: str) -> None:
    use_driver(machine, driver)
    visitor = Visitor(machine)
    visitor.wait_screen(Attract)
    with fault(machine, f"screen unplugged, {driver}") as found:
        with machine.unplugged():
            machine.guest.wait(lambda: screen_status(machine) == "disconnected", "the kernel sees no screen")
            if driver == "kmsdrm":
                machine.guest.wait_status(WAITING)
            assert machine.guest.status(), "it runs on, or was started anew and waits"
        found.strikes()
        machine.guest.wait(lambda: screen_status(machine) == "connected", "the kernel sees a screen")
        machine.guest.wait_open()
        again = Visitor(machine)
        again.wait_screen(Attract)
        again.wait(lambda: again.changes(3) > 1, "the attract loop moves on the screen")
        found.shows("nothing while unplugged; plugged in again, the attract loop")
        found.ends("by itself, when it was plugged in again")
    again.tap("start")
    again.wait_screen(Live)


@pytest.mark.parametrize("driver", ["wayland", "kmsdrm"])
def test_another_mode_is_filled(machine: Machine, driver: str) -> None:
    use_driver(machine, driver)
    with fault(machine, f"screen in another mode, {driver}") as found:
        machine.plug_screen(*OTHER_MODE)
        machine.guest.wait(lambda: fills(machine, OTHER_MODE), "all of another mode is drawn on")
        found.shows("the attract loop, laid out for that mode")
        found.ends("by itself, in a compositor" if driver == "wayland" else "it started itself anew")
    machine.guest.wait_open()
    # In a compositor it goes on, and hears of the mode; on the screen itself it is started anew.
    visitor = Visitor(machine, OTHER_MODE if driver == "kmsdrm" else Hardware.size_px)
    visitor.wait_screen(Attract)
    visitor.wait(lambda: visitor.changes(3) > 1, "the attract loop moves on the screen")
    visitor.tap("start")
    visitor.wait_screen(Live)


def test_a_restart_without_a_screen_waits_for_one(machine: Machine) -> None:
    """A push or staff may do that; the exhibit must neither crash nor be called out of order."""
    with fault(machine, "exhibit restarted while its screen is unplugged") as found:
        with machine.unplugged():
            machine.guest.wait(lambda: screen_status(machine) == "disconnected", "the kernel sees no screen")
            machine.guest.run("systemctl restart kiosk.service")
            machine.guest.wait_status(WAITING)
            assert "ABRT" not in machine.guest.journal()
            assert "SEGV" not in machine.guest.journal()
            assert FAILED not in machine.guest.journal()
        found.strikes()
        machine.guest.wait_open()
        found.shows("nothing while unplugged; plugged in again, the attract loop")
        found.ends("it waited for the screen, and opened on it")
    assert machine.guest.run("systemctl is-active kiosk-out-of-order.service || true") == "inactive"
    assert machine.guest.failed_units() == []
    begin(Visitor(machine))


def test_without_a_screen_at_power_on_it_waits_for_one(start: Started) -> None:
    machine = start(Hardware())
    with ExitStack() as until_plugged:
        until_plugged.enter_context(machine.unplugged())
        machine.guest.wait_booted()
        machine.guest.wait_status(WAITING)
        with fault(machine, "no screen at power-on") as found:
            until_plugged.close()
            found.strikes()
            machine.guest.wait_open()
            visitor = Visitor(machine)
            visitor.wait_screen(Attract)
            visitor.wait(lambda: visitor.changes(3) > 1, "the attract loop moves on the screen")
            found.shows("nothing; plugged in, the attract loop")
            found.ends("it waited for the screen, and opened on it")
    assert machine.guest.failed_units() == []


def test_with_two_screens_the_exhibit_is_whole_on_the_first(start: Started) -> None:
    machine = start(Hardware(screens=2))
    machine.guest.wait_booted()
    machine.guest.wait_open()
    with fault(machine, "a second screen plugged in") as found:
        machine.plug_second_screen(*Hardware.size_px)
        machine.guest.wait(lambda: screen_status(machine, 2) == "connected", "the kernel sees it")
        visitor = Visitor(machine)
        visitor.wait_screen(Attract)
        visitor.wait(lambda: shows(visitor), "all of the exhibit is on the first screen")
        found.shows("the exhibit, whole, on the first screen")
        found.ends("it did not go")
    visitor.wait(lambda: visitor.changes(3) > 1, "the attract loop moves on the screen")
    assert machine.guest.restarts() == 0


def screen_status(machine: Machine, number: int = 1) -> str:
    return machine.guest.run(f"cat /sys/class/drm/card0-Virtual-{number}/status")


def fills(machine: Machine, size_px: tuple[int, int]) -> bool:
    """Whether the screen has that mode, and something is drawn up to its right and its lower end."""
    seen = machine.pixels()
    if seen.shape != (size_px[1], size_px[0], 3):
        return False
    right, lower = seen[:, -size_px[0] // 4 :], seen[-size_px[1] // 4 :]
    return min(float(np.std(part)) for part in (right, lower)) > DRAWN_ON
