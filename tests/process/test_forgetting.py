"""Nothing of a visitor is kept by any part of the real performer, nor by what the parts share."""

import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Never

import numpy as np
import pytest

from kiosk.core.lesson import Example, Lesson
from kiosk.core.message import Forget, ForgetPicture
from kiosk.core.painting import Ink, Place
from kiosk.device.state_folder import StateFolder
from kiosk.exhibit.parts import PARTS
from kiosk.perform.part import Part
from kiosk.perform.workshop import Workshop
from kiosk.topics.explain.messages import DrawMaps, MapsDrawn
from kiosk.topics.photograph.messages import LiveJudged, RestartCamera, StartLive, StopLive
from kiosk.topics.sketchpad.messages import JudgePainting, PaintingJudged, Stroke
from kiosk.topics.teaching.messages import ExampleRecorded, HeadTrained, RecordExample, TrainHead
from kiosk.vision.picture import Rgb, png_bytes
from tests.process.kept import kept_by, pictures_of
from tests.process.rehearsal import Rehearsal, on_step, own

STEPS = 2


def marked_picture() -> Rgb:
    """A picture that is like no other: coloured squares, drawn by lot."""
    lots = np.random.default_rng(4).integers(0, 256, (14, 14, 3), np.uint8)
    return lots.repeat(16, 0).repeat(16, 1)


@pytest.fixture
def before_the_camera(tmp_path: Path) -> Path:
    """What the camera sees: a file with the marked picture, which may be replaced."""
    folder = tmp_path / "camera"
    folder.mkdir()
    (folder / "seen.png").write_bytes(png_bytes(marked_picture()))
    return folder


def leave(rehearsal: Rehearsal, before_the_camera: Path) -> None:
    """The visitor goes away: the camera sees an empty wall, and has seen it for a while."""
    (before_the_camera / "seen.png").write_bytes(png_bytes(np.full((600, 800, 3), 90, np.uint8)))
    rehearsal.do(StopLive(), RestartCamera())
    camera = rehearsal.workshop.camera
    rehearsal.until(lambda: (frame := camera.newest()) is not None and frame.rgb.std() == 0, "the wall")


def newer_frame(rehearsal: Rehearsal) -> None:
    camera = rehearsal.workshop.camera
    before = camera.newest()
    rehearsal.until(lambda: camera.newest() is not before, "a newer frame")


def teach(rehearsal: Rehearsal) -> None:
    """Two labels, each with two bursts of one example."""
    lesson = Lesson().with_label(0).with_label(1)
    for at in (0, 1, 0, 1):
        newer_frame(rehearsal)
        job = rehearsal.job()
        rehearsal.ask(RecordExample(job), ExampleRecorded)
        lesson = lesson.with_example(at, Example(job, job))
    rehearsal.ask(TrainHead(rehearsal.job(), ("Cup", "Cat"), lesson), HeadTrained)


def visit(rehearsal: Rehearsal) -> None:
    """Every picture that a visitor who taught something can bring about."""
    rehearsal.ask(StartLive(), LiveJudged)
    rehearsal.attack(STEPS, None)
    rehearsal.ask(DrawMaps(rehearsal.job(), 1, STEPS), MapsDrawn)
    for further in on_step().values():
        rehearsal.ask(further.ask(rehearsal.job(), STEPS), further.answer)
    rehearsal.do(Stroke(Ink(), Place(0.2, 0.2), Place(0.8, 0.8), begins=True))
    rehearsal.ask(JudgePainting(rehearsal.job()), PaintingJudged)


def test_only_examples_outlive_the_picture_and_nothing_the_visit(
    state: StateFolder, before_the_camera: Path
) -> None:
    with own(state, f"pictures:{before_the_camera}") as rehearsal:
        performer = rehearsal.performer
        rehearsal.ready()
        teach(rehearsal)
        visit(rehearsal)
        marked = pictures_of(performer)
        arrays = {id(kept.array) for kept in kept_by(performer, marked)}
        assert arrays >= {id(picture) for picture in marked}, "all of them are found while they are there"

        rehearsal.do(ForgetPicture())
        leave(rehearsal, before_the_camera)
        examples = {id(picture) for key, picture in performer.pictures.items() if key.startswith("example-")}
        assert len(examples) == 4
        kept = kept_by(performer, marked)
        assert [one.way for one in kept if id(one.array) not in examples] == []
        assert {id(one.array) for one in kept} == examples

        rehearsal.do(Forget())
        rehearsal.look()
        assert [one.way for one in kept_by(performer, marked)] == []


class Forgetful(Part[Never]):
    """A part that keeps the visitor's picture and says that it forgets it."""

    performs = ()
    keep: Callable[["Forgetful", Rgb], None]

    def __init__(self, workshop: Workshop) -> None:
        super().__init__(workshop)
        self.kept: Any = None
        self.heard: queue.SimpleQueue[Rgb | None] = queue.SimpleQueue()
        self.thread = threading.Thread(target=self.hear, name="of a forgetful part", daemon=True)
        self.thread.start()

    def hear(self) -> None:
        picture = self.heard.get()
        while picture is not None:
            picture = self.heard.get()

    def perform(self, effect: Never) -> None:
        """Do nothing: nothing is asked for."""

    def refresh(self) -> None:
        picture = self._workshop.pictures.get("original")
        if picture is not None and self.kept is None:
            self.kept = True
            type(self).keep(self, picture)

    def forget_picture(self) -> None:
        """Forget that it has to be forgotten."""

    def forget(self) -> None:
        """Forget that it has to be forgotten."""

    def close(self) -> None:
        self.heard.put(None)
        self.thread.join()


def the_array(part: Forgetful, picture: Rgb) -> None:
    part.kept = picture


def a_piece_of_it(part: Forgetful, picture: Rgb) -> None:
    part.kept = {"cut out": picture[20:40, 20:40]}


def a_copy_in_other_numbers(part: Forgetful, picture: Rgb) -> None:
    copy = picture.astype(np.float32)
    part.kept = lambda: copy


def a_variable_of_a_thread(part: Forgetful, picture: Rgb) -> None:
    part.heard.put(picture.copy())


WAYS = {
    the_array: "Performer > tuple > the_array > ndarray",
    a_piece_of_it: "Performer > tuple > a_piece_of_it > dict > ndarray",
    a_copy_in_other_numbers: "Performer > tuple > a_copy_in_other_numbers > function > tuple > cell > ndarray",
    a_variable_of_a_thread: "thread of a forgetful part > hear > picture",
}


def test_a_part_that_forgets_to_forget_is_found_out(state: StateFolder, before_the_camera: Path) -> None:
    forgetful = [type(keep.__name__, (Forgetful,), {"keep": keep}) for keep in WAYS]
    with own(state, f"pictures:{before_the_camera}", parts=(*PARTS, *forgetful)) as rehearsal:
        rehearsal.seeing()
        rehearsal.photograph()
        rehearsal.look()
        marked = pictures_of(rehearsal.performer)
        for forget in (ForgetPicture(), Forget()):
            rehearsal.do(forget)
            leave(rehearsal, before_the_camera)
            found = kept_by(rehearsal.performer, marked)
            assert {kept.way for kept in found} == {*WAYS.values()}
