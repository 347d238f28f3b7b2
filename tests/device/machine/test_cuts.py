"""Power cuts while something is written: in a push, in an update from a stick. Either release runs afterwards."""

import random
import time
from pathlib import Path

from tests.device.machine.conftest import Started
from tests.device.machine.faults import fault
from tests.device.machine.hardware import Hardware
from tests.device.machine.pushed import PushedCard
from tests.device.machine.sticks import filled_stick
from tests.device.machine.test_power import opens
from tests.device.machine.test_push import copied_clone, running_release
from tests.device.machine.test_sticks import install, to_the_update
from tests.device.machine.visitor import Visitor

PUSH_S = 690.0  # as a sound one took there
PUSHES, UPDATES = 3, 2
INSTALLING_S = 300.0
RELEASE = frozenset({"release"})


def test_power_cuts_in_a_push_leave_a_release_that_opens(
    start: Started, pushed: PushedCard, tmp_path: Path
) -> None:
    chance = random.Random(7)
    machine = start(Hardware())
    opens(machine.guest)
    for number in range(PUSHES):
        clone = copied_clone(pushed, tmp_path / f"clone-{number}", machine)
        clone.change("kiosk/exhibit/app.py", '"""The composition root', f'"""Composition root {number}')
        after_s = chance.uniform(number, number + 1) * PUSH_S / PUSHES
        with fault(machine, f"power cut {after_s:.0f} s into a push", RELEASE) as found:
            before = running_release(machine.guest)
            pushing = clone.begin("push", "pi@kiosk", "--wheelhouse", machine.bench.wheels)
            time.sleep(after_s)
            found.shows("the exhibit, or its start")
            found.machine = machine = start(Hardware())
            pushing.kill()
            pushing.wait()
            found.strikes()
            opens(machine.guest)
            after = running_release(machine.guest)
            found.ends(f"by itself, with the power, as the {'former' if after == before else 'new'} release")
    clone = copied_clone(pushed, tmp_path / "clone", machine)
    again = clone.deploy("push", "pi@kiosk", "--wheelhouse", machine.bench.wheels)
    assert again.returncode == 0, again.stdout
    assert running_release(machine.guest) == pushed.release


def test_power_cuts_in_an_update_from_a_stick_leave_a_release_that_opens(
    start: Started, pushed: PushedCard, tmp_path: Path
) -> None:
    chance = random.Random(11)
    machine = start(Hardware())
    opens(machine.guest)
    clone = copied_clone(pushed, tmp_path / "clone", machine)
    clone.change("kiosk/exhibit/app.py", '"""The composition root', '"""Another composition root')
    folder = tmp_path / "written"
    folder.mkdir()
    made = clone.deploy("stick", "--wheelhouse", machine.bench.wheels, folder)
    assert made.returncode == 0, made.stdout
    (archive,) = folder.iterdir()
    stick = filled_stick(machine, tmp_path / "stick.img", {archive.name: archive.read_bytes()})
    for number in range(UPDATES):
        visitor = Visitor(machine)
        to_the_update(visitor)
        machine.plug_stick(stick)
        install(visitor)
        after_s = chance.uniform(number, number + 1) * INSTALLING_S / UPDATES
        with fault(machine, f"power cut {after_s:.0f} s into an update from a stick", RELEASE) as found:
            time.sleep(after_s)
            found.shows("the exhibit, or its start")
            found.machine = machine = start(Hardware())
            found.strikes()
            opens(machine.guest)
            found.ends("by itself, with the power")
        if running_release(machine.guest) != pushed.release:
            break
