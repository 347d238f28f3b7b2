"""The frame figures of `kiosk bench`: a scripted visitor attacks and paints without pause while each frame is timed."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kiosk.commands.physical.frames import paper_frames
from kiosk.core.context import Context
from kiosk.core.message import Event, Lifted, Moved, Touched
from kiosk.core.scene import Box, Control, ControlId, Scene
from kiosk.core.topic import Step
from kiosk.core.visit import Verdict
from kiosk.device.state_folder import StateFolder
from kiosk.exhibit.app import run_exhibit
from kiosk.exhibit.script import Walk
from kiosk.program.program import view
from kiosk.program.state import State
from kiosk.settings.sections import Settings
from kiosk.topics.attack.screens.attack import Attack
from kiosk.topics.attack.topic import TOPIC as ATTACK
from kiosk.topics.cards.topic import TOPIC as CARDS
from kiosk.topics.photograph.screens.first_answer import FirstAnswer
from kiosk.topics.photograph.screens.live import Live
from kiosk.topics.photograph.topic import TOPIC as PHOTOGRAPH
from kiosk.topics.sketchpad.screens.sketchpad import Sketchpad

WINDOW = (1280, 800)
MAPPED_FRAMES = 300  # watched under the live map
PAUSE_S = 0.45  # another screen hears nothing sooner
PERCENTILES = (50, 99, 99.9)
PAINT = (
    Step("", ControlId("card", "paint"), over=lambda screen: isinstance(screen, Sketchpad)),
    Step("", ControlId("done")),
    Step("", ControlId("back"), over=lambda screen: isinstance(screen, Attack)),
)


def more_noise(scene: Scene, _context: Context, _lie: int | None) -> ControlId | None:
    """Return the control for more noise, again and again."""
    return ControlId("more") if scene.name == "attack" else None


SPENT = Step("", more_noise, over=lambda screen: isinstance(screen, Attack) and screen.visit.spent)
OTHER_LIE = (Step("", ControlId("other")),)
ANOTHER_PICTURE = (Step("", ControlId("again")),)
LIES_A_PICTURE = 4
STROKES, FRAMES_A_STROKE, MOVES_A_FRAME = 10, 45, 4  # a touch panel reports 120 times a second


@dataclass
class TirelessVisitor:
    """Goes from lie to lie and times what it sees; ends when it has watched enough frames of attack.

    Its calls come after each frame; what it returns happens in the next one.
    """

    frames_wanted: int
    attack_frames_s: list[float] = field(default_factory=list)
    quieting_frames_s: list[float] = field(default_factory=list)
    all_frames_s: list[float] = field(default_factory=list)
    reactions_s: list[float] = field(default_factory=list)
    verdicts_s: list[float] = field(default_factory=list)
    fooled_s: list[float] = field(default_factory=list)
    paint_frames_s: list[float] = field(default_factory=list)
    strokes_s: list[float] = field(default_factory=list)
    mapped_frames_s: list[float] = field(default_factory=list)
    _lies: int = 0
    _walk: Walk | None = None
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
        if ended_s - self._acted_s < PAUSE_S:
            return ()
        if isinstance(state.screen, Live) and self._watches_map(state.screen):
            if state.screen.answer is None or state.screen.mapped:
                return ()
            return self._touched(view(state).control_of(ControlId("map")), ended_s)
        return self._press(state, ended_s)

    def _press(self, state: State, ended_s: float) -> Sequence[Event]:
        """Return the next touch of the scripted visit; another lie where it begins anew."""
        if self._walk is None or self._walk.finished:
            tiles = state.context.labels.tiles
            self._walk = Walk(self._script(), tiles[self._lies % len(tiles)].label)
            self._lies += 1
        control = None
        while control is None and not self._walk.finished:
            move = self._walk.move(state)
            control = None if move.press is None else view(state).control_of(move.press)
            if move.press is None and move.over is None:
                return ()
        return self._touched(control, ended_s)

    def _watches_map(self, screen: Live) -> bool:
        """Return whether the live map is to be watched still; of a model that has none, nothing is known at first."""
        return (screen.maps or screen.answer is None) and len(self.mapped_frames_s) < MAPPED_FRAMES

    def _touched(self, control: Control | None, ended_s: float) -> Sequence[Event]:
        """Return a touch of a control, where it is there."""
        if control is None:
            return ()
        self._acted_s, self._reacting = ended_s, True
        if control.name == "fool":
            self._fool_asked_s = ended_s
        box = control.box
        return (Touched(box.x + box.w // 2, box.y + box.h // 2),)

    def _script(self) -> tuple[Step, ...]:
        """Return the attack of the scripted visit, the paint once, then noise to the end; then on to another one."""
        opening = () if self._lies % LIES_A_PICTURE else PHOTOGRAPH.script
        paint = () if len(self.strokes_s) >= STROKES else (*CARDS.script, *PAINT)
        leaving = OTHER_LIE if (self._lies + 1) % LIES_A_PICTURE else ANOTHER_PICTURE
        return (*opening, *(step for step in ATTACK.script if not step.aside), *paint, SPENT, *leaving)

    def _watch(self, state: State, began_s: float, ended_s: float) -> None:
        screen = state.screen
        self.all_frames_s.append(ended_s - began_s)
        if isinstance(screen, Live) and screen.mapped:
            self.mapped_frames_s.append(ended_s - began_s)
        if isinstance(screen, Attack) and screen.job is not None:
            self.attack_frames_s.append(ended_s - began_s)
        if isinstance(screen, Attack) and screen.quieting is not None:
            self.quieting_frames_s.append(ended_s - began_s)
        if isinstance(screen, Sketchpad) and screen.at is not None:
            self.paint_frames_s.append(ended_s - began_s)
        if self._reacting:
            self.reactions_s.append(ended_s - self._acted_s)
            self._reacting = False
        if isinstance(screen, Live) and screen.job is not None and self._countdown_over_s is None:
            self._countdown_over_s = began_s
        if isinstance(screen, FirstAnswer) and self._countdown_over_s is not None:
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
    paper = paper_frames(settings, state.stock, model, WINDOW)
    return {
        "frames of attack": _spread(visitor.attack_frames_s),
        "frames while less noise is looked for": _spread(visitor.quieting_frames_s),
        "all frames": _spread(visitor.all_frames_s),
        "touch to reaction": _spread(visitor.reactions_s),
        "countdown to verdict": _spread(visitor.verdicts_s),
        "fool it to fooled": _spread(visitor.fooled_s),
        "frames of painting": _spread(visitor.paint_frames_s),
        "stroke's end to verdict": _spread(visitor.strokes_s),
        "frames under the live map": _spread(visitor.mapped_frames_s),
        **{name: _spread(seconds) for name, seconds in paper.items()},
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
