"""What the screen really shows, beside what the exhibit's log says that it shows, and how far it is behind."""

from dataclasses import dataclass, field
from io import BytesIO

import numpy as np
from PIL import Image

from kiosk.core.scene import Picture, Scene
from kiosk.ui.paint import scene_png
from tests.device.machine.machine import Pixels
from tests.device.machine.visitor import Visitor

OTHER_PIXELS = 0.01  # the share that may differ: a pointer, a light that pulses
DIFFERENT = 24  # of 255
STEP_S = 0.025
LONGEST_S = 3.0


def as_told(scene: Scene, seen: Pixels) -> bool:
    """Whether the screen shows a scene; of pictures, which the log does not have, only where they are."""
    with Image.open(BytesIO(scene_png(scene, {}))) as image:
        told = np.asarray(image.convert("RGB"))
    if told.shape != seen.shape:
        return False
    other = np.abs(told.astype(np.int16) - seen).max(axis=-1) > DIFFERENT
    for item in scene.items:
        if isinstance(item, Picture):
            other[item.box.y : item.box.bottom, item.box.x : item.box.right] = False
    return bool(other.mean() < OTHER_PIXELS)


def shows(visitor: Visitor) -> bool:
    """Whether the screen shows now what was to be shown shortly before."""
    return _behind_s(visitor) is not None


@dataclass
class ScanOut:
    """Looks at the screen from time to time, and keeps by how much it was behind."""

    visitor: Visitor
    behind_s: list[float] = field(default_factory=list)

    def look(self, pictures: int = 3) -> None:
        """Take some pictures; each must show what was to be shown at a time shortly before it was taken."""
        for _ in range(pictures):
            behind_s = _behind_s(self.visitor)
            assert behind_s is not None, (
                f"for {LONGEST_S:g} s nothing was to look like that{self.visitor.story()}"
            )
            self.behind_s.append(behind_s)


def _behind_s(visitor: Visitor) -> float | None:
    """Return how long before a picture was asked for what it shows was to be shown; None where it never was."""
    asked_s = visitor.now_s
    seen = visitor.machine.pixels()
    taken_s = visitor.now_s
    assert visitor.lines
    times = np.arange(taken_s, asked_s - LONGEST_S, -STEP_S)
    shown_s = next((at_s for at_s in times if as_told(visitor.scene_at(float(at_s)), seen)), None)
    return None if shown_s is None else max(0.0, asked_s - float(shown_s))
