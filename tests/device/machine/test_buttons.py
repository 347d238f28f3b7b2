"""The three buttons, while frames are slow: a press lasts as long as the finger does, and two are two."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from kiosk.core.message import Button, ButtonDown, ButtonUp
from kiosk.program.input import HOLD_S
from kiosk.topics.attract.screens.attract import Attract
from tests.device.machine.machine import Machine
from tests.device.machine.test_processes import EXHIBIT
from tests.device.machine.visitor import Visitor
from tests.figures import figure

STOPPED_S, DRAWS_S, QUIET_S = 0.8, 0.3, 8.0
PRESS_S, TOLERANCE_S = 0.2, 0.15  # the shell that presses is emulated too
SLOW = """pid={pid}
systemd-run --quiet --unit=slow-frames sh -c \
  "while kill -STOP $pid; do sleep {stopped_s}; kill -CONT $pid; sleep {draws_s}; done"
"""


@contextmanager
def slow_frames(machine: Machine) -> Iterator[Visitor]:
    """Have the exhibit draw less than once a second, stopped in between, and meet it."""
    visitor = Visitor(machine)
    visitor.wait_screen(Attract)
    visitor.rest()
    pid = machine.guest.pid_of(EXHIBIT)
    machine.guest.run(SLOW.format(pid=pid, stopped_s=STOPPED_S, draws_s=DRAWS_S))
    yield visitor
    machine.guest.run(f"systemctl stop slow-frames.service; kill -CONT {pid}")


def pressed(visitor: Visitor, button: Button, times: int) -> tuple[list[float], list[float]]:
    """Return when the exhibit took a button for pressed and for let go, after some short presses of it."""

    def heard(kind: type[ButtonDown] | type[ButtonUp]) -> list[float]:
        return [event.at_s for event in visitor.events(kind) if event.button is button]

    before = len(heard(ButtonUp))
    visitor.guest.press(button.name.lower(), PRESS_S, times)
    visitor.wait(lambda: len(heard(ButtonUp)) > before, "it is let go")
    visitor.wait(
        lambda: visitor.now_s - max(heard(ButtonDown) + heard(ButtonUp)) > QUIET_S, "no more presses"
    )
    return heard(ButtonDown)[before:], heard(ButtonUp)[before:]


def test_a_short_press_is_short_though_frames_are_slow(machine: Machine) -> None:
    with slow_frames(machine) as visitor:
        downs, ups = pressed(visitor, Button.SHUTTER, 1)
    (took_s,) = (up - down for down, up in zip(downs, ups, strict=True))
    figure.at_most("a short press at a frame a second, as the exhibit has it", took_s, HOLD_S, " s")
    assert took_s == pytest.approx(PRESS_S, abs=TOLERANCE_S)


def test_two_quick_presses_are_two_though_frames_are_slow(machine: Machine) -> None:
    with slow_frames(machine) as visitor:
        downs, ups = pressed(visitor, Button.MORE, 2)
    assert len(downs) == len(ups) == 2, (downs, ups)
