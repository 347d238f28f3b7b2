"""The frame figures of `kiosk bench` where there is paper: while sheets are seen, and while a picture for one grows."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from kiosk.core.context import Context
from kiosk.core.message import Event, Touched
from kiosk.core.scene import Control, ControlId, Scene
from kiosk.core.topic import Step
from kiosk.exhibit.app import run_exhibit
from kiosk.exhibit.script import Walk
from kiosk.paper.drawing import sheet_drawing
from kiosk.paper.layout import Block, Shown
from kiosk.program.program import view
from kiosk.program.state import State
from kiosk.settings.sections import Settings
from kiosk.topics.attack.topic import TOPIC as ATTACK
from kiosk.topics.cards.screen import Cards
from kiosk.topics.cards.topic import TOPIC as CARDS
from kiosk.topics.hold_up.screens.hold_up import HoldUp
from kiosk.topics.photograph.topic import TOPIC as PHOTOGRAPH
from kiosk.topics.survival.screens.survival import Survival
from kiosk.vision.picture import Rgb, png_bytes, read_photograph, to_picture

FRAMES = 300  # watched of each
PAUSE_S = 0.45  # another screen hears nothing sooner


def to_card(scene: Scene, name: str) -> ControlId | None:
    """Return the card of that name, or what turns to the next page; it stands before what turns back."""
    card = ControlId("card", name)
    if scene.control_of(card) is not None:
        return card
    pages = [control.id for control in scene.controls if control.name == "turn" and not control.off]
    return pages[0] if pages else None


def _held_up(scene: Scene, _context: Context, _lie: int | None) -> ControlId | None:
    return to_card(scene, "hold-up")


def _survival(scene: Scene, _context: Context, _lie: int | None) -> ControlId | None:
    return to_card(scene, "survival")


SCRIPT = (
    *PHOTOGRAPH.script,
    *(step for step in ATTACK.script if not step.aside),
    *CARDS.script,
    Step("", _survival, over=lambda screen: isinstance(screen, Survival)),
    Step("", over=lambda screen: isinstance(screen, Survival) and not screen.busy),
    Step("", ControlId("make")),
    Step("", ControlId("back"), over=lambda screen: isinstance(screen, Cards)),
    Step("", _held_up, over=lambda screen: isinstance(screen, HoldUp)),
)


@dataclass
class PaperVisitor:
    """Fools it once, has a picture made for paper, and holds sheets up; times what it sees of both, then ends."""

    held_up_s: list[float] = field(default_factory=list)
    growing_s: list[float] = field(default_factory=list)
    _walk: Walk | None = None
    _acted_s: float = 0.0

    def __call__(self, state: State, began_s: float, ended_s: float) -> Sequence[Event] | None:
        """Return the next touch, if it is time for one, or None at the end."""
        screen, took_s = state.screen, ended_s - began_s
        if isinstance(screen, Survival) and screen.making is not None and len(self.growing_s) < FRAMES:
            self.growing_s.append(took_s)
            return ()
        if isinstance(screen, HoldUp) and screen.seen is not None:
            self.held_up_s.append(took_s)
        if len(self.held_up_s) == FRAMES:
            return None
        return () if ended_s - self._acted_s < PAUSE_S else self._press(state, ended_s)

    def _press(self, state: State, ended_s: float) -> Sequence[Event]:
        """Return the next touch of the script."""
        if self._walk is None:
            self._walk = Walk(SCRIPT, state.context.labels.tiles[0].label)
        while not self._walk.finished:
            move = self._walk.move(state)
            if move.press is not None:
                return self._touched(view(state).control_of(move.press), ended_s)
            if move.over is None:
                break
        return ()

    def _touched(self, control: Control | None, ended_s: float) -> Sequence[Event]:
        if control is None:
            return ()
        self._acted_s, box = ended_s, control.box
        return (Touched(box.x + box.w // 2, box.y + box.h // 2),)


def paper_frames(
    settings: Settings, stock: Path, model: str | None, size_px: tuple[int, int]
) -> dict[str, list[float]]:
    """Return frame times in seconds, by what was to be seen; opens a window. Raises DisplayUnavailableError."""
    visitor = PaperVisitor()
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
        for file in sorted(stock.glob("*.png")):
            Path(folder, file.name).write_bytes(png_bytes(_before_the_camera(read_photograph(file))))
        run_exhibit(
            settings,
            size_px=size_px,
            camera=f"pictures:{folder}",
            model=model,
            event_log=None,
            visitor=visitor,
            measuring=True,
        )
    return {
        "frames while sheets are looked at": visitor.held_up_s,
        "frames while a print-proof picture grows": visitor.growing_s,
    }


def _before_the_camera(photograph: Rgb) -> Rgb:
    """Return two sheets beside each other, each with that picture."""
    picture = to_picture(photograph, 224)
    return np.hstack([sheet_drawing(picture, Block(shown)) for shown in (Shown.ORIGINAL, Shown.PROOF)])
