"""A person at the machine: sees by the exhibit's own log where things are, touches the screen and presses buttons."""

import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from kiosk.core.layout import Panel
from kiosk.core.message import ButtonUp, Tick, Touched
from kiosk.core.scene import Colour, Control, Look, Scene, Words
from kiosk.program.input import DEAF_S
from kiosk.program.program import update, view
from kiosk.program.state import State
from kiosk.settings.sections import DisplaySettings
from kiosk.topics.staff.screens.health import StaffHealth
from kiosk.topics.staff.screens.pin import Pin
from tests.device.machine.hardware import Hardware
from tests.device.machine.machine import Machine
from tests.device.machine.wrapped import EVENT_LOG, IDLE
from tests.e2e.exhibit_driver import Line, Replay, cut, read_line, share_of
from tests.player import spelled

LIMIT_S = 300.0
LOOK_EVERY_S = 0.3
SURELY_HEARS_S = DEAF_S + 0.5
TAP_WITHIN_PX = 2
CORNER_PX = 4
CLOCK_READINGS = 3
DIAGONAL_MM = DisplaySettings().diagonal_inch * 25.4

Kind = TypeVar("Kind")


class Visitor:
    """Follows one start of the exhibit; another start takes another visitor."""

    def __init__(self, machine: Machine, mode_px: tuple[int, int] = Hardware.size_px) -> None:
        """Meet an exhibit that opened on a screen of that mode."""
        self.machine, self.guest = machine, machine.guest
        self._replay = Replay(Panel.of(*mode_px, DIAGONAL_MM), IDLE)
        self._read_bytes = 0
        self._states: list[tuple[float, State]] = []
        # Known but for that, either way: half of what the quickest answer took.
        self.clock_error_s, self._ahead_s = self._clock_ahead()

    def _clock_ahead(self) -> tuple[float, float]:
        """Return how well it is known, and by how much the machine's clock is ahead of ours."""
        readings = []
        for _ in range(CLOCK_READINGS):
            asked_s = time.monotonic()
            told_s = self.guest.uptime_s()
            took_s = time.monotonic() - asked_s
            readings.append((took_s / 2, told_s - asked_s - took_s / 2))
        return min(readings)

    @property
    def now_s(self) -> float:
        """The exhibit's clock by now."""
        return time.monotonic() + self._ahead_s

    # What it tells.

    def _read(self) -> None:
        told = self.guest.run(f"tail -c +{self._read_bytes + 1} {EVENT_LOG}; echo .")[:-1]
        whole = told[: told.rfind("\n") + 1]
        self._read_bytes += len(whole.encode())
        for line in whole.splitlines():
            self._replay.follow(read_line(line))
            self._states.append((self._replay.lines[-1].at_s, self._replay.state))

    @property
    def lines(self) -> list[Line]:
        """All lines of the log so far."""
        self._read()
        return self._replay.lines

    @property
    def state(self) -> State:
        """What the program knows by now."""
        self._read()
        return _by(self.now_s, self._replay.state)

    @property
    def scene(self) -> Scene:
        """What it says it shows by now."""
        return view(self.state)

    def scene_at(self, at_s: float) -> Scene:
        """What it showed at a time of its clock, as far as the log was read."""
        return view(_by(at_s, next(state for since_s, state in reversed(self._states) if since_s <= at_s)))

    def events(self, kind: type[Kind]) -> list[Kind]:
        """All events of a kind so far."""
        return [line.event for line in self.lines if isinstance(line.event, kind)]

    def screen(self, kind: type[Kind]) -> Kind:
        """The present screen, which must be of that kind."""
        screen = self.state.screen
        assert isinstance(screen, kind), f"{type(screen).__name__}, not {kind.__name__}{self.story()}"
        return screen

    def wait(self, true: Callable[[], object], what: str, limit_s: float = LIMIT_S) -> float:
        """Return after how many seconds a condition held."""
        since_s = time.monotonic()
        while not true():
            assert time.monotonic() - since_s < limit_s, f"not within {limit_s:g} s: {what}{self.story()}"
            time.sleep(LOOK_EVERY_S)
        return time.monotonic() - since_s

    def wait_screen(self, kind: type[Kind], limit_s: float = LIMIT_S) -> Kind:
        """Return that screen once it is there."""
        self.wait(lambda: isinstance(self.state.screen, kind), kind.__name__, limit_s)
        return self.screen(kind)

    def says(self, text: str) -> bool:
        """Whether those words are somewhere on the screen."""
        scene = self.scene
        written = [item.text for item in scene.items if isinstance(item, Words)]
        return any(text in words for words in [*written, *(control.text for control in scene.controls)])

    def story(self) -> str:
        """The log's last lines, for a failing test."""
        told = [
            f"{str(line.event)[:200]} -> {line.effects} {line.screen}" for line in self._replay.lines[-6:]
        ]
        return "\n".join(["", *told])

    # What hands do.

    def control(self, name: str) -> Control:
        """A control that must be on the screen."""
        controls = self.scene.controls
        found = next((control for control in controls if spelled(control.id) == name), None)
        assert found is not None, f"{name} is not among {[spelled(c.id) for c in controls]}{self.story()}"
        return found

    def tap(self, name: str) -> None:
        """Touch a control in its middle; return once the exhibit has heard it there."""
        self.rest()
        box = self.control(name).box
        x, y = box.x + box.w // 2, box.y + box.h // 2
        heard = len(self.events(Touched))
        self.machine.tap(x, y)
        self.wait(lambda: len(self.events(Touched)) > heard, f"the touch on {name} is heard")
        touched = self.events(Touched)[heard]
        assert abs(touched.x_px - x) <= TAP_WITHIN_PX, touched
        assert abs(touched.y_px - y) <= TAP_WITHIN_PX, touched

    def press(self, name: str) -> None:
        """Press one of the three buttons; return once the exhibit has heard it let go."""
        self.rest()
        heard = len(self.events(ButtonUp))
        self.guest.press(name)
        self.wait(lambda: len(self.events(ButtonUp)) > heard, f"the button {name} is heard")

    def shoot(self, name: str) -> None:
        """Press the shutter once the light is on a control."""
        self.wait(lambda: spelled(self.scene.focused) == name, f"the light on {name}")
        self.press("shutter")

    def type_pin(self, digits: str) -> None:
        """Touch keys of the number pad; what hands do there is not in the log, so that it is not waited for."""
        for name in (*(f"digit-{digit}" for digit in digits), "enter"):
            self.rest()
            box = self.control(name).box
            self.machine.tap(box.x + box.w // 2, box.y + box.h // 2)
            time.sleep(SURELY_HEARS_S)

    def ask_staff(self, pin: str) -> None:
        """Rest a finger in the corner, and type staff's PIN."""
        with self.machine.finger(CORNER_PX, CORNER_PX):
            self.wait(lambda: isinstance(self.state.screen, Pin), "the question for the PIN")
        self.type_pin(pin)
        self.wait_screen(StaffHealth)

    def rest(self) -> None:
        """Wait until the present screen surely hears hands."""
        self.wait(
            lambda: self.now_s - self.state.input.changed_s > SURELY_HEARS_S,
            "it hears hands",
        )

    # What is seen.

    def shines(self, control: Control) -> bool:
        """Whether the screen shows the light on a control."""
        seen = self.machine.pixels()
        if control.look is Look.BARE:
            return share_of(cut(seen, control.box), Colour.GO) > 0.005
        return share_of(cut(seen, control.box.inset(6)), Colour.GO) > 0.4

    def changes(self, seconds: float) -> int:
        """Return how many different pictures the screen shows within a time: more than one, and it is not frozen."""
        due_s, seen = time.monotonic() + seconds, [self.machine.pixels()]
        while time.monotonic() < due_s:
            now = self.machine.pixels()
            if now.shape != seen[-1].shape or not np.array_equal(now, seen[-1]):
                seen.append(now)
            time.sleep(LOOK_EVERY_S)
        return len(seen)


def _by(at_s: float, state: State) -> State:
    """Return a state at a later time: a frame that only lets time go on is not in the log."""
    after, effects = update(state, Tick(at_s))
    return state.with_context(now_s=at_s) if effects else after
