"""The frame figures of `kiosk bench`: a scripted visitor attacks and paints without pause while each frame is timed."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kiosk.app import run_exhibit
from kiosk.core.events import Event, Lifted, Moved, Touched
from kiosk.core.model import Phase, Verdict
from kiosk.core.scene import Box
from kiosk.device.state_folder import StateFolder
from kiosk.program import State, view
from kiosk.screens.attack import Attack
from kiosk.screens.attract import Attract
from kiosk.screens.cards import Cards
from kiosk.screens.choose import Choose
from kiosk.screens.explain import Explain
from kiosk.screens.live import Live
from kiosk.screens.sketchpad import Sketchpad
from kiosk.settings.sections import Settings

WINDOW = (1280, 800)
PAUSE_S = 0.35
PERCENTILES = (50, 99, 99.9)
STROKES, FRAMES_A_STROKE, MOVES_A_FRAME = 10, 45, 4  # a touch panel reports 120 times a second


@dataclass
class TirelessVisitor:
    """Goes from lie to lie and times what it sees; ends when it has watched enough frames of attack.

    Its calls come after each frame; what it returns happens in the next one.
    """

    frames_wanted: int
    attack_frames_s: list[float] = field(default_factory=list)
    all_frames_s: list[float] = field(default_factory=list)
    reactions_s: list[float] = field(default_factory=list)
    verdicts_s: list[float] = field(default_factory=list)
    fooled_s: list[float] = field(default_factory=list)
    paint_frames_s: list[float] = field(default_factory=list)
    strokes_s: list[float] = field(default_factory=list)
    _turn: int = 0
    _acted_s: float = 0.0
    _reacting: bool = False
    _countdown_over_s: float | None = None
    _fool_asked_s: float | None = None
    _stroke_frames: int = 0
    _lifted_s: float | None = None

    def __call__(self, state: State, began_s: float, ended_s: float) -> Sequence[Event] | None:
        """Return the next touch, if it is time for one, or None at the end."""
        self._watch(state, began_s, ended_s)
        if len(self.attack_frames_s) >= self.frames_wanted:
            return None
        if isinstance(state.screen, Sketchpad) and len(self.strokes_s) < STROKES:
            return self._paint(state.screen, view(state).controls[0].box, ended_s)
        name = self._wish(state) if ended_s - self._acted_s >= PAUSE_S else None
        control = view(state).control(name) if name else None
        if control is None:
            return ()
        self._acted_s, self._reacting = ended_s, True
        if name == "fool":
            self._fool_asked_s = ended_s
        box = control.box
        return (Touched(box.x + box.w // 2, box.y + box.h // 2),)

    def _watch(self, state: State, began_s: float, ended_s: float) -> None:
        screen = state.screen
        self.all_frames_s.append(ended_s - began_s)
        if isinstance(screen, Attack) and screen.job is not None:
            self.attack_frames_s.append(ended_s - began_s)
        if isinstance(screen, Sketchpad) and screen.at is not None:
            self.paint_frames_s.append(ended_s - began_s)
        if self._reacting:
            self.reactions_s.append(ended_s - self._acted_s)
            self._reacting = False
        if isinstance(screen, Live) and screen.job is not None and self._countdown_over_s is None:
            self._countdown_over_s = began_s
        if isinstance(screen, Choose) and self._countdown_over_s is not None:
            self.verdicts_s.append(ended_s - self._countdown_over_s)
            self._countdown_over_s = None
        fooled = isinstance(screen, Attack) and screen.visit.now.verdict is Verdict.FOOLED
        if fooled and self._fool_asked_s is not None:
            self.fooled_s.append(ended_s - self._fool_asked_s)
            self._fool_asked_s = None

    def _paint(self, screen: Sketchpad, canvas: Box, ended_s: float) -> Sequence[Event]:
        """Return a frame's part of a stroke; when it is over, nothing until it was judged."""
        if self._lifted_s is not None:
            if screen.job is not None or screen.at is not None:
                return ()
            self.strokes_s.append(ended_s - self._lifted_s)
            self._lifted_s, self._stroke_frames = None, 0
            return ()
        self._stroke_frames += 1
        if self._stroke_frames > FRAMES_A_STROKE:
            self._lifted_s = ended_s
            return (Lifted(),)
        turns = [self._stroke_frames + move / MOVES_A_FRAME for move in range(MOVES_A_FRAME)]
        middle, reach = canvas.x + canvas.w // 2, canvas.w * 0.45
        points = [
            (
                middle + round(reach * math.sin(turn / 7)),
                canvas.y + canvas.h // 2 + round(reach * math.sin(turn / 4)),
            )
            for turn in turns
        ]
        down = (Touched(*points[0]),) if self._stroke_frames == 1 else ()
        return (*down, *(Moved(*point) for point in points))

    def _wish(self, state: State) -> str | None:
        """Return the control to press next."""
        screen = state.screen
        match screen:
            case Attract():
                return "anywhere"
            case Live(counting_since_s=None, job=None) if screen.answer is not None:
                return "shoot"
            case Choose():
                self._turn += 1
                tiles = state.labels.tiles
                return f"label-{tiles[self._turn % len(tiles)].label}"
            case Attack() if state.gradients.phase is not Phase.READY or screen.running:
                return None
            case Attack() if screen.visit.spent:
                return "again" if self._turn % 4 == 0 else "other"
            case Attack() if screen.visit.now.verdict is Verdict.FOOLED:
                return "more" if len(self.strokes_s) >= STROKES else "cards"
            case Cards():
                return "back" if len(self.strokes_s) >= STROKES else "paint"
            case Sketchpad():
                return "done"
            case Attack():
                return "fool"
            case Explain():
                return "back"
            case _:
                return None


def frame_figures(settings: Settings, state: StateFolder, model: str | None, frames: int) -> dict[str, Any]:
    """Return frame times and reactions in milliseconds; opens a window. Raises DisplayUnavailableError."""
    visitor = TirelessVisitor(frames)
    run_exhibit(
        settings,
        size_px=WINDOW,
        camera=f"pictures:{state.stock}",
        model=model,
        event_log=None,
        visitor=visitor,
        measuring=True,
    )
    return {
        "frames of attack": _spread(visitor.attack_frames_s),
        "all frames": _spread(visitor.all_frames_s),
        "touch to reaction": _spread(visitor.reactions_s),
        "countdown to verdict": _spread(visitor.verdicts_s),
        "fool it to fooled": _spread(visitor.fooled_s),
        "frames of painting": _spread(visitor.paint_frames_s),
        "stroke's end to verdict": _spread(visitor.strokes_s),
    }


def _spread(seconds: list[float]) -> dict[str, float]:
    """Return the percentiles and the longest, in milliseconds."""
    if not seconds:
        return {"count": 0}
    values = np.percentile(np.asarray(seconds) * 1e3, PERCENTILES)
    named = {f"p{p:g}": float(value) for p, value in zip(PERCENTILES, values, strict=True)}
    return {
        "count": len(seconds),
        **named,
        "longest": max(seconds) * 1e3,
        "mean": statistics.fmean(seconds) * 1e3,
    }
