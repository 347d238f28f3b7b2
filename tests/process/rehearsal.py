"""A performer without a screen: effects go in, and its news are kept."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, Never, TypeVar

from kiosk.core.health import Phase
from kiosk.core.message import (
    Asking,
    CameraFound,
    Effect,
    Event,
    Forget,
    GradientsChanged,
    JobAdvanced,
    Reply,
)
from kiosk.core.painting import Ink, Place
from kiosk.core.visit import Judged
from kiosk.device.health import HERE, Places
from kiosk.device.state_folder import StateFolder
from kiosk.exhibit.parts import PARTS
from kiosk.exhibit.performer import Performer
from kiosk.perform.part import Part
from kiosk.perform.workshop import Workshop
from kiosk.settings.sections import GradientSettings, Settings
from kiosk.topics.attack.messages import QuieterJudged, RunStep, StartStack, StepJudged
from kiosk.topics.explain.messages import DrawMaps, MapsDrawn
from kiosk.topics.photograph.messages import (
    ListUploads,
    LiveJudged,
    PictureTaken,
    StartLive,
    TakePicture,
    TakeStockPicture,
    UploadSeen,
    UploadsLeftOut,
    UploadsListed,
)
from kiosk.topics.sketchpad.messages import JudgePainting, PaintingJudged, Stroke
from kiosk.topics.teaching.messages import EpochTrained
from tests.player import FLAMINGO, topic_modules

QUICK = Settings(
    gradients=GradientSettings(threads=1, job_deadline_s=8.0, first_back_off_s=0.1, longest_back_off_s=0.4)
)
LIMIT_S = 60.0
LOOK_EVERY_S = 0.01
ON_STICK = 12

Kind = TypeVar("Kind")


class OnStep(NamedTuple):
    """What a topic asks of a step of the attack, given a job and the step; its answer, and the pictures it brings."""

    ask: Callable[[int, int], Asking]
    answer: type[Reply]
    pictures: tuple[str, ...]


def on_step() -> dict[str, OnStep]:
    """What topics ask of a step, by a name: ON_STEP in tests/topics/NAME/performed.py."""
    return {name: asked for module in topic_modules("performed") for name, asked in module.ON_STEP.items()}


def is_answer(event: Event) -> bool:
    """Whether news are what a job was begun for: nothing of it follows them."""
    return isinstance(event, Reply) and not isinstance(
        event, JobAdvanced | UploadSeen | UploadsLeftOut | EpochTrained | QuieterJudged
    )


def onlooker(see: Callable[[Workshop], None]) -> type[Part[Never]]:
    """A part that performs nothing: through it tests see what the parts share."""

    class Onlooker(Part[Never]):
        performs = ()

        def __init__(self, workshop: Workshop) -> None:
            super().__init__(workshop)
            see(workshop)

        def perform(self, effect: Never) -> None:
            """Do nothing: nothing is asked for."""

        def forget_picture(self) -> None:
            """Drop nothing: no picture is kept here."""

        def forget(self) -> None:
            """Drop nothing: nothing of a visitor is kept here."""

    return Onlooker


class Rehearsal:
    """A performer whose news are kept; job numbers are given out as the program does.

    `workshop` is what its parts share.
    """

    workshop: Workshop

    def __init__(
        self,
        state: StateFolder,
        camera: str,
        settings: Settings = QUICK,
        places: Places = HERE,
        parts: Sequence[type[Part[Any]]] = PARTS,
    ) -> None:
        self.heard: list[Event] = []
        self.forgotten = 0
        self._jobs = 0
        watched = (*parts, onlooker(self._see))
        self.performer = Performer(watched, settings, state, camera, None, self._count, places)

    def _see(self, workshop: Workshop) -> None:
        self.workshop = workshop

    def _count(self) -> None:
        self.forgotten += 1

    def job(self) -> int:
        """A number that no job had yet."""
        self._jobs += 1
        return self._jobs

    def do(self, *effects: Effect) -> None:
        """Let effects be performed."""
        for effect in effects:
            self.performer.perform(effect)

    def look(self) -> None:
        """Hear the news, as a frame does."""
        self.heard.extend(self.performer.news())

    def until(self, true: Callable[[], bool], what: str, limit_s: float = LIMIT_S) -> None:
        """Hear the news until a condition holds."""
        due_s = time.monotonic() + limit_s
        while not true():
            assert time.monotonic() < due_s, f"never {what}: {[str(e)[:120] for e in self.heard[-8:]]}"
            time.sleep(LOOK_EVERY_S)
            self.look()

    def all(self, kind: type[Kind]) -> list[Kind]:
        """All news of a kind so far."""
        return [event for event in self.heard if isinstance(event, kind)]

    @property
    def answered(self) -> list[int]:
        """The jobs that were answered, or lost."""
        return [event.job for event in self.all(Reply) if is_answer(event)]

    def next(self, kind: type[Kind], limit_s: float = LIMIT_S) -> Kind:
        """The next news of a kind, once there are some."""
        before = len(self.all(kind))
        self.until(lambda: len(self.all(kind)) > before, kind.__name__, limit_s)
        return self.all(kind)[before]

    def ask(self, effect: Effect, kind: type[Kind]) -> Kind:
        """What is said to an effect."""
        self.do(effect)
        return self.next(kind)

    def seeing(self) -> None:
        """Wait for a camera, of which the news may be forgotten."""
        self.until(
            lambda: bool(self.all(CameraFound)) or self.workshop.camera.newest() is not None, "a camera"
        )

    def ready(self) -> None:
        """Wait for a camera, the model and the gradient process."""
        self.seeing()
        self.until(
            lambda: any(e.health.phase is Phase.READY for e in self.all(GradientsChanged)), "ready for steps"
        )

    def photograph(self) -> PictureTaken:
        """A picture from the camera."""
        return self.ask(TakePicture(self.job()), PictureTaken)

    def attack(self, steps: int, target: int | None = FLAMINGO) -> list[Judged]:
        """A picture and some steps towards a lie."""
        self.photograph()
        self.do(StartStack(target))
        return [self.ask(RunStep(self.job(), at), StepJudged).judged for at in range(steps)]

    def everything(self) -> None:
        """A picture, steps, and every other picture that a visitor can bring about."""
        self.ask(StartLive(), LiveJudged)
        self.attack(3)
        self.ask(DrawMaps(self.job(), FLAMINGO, 3), MapsDrawn)
        for further in on_step().values():
            self.ask(further.ask(self.job(), 3), further.answer)
        self.do(Stroke(Ink(), Place(0.2, 0.2), Place(0.8, 0.8), begins=True))
        self.ask(JudgePainting(self.job()), PaintingJudged)
        self.ask(ListUploads(self.job(), 0, ON_STICK), UploadsListed)

    def settle(self, film_keys: frozenset[str]) -> None:
        """Let whatever is still under way for a visitor who left come to its end, and see that nobody hears of it.

        Camera, classify thread and gradient process work in order: the answers to a next visitor come after theirs.
        """
        nothing_left(self, film_keys)
        self.look()
        self.heard.clear()
        jobs = [self.job() for _ in range(3)]
        self.ask(TakePicture(jobs[0]), PictureTaken)
        self.ask(TakeStockPicture(jobs[1]), PictureTaken)
        original = self.performer.pictures["original"]
        self.do(StartStack(None))
        self.ask(RunStep(jobs[2], 0), StepJudged)
        assert self.answered == jobs
        assert set(self.performer.pictures) == film_keys | {"original", "adversarial", "noise"}
        assert self.performer.pictures["original"] is original
        self.do(Forget())
        nothing_left(self, film_keys)


@contextmanager
def own(
    state: StateFolder, camera: str, settings: Settings = QUICK, parts: Sequence[type[Part[Any]]] = PARTS
) -> Iterator[Rehearsal]:
    """A performer of the test's own, which it may harm."""
    rehearsal = Rehearsal(state, camera, settings, parts=parts)
    with rehearsal.performer:
        yield rehearsal


def nothing_left(rehearsal: Rehearsal, film_keys: frozenset[str]) -> None:
    """Nothing of a visitor is on the shelf or in the stack."""
    assert set(rehearsal.performer.pictures) == film_keys, sorted(rehearsal.performer.pictures)
    assert rehearsal.performer.pictures.stack is None
    assert not rehearsal.workshop.jobs.wanted
