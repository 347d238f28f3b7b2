"""Visits by touch and by one button, in cage and on the screen itself; what the screen shows is compared; a lesson."""

import time

import numpy as np
import pytest

from kiosk.core.scene import ControlId
from kiosk.topics.attack.messages import StepJudged
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.photograph.screens.live import Live
from kiosk.topics.staff.messages import BoardRead
from kiosk.topics.staff.screens.counts import StaffCounts
from kiosk.topics.staff.screens.repair import StaffRepair
from kiosk.topics.staff.screens.tuning import StaffTuning
from kiosk.topics.teaching.messages import ExampleRecorded
from kiosk.topics.teaching.screens.signs import Signs
from kiosk.topics.teaching.screens.teach import Teach
from kiosk.topics.teaching.screens.training import Training
from tests.device.machine.faults import PICTURES
from tests.device.machine.machine import Machine
from tests.device.machine.pushed import PIN
from tests.device.machine.scan_out import ScanOut
from tests.device.machine.test_screens import use_driver
from tests.device.machine.visitor import Visitor
from tests.device.machine.visits import WITHIN_S, attack, fool, leave, to_the_attack
from tests.figures import figure

LABELS, EXAMPLES, BETWEEN_BURSTS_S = 2, 3, 6.0
BEHIND_FRAMES = 2
DRIVERS = pytest.mark.parametrize("driver", ["wayland", "kmsdrm"])


@DRIVERS
def test_over_a_visit_by_touch_the_screen_shows_what_is_told(machine: Machine, driver: str) -> None:
    use_driver(machine, driver)
    visitor = Visitor(machine)
    scan_out = ScanOut(visitor)
    to_the_attack(visitor, visitor.tap, scan_out.look)
    attack(visitor, visitor.tap)
    scan_out.look()
    leave(visitor)
    scan_out.look()
    assert machine.guest.restarts() == 0
    behind_s = np.array(scan_out.behind_s)
    figure.told(
        f"{behind_s.size} pictures of the screen over a visit, each the scene of some moments before, {driver}",
        f"{np.median(behind_s):.1f} s before in the median, {behind_s.max():.1f} s at most",
    )
    figure.at_most(f"frames it was behind at most, {driver}", max(scan_out.behind_frames), BEHIND_FRAMES)


@DRIVERS
def test_a_visit_by_one_button(machine: Machine, driver: str) -> None:
    """The light goes from press to press by itself to what is next."""
    use_driver(machine, driver)
    visitor = Visitor(machine)
    to_the_attack(visitor, visitor.shoot)
    attack(visitor, visitor.shoot)
    leave(visitor)
    assert machine.guest.restarts() == 0


def test_it_is_fooled(machine: Machine, visitor: Visitor) -> None:
    to_the_attack(visitor, visitor.tap)
    took_s = fool(visitor, visitor.tap)
    figure.told("the machine's own: from Fool it to fooled", f"{took_s:.0f} s")
    figure.told("steps until fooled there", str(len(visitor.events(StepJudged))))
    visitor.machine.save_picture(PICTURES.parent / "fooled.png")
    leave(visitor)
    assert machine.guest.restarts() == 0


def test_two_things_are_taught(machine: Machine, visitor: Visitor) -> None:
    """What the camera plays looks the same each time: that it learns is tried elsewhere, here that the lesson runs."""
    visitor.tap("start")
    visitor.wait_screen(Live)
    visitor.tap("teach")
    for label in range(LABELS):
        visitor.wait_screen(Signs)
        visitor.tap(f"sign-{label}")
        visitor.wait_screen(Teach)
        examples = len(visitor.events(ExampleRecorded)) + EXAMPLES
        while len(visitor.events(ExampleRecorded)) < examples:  # at its frames a burst has one, or none
            visitor.tap("record")
            visitor.wait(lambda: visitor.screen(Teach).burst is None, "the burst has ended")
            time.sleep(BETWEEN_BURSTS_S)
        if label + 1 < LABELS:
            visitor.wait(lambda: visitor.scene.control_of(ControlId("add")), "another thing may be added")
            visitor.tap("add")
    visitor.wait(lambda: visitor.scene.control_of(ControlId("train")), "it may learn")
    visitor.tap("train")
    took_s = visitor.wait(lambda: visitor.screen(Training).done, "it has learned", WITHIN_S)
    figure.told("the machine's own: learning two things", f"{took_s:.0f} s")
    assert machine.guest.restarts() == 0


def test_staff_read_how_it_is_change_a_setting_and_leave(machine: Machine, visitor: Visitor) -> None:
    visitor.ask_staff(PIN)
    visitor.wait(lambda: visitor.events(BoardRead), "what was read of the board")
    assert visitor.says("MB free")
    visitor.tap("page-counts")
    visitor.wait_screen(StaffCounts)
    visitor.tap("page-tuning")
    visitor.wait_screen(StaffTuning)
    visitor.tap("setting-idle.quiet_s")
    visitor.tap("higher")
    visitor.tap("save")
    visitor.guest.wait(
        lambda: "quiet_s" in visitor.guest.tried("cat /var/lib/kiosk/staff.toml")[1], "it is written"
    )
    visitor.tap("page-repair")
    visitor.wait_screen(StaffRepair)
    visitor.tap("leave")
    visitor.wait_screen(Attract)
    assert machine.guest.restarts() == 0
