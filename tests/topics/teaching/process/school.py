"""A performer that is taught, with a real classifier and a real gradient process.

Only the camera is a stand-in, so that it sees what the test holds up: cut-outs of the stock cup and the stock cat, far
apart on purpose, since this is about the parts working together. How well few examples do is measured elsewhere.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.camera.base import Frame
from kiosk.camera.exhibit_camera import Sight
from kiosk.camera.orientation import Orientation
from kiosk.core.lesson import MOST_EXAMPLES, MOST_LABELS, Example, Lesson, TaughtLabel
from kiosk.core.message import Forget
from kiosk.device.state_folder import StateFolder
from kiosk.errors import KioskError
from kiosk.perform import workshop
from kiosk.settings.sections import GradientSettings
from kiosk.topics.photograph.messages import PictureTaken
from kiosk.topics.teaching.messages import ExampleRecorded, HeadTrained, RecordExample, TrainHead
from kiosk.vision.picture import Rgb, centre_square, read_photograph
from tests.process.rehearsal import QUICK, Rehearsal, own

CUP, CAT = 0, 1
NAMES = ("Cup", "Cat")
PER_BURST = 5
STEPS = 32
PATIENT = QUICK.model_copy(update={"gradients": GradientSettings(threads=1, job_deadline_s=60.0)})


class HeldUp:
    """Stands in for the exhibit's camera: it sees what is held up before it."""

    stands_in = False  # what it sees is no stock picture

    def __init__(self) -> None:
        self._rgb: Rgb = np.zeros((240, 320, 3), np.uint8)
        self._began_s = time.monotonic()
        self._frame: Frame | None = None

    def __call__(
        self, _spec: str, _stock: Path, on_change: Callable[[Sight], None], _hangs: Orientation
    ) -> Self:
        """Look with it."""
        on_change(Sight(sees=True))
        return self

    def hold(self, rgb: Rgb) -> None:
        """Hold a picture up; the next frames are of it."""
        self._rgb = np.ascontiguousarray(rgb)

    def newest(self) -> Frame:
        """A new frame each hundredth of a second."""
        number = int((time.monotonic() - self._began_s) * 100) + 1
        if self._frame is None or self._frame.id != number:
            self._frame = Frame(self._rgb, number, time.monotonic())
        return self._frame

    def capture(self) -> "Future[Frame]":
        """What is held up, at once."""
        promise: Future[Frame] = Future()
        promise.set_result(self.newest())
        return promise

    def close(self) -> None:
        """Nothing to give back."""


class School:
    """A performer whose camera sees what the test holds up, and the lesson that grows.

    `film` are the names of the pictures that may stay: they are no visitor's.
    """

    def __init__(self, rehearsal: Rehearsal, camera: HeldUp, photographs: tuple[Rgb, Rgb]) -> None:
        self.rehearsal, self.camera = rehearsal, camera
        self._photographs = photographs
        self.lesson = Lesson()
        frames = len([*(rehearsal.workshop.state.stock / "film-efficientnet_lite0").glob("film-*.png")])
        self.film = frozenset({"film-noise", *(f"film-{number}" for number in range(frames))})

    def view(self, thing: int, seed: int) -> Rgb:
        """A cut-out of a thing's photograph."""
        rng = np.random.default_rng([thing, seed])
        square = centre_square(self._photographs[thing])
        side = square.shape[0]
        cut = round(side * rng.uniform(0.75, 0.95))
        x, y = rng.integers(0, side - cut, 2)
        return square[y : y + cut, x : x + cut]

    def hold(self, thing: int, seed: int) -> None:
        """Hold a thing up, and wait until the camera has seen it."""
        self.camera.hold(self.view(thing, seed))
        newest = self.rehearsal.workshop.camera.newest
        before = newest()
        self.rehearsal.until(
            lambda: (frame := newest()) is not None and (before is None or frame.id > before.id + 2),
            "a frame",
        )

    def record(self, thing: int, burst: int) -> list[int]:
        """One burst of a thing."""
        numbers: list[int] = []
        for at in range(PER_BURST):
            self.hold(thing, 100 * burst + at)
            job = self.rehearsal.job()
            assert self.rehearsal.ask(RecordExample(job), ExampleRecorded).job == job
            numbers.append(job)
            self.lesson = self.lesson.with_label(thing)
            place = self.lesson.index_of(thing)
            assert place is not None
            self.lesson = self.lesson.with_example(place, Example(job, numbers[0]))
        return numbers

    def train(self) -> HeadTrained:
        """The lesson learned."""
        job = self.rehearsal.job()
        told = self.rehearsal.ask(TrainHead(job, NAMES, self.lesson), HeadTrained)
        assert told.job == job
        self.lesson = self.lesson.tested(told.predicted)
        return told

    def teach(self) -> HeadTrained:
        """Both things shown in two bursts each, and learned."""
        for burst in (1, 2):
            for thing in (CUP, CAT):
                self.record(thing, burst)
        return self.train()

    def photograph(self, thing: int) -> PictureTaken:
        """A picture of a thing."""
        self.hold(thing, 7)
        return self.rehearsal.photograph()

    def home(self) -> None:
        """Wait until the exhibit's own model is open, and the classify thread has nothing more to do."""
        models = self.rehearsal.workshop.models
        self.rehearsal.until(lambda: models.open_name == "efficientnet_lite0", "its own model")
        ready: list[bool] = []
        models.thread.ask(lambda _: ready.append(True), lambda _: None)
        self.rehearsal.until(lambda: bool(ready), "the classify thread")

    def next_visitor(self) -> None:
        """The end of a visit, before the next one: the exhibit's own model is in use again."""
        self.rehearsal.do(Forget())
        self.home()
        self.rehearsal.heard.clear()
        self.lesson = Lesson()

    def embeddings(self) -> dict[int, NDArray[np.float32]]:
        """What the performer keeps of each example; every number is tried that one could have by now."""
        recordings = self.rehearsal.workshop.recordings
        kept: dict[int, NDArray[np.float32]] = {}
        for number in range(self.rehearsal.job() + MOST_LABELS * MOST_EXAMPLES):
            lesson = Lesson((TaughtLabel(CUP, (Example(number, number),)),))
            try:
                kept[number] = recordings.of(lesson)[number].embedding
            except KioskError:
                continue
        return kept


@contextmanager
def opened(state: StateFolder) -> Iterator[School]:
    """A performer on that state folder, which has just been started and sees its camera."""
    camera = HeldUp()
    things = (read_photograph(state.stock / "coffee-cup.png"), read_photograph(state.stock / "cat.png"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(workshop, "ExhibitCamera", camera)
        with own(state, "auto", PATIENT) as rehearsal:
            rehearsal.seeing()
            yield School(rehearsal, camera, things)
