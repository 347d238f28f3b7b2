"""The attack's screen with the real performer under it, a picture at a time: frames as the exhibit has them."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pygame

from kiosk.attack.verdict import answer
from kiosk.core.context import IdleTimes
from kiosk.core.message import Count, Event, Lifted, Tick, Touched
from kiosk.core.scene import ControlId
from kiosk.core.visit import Visit
from kiosk.perform.stack import Stack
from kiosk.program.input import DEAF_S
from kiosk.program.program import State, update, view
from kiosk.topics.attack.messages import StartStack
from kiosk.topics.attack.screens.attack import UNTOUCHED_S, Attack
from kiosk.ui.paint import Painter
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import Rgb
from tests.player import player
from tests.process.rehearsal import Rehearsal

FRAME_S = 1 / 30
UNDRAWN_FRAME_S = 0.2
LIMIT_S = 300.0
PATIENT = IdleTimes(quiet_s=2 * LIMIT_S)  # a busy machine may take longer than a visitor waits


@dataclass
class Quieted:
    """One picture under attack, and a clock that passes over the time in which the visitor only looks.

    `frames_s` are those while less noise was looked for.
    """

    rehearsal: Rehearsal
    state: State
    painter: Painter | None
    frames_s: list[float] = field(default_factory=list)
    passed_s: float = 0.0

    @classmethod
    def begun(
        cls, rehearsal: Rehearsal, classifier: Classifier, original: Rgb, target: int, *, drawn: bool = True
    ) -> "Quieted":
        """An attack on a picture that begins; its frames are drawn, or only thought through."""
        prediction = classifier(original)
        rehearsal.performer.pictures.put_original(Stack(original, original, prediction.label))
        rehearsal.do(StartStack(target))
        state = player().state.with_context(next_job=rehearsal.job() * 1000, idle=PATIENT)
        size = (state.context.panel.width_px, state.context.panel.height_px)
        painter = Painter(pygame.Surface(size, 0, 32)) if drawn else None
        screen = Attack(Visit(answer(prediction)).towards(target))
        since_s = state.context.now_s - time.monotonic()
        return cls(rehearsal, replace(state, screen=screen), painter, passed_s=since_s)

    @property
    def screen(self) -> Attack:
        """The attack's screen."""
        assert isinstance(self.state.screen, Attack)
        return self.state.screen

    @property
    def picture(self) -> Rgb:
        """The picture with the noise, as it is shown."""
        return self.rehearsal.performer.pictures["adversarial"]

    def fool(self) -> None:
        """*Fool it*, until that rests."""
        self.touch("fool")
        self.until(lambda: not self.screen.busy)

    def left_alone(self, until: Callable[[], bool] | None = None) -> None:
        """Nothing is pressed until no less noise is looked for."""
        self.passed_s += UNTOUCHED_S
        self.until(until or (lambda: self.screen.settled))

    def touch(self, name: str) -> None:
        """A finger on a control."""
        self.passed_s += DEAF_S
        self.frame()
        control = view(self.state).control_of(ControlId(name))
        assert control is not None, name
        box = control.box
        self._happen(Touched(box.x + box.w // 2, box.y + box.h // 2))
        self._happen(Lifted())
        self.frame()

    def until(self, true: Callable[[], bool]) -> None:
        """Frames until something holds."""
        due_s = time.monotonic() + LIMIT_S
        while not true():
            assert time.monotonic() < due_s, self.state.screen
            self.frame()

    def frame(self) -> None:
        """One frame: what happened, then how it looks."""
        began_s = time.monotonic()
        self._happen(Tick(began_s + self.passed_s))
        for event in self.rehearsal.performer.news():
            self._happen(event)
        if self.painter is not None:
            self.painter.paint(view(self.state), self.rehearsal.performer.pictures)
        took_s = time.monotonic() - began_s
        if isinstance(self.state.screen, Attack) and self.state.screen.quieting is not None:
            self.frames_s.append(took_s)
        frame_s = UNDRAWN_FRAME_S if self.painter is None else FRAME_S
        time.sleep(max(0.0, frame_s - took_s))

    def _happen(self, event: Event) -> None:
        self.state, effects = update(self.state, event)
        self.rehearsal.do(*(effect for effect in effects if not isinstance(effect, Count)))
