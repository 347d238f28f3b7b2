"""The screen's plug: out and in again, in with another mode, out while systemd starts the exhibit, none at power-on."""

import numpy as np
import pytest

from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.photograph.screens.live import Live
from tests.device.machine.conftest import Started
from tests.device.machine.hardware import Hardware
from tests.device.machine.machine import Machine
from tests.device.machine.visitor import Visitor
from tests.figures import figure

WAITING = "waiting for a screen"
OTHER_MODE = (1024, 768)
DRAWN_ON = 5.0  # of 255: how much the pixels of a part differ on which there is something


def use_driver(machine: Machine, driver: str) -> None:
    """Let the exhibit open by another driver of SDL, as staff may."""
    if driver != "wayland":
        machine.guest.run(f"sed -i s/^SDL_VIDEODRIVER=.*/SDL_VIDEODRIVER={driver}/ /etc/kiosk/environment")
        machine.guest.run("systemctl restart kiosk.service")
        machine.guest.wait_ready()


@pytest.mark.parametrize("driver", ["wayland", "kmsdrm"])
def test_a_screen_that_comes_back_shows_the_exhibit_and_hears_hands(machine: Machine, driver: str) -> None:
    use_driver(machine, driver)
    visitor = Visitor(machine)
    visitor.wait_screen(Attract)
    with machine.unplugged():
        machine.guest.wait(lambda: screen_status(machine) == "disconnected", "the kernel sees no screen")
        assert machine.guest.status(), "it runs on, or is started anew and waits"
    machine.guest.wait(lambda: screen_status(machine) == "connected", "the kernel sees a screen")
    machine.guest.wait_ready()
    again = Visitor(machine)
    again.wait_screen(Attract)
    again.wait(lambda: again.changes(3) > 1, "the attract loop moves on the screen")
    again.tap("start")
    again.wait_screen(Live)


@pytest.mark.parametrize("driver", ["wayland", "kmsdrm"])
def test_another_mode_is_filled(machine: Machine, driver: str) -> None:
    use_driver(machine, driver)
    machine.plug_screen(*OTHER_MODE)
    took_s = machine.guest.wait(lambda: fills(machine, OTHER_MODE), "all of another mode is drawn on")
    figure.told(f"another mode, until all of it is drawn on, {driver}", f"{took_s:.0f} s")
    machine.guest.wait_ready()
    # In a compositor it goes on, and hears of the mode; on the screen itself it is started anew.
    visitor = Visitor(machine, OTHER_MODE if driver == "kmsdrm" else Hardware.size_px)
    visitor.wait_screen(Attract)
    visitor.wait(lambda: visitor.changes(3) > 1, "the attract loop moves on the screen")
    visitor.tap("start")
    visitor.wait_screen(Live)


def test_a_restart_without_a_screen_waits_for_one(machine: Machine) -> None:
    """A push or staff may do that; the exhibit must neither crash nor be called out of order."""
    with machine.unplugged():
        machine.guest.wait(lambda: screen_status(machine) == "disconnected", "the kernel sees no screen")
        machine.guest.run("systemctl restart kiosk.service")
        machine.guest.wait_status(WAITING)
        assert "ABRT" not in machine.guest.journal()
        assert "SEGV" not in machine.guest.journal()
    machine.guest.wait_ready()
    assert machine.guest.run("systemctl is-active kiosk-out-of-order.service || true") == "inactive"
    assert machine.guest.failed_units() == []
    visitor = Visitor(machine)
    visitor.wait_screen(Attract)
    visitor.tap("start")
    visitor.wait_screen(Live)


def test_without_a_screen_at_power_on_it_waits_for_one(start: Started) -> None:
    machine = start(Hardware())
    with machine.unplugged():
        machine.guest.wait_booted()
        machine.guest.wait_status(WAITING)
    took_s = machine.guest.wait_ready()
    figure.told("a screen plugged in after the start, to an attack that can run", f"{took_s:.0f} s")
    assert machine.guest.failed_units() == []
    visitor = Visitor(machine)
    visitor.wait_screen(Attract)
    visitor.wait(lambda: visitor.changes(3) > 1, "the attract loop moves on the screen")


def screen_status(machine: Machine) -> str:
    return machine.guest.run("cat /sys/class/drm/card0-Virtual-1/status")


def fills(machine: Machine, size_px: tuple[int, int]) -> bool:
    """Whether the screen has that mode, and something is drawn up to its right and its lower end."""
    seen = machine.pixels()
    if seen.shape != (size_px[1], size_px[0], 3):
        return False
    right, lower = seen[:, -size_px[0] // 4 :], seen[-size_px[1] // 4 :]
    return min(float(np.std(part)) for part in (right, lower)) > DRAWN_ON
