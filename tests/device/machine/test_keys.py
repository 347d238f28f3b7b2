"""A USB keyboard in a port of the box: no key of it reaches the exhibit, the console, the kernel or the power."""

from kiosk.core.message import ButtonDown
from tests.device.machine.machine import Machine
from tests.device.machine.visitor import Visitor

# As qemu names them.
KEYS = (
    ["power"],
    ["sleep"],
    ["ctrl", "alt", "delete"],
    ["alt", "sysrq", "b"],
    ["alt", "f2"],
    ["spc"],
    ["esc"],
)


def test_no_key_of_a_keyboard_does_anything(machine: Machine, visitor: Visitor) -> None:
    before_boot = machine.guest.boot()
    before = len(visitor.events(ButtonDown))
    machine.qmp("device_add", driver="usb-kbd", id="keyboard", bus="usb.0")
    machine.guest.wait(lambda: "QEMU USB Keyboard" in machine.guest.run("dmesg"), "it is seen")
    for keys in KEYS:
        machine.qmp("send-key", keys=[{"type": "qcode", "data": key} for key in keys])
        assert visitor.changes(3) > 1, f"{keys}: the exhibit runs on"
    assert machine.guest.boot() == before_boot
    assert machine.guest.restarts() == 0
    assert len(visitor.events(ButtonDown)) == before
    machine.qmp("device_del", id="keyboard")
