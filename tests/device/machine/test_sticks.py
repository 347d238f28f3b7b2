"""USB sticks: pictures that visitors bring, a stick that is pulled out too early, updates, signed and not by ours."""

import shutil
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.core.scene import ControlId
from kiosk.topics.photograph.screens.first_answer import FirstAnswer
from kiosk.topics.photograph.screens.live import Live
from kiosk.topics.photograph.screens.upload import Upload
from kiosk.topics.staff.screens.repair import StaffRepair
from kiosk.topics.staff.screens.update import StaffUpdate
from kiosk.topics.staff.screens.update_pin import UpdatePin
from tests.device.machine.faults import fault
from tests.device.machine.fresh_clone import FreshClone
from tests.device.machine.machine import Machine
from tests.device.machine.pushed import PIN, PushedCard
from tests.device.machine.sticks import filled_stick
from tests.device.machine.test_push import clone, running_release
from tests.device.machine.visitor import Visitor
from tests.unit.signed_stick import make_key

__all__ = ["clone"]

PICTURES = 24
UPDATED_WITHIN_S = 900.0
TOUCHED_EVERY_S = 30.0
EMPTY_PX = (640, 560)  # of the update's screen


def photographs() -> dict[str, bytes]:
    """Pictures of nothing, as large as a telephone's."""
    chance = np.random.default_rng(5)
    found = {}
    for number in range(PICTURES):
        small = chance.integers(0, 256, (12, 16, 3), dtype=np.uint8)
        large = cv2.resize(small, (1600, 1200), interpolation=cv2.INTER_CUBIC)
        found[f"{number}.jpg"] = cv2.imencode(".jpg", large)[1].tobytes()
    return found


def to_the_stick(visitor: Visitor) -> None:
    """From the live screen to the pictures on the stick, as soon as it is offered."""
    visitor.wait(lambda: visitor.scene.control_of(ControlId("stick")), "the way to the stick")
    visitor.tap("stick")
    visitor.wait_screen(Upload)


def test_a_picture_from_a_stick_is_judged_and_a_stick_pulled_out_too_early_harms_nothing(
    machine: Machine, visitor: Visitor, tmp_path: Path
) -> None:
    stick = filled_stick(machine, tmp_path / "stick.img", photographs())
    visitor.tap("start")
    visitor.wait_screen(Live)
    with fault(machine, "stick pulled out in the middle of thumbnails") as found:
        machine.plug_stick(stick)
        to_the_stick(visitor)
        found.strikes()
        machine.pull_stick()
        visitor.wait(
            lambda: machine.guest.tried("grep -q /media/ /proc/mounts")[0], "the mount goes with the stick"
        )
        found.shows("what to do: put a stick in")
        if isinstance(visitor.state.screen, Upload):
            visitor.tap("back")
        visitor.wait_screen(Live)
        visitor.wait(lambda: visitor.changes(2) > 1, "it goes on")
        found.ends("the visitor went on")

    machine.plug_stick(stick)
    to_the_stick(visitor)
    visitor.wait(lambda: visitor.screen(Upload).seen, "pictures on it")
    visitor.tap("pick-0")
    visitor.wait_screen(FirstAnswer)
    machine.pull_stick()
    assert machine.guest.restarts() == 0


def to_the_update(visitor: Visitor) -> None:
    """From wherever it is to the staff's screen for updates."""
    visitor.ask_staff(PIN)
    visitor.tap("page-repair")
    visitor.wait_screen(StaffRepair)
    visitor.tap("update")
    visitor.wait_screen(StaffUpdate)


def install(visitor: Visitor) -> None:
    """Have the release on the stick installed, once what became of the last one was read.

    Until it is offered staff's screen is touched: left alone it goes.
    """
    touched_s = time.monotonic()

    def asked() -> bool:
        nonlocal touched_s
        offered = [name for name in ("again", "install") if visitor.scene.control_of(ControlId(name))]
        if offered:
            visitor.tap(offered[0])
        elif time.monotonic() - touched_s > TOUCHED_EVERY_S:
            touched_s = time.monotonic()
            visitor.machine.tap(*EMPTY_PX)
        return isinstance(visitor.state.screen, UpdatePin)

    visitor.wait(asked, "it is offered, and the PIN is asked for", UPDATED_WITHIN_S)
    visitor.type_pin(PIN)


def refused(visitor: Visitor) -> str:
    """Why staff read that what is on the stick is not taken, nothing while it is looked at."""
    found = visitor.screen(StaffUpdate).found
    return "" if found is None else found.refused


@pytest.mark.parametrize("signer", ["ours", "a stranger"])
def test_an_update_from_a_stick_is_installed_if_it_is_signed_by_whom_the_device_knows(
    machine: Machine, visitor: Visitor, clone: FreshClone, pushed: PushedCard, tmp_path: Path, signer: str
) -> None:
    clone.change("kiosk/exhibit/app.py", '"""The composition root', '"""That composition root')
    folder = tmp_path / "written"
    folder.mkdir()
    key = make_key(tmp_path, "eve@street") if signer == "a stranger" else None
    made = clone.deploy("stick", "--wheelhouse", machine.bench.wheels, folder, signing_key=key)
    assert made.returncode == 0, made.stdout
    (archive,) = folder.iterdir()
    stick = filled_stick(machine, tmp_path / "stick.img", {archive.name: archive.read_bytes()})
    shutil.rmtree(folder)
    to_the_update(visitor)
    machine.plug_stick(stick)
    if key is not None:
        with fault(machine, "update on a stick, signed by a stranger") as found:
            visitor.wait(lambda: refused(visitor), "it is refused")
            found.shows("to staff: why it is refused; no button to install it")
            found.ends("it did not go")
        assert visitor.scene.control_of(ControlId("install")) is None
        assert running_release(machine.guest) == pushed.release
        return
    install(visitor)
    machine.guest.wait(
        lambda: running_release(machine.guest) != pushed.release, "the other release", UPDATED_WITHIN_S
    )
    machine.guest.wait_open()
