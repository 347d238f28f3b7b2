"""Days in minutes: the wall clock is set on from hour to hour, as opening hours and the weekly copy read it."""

import numpy as np

from kiosk.core.screen import Screen
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.faults.screens.after_hours import AfterHours
from kiosk.topics.photograph.screens.live import Live
from tests.device.machine.guest import READY_WITHIN_S, Guest
from tests.device.machine.machine import Machine
from tests.device.machine.visitor import Visitor
from tests.device.machine.visits import leave
from tests.device.machine.wrapped import EVENT_LOG
from tests.figures import figure

MONDAY, TUESDAY, WEEK_AFTER = "2026-11-30", "2026-12-01", "2026-12-08"
HOURS = range(10, 18)
COPY = "/var/lib/kiosk/kiosk.sqlite.copy"
DARK = 2.0  # of 255


def set_clock(guest: Guest, day: str, time_of_day: str) -> None:
    """Set the clock as the network would: the battery's too, so that opening hours trust it."""
    guest.run(f"timedatectl set-ntp false; timedatectl set-time '{day} {time_of_day}'")


def active(guest: Guest, unit: str) -> bool:
    return guest.tried(f"systemctl is-active {unit}")[1] == "active"


def shown(guest: Guest, screen: type[Screen]) -> bool:
    """Whether a screen was shown since the exhibit's start."""
    return guest.tried(f"grep -q '\"{screen.__name__}\"' {EVENT_LOG}")[0] == 0


def woken(machine: Machine) -> bool:
    """Whether a touch is answered: one while the screen was only just being switched off is not."""
    machine.tap(400, 400)
    return machine.guest.tried("systemctl is-active kiosk.service")[1] in ("activating", "active")


def test_a_day_with_opening_hours_and_the_copy_of_the_week(machine: Machine, visitor: Visitor) -> None:
    guest = machine.guest
    set_clock(guest, MONDAY, "09:46:00")
    guest.run("systemctl enable --now kiosk-open.timer kiosk-close.timer")
    for hour in HOURS:
        set_clock(guest, MONDAY, f"{hour}:30:00")
        visitor.wait_screen(Attract)
        visitor.tap("start")
        visitor.wait_screen(Live)
        leave(visitor)
    set_clock(guest, MONDAY, "18:14:55")
    guest.wait(lambda: active(guest, "kiosk-closed.service"), "it closes")
    guest.wait(lambda: not active(guest, "kiosk.service"), "the exhibit ends")
    guest.wait(lambda: float(np.mean(machine.pixels())) < DARK, "the screen is dark")

    guest.wait(lambda: woken(machine), "a touch wakes it")
    guest.wait(lambda: shown(guest, AfterHours), "it says that it is closed, for a minute", READY_WITHIN_S)
    guest.wait(lambda: not active(guest, "kiosk.service"), "dark again", 1200)

    set_clock(guest, TUESDAY, "09:44:55")
    guest.wait_open()
    next_day = Visitor(machine)
    next_day.wait_screen(Attract)
    copied, opened_s = guest.run(f"stat -c %Y {COPY}"), guest.started_s()
    set_clock(guest, WEEK_AFTER, "12:00:00")
    next_day.tap("start")
    next_day.wait_screen(Live)
    leave(next_day)
    guest.wait(lambda: guest.run(f"stat -c %Y {COPY}") > copied, "the copy of the week")
    assert guest.started_s() == opened_s, "the closings that the clock was set past are left out"
    set_clock(guest, WEEK_AFTER, "19:30:00")
    guest.wait(lambda: active(guest, "kiosk-closed.service"), "it closes late in the evening")
    assert guest.failed_units() == []
    figure.told("opening hours by a fast clock", f"{len(HOURS)} visits, closed at night, open in the morning")
