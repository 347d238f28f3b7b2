"""The exhibit's own process over five hundred visits: small, without PyTorch, and no larger at the end."""

import ctypes
import gc
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.core.context import IdleTimes
from kiosk.core.health import Health, Phase
from kiosk.core.message import Event, Tick, Touched
from kiosk.core.scene import ControlId
from kiosk.device.state_folder import StateFolder
from kiosk.exhibit.parts import PARTS
from kiosk.exhibit.performer import Performer
from kiosk.exhibit.rehearsal import rehearsed
from kiosk.exhibit.topics import TOPICS
from kiosk.program.program import update, view
from kiosk.program.state import State, initial
from kiosk.settings.sections import ClassifierSettings, GradientSettings, Settings
from kiosk.topics.attack.facts import fooled
from kiosk.topics.attack.screens.attack import Attack
from kiosk.topics.attack.screens.choose import Choose
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.attract.screens.forgotten import Forgotten
from kiosk.topics.explain.screen import Explain
from kiosk.topics.photograph.messages import LiveJudged
from kiosk.topics.photograph.screens.live import BEAT_S, COUNT_FROM
from kiosk.ui.window import Window
from kiosk.words.friendly_labels import visitor_labels
from kiosk.words.texts import load_texts
from tests.figures import figure

IDLE = IdleTimes()

VISITS = 500
LIMIT_MB = 250.0
# Words and shapes come and go in the painter's caches, and malloc keeps a varying rest: neither is a leak.
CACHES_MB, REST_MB = 6.0, 15.0
EVERY = 50
SETTLED, EARLY, LATE = 50, 150, 400
FRAME_S = 1 / 30
LIMIT_S = 60.0
LOOK_EVERY_S = 0.02
SIZE = (1280, 800)
INCH = 10.1


class Visitors:
    """Owns an exhibit without a clock: time goes on as fast as the threads and processes answer."""

    def __init__(self, state_folder: StateFolder) -> None:
        settings = Settings(
            gradients=GradientSettings(threads=1), classifier=ClassifierSettings(looks_per_s=60.0)
        )
        self._window = Window(INCH, SIZE, driver="dummy", unseen_allowed=True)
        self.state: State = initial(
            TOPICS, self._window.panel, load_texts(TOPICS), visitor_labels(), model=Health(Phase.WARMING)
        )
        self._performer = Performer(
            PARTS, settings, state_folder, f"pictures:{state_folder.stock}", None, self._window.forget
        )
        self._window.rehearse(rehearsed(self.state, TOPICS))
        gc.freeze()

    def close(self) -> None:
        """End the threads and the gradient process."""
        self._performer.close()
        self._window.close()

    def frame(self, *hands: Event, later_s: float = FRAME_S) -> list[Event]:
        """One frame of the exhibit, so much later than the last; returns the news."""
        news = list(self._performer.news())
        for event in (Tick(self.state.context.now_s + later_s), *hands, *news):
            self.state, effects = update(self.state, event)
            for effect in effects:
                self._performer.perform(effect)
        self._window.show(view(self.state), self._performer.pictures)
        return news

    def until(self, true: Callable[[], bool], what: str) -> None:
        """Frames until a condition holds."""
        due_s = time.monotonic() + LIMIT_S
        while not true():
            if time.monotonic() > due_s:
                raise TimeoutError(f"never {what}: {type(self.state.screen).__name__}")
            time.sleep(LOOK_EVERY_S)
            self.frame(later_s=LOOK_EVERY_S)

    def _saw(self, kind: type[object]) -> bool:
        """Whether the news of one more frame have such an event."""
        return any(isinstance(event, kind) for event in self.frame())

    def until_screen(self, kind: type[object]) -> None:
        """Frames until that screen is there."""
        self.until(lambda: isinstance(self.state.screen, kind), kind.__name__)

    def touch(self, name: str, value: object = None) -> None:
        """A finger on a control."""
        control = view(self.state).control_of(ControlId(name, value))
        if control is None:
            raise LookupError(f"{name} is not on {view(self.state).name}")
        self.frame(later_s=0.3)
        self.frame(Touched(control.box.x + control.box.w // 2, control.box.y + control.box.h // 2))

    def visit(self, number: int) -> None:
        """A whole visit: a picture, a lie, one or two steps, the noise, the maps, the end."""
        self.until_screen(Attract)
        self.touch("start")
        self.until(lambda: self._saw(LiveJudged), "a live answer")
        self.touch("shoot")
        for _ in range(COUNT_FROM * 2 + 1):
            self.frame(later_s=BEAT_S / 2)
        self.until_screen(Choose)
        self._choose(number)
        self._attack(steps=2 if number % 4 == 0 else 1)
        if number % 2:
            self._explain()
        if number % 10 == 9:
            self.frame(later_s=IDLE.quiet_s)
            self.until(lambda: self.state.alone_since_s is not None, "the question")
            self.frame(later_s=IDLE.countdown_s)
        else:
            self.touch("again")
        self.until_screen(Forgotten)
        for _ in range(10):
            self.frame(later_s=0.45)

    def _choose(self, number: int) -> None:
        """A name from the alphabet, until the painter's caches are full of words; then mostly one of the wall."""
        tiles = self.state.context.labels.tiles
        if number > SETTLED and number % 5:
            self.touch("label", tiles[number % len(tiles)].label)
        else:
            self.touch("letters")
            while isinstance(self.state.screen, Choose):
                names = [c.id for c in view(self.state).controls if c.name in ("group", "label")]
                self.touch(*names[number * 7 % len(names)])
        self.until_screen(Attack)

    def _attack(self, steps: int) -> None:
        self.until(lambda: self.state.context.gradients.phase is Phase.READY, "the gradient process")
        for _ in range(steps):
            self.touch("more")
            self.until(lambda: self._steps.job is None, "a step")
        if len(self._steps.visit.steps) != steps + 1:
            raise RuntimeError("a step was lost")
        for name in ("noise", "less", "more", "noise"):
            self.touch(name)
            for _ in range(3):
                self.frame()

    @property
    def _steps(self) -> Attack:
        if not isinstance(self.state.screen, Attack):
            raise TypeError(f"{self.state.screen} is not the attack")
        return self.state.screen

    def _explain(self) -> None:
        bars = [c.id for c in view(self.state).controls if c.name == "bar"]
        self.touch(*(ControlId("why") if fooled(self._steps.visit) else bars[-1]))
        self.until(
            lambda: isinstance(self.state.screen, Explain) and self.state.screen.drawn is not None, "the maps"
        )


class MallocCounts(ctypes.Structure):
    """What glibc's mallinfo2 tells, in bytes."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "free_blocks", "fast_blocks", "mapped_blocks", "mapped", "unused", "fast"),
            *("used", "free", "top"),
        )
    ]


def resident_mb() -> float:
    """Return this process's memory that is not swapped out."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGESIZE") / 2**20


def allocated_mb() -> float:
    """Return what this process has got from malloc and not given back: all pixels and surfaces are in it."""
    counting = ctypes.CDLL(None).mallinfo2
    counting.restype = MallocCounts
    counts = counting()
    return float(counts.used + counts.mapped) / 2**20


def play(state_folder: StateFolder, visits: int) -> dict[str, list[float]]:
    """Return the memory after each of so many visits, as the system sees it and as malloc counts it."""
    visitors = Visitors(state_folder)
    resident, allocated = [], []
    try:
        for number in range(1, visits + 1):
            visitors.visit(number)
            resident.append(round(resident_mb(), 2))
            allocated.append(round(allocated_mb(), 2))
    finally:
        visitors.close()
    if "torch" in sys.modules:
        raise RuntimeError("PyTorch was imported")
    return {"resident": resident, "allocated": allocated}


def curve(megabytes: list[float]) -> str:
    """Return every so many-th value, in words."""
    return " ".join(f"{value:.1f}" for value in megabytes[EVERY - 1 :: EVERY]) + " MB"


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_five_hundred_visits_leave_the_memory_as_it_was(state: StateFolder) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import {__name__} as m; m.main()", str(state.path), str(VISITS)],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    told: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    resident, allocated = told["resident"], told["allocated"]
    assert len(resident) == VISITS
    figure.told(f"memory resident after every {EVERY} visits", curve(resident))
    figure.told(f"memory allocated after every {EVERY} visits", curve(allocated))
    figure.at_most(f"largest memory of the UI process in {VISITS} visits", max(resident), LIMIT_MB, " MB")
    early, late = max(allocated[SETTLED:EARLY]), max(allocated[LATE:])
    figure.told("most memory allocated, visits 51 to 150", f"{early:.1f} MB")
    figure.at_most("growth of memory allocated until visits 401 to 500", late - early, CACHES_MB, " MB")
    early, late = statistics.median(resident[SETTLED:EARLY]), statistics.median(resident[LATE:])
    figure.told("median memory resident, visits 51 to 150", f"{early:.1f} MB")
    figure.at_most("growth of memory resident until visits 401 to 500", late - early, REST_MB, " MB")


def main() -> None:
    """Play visits in this process and print the curve."""
    sys.stdout.write(json.dumps(play(StateFolder(Path(sys.argv[1])), int(sys.argv[2]))) + "\n")
