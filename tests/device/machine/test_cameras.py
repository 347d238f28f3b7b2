"""The camera, a webcam of the kernel's own: pulled out, silent, with bad frames, back again, not there at power-on."""

import pytest

from kiosk.topics.photograph.messages import LiveJudged
from kiosk.topics.photograph.screens.live import Live
from tests.device.machine.conftest import Started
from tests.device.machine.guest import Guest
from tests.device.machine.hardware import Hardware
from tests.device.machine.machine import Machine
from tests.device.machine.visitor import Visitor
from tests.figures import figure

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
    pull_out(machine.guest)
    figure.told("camera pulled out, until staff read so", f"{machine.guest.wait_status(MISSING):.1f} s")
    assert visitor.changes(4) > 1, "visitors have the exhibit's own pictures meanwhile"
    plug_in(machine.guest)
    figure.told("camera plugged in again, until it is found", f"{machine.guest.wait_status(FOUND):.1f} s")
    judged_again(visitor)
    assert machine.guest.restarts() == 0


@pytest.mark.parametrize("control", ["disconnect", "inject_fatal_streaming_error"])
def test_a_camera_that_fails_is_opened_anew(machine: Machine, visitor: Visitor, control: str) -> None:
    go_live(visitor)
    set_fault(machine.guest, control)
    machine.guest.wait_status(MISSING)
    if control == "disconnect":  # this driver never comes back from it by itself
        pull_out(machine.guest)
        plug_in(machine.guest)
    machine.guest.wait_status(FOUND)
    judged_again(visitor)
    assert machine.guest.restarts() == 0


@pytest.mark.parametrize("control", ["percentage_of_dropped_buffers", "inject_v4l2_buf_error"])
def test_frames_that_are_lost_or_broken_do_not_end_the_live_picture(
    machine: Machine, visitor: Visitor, control: str
) -> None:
    go_live(visitor)
    set_fault(machine.guest, control, 50 if control.startswith("percentage") else 1)
    judged_again(visitor)
    machine.guest.wait_status(FOUND)
    assert machine.guest.restarts() == 0


def test_a_camera_that_comes_late_at_power_on_is_taken(start: Started) -> None:
    machine = start(Hardware())
    machine.guest.wait_booted()
    pull_out(machine.guest)
    machine.guest.wait_ready()
    machine.guest.wait_status(MISSING)
    plug_in(machine.guest)
    machine.guest.wait_status(FOUND)
    go_live(Visitor(machine))
