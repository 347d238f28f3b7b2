"""Processes that hang or crash, and a system that does: who notices, and how soon the exhibit is open again."""

import pytest

from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.photograph.screens.live import Live
from tests.device.machine.guest import BOOTS_WITHIN_S
from tests.device.machine.machine import Machine
from tests.device.machine.visitor import Visitor
from tests.figures import figure

OUT_OF_ORDER = "systemctl show -p ActiveEnterTimestampMonotonic --value kiosk-out-of-order.service"
WATCHDOG_WITHIN_S = 60.0
EXHIBIT = "kiosk/current/.venv/bin/kiosk --event-log"


@pytest.mark.parametrize("signal", ["STOP", "SEGV"])
def test_an_exhibit_that_hangs_or_crashes_is_started_again_and_never_called_out_of_order(
    machine: Machine, visitor: Visitor, signal: str
) -> None:
    visitor.wait_screen(Attract)
    machine.guest.run(f"kill -{signal} {machine.guest.pid_of(EXHIBIT)}")
    took_s = machine.guest.wait(lambda: machine.guest.restarts() == 1, "systemd starts it again")
    took_s += machine.guest.wait_ready()
    figure.told(f"exhibit ended by SIG{signal}, until an attack can run again", f"{took_s:.0f} s")
    assert machine.guest.run(OUT_OF_ORDER) == "0", "the sign flashed"
    again = Visitor(machine)
    again.wait_screen(Attract)
    again.wait(lambda: again.changes(3) > 1, "the attract loop moves on the screen")


@pytest.mark.parametrize(("process", "signal"), [("kiosk camera", "STOP"), ("kiosk gradients", "KILL")])
def test_a_part_that_hangs_or_dies_is_begun_anew_while_the_exhibit_runs_on(
    machine: Machine, visitor: Visitor, process: str, signal: str
) -> None:
    visitor.wait_screen(Attract)
    visitor.tap("start")  # somebody is there, so that parts are looked after at once
    visitor.wait_screen(Live)
    pid = machine.guest.pid_of(process)
    machine.guest.run(f"kill -{signal} {pid}")
    took_s = machine.guest.wait(lambda: machine.guest.pid_of(process) not in ("", pid), "another one", 300)
    figure.told(f"{process} ended by SIG{signal}, until another one runs", f"{took_s:.0f} s")
    machine.guest.wait_status("camera found")
    machine.guest.wait_ready()
    assert machine.guest.restarts() == 0


def test_a_system_that_hangs_is_reset_by_the_hardwares_watchdog(machine: Machine) -> None:
    before = machine.guest.boot()
    machine.qmp("watchdog-set-action", action="reset")
    machine.qmp.forget_events()
    machine.guest.tried("kill -SEGV 1", 5)  # systemd freezes itself
    assert machine.qmp.event("WATCHDOG", WATCHDOG_WITHIN_S)["action"] == "reset"
    machine.guest.hang_up()
    machine.guest.wait(lambda: machine.guest.boot() not in ("", before), "it starts again", BOOTS_WITHIN_S)
    machine.guest.wait_ready()
