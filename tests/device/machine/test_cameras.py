"""The camera, a webcam of the kernel's own: pulled out, silent, with bad frames, back again, not there at power-on."""

import pytest

from kiosk.core.message import CameraLost
from kiosk.topics.photograph.messages import LiveJudged
from kiosk.topics.photograph.screens.live import Live
from tests.device.machine.conftest import Started
from tests.device.machine.faults import fault
from tests.device.machine.guest import Guest
from tests.device.machine.hardware import Hardware
from tests.device.machine.machine import Machine
from tests.device.machine.visitor import Visitor

FOUND, MISSING = "camera found", "camera missing"
DRIVER = "/sys/bus/platform/drivers/vivid"


def go_live(visitor: Visitor) -> None:
    """From the attract loop to what the camera sees; it is found by then."""
    visitor.tap("start")
    visitor.wait_screen(Live)
    visitor.guest.wait_status(FOUND)
    visitor.wait(lambda: visitor.events(LiveJudged), "the live answer")


def set_fault(guest: Guest, control: str, value: int = 1) -> None:
    """Have the driver do what a bad cable, a bad port or a bad camera does."""
    guest.run(f"v4l2-ctl -d /dev/video0 -c {control}={value}")


def pull_out(guest: Guest) -> None:
    guest.run(f"echo -n vivid.0 >{DRIVER}/unbind")


def plug_in(guest: Guest) -> None:
    guest.run(f"echo -n vivid.0 >{DRIVER}/bind")


def judged_again(visitor: Visitor) -> None:
    """The camera is found, and what it sees is judged."""
    before = len(visitor.events(LiveJudged))
    visitor.wait(lambda: len(visitor.events(LiveJudged)) > before, "an answer to what the camera sees now")


def test_a_camera_that_is_pulled_out_is_missed_and_taken_when_it_is_back(
    machine: Machine, visitor: Visitor
) -> None:
    go_live(visitor)
    with fault(machine, "camera pulled out") as found:
        pull_out(machine.guest)
        machine.guest.wait_status(MISSING)
        visitor.wait(lambda: visitor.changes(2) > 1, "visitors have the exhibit's own pictures meanwhile")
        found.shows("the exhibit's own pictures in the place of the camera's")
        plug_in(machine.guest)
        found.strikes()
        machine.guest.wait_status(FOUND)
        judged_again(visitor)
        found.ends("by itself, when it was plugged in again")
    assert machine.guest.restarts() == 0


@pytest.mark.parametrize(
    ("what", "control"),
    [
        ("camera disconnected by its driver", "disconnect"),
        ("camera with a fatal streaming error", "inject_fatal_streaming_error"),
    ],
)
def test_a_camera_that_fails_is_opened_anew(
    machine: Machine, visitor: Visitor, what: str, control: str
) -> None:
    go_live(visitor)
    with fault(machine, what) as found:
        before = len(visitor.events(CameraLost))
        set_fault(machine.guest, control)
        found.strikes()
        visitor.wait(lambda: len(visitor.events(CameraLost)) > before, "it is missed")
        machine.guest.wait_status(FOUND)
        found.shows("the live screen, or for a moment that the camera is missing")
        judged_again(visitor)
        found.ends("by itself: the camera was opened anew")
    assert machine.guest.restarts() == 0


@pytest.mark.parametrize(
    ("what", "control", "value"),
    [
        ("every second frame dropped", "percentage_of_dropped_buffers", 50),
        ("a corrupted frame", "inject_v4l2_buf_flag_error", 1),
    ],
)
def test_frames_that_are_lost_or_broken_do_not_end_the_live_picture(
    machine: Machine, visitor: Visitor, what: str, control: str, value: int
) -> None:
    go_live(visitor)
    with fault(machine, what) as found:
        set_fault(machine.guest, control, value)
        judged_again(visitor)
        found.shows("the live picture, as before")
        machine.guest.wait_status(FOUND)
        found.ends("it did not go")
    assert machine.guest.restarts() == 0


def test_a_camera_that_comes_late_at_power_on_is_taken(start: Started) -> None:
    machine = start(Hardware())
    machine.guest.wait_booted()
    pull_out(machine.guest)
    machine.guest.wait_open()
    with fault(machine, "camera late at boot") as found:
        machine.guest.wait_status(MISSING)
        found.shows("the attract loop")
        plug_in(machine.guest)
        found.strikes()
        machine.guest.wait_status(FOUND)
        found.ends("by itself, when it was plugged in")
    go_live(Visitor(machine))
