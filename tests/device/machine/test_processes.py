"""Processes that hang or crash, and a system that does: who notices, and how soon the exhibit is open again."""

import pytest

from kiosk.core.health import Phase
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.photograph.screens.live import Live
from tests.device.machine.faults import fault
from tests.device.machine.guest import BOOTS_WITHIN_S
from tests.device.machine.machine import Machine
from tests.device.machine.visitor import Visitor
from tests.device.machine.visits import WITHIN_S, attack, to_the_attack

OUT_OF_ORDER = "systemctl show -p ActiveEnterTimestampMonotonic --value kiosk-out-of-order.service"
WATCHDOG_WITHIN_S = 60.0
EXHIBIT = "kiosk/current/.venv/bin/kiosk --event-log"


@pytest.mark.parametrize("signal", ["STOP", "SEGV"])
def test_an_exhibit_that_hangs_or_crashes_is_started_again_and_never_called_out_of_order(
    machine: Machine, visitor: Visitor, signal: str
) -> None:
    visitor.wait_screen(Attract)
    with fault(machine, f"exhibit ended by SIG{signal}") as found:
        machine.guest.run(f"kill -{signal} {machine.guest.pid_of(EXHIBIT)}")
        found.shows("the attract loop, standing still" if signal == "STOP" else "black")
        machine.guest.wait(lambda: machine.guest.restarts() == 1, "systemd starts it again")
        machine.guest.wait_open()
        found.ends("systemd started it anew")
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
    with fault(machine, f"{process.removeprefix('kiosk ')} process ended by SIG{signal}") as found:
        pid = machine.guest.pid_of(process)
        machine.guest.run(f"kill -{signal} {pid}")
        machine.guest.wait(lambda: machine.guest.pid_of(process) not in ("", pid), "another one", 300)
        found.shows("the live screen, as before")
        machine.guest.wait_status("camera found")
        machine.guest.wait_ready()
        found.ends("another process was begun")
    assert machine.guest.restarts() == 0


def test_a_gradient_process_that_hangs_in_an_attack_is_ended_and_another_one_goes_on(
    machine: Machine, visitor: Visitor
) -> None:
    to_the_attack(visitor, visitor.tap)
    with fault(machine, "gradient process ended by SIGSTOP in an attack") as found:
        machine.guest.run(f"kill -STOP {machine.guest.pid_of('kiosk gradients')}")
        visitor.tap("fool")
        found.shows("the attack's screen: adding noise")
        visitor.wait(
            lambda: visitor.state.context.gradients.phase is not Phase.READY, "it is missed", WITHIN_S
        )
        visitor.wait(lambda: visitor.state.context.gradients.phase is Phase.READY, "another one", WITHIN_S)
        found.ends("systemd ended it and started another one")
    attack(visitor, visitor.tap)
    assert machine.guest.restarts() == 0


def test_a_system_that_hangs_is_reset_by_the_hardwares_watchdog(machine: Machine) -> None:
    before = machine.guest.boot()
    with fault(machine, "system hangs: systemd frozen") as found:
        machine.qmp("watchdog-set-action", action="reset")
        machine.qmp.forget_events()
        machine.guest.tried("kill -SEGV 1", 5)  # systemd freezes itself
        found.shows("the attract loop")
        assert machine.qmp.event("WATCHDOG", WATCHDOG_WITHIN_S)["action"] == "reset"
        machine.guest.hang_up()
        machine.guest.wait(
            lambda: machine.guest.boot() not in ("", before), "it starts again", BOOTS_WITHIN_S
        )
        machine.guest.wait_open()
        found.ends("the hardware's watchdog reset the machine")
