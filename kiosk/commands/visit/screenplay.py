"""A scripted visit played by the real performer, without a window: a picture of every screen it shows."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.core.layout import MM_PER_INCH, Panel
from kiosk.core.message import Count, Effect, Event, Tick, Touched
from kiosk.core.scene import ControlId
from kiosk.core.screen import VisitScreen
from kiosk.errors import KioskError
from kiosk.exhibit.performer import Performer
from kiosk.exhibit.script import Walk
from kiosk.perform.pictures import Pictures
from kiosk.program.program import State, update, view
from kiosk.ui.paint import scene_png
from kiosk.vision.picture import Rgb, png_bytes, to_picture

PANEL = Panel.of(1280, 800, 10.1 * MM_PER_INCH)
TICK_S = 0.1  # while nothing is waited for
LOOK_EVERY_S = 0.004
COOL_DOWN_S = 0.45  # another screen hears nothing sooner
PATIENCE_S = 180.0  # for a job, and for a gradient process that warms up
FIRST_WAIT_S = 3.0  # the film is shown a little
CAMERA_PX = 600  # the shorter side of a frame of the picture camera

Watch = Callable[[Event, tuple[Effect, ...]], None]


class NoAnswerError(KioskError):
    """The visit does not go on: something that it waits for never came."""


@contextmanager
def showing(photograph: Rgb) -> Iterator[str]:
    """Yield the spec of a camera that sees nothing but this photograph."""
    with tempfile.TemporaryDirectory(prefix="kiosk-demo-") as folder:
        (Path(folder) / "picture.png").write_bytes(png_bytes(to_picture(photograph, CAMERA_PX)))
        yield f"pictures:{folder}"


class Screenplay:
    """Plays one visit: state, performer, and a clock that passes over times in which nothing is waited for.

    `watch` hears every event with its effects, before these are performed.
    """

    def __init__(self, state: State, performer: Performer, watch: Watch) -> None:
        self.state, self.shots = state, dict[str, bytes]()
        self._performer, self._watch = performer, watch
        self._now_s = 0.0
        self._looked_s = time.monotonic()

    @property
    def pictures(self) -> Pictures:
        """Return the pictures that the screens show."""
        return self._performer.pictures

    def wait_for(self, there: Callable[[State], bool], what: str) -> None:
        """Wait until something is there; raises NoAnswerError if it does not come."""
        due_s = time.monotonic() + PATIENCE_S
        while not there(self.state):
            if time.monotonic() > due_s:
                raise NoAnswerError(f"{what} did not come within {PATIENCE_S:.0f} s; see: kiosk check")
            self._frame()

    def play(self, walk: Walk) -> None:
        """Walk through a script as far as it leads; a control that is not offered ends it."""
        self._pass(FIRST_WAIT_S)
        waited_s = self._now_s
        while not walk.finished:
            if self.state.alone_since_s is not None:  # on a slow machine an attack outlasts the quiet time
                self._send(Touched(PANEL.width_px // 2, PANEL.height_px // 2))
            move = walk.move(self.state)
            if move.press is not None:
                self._touch(move.press)
            if move.over is not None and move.over.shot:
                self._pass(COOL_DOWN_S)
                self._shoot(move.over.shot)
            if move.press is not None or move.over is not None or self.state.screen.awaits:
                waited_s = self._now_s
            if self._now_s - waited_s > COOL_DOWN_S * 20:
                return
            self._frame()

    def leave(self) -> None:
        """Leave the visit alone, until all is forgotten."""
        idle = self.state.context.idle
        self._pass(idle.teaching_quiet_s + 1.0, until=lambda state: state.alone_since_s is not None)
        self._shoot("still-there")
        self._pass(idle.countdown_s + 1.0, until=lambda state: not isinstance(state.screen, VisitScreen))
        self._pass(0.5)
        self._shoot("forgetting")
        self._pass(2.0)
        self._shoot("forgotten")

    def _touch(self, control: ControlId) -> None:
        """Put a finger on the middle of a control, after the cool-down."""
        self._pass(COOL_DOWN_S)
        found = view(self.state).control_of(control)
        if found is not None:
            box = found.box
            self._send(Touched(box.x + box.w // 2, box.y + box.h // 2))

    def _pass(self, seconds: float, until: Callable[[State], bool] = lambda _: False) -> None:
        """Wait so long, or less."""
        end_s = self._now_s + seconds
        while self._now_s < end_s and not until(self.state):
            self._frame(resting_s=LOOK_EVERY_S if self.state.screen.awaits else 0.0)

    def _frame(self, resting_s: float = LOOK_EVERY_S) -> None:
        """One frame: as long as it really takes while an answer is waited for, else a tick."""
        time.sleep(resting_s)
        now_s = time.monotonic()
        self._now_s += now_s - self._looked_s if self.state.screen.awaits else TICK_S
        self._looked_s = now_s
        self._send(Tick(self._now_s))
        for event in self._performer.news():
            self._send(event)

    def _send(self, event: Event) -> None:
        self.state, effects = update(self.state, event)
        self._watch(event, effects)
        for effect in effects:
            if not isinstance(effect, Count):
                self._performer.perform(effect)

    def _shoot(self, name: str) -> None:
        self.shots[f"screen-{len(self.shots) + 1:02d}-{name}.png"] = scene_png(
            view(self.state), self.pictures
        )
