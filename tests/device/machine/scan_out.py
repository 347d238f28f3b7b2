"""What the screen really shows, beside what the exhibit's log says that it shows, and how far it is behind."""

import re
from dataclasses import dataclass, field
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from kiosk.core.scene import Picture, Scene
from kiosk.ui.paint import scene_png
from tests.device.machine.faults import PICTURES
from tests.device.machine.machine import Pixels
from tests.device.machine.visitor import Visitor

OTHER_PIXELS = 0.01  # the share that may differ: a pointer, a light that pulses
DIFFERENT = 24  # of 255
STEP_S = 0.05
LONGEST_S = 10.0
# The kernel tells when the screen was given another picture: virtio's command to flush one to it (virtio 1.2, 5.7.6.7).
TOLD = "/sys/kernel/tracing"
TELL = f"""echo mono >{TOLD}/trace_clock
cd {TOLD}/events/virtio_gpu/virtio_gpu_cmd_queue
echo 'type == 0x104' >filter
echo 1 >enable"""
FLUSHED = re.compile(r" (\d+\.\d+): virtio_gpu_cmd_queue: ")


def drawn(scene: Scene) -> Pixels:
    """Return a scene as the exhibit draws it, but for its pictures."""
    with Image.open(BytesIO(scene_png(scene, {}))) as image:
        return np.asarray(image.convert("RGB"))


def as_told(scene: Scene, seen: Pixels) -> bool:
    """Whether the screen shows a scene; of pictures, which the log does not have, only where they are."""
    told = drawn(scene)
    if told.shape != seen.shape:
        return False
    other = np.abs(told.astype(np.int16) - seen).max(axis=-1) > DIFFERENT
    for item in scene.items:
        if isinstance(item, Picture):
            other[item.box.y : item.box.bottom, item.box.x : item.box.right] = False
    return bool(other.mean() < OTHER_PIXELS)


def shows(visitor: Visitor) -> bool:
    """Whether the screen shows now what was to be shown shortly before."""
    seen = Seen.now(visitor)
    return seen.shown_s(visitor) is not None


@dataclass(frozen=True)
class Seen:
    """A picture of the screen, and between which times of the exhibit's clock it was taken."""

    pixels: Pixels
    asked_s: float
    taken_s: float

    @classmethod
    def now(cls, visitor: Visitor) -> "Seen":
        """Take one, and read the log up to then."""
        asked_s = visitor.now_s
        pixels = visitor.machine.pixels()
        seen = cls(pixels, asked_s, visitor.now_s)
        assert visitor.lines
        return seen

    def shown_s(self, visitor: Visitor) -> float | None:
        """Return the last time at which that was to be shown; None where it was not, for a while before."""
        times = np.arange(self.taken_s, self.asked_s - LONGEST_S, -STEP_S)
        return next((at_s for at_s in times.tolist() if as_told(visitor.scene_at(at_s), self.pixels)), None)

    def keep(self, visitor: Visitor) -> None:
        """Keep what is seen, beside what was to be seen."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        Image.fromarray(self.pixels).save(PICTURES / "unlike-seen.png")
        Image.fromarray(drawn(visitor.scene_at(self.asked_s))).save(PICTURES / "unlike-told.png")


@dataclass
class ScanOut:
    """Looks at the screen from time to time, and keeps by how much it was behind."""

    visitor: Visitor
    behind_s: list[float] = field(default_factory=list)
    behind_frames: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Have the kernel tell when the screen is given another picture."""
        self.visitor.guest.run(TELL)

    def look(self, pictures: int = 3) -> None:
        """Take some pictures; each must show what was to be shown at a time shortly before it was taken."""
        for _ in range(pictures):
            seen = Seen.now(self.visitor)
            shown_s = seen.shown_s(self.visitor)
            if shown_s is None:
                seen.keep(self.visitor)
                pytest.fail(
                    f"for {LONGEST_S:g} s nothing was to look like unlike-seen.png{self.visitor.story()}"
                )
            self.behind_s.append(max(0.0, seen.asked_s - shown_s))
            self.behind_frames.append(self._frames(shown_s, seen.asked_s))

    def _frames(self, since_s: float, until_s: float) -> int:
        """Return how many pictures the screen was given within a time of the exhibit's clock."""
        told = FLUSHED.findall(self.visitor.guest.run(f"cat {TOLD}/trace"))
        assert told, "the kernel tells of no picture at all"
        return sum(since_s < float(at_s) <= until_s for at_s in told)
