"""The real `deploy.sh push`, from a fresh clone to a machine fresh from its card; again; broken; back; a reboot."""

import re
import shutil
import time
from pathlib import Path

import pytest

from kiosk.topics.attract.screens.attract import Attract
from tests.device.machine.conftest import Started
from tests.device.machine.fresh_clone import FreshClone
from tests.device.machine.guest import Guest
from tests.device.machine.hardware import Hardware
from tests.device.machine.machine import Machine
from tests.device.machine.pushed import PushedCard
from tests.device.machine.visitor import Visitor
from tests.figures import figure

DONE = re.compile(r"Done in (\d+) s")
NOTHING_TO_DO = re.compile(r"Nothing to do: .*[(](\d+) s[)]")


@pytest.fixture
def clone(pushed: PushedCard, machine: Machine, tmp_path: Path) -> FreshClone:
    """The checkout that runs on the machine, to be changed."""
    return copied_clone(pushed, tmp_path / "clone", machine)


def copied_clone(pushed: PushedCard, folder: Path, machine: Machine) -> FreshClone:
    """Return a copy of the checkout that runs on a machine. Its environment knows the first one's place."""
    shutil.copytree(pushed.clone, folder, symlinks=True)
    return FreshClone(folder, machine.guest.ssh_config)


def running_release(guest: Guest) -> str:
    return guest.run("basename $(readlink -f /opt/kiosk/current)")


def nothing_to_do(machine: Machine, clone: FreshClone) -> None:
    """Push what runs already."""
    again = clone.deploy("push", "pi@kiosk", "--wheelhouse", machine.bench.wheels)
    took = NOTHING_TO_DO.search(again.stdout)
    assert took is not None, again.stdout
    figure.at_most("push with nothing changed", int(took[1]), 10, " s")


def test_a_push_from_a_fresh_clone_makes_an_exhibit_of_a_fresh_card(
    pushed: PushedCard, machine: Machine, visitor: Visitor
) -> None:
    said = DONE.search(pushed.said)
    assert said is not None, pushed.said
    figure.told("a fresh card's start, to ssh", f"{pushed.boot_s:.0f} s")
    figure.told("first push, with its wheels, to READY", f"{said[1]} s")
    figure.told("reboot after it, to READY by the machine's clock", f"{pushed.reboot_s:.0f} s")
    assert machine.guest.failed_units() == []
    assert machine.guest.restarts() == 0
    assert visitor.wait_screen(Attract)
    assert visitor.changes(6) > 1, "the attract loop moves"


def test_pushed_again_only_rights_are_taken_away_and_then_there_is_nothing_to_do(
    machine: Machine, clone: FreshClone, pushed: PushedCard
) -> None:
    serves_since_s = machine.guest.started_s()
    narrowed = clone.deploy("push", "pi@kiosk", "--wheelhouse", machine.bench.wheels)
    assert narrowed.returncode == 0, narrowed.stdout
    assert "let pi become root without a password by kiosk-release alone" in narrowed.stdout
    assert "is as it was" not in narrowed.stdout, narrowed.stdout
    assert machine.guest.tried("runuser -u pi -- sudo -n true")[0] != 0
    nothing_to_do(machine, clone)
    assert running_release(machine.guest) == pushed.release
    assert machine.guest.started_s() == serves_since_s, "it served all the while"


def test_a_release_that_does_not_open_goes_back_and_a_sound_one_may_be_taken_back(
    machine: Machine, clone: FreshClone, pushed: PushedCard
) -> None:
    clone.change(
        "kiosk/exhibit/app.py", "    gc.freeze()", "    raise MemoryError  # a fault\n    gc.freeze()"
    )
    broken = clone.deploy("push", "pi@kiosk", "--wheelhouse", machine.bench.wheels)
    assert broken.returncode != 0, broken.stdout
    assert running_release(machine.guest) == pushed.release
    machine.guest.wait_open()

    clone.change("kiosk/exhibit/app.py", "    raise MemoryError  # a fault\n", "")
    clone.change("kiosk/exhibit/app.py", '"""The composition root', '"""This composition root')
    since_s = time.monotonic()
    sound = clone.deploy("push", "pi@kiosk", "--wheelhouse", machine.bench.wheels)
    figure.told("push of a changed release, to READY", f"{time.monotonic() - since_s:.0f} s")
    assert sound.returncode == 0, sound.stdout
    assert running_release(machine.guest) != pushed.release
    nothing_to_do(machine, clone)

    back = clone.deploy("rollback", "pi@kiosk")
    assert back.returncode == 0, back.stdout
    assert running_release(machine.guest) == pushed.release
    machine.guest.wait_open()


def test_after_a_reboot_the_exhibit_opens_without_a_hand_on_it(start: Started, pushed: PushedCard) -> None:
    machine = start(Hardware())
    machine.guest.wait_booted()
    machine.guest.wait_ready()
    figure.told("power-on to READY, by the machine's clock", f"{machine.guest.started_s():.0f} s")
    assert machine.guest.failed_units() == []
    assert running_release(machine.guest) == pushed.release
    visitor = Visitor(machine)
    visitor.wait_screen(Attract)
    visitor.tap("start")
