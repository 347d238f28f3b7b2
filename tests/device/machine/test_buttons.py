"""The three buttons, while frames are slow: a press lasts as long as the finger does, and two are two."""

import pytest

from kiosk.core.message import Button, ButtonDown, ButtonUp
from kiosk.program.input import HOLD_S
from kiosk.topics.attract.screens.attract import Attract
from tests.device.machine.machine import Machine
from tests.device.machine.visitor import Visitor
from tests.device.machine.wrapped import FRAMES_PER_S
from tests.figures import figure

SLOW_FRAMES_PER_S, QUIET_S = 1, 8.0
PRESS_S, TOLERANCE_S = 0.2, 0.15  # the shell that presses is emulated too


def slow_frames(machine: Machine) -> Visitor:
    """Have the exhibit draw once a second, and meet it."""
    machine.guest.run(
        f"sed -i 's/frames_per_s = {FRAMES_PER_S}/frames_per_s = {SLOW_FRAMES_PER_S}/' /etc/kiosk/kiosk.toml"
    )
    machine.guest.run("systemctl restart kiosk.service")
    machine.guest.wait_open()
    visitor = Visitor(machine)
    visitor.wait_screen(Attract)
    visitor.rest()
    return visitor


def pressed(visitor: Visitor, button: Button, times: int) -> tuple[list[float], list[float]]:
    """Return when the exhibit took a button for pressed and for let go, after some short presses of it."""
    heard = len(visitor.events(ButtonUp))
    visitor.guest.press(button.name.lower(), PRESS_S, times)
    visitor.wait(lambda: len(visitor.events(ButtonUp)) > heard, "it is let go")
    visitor.wait(lambda: visitor.now_s - visitor.lines[-1].at_s > QUIET_S, "nothing more")
    downs = [event.at_s for event in visitor.events(ButtonDown) if event.button is button]
    return downs, [event.at_s for event in visitor.events(ButtonUp) if event.button is button]


def test_a_short_press_is_short_though_frames_are_slow(machine: Machine) -> None:
    downs, ups = pressed(slow_frames(machine), Button.SHUTTER, 1)
    (took_s,) = (up - down for down, up in zip(downs, ups, strict=True))
    figure.at_most("a short press at 1 frame/s, as the exhibit has it", took_s, HOLD_S, " s")
    assert took_s == pytest.approx(PRESS_S, abs=TOLERANCE_S)


def test_two_quick_presses_are_two_though_frames_are_slow(machine: Machine) -> None:
    downs, ups = pressed(slow_frames(machine), Button.MORE, 2)
    assert len(downs) == len(ups) == 2, (downs, ups)
