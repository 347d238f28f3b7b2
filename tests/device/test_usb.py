"""What may be plugged in: the script that judges a USB device's interfaces, on devices as /sys shows them."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.device.units import SYSTEMD

pytestmark = pytest.mark.untimed

RULES = (SYSTEMD / "udev" / "80-kiosk-usb.rules").read_text("utf-8")
KEYBOARD, MOUSE, TOUCH, HUB, STICK, UAS = (
    "03/01/01",
    "03/01/02",
    "03/00/00",
    "09/00/00",
    "08/06/50",
    "08/06/62",
)
CAMERA, STREAM, SPEAKER, MICROPHONE = "0e/01/00", "0e/02/00", "01/01/00", "01/02/00"
ECM, DATA, RNDIS, BLUETOOTH, SERIAL, PRINTER = (
    "02/06/00",
    "0a/00/00",
    "e0/01/03",
    "e0/01/01",
    "02/02/01",
    "07/01/02",
)
OWN = "ff/ff/00"
# What modprobe and the lists of modules tell of drivers for makers' own protocols.
MODULES = {
    "ax88179": "kernel/drivers/net/usb/ax88179-178a.ko.xz",
    "egalax": "kernel/drivers/input/touchscreen/usbtouchscreen.ko",
    "ftdi": "kernel/drivers/usb/serial/ftdi_sio.ko.xz",
    "lan": "kernel/drivers/net/usb/smsc95xx.ko",
}


@dataclass
class Usb:
    """A device in a /sys of the test's, and the script that judges it."""

    folder: Path

    def plugged(self, *interfaces: str, at_the_start: bool = False, modalias: str = "") -> Path:
        """Return the folder of a device with interfaces that wait to be let in, or that have had drivers all along."""
        device = self.folder / "devices" / "1-1"
        device.mkdir(parents=True)
        (device / "idVendor").write_text("046d\n", "ascii")
        (device / "idProduct").write_text("c31c\n", "ascii")
        for number, kind in enumerate(interfaces):
            interface = device / f"1-1:1.{number}"
            interface.mkdir()
            names = ("bInterfaceClass", "bInterfaceSubClass", "bInterfaceProtocol")
            for name, value in zip(names, kind.split("/"), strict=True):
                (interface / name).write_text(f"{value}\n", "ascii")
            (interface / "authorized").write_text(f"{int(at_the_start)}\n", "ascii")
            (interface / "modalias").write_text(f"{modalias}\n", "ascii")
            if at_the_start:
                (interface / "driver").mkdir()
        return device

    def judge(self, device: Path) -> list[str]:
        """Return the interfaces that are let in."""
        probe = self.folder / "bus" / "usb" / "drivers_probe"
        probe.parent.mkdir(parents=True, exist_ok=True)
        probe.write_text("", "ascii")
        modules = self.folder / "modules"
        modules.mkdir(exist_ok=True)
        listed = [f"{path}: kernel/lib/crc.ko" for path in MODULES.values() if "smsc" not in path]
        (modules / "modules.dep").write_text("\n".join(listed) + "\n", "ascii")
        (modules / "modules.builtin").write_text(MODULES["lan"] + "\n", "ascii")
        stand_ins = self.folder / "commands"
        stand_ins.mkdir(exist_ok=True)
        names = {key: re.sub("-", "_", Path(path).name.partition(".")[0]) for key, path in MODULES.items()}
        cases = " ".join(f"{key}) echo {name};;" for key, name in names.items())
        (stand_ins / "modprobe").write_text(f'#!/bin/sh\ncase "$2" in {cases} *) exit 1;; esac\n', "ascii")
        (stand_ins / "modprobe").chmod(0o755)
        done = subprocess.run(
            [SYSTEMD / "lib" / "admit-usb", device],
            env={
                "PATH": f"{stand_ins}:{os.environ['PATH']}",
                "SYSFS": str(self.folder),
                "MODULES": str(modules),
                "HERE": str(SYSTEMD / "lib"),
                "ALLOWED": str(self.folder / "usb-allowed"),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return [
            interface.name.rpartition(".")[2]
            for interface in sorted(device.glob("*:*"))
            if (interface / "authorized").read_text("ascii").strip() == "1"
        ]


@pytest.fixture
def usb(tmp_path: Path) -> Usb:
    return Usb(tmp_path)


@pytest.mark.parametrize(
    ("interfaces", "let_in"),
    [
        ((KEYBOARD,), []),
        ((KEYBOARD, MOUSE), ["1"]),
        ((HUB,), ["0"]),
        ((STICK,), ["0"]),
        ((UAS,), ["0"]),
        ((CAMERA, STREAM, SPEAKER, MICROPHONE), ["0", "1"]),
        ((TOUCH,), ["0"]),
        ((TOUCH, KEYBOARD, MOUSE), ["0", "2"]),
        ((ECM, DATA), ["0", "1"]),
        ((RNDIS, DATA), ["0", "1"]),
        ((BLUETOOTH, BLUETOOTH), []),
        ((SERIAL,), []),
        ((PRINTER,), []),
        ((STICK, KEYBOARD), ["0"]),
    ],
)
@pytest.mark.parametrize("at_the_start", [False, True])
def test_each_interface_is_judged_by_itself(
    usb: Usb, interfaces: tuple[str, ...], let_in: list[str], at_the_start: bool
) -> None:
    assert usb.judge(usb.plugged(*interfaces, at_the_start=at_the_start)) == let_in


@pytest.mark.parametrize(
    ("modalias", "let_in"),
    [("ax88179", ["0"]), ("lan", ["0"]), ("egalax", ["0"]), ("ftdi", []), ("unknown", [])],
)
def test_a_makers_own_protocol_is_let_in_for_a_network_adapter_or_a_touch_screen(
    usb: Usb, modalias: str, let_in: list[str]
) -> None:
    assert usb.judge(usb.plugged(OWN, modalias=modalias)) == let_in


def test_drivers_are_looked_for_once_all_is_decided_and_only_where_there_is_none(usb: Usb) -> None:
    device = usb.plugged(CAMERA, STREAM, MICROPHONE)
    (device / "1-1:1.1" / "driver").mkdir()
    usb.judge(device)
    assert (usb.folder / "bus/usb/drivers_probe").read_text("ascii") == "1-1:1.0\n"


@pytest.mark.parametrize("line", ["046d:c31c", "046D:C31C  # the keyboard in the office", "any"])
def test_staff_allow_a_keyboard(usb: Usb, line: str) -> None:
    (usb.folder / "usb-allowed").write_text(f"# what staff allow\n{line}\n", "utf-8")
    assert usb.judge(usb.plugged(KEYBOARD, MOUSE)) == ["0", "1"]


@pytest.mark.parametrize("line", ["046d:c31d", "# 046d:c31c", ""])
def test_and_no_other(usb: Usb, line: str) -> None:
    (usb.folder / "usb-allowed").write_text(f"{line}\n", "utf-8")
    assert usb.judge(usb.plugged(KEYBOARD)) == []


def test_what_is_no_touch_screen_is_silent_whatever_interface_it_came_by() -> None:
    """The rules themselves are tried in an emulated machine; here, that they call what is installed."""
    for script in re.findall(r"/usr/local/lib/kiosk/([\w-]+)", RULES):
        assert os.access(SYSTEMD / "lib" / script, os.X_OK)
    assert 'ATTR{inhibited}="1"' in RULES
    assert 'ATTR{interface_authorized_default}="0"' in RULES
