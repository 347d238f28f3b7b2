"""Machines for tests: on one the exhibit runs and has been set up, another comes fresh with its power on.

They are tried by `sudo tests/device/machine/run`, which makes what they are made of; other runs of pytest skip them.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.device.machine.hardware import Bench, Hardware
from tests.device.machine.machine import Machine, overlay
from tests.device.machine.pushed import PushedCard, pushed_card
from tests.device.machine.visitor import Visitor

FOLDER_VARIABLE = "KIOSK_MACHINE"
PICTURES = Path(__file__).resolve().parents[3] / "dist" / "machine"

Started = Callable[[Hardware], Machine]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, loudly, what no machine was made for; with one, leave each test the time that emulation takes."""
    reason = (
        "NOT TRIED: the exhibit in an emulated machine. sudo tests/device/machine/run does it, in some hours"
    )
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(3600))
            if FOLDER_VARIABLE not in os.environ:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def bench() -> Bench:
    """The folder that `run` has filled."""
    return Bench(Path(os.environ[FOLDER_VARIABLE]))


@pytest.fixture(scope="session")
def pushed(bench: Bench) -> PushedCard:
    """The card of a device to which this checkout's last commit was pushed, and which staff have set up."""
    return pushed_card(bench)


@pytest.fixture(scope="session")
def warm_card(pushed: PushedCard, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of that card, with its snapshot, which an overlay would not have."""
    return shutil.copyfile(pushed.card, tmp_path_factory.mktemp("machine") / "card.qcow2")


@pytest.fixture
def machine(
    bench: Bench, pushed: PushedCard, warm_card: Path, request: pytest.FixtureRequest
) -> Iterator[Machine]:
    """A machine whose exhibit is open, in its attract loop, with all processes ready; each test has a new qemu.

    In one that goes back to a snapshot the processor's own clock does not: the system would see it jump.
    """
    with Machine(bench, warm_card, Hardware(snapshot=pushed.snapshot)) as machine:
        machine.guest.wait_booted()
        yield machine
        keep_picture(machine, request.node.name)
        machine.put_away()


@pytest.fixture
def visitor(machine: Machine) -> Visitor:
    """A person at that machine."""
    return Visitor(machine)


@pytest.fixture
def start(
    pushed: PushedCard, bench: Bench, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Started]:
    """Switch a machine on whose card is as the pushed one was when its power went; one after the other."""
    with ExitStack() as stack:
        machines: list[Machine] = []

        def started(hardware: Hardware) -> Machine:
            if machines:
                machines[-1].cut_power()
            card = tmp_path / "card.qcow2"
            if not card.exists():
                overlay(bench, pushed.card, card)
            machines.append(stack.enter_context(Machine(bench, card, hardware)))
            return machines[-1]

        yield started
        if machines:
            keep_picture(machines[-1], request.node.name)


def keep_picture(machine: Machine, name: str) -> None:
    """Keep what the screen shows at a test's end, as far as there is a screen."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    machine.save_picture(PICTURES / f"{name}.png")
