"""The performer with a real classifier, a real gradient process and a pictures camera, but no window.

Every effect is answered by its event; what a visitor leaves behind is gone, also what was still under way.
"""

import gc
import os
import shutil
import signal
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Self

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kiosk.attack.film import film_folder, load_film
from kiosk.attack.verdict import answer
from kiosk.camera.stick import stick_pictures
from kiosk.core.health import Phase
from kiosk.core.message import (
    Asking,
    CameraFound,
    CameraLost,
    DropJob,
    Effect,
    Event,
    Forget,
    GradientsChanged,
    JobLost,
    ModelChanged,
    Touched,
)
from kiosk.core.painting import Ink, Paint, Place, Size, Tool
from kiosk.core.scene import Scene
from kiosk.core.visit import Judged, Verdict
from kiosk.device.camera_fault import camera_fault
from kiosk.device.state_folder import StateFolder
from kiosk.exhibit import app, opening_window
from kiosk.exhibit.performer import Performer
from kiosk.gradients.client import GradientClient
from kiosk.gradients.jobs import PendingJob
from kiosk.perform import classify_thread
from kiosk.program.input import deaf
from kiosk.program.program import view
from kiosk.program.state import State
from kiosk.settings.sections import UploadSettings
from kiosk.topics.attack.messages import (
    RecordingTaken,
    RunStep,
    ShowStep,
    StartStack,
    StepJudged,
    TakeRecording,
)
from kiosk.topics.attack.screens.attack import Attack
from kiosk.topics.attack.screens.choose import Choose
from kiosk.topics.attract.messages import FilmReady
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.explain.messages import DrawMaps, MapsDrawn
from kiosk.topics.faults.screens.no_camera import NoCamera
from kiosk.topics.photograph.messages import (
    ListUploads,
    LiveJudged,
    PictureTaken,
    StartLive,
    StickFound,
    StickLost,
    StopLive,
    TakePicture,
    TakeStockPicture,
    TakeUpload,
    UploadSeen,
    UploadsListed,
)
from kiosk.topics.photograph.performing import uploads
from kiosk.topics.photograph.screens.first_answer import FirstAnswer
from kiosk.topics.sketchpad.messages import (
    ClearPaint,
    JudgePainting,
    PaintingJudged,
    Stamp,
    Stroke,
    UndoPaint,
)
from kiosk.topics.sketchpad.performing.paint_layer import PaintLayer
from kiosk.vision.classifier import Classifier, Prediction
from kiosk.vision.picture import Rgb, png_bytes, read_photograph, to_picture
from tests.e2e.own_state import copy_of
from tests.player import FLAMINGO, PANELS, spelled
from tests.process.kept import reachable
from tests.process.rehearsal import LIMIT_S, ON_STICK, QUICK, OnStep, Rehearsal, nothing_left, on_step, own

VISITORS = frozenset(
    {
        *("camera", "original", "adversarial", "noise", "painted", "gradcam-original", "gradcam-adversarial"),
        *(f"upload-{number}" for number in range(ON_STICK)),
        *(key for further in on_step().values() for key in further.pictures),
    }
)


@pytest.fixture(scope="module")
def film_keys(state: StateFolder) -> frozenset[str]:
    """What may stay on the shelf."""
    frames = len([*(state.stock / "film-efficientnet_lite0").glob("film-*.png")])
    assert frames > 1
    return frozenset({"film-noise", *(f"film-{number}" for number in range(frames))})


@pytest.fixture(scope="module")
def lopsided(state: StateFolder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A camera that sees something which is not its own mirror image."""
    folder = tmp_path_factory.mktemp("camera")
    cup = read_photograph(state.stock / "coffee-cup.png").copy()
    cup[:, : cup.shape[1] // 2] //= 2
    (folder / "lopsided.png").write_bytes(png_bytes(cup))
    return folder


@pytest.fixture(scope="module")
def stick(state: StateFolder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a USB stick with twelve pictures, and two files that are none, has appeared."""
    folder = tmp_path_factory.mktemp("media")
    cup = to_picture(read_photograph(state.stock / "coffee-cup.png"), 300)
    for number in range(ON_STICK):
        (folder / f"{number:02}.png").write_bytes(png_bytes(np.roll(cup, 20 * number, 1)))
    (folder / "05a.png").write_bytes(b"no picture")
    (folder / "20.jpg").write_bytes(png_bytes(cup)[:500])
    return folder


@pytest.fixture(scope="module")
def shared_rehearsal(state: StateFolder, lopsided: Path, stick: Path) -> Iterator[Rehearsal]:
    """One performer for all tests that do not harm it."""
    upload = UploadSettings(folders=(stick,))
    rehearsal = Rehearsal(state, f"pictures:{lopsided}", QUICK.model_copy(update={"upload": upload}))
    with rehearsal.performer:
        rehearsal.ready()
        yield rehearsal


@pytest.fixture
def rehearsal(shared_rehearsal: Rehearsal) -> Iterator[Rehearsal]:
    """The shared performer, between visitors."""
    shared_rehearsal.do(Forget())
    shared_rehearsal.look()
    shared_rehearsal.heard.clear()
    yield shared_rehearsal
    shared_rehearsal.do(Forget())


def mirrored(rgb: Rgb) -> Rgb:
    return rgb[:, ::-1]


def distance(one: Rgb, other: Rgb) -> float:
    return float(np.abs(one.astype(np.int16) - other).mean())


def test_the_start_tells_the_film_the_model_and_the_gradient_process(
    state: StateFolder, lopsided: Path, film_keys: frozenset[str]
) -> None:
    soon = QUICK.model_copy(
        update={"gradients": QUICK.gradients.model_copy(update={"expected_start_s": 1.0})}
    )
    with own(state, f"pictures:{lopsided}", soon) as fresh:
        fresh.until(lambda: bool(fresh.all(ModelChanged)), "a model")
        assert [e.health.phase for e in fresh.all(ModelChanged)] == [Phase.READY]
        assert len(fresh.all(FilmReady)) == 1
        assert set(fresh.performer.pictures) == film_keys
        fresh.seeing()
        fresh.ready()
    phases = [e.health.phase for e in fresh.all(GradientsChanged)]
    assert phases[0] is Phase.WARMING
    assert phases[-1] is Phase.READY
    shares = [e.health.progress for e in fresh.all(GradientsChanged) if e.health.progress is not None]
    assert shares == sorted(set(shares)), "each once, also where it takes longer than was expected"
    assert 0 <= shares[0] <= shares[-1] < 1


def test_live_frames_are_shown_and_judged_until_it_stops(rehearsal: Rehearsal) -> None:
    assert "camera" not in rehearsal.performer.pictures
    rehearsal.ask(StartLive(), LiveJudged)
    first = rehearsal.performer.pictures["camera"]
    rehearsal.until(lambda: rehearsal.performer.pictures["camera"] is not first, "a newer frame")
    rehearsal.do(StopLive())
    rehearsal.look()  # a frame that was being judged
    rehearsal.heard.clear()
    last = rehearsal.performer.pictures["camera"]
    rehearsal.ask(TakePicture(rehearsal.job()), PictureTaken)
    assert rehearsal.performer.pictures["camera"] is last
    assert len(rehearsal.all(LiveJudged)) <= 1


def test_a_picture_is_what_the_camera_sees_not_mirrored(
    rehearsal: Rehearsal, lopsided: Path, classifier: Classifier
) -> None:
    rehearsal.ask(StartLive(), LiveJudged)
    taken = rehearsal.photograph()
    seen = to_picture(read_photograph(lopsided / "lopsided.png"), 224)
    original = rehearsal.performer.pictures["original"]
    assert distance(original, seen) < 2 < 20 < distance(original, mirrored(seen))
    shown = cv2.resize(rehearsal.performer.pictures["camera"], (224, 224), interpolation=cv2.INTER_AREA)
    assert distance(np.asarray(shown, np.uint8), seen) < 2, "the scene mirrors the preview, not the performer"
    assert taken.answer == answer(classifier(original))


def test_our_own_pictures_come_in_turn(rehearsal: Rehearsal, state: StateFolder) -> None:
    count = len([*state.stock.glob("*.png")])
    originals = []
    for _ in range(count + 1):
        rehearsal.ask(TakeStockPicture(rehearsal.job()), PictureTaken)
        originals.append(rehearsal.performer.pictures["original"])
    assert np.array_equal(originals[0], originals[-1])
    assert len({original.tobytes() for original in originals}) == count


@pytest.mark.parametrize("target", [FLAMINGO, None])
def test_steps_are_judged_on_the_picture_that_is_shown(
    rehearsal: Rehearsal, classifier: Classifier, target: int | None
) -> None:
    original_label = rehearsal.photograph().answer.first.label
    rehearsal.do(StartStack(target))
    pictures = rehearsal.performer.pictures
    assert np.array_equal(pictures["adversarial"], pictures["original"])
    assert (pictures["noise"] == 127).all()
    shown = [pictures["adversarial"]]
    judged: Judged | None = None
    while judged is None or judged.verdict is not Verdict.FOOLED:
        at = len(shown) - 1
        assert at < 16, f"not fooled: {judged}"
        job = rehearsal.job()
        told = rehearsal.ask(RunStep(job, at), StepJudged)
        judged = told.judged
        assert told.job == job
        assert judged.step == at + 1
        assert judged.answer == answer(classifier(pictures["adversarial"]))
        noise = pictures["adversarial"].astype(np.int16) - pictures["original"]
        assert 0 < np.abs(noise).max() == judged.linf_255 <= judged.step
        assert np.array_equal(pictures["noise"], np.clip(127 + 10 * noise, 0, 255))
        shown.append(pictures["adversarial"])
    first = judged.answer.first.label
    assert first == target if target is not None else first != original_label
    for step in (0, *reversed(range(len(shown)))):
        rehearsal.do(ShowStep(step))
        assert np.array_equal(pictures["adversarial"], shown[step]), "less and more noise are exact inverses"


def test_the_recorded_attack_is_judged_now_step_by_step(
    rehearsal: Rehearsal, state: StateFolder, classifier: Classifier
) -> None:
    film = load_film(film_folder(state.stock, classifier.card.name), classifier.card.sha256)
    assert film is not None
    rehearsal.photograph()
    taken = rehearsal.ask(TakeRecording(rehearsal.job()), RecordingTaken)
    pictures = rehearsal.performer.pictures
    assert np.array_equal(pictures["original"], film.pictures[0]), "the visitor's own is gone"
    assert taken.answer == answer(classifier(film.pictures[0]))
    assert taken.target == classifier(film.pictures[-1]).label
    for picture, race in zip(film.pictures, film.race, strict=False):  # a film of an older version has none
        told = classifier(picture).probabilities
        assert race == pytest.approx((told[taken.answer.first.label], told[taken.target]), abs=1e-6)
    for at, picture in enumerate(film.pictures[1:]):
        judged = rehearsal.ask(RunStep(rehearsal.job(), at), StepJudged).judged
        assert np.array_equal(pictures["adversarial"], picture)
        assert judged.answer == answer(classifier(picture))
    assert judged.verdict is Verdict.FOOLED
    rehearsal.do(ShowStep(1))
    assert np.array_equal(pictures["adversarial"], film.pictures[1])
    rehearsal.do(StartStack(FLAMINGO))
    stack = pictures.stack
    assert stack is not None
    assert stack.recorded == (), "another lie is a new attack"


def test_without_a_film_there_is_no_recording(state: StateFolder, lopsided: Path, tmp_path: Path) -> None:
    bare = copy_of(state, tmp_path / "state")
    bare.stock.unlink()
    bare.stock.mkdir()
    with own(bare, f"pictures:{lopsided}") as fresh:
        lost = fresh.ask(TakeRecording(fresh.job()), JobLost)
    assert "no recorded attack" in lost.reason


def test_a_step_from_the_middle_lets_go_of_those_above(rehearsal: Rehearsal) -> None:
    first, *_ = rehearsal.attack(3)
    again = rehearsal.ask(RunStep(rehearsal.job(), 0), StepJudged).judged
    assert again == first
    assert rehearsal.ask(RunStep(rehearsal.job(), 2), JobLost)


def test_maps_of_any_label_are_drawn_for_both_pictures(rehearsal: Rehearsal) -> None:
    rehearsal.attack(2)
    for label in (FLAMINGO, 967):
        job = rehearsal.job()
        drawn = rehearsal.ask(DrawMaps(job, label, 2), MapsDrawn)
        assert (drawn.job, drawn.label) == (job, label)
    pictures = rehearsal.performer.pictures
    assert not np.array_equal(pictures["gradcam-original"], pictures["gradcam-adversarial"])


def test_all_pictures_are_square_rgb(rehearsal: Rehearsal, film_keys: frozenset[str]) -> None:
    rehearsal.everything()
    pictures = rehearsal.performer.pictures
    of_the_model = {key for key in pictures if key.startswith("memory-")}
    assert set(pictures) == film_keys | VISITORS | of_the_model
    for key, picture in pictures.items():
        assert picture.dtype == np.uint8, key
        assert picture.ndim == 3, key
        assert picture.shape[0] == picture.shape[1], key
        assert picture.shape[2] == 3, key
        assert picture.flags.c_contiguous or key == "camera", (
            key
        )  # that is a square of the frame, and no copy


def test_what_cannot_be_done_is_a_lost_job(rehearsal: Rehearsal) -> None:
    assert rehearsal.ask(RunStep(1001, 0), JobLost).job == 1001, "without a picture"
    assert rehearsal.ask(DrawMaps(1002, FLAMINGO, 0), JobLost).job == 1002
    rehearsal.attack(1)
    assert rehearsal.ask(RunStep(1003, 2), JobLost).job == 1003, "beyond the stack"
    assert rehearsal.ask(DrawMaps(1004, FLAMINGO, 2), JobLost).job == 1004
    rehearsal.do(StartStack(5000))
    assert rehearsal.ask(RunStep(1005, 0), JobLost).job == 1005, "no such label"


def test_a_classifier_that_fails_loses_the_job_and_not_the_visit(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong, a job has an end: the screen that waits for it would wait for ever."""

    def fail(_self: Classifier, _picture: Rgb) -> Prediction:
        raise RuntimeError("out of memory")

    with monkeypatch.context() as patched:
        patched.setattr(Classifier, "__call__", fail)
        job = rehearsal.job()
        rehearsal.do(TakeStockPicture(job))
        rehearsal.until(lambda: bool(rehearsal.all(JobLost)), "the end of the job", 5.0)
    assert rehearsal.ask(TakeStockPicture(rehearsal.job()), PictureTaken)


def test_a_dropped_step_never_reaches_the_stack_or_the_shelf(
    rehearsal: Rehearsal, caplog: pytest.LogCaptureFixture
) -> None:
    rehearsal.attack(1)
    pictures = rehearsal.performer.pictures
    before, dropped, following = pictures["adversarial"], rehearsal.job(), rehearsal.job()
    rehearsal.do(RunStep(dropped, 1), DropJob(dropped), ShowStep(1))
    assert np.array_equal(pictures["adversarial"], before)
    shown = pictures["adversarial"]
    second = rehearsal.ask(
        DrawMaps(following, FLAMINGO, 1), MapsDrawn
    )  # after the dropped one, if anything is
    assert second.job == following
    assert pictures["adversarial"] is shown
    assert dropped not in rehearsal.answered
    assert rehearsal.ask(RunStep(rehearsal.job(), 1), StepJudged).judged.step == 2
    assert [record.getMessage() for record in caplog.records] == [], "a press of 'less' is no error"


def test_a_dropped_picture_and_dropped_maps_never_reach_the_shelf(rehearsal: Rehearsal) -> None:
    dropped, following = rehearsal.job(), rehearsal.job()
    rehearsal.do(TakeStockPicture(dropped), DropJob(dropped))
    assert rehearsal.ask(TakePicture(following), PictureTaken).job == following
    rehearsal.do(StartStack(FLAMINGO))
    dropped = rehearsal.job()
    rehearsal.do(DrawMaps(dropped, 967, 0), DropJob(dropped))
    rehearsal.ask(RunStep(rehearsal.job(), 0), StepJudged)
    assert "gradcam-original" not in rehearsal.performer.pictures
    assert rehearsal.all(MapsDrawn) == []


def test_a_visitor_is_forgotten_to_the_last_array(rehearsal: Rehearsal, film_keys: frozenset[str]) -> None:
    rehearsal.everything()
    pictures = rehearsal.performer.pictures
    assert pictures.stack is not None
    arrays: dict[str, weakref.ref[NDArray[Any]]] = {key: weakref.ref(pictures[key]) for key in VISITORS}
    arrays |= {f"iterate {n}": weakref.ref(a) for n, a in enumerate(pictures.stack.iterates)}
    layers = [thing for thing in reachable(rehearsal.performer) if isinstance(thing, PaintLayer)]
    arrays |= {f"paint {n}": weakref.ref(layer.rgba) for n, layer in enumerate(layers)}
    assert len(arrays) == len(VISITORS) + 5
    del layers
    times = rehearsal.forgotten

    rehearsal.do(Forget())
    nothing_left(rehearsal, film_keys)
    assert rehearsal.forgotten == times + 1, "the painter was told"
    rehearsal.settle(film_keys)
    gc.collect()
    assert [name for name, array in arrays.items() if array() is not None] == []
    lost = RunStep(rehearsal.job(), 0)
    assert rehearsal.ask(lost, JobLost).job == lost.job


def asked_of_the_first_step(further: OnStep, rehearsal: Rehearsal) -> Effect:
    return further.ask(rehearsal.job(), 1)


UNDER_WAY: dict[str, Callable[[Rehearsal], Effect]] = {
    "a picture": lambda r: TakePicture(r.job()),
    "our own picture": lambda r: TakeStockPicture(r.job()),
    "a step": lambda r: RunStep(r.job(), 1),
    "maps": lambda r: DrawMaps(r.job(), FLAMINGO, 1),
    "a painting": lambda r: JudgePainting(r.job()),
    "a page of the stick": lambda r: ListUploads(r.job(), 0, ON_STICK),
    "a picture on the stick": lambda r: TakeUpload(r.job(), 0),
    "the live answer": lambda _: StartLive(),
    **{name: partial(asked_of_the_first_step, further) for name, further in on_step().items()},
}


@pytest.mark.parametrize("what", UNDER_WAY)
def test_what_is_under_way_when_the_visitor_leaves_comes_to_nothing(
    rehearsal: Rehearsal, film_keys: frozenset[str], what: str
) -> None:
    rehearsal.attack(1)
    rehearsal.do(UNDER_WAY[what](rehearsal), Forget())
    rehearsal.settle(film_keys)


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(story=st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=14))
def test_any_visit_ends_with_nothing_but_the_film(
    rehearsal: Rehearsal, film_keys: frozenset[str], story: list[tuple[int, bool]]
) -> None:
    visit = LegalVisit(rehearsal)
    for choice, waiting in story:
        visit.go_on(choice, waiting=waiting)
    rehearsal.do(Forget())
    rehearsal.settle(film_keys)


class LegalVisit:
    """Effects in an order that the program might ask for, some of them waited for and some not."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self._rehearsal = rehearsal
        self._job: int | None = None
        self._picture = self._stack = False
        self._steps = 0
        rehearsal.heard.clear()

    def go_on(self, choice: int, *, waiting: bool) -> None:
        """One of the effects that are possible now; `waiting` for its answer, or only for the next frame."""
        self._hear()
        effect = self._possible(choice)
        if isinstance(effect, StartStack):
            self._stack, self._steps = True, 0
        elif isinstance(effect, Forget):
            self._job, self._picture, self._stack, self._steps = None, False, False, 0
        elif isinstance(effect, DropJob):
            self._job = None
        self._rehearsal.do(effect)
        if isinstance(effect, Asking):
            self._job = effect.job
            if waiting:
                self._rehearsal.until(self._answered, "an answer")
        self._hear()

    def _possible(self, choice: int) -> Effect:
        rehearsal = self._rehearsal
        if self._job is not None:
            possible: list[Callable[[], Effect]] = [Forget, lambda: DropJob(self._job or 0)]
        else:
            possible = [
                StartLive,
                StopLive,
                Forget,
                lambda: TakePicture(rehearsal.job()),
                lambda: TakeStockPicture(rehearsal.job()),
                lambda: ListUploads(rehearsal.job(), 0, ON_STICK),
                lambda: TakeUpload(rehearsal.job(), 3),
            ]
            if self._picture:
                possible += [lambda: StartStack(FLAMINGO), lambda: StartStack(None)]
            if self._stack:
                possible += [lambda: RunStep(rehearsal.job(), self._steps)] * 3
                possible += [lambda: ShowStep(self._steps // 2), lambda: DrawMaps(rehearsal.job(), 1, 0)]
                possible += [partial(self._further, further) for further in on_step().values()]
                possible += [
                    lambda: Stroke(Ink(), Place(0.1, 0.1), Place(0.9, 0.5), begins=True),
                    lambda: Stamp(Tool.STAR, Ink(), Place(0.5, 0.5)),
                    ClearPaint,
                    lambda: JudgePainting(rehearsal.job()),
                ]
        return possible[choice % len(possible)]()

    def _further(self, further: OnStep) -> Effect:
        return further.ask(self._rehearsal.job(), self._steps)

    def _answered(self) -> bool:
        return self._job in self._rehearsal.answered

    def _hear(self) -> None:
        """What the program would make of the news."""
        self._rehearsal.look()
        if self._job is None or not self._answered():
            return
        for event in self._rehearsal.heard:
            if isinstance(event, PictureTaken) and event.job == self._job:
                self._picture, self._stack = True, False
            elif isinstance(event, StepJudged) and event.job == self._job:
                self._steps += 1
        self._job = None


def test_paint_is_seen_with_the_next_frame_and_at_most_once_a_frame(rehearsal: Rehearsal) -> None:
    rehearsal.attack(1)
    pictures = rehearsal.performer.pictures
    white = Ink(Paint.WHITE, Size.LARGE)
    rehearsal.do(Stroke(white, Place(0.1, 0.5), Place(0.4, 0.5), begins=True))
    rehearsal.do(Stroke(white, Place(0.4, 0.5), Place(0.9, 0.5)))
    assert "painted" not in pictures
    rehearsal.look()
    painted = pictures["painted"]
    assert (painted[112, 30:200] == 255).all(), "white paint is paint, and both pieces are there"
    untouched = (painted == pictures["adversarial"]).all(axis=-1)
    assert 0.6 < untouched.mean() < 0.9
    rehearsal.look()
    assert pictures["painted"] is painted, "where nothing was painted nothing is drawn anew"


def test_the_painted_picture_is_judged_and_the_noise_is_not_made_anew(
    rehearsal: Rehearsal, classifier: Classifier
) -> None:
    *_, judgement = rehearsal.attack(3)
    pictures = rehearsal.performer.pictures
    first = rehearsal.ask(JudgePainting(rehearsal.job()), PaintingJudged)
    assert first.answer == judgement.answer, "without paint it is the adversarial picture"
    noise, adversarial = pictures["noise"], pictures["adversarial"]
    rehearsal.do(Stamp(Tool.HEART, Ink(Paint.BLUE, Size.LARGE), Place(0.5, 0.5)))
    job = rehearsal.job()
    told = rehearsal.ask(JudgePainting(job), PaintingJudged)
    assert told.job == job
    assert told.answer == answer(classifier(pictures["painted"])) != judgement.answer
    assert pictures["noise"] is noise
    assert pictures["adversarial"] is adversarial
    rehearsal.do(ClearPaint())
    cleared = rehearsal.ask(JudgePainting(rehearsal.job()), PaintingJudged)
    assert cleared.answer == judgement.answer
    assert np.array_equal(pictures["painted"], adversarial)
    rehearsal.do(UndoPaint())
    undone = rehearsal.ask(JudgePainting(rehearsal.job()), PaintingJudged)
    assert undone.answer == told.answer, "a clean sheet can be taken back"
    marks = [(judged.painted, judged.undoable) for judged in (first, told, cleared, undone)]
    assert marks == [(False, False), (True, True), (False, True), (True, True)]


def test_less_and_more_noise_keep_the_paint_on_top(rehearsal: Rehearsal) -> None:
    rehearsal.attack(3)
    pictures = rehearsal.performer.pictures
    rehearsal.do(Stamp(Tool.STAR, Ink(Paint.YELLOW, Size.LARGE), Place(0.3, 0.6)))
    rehearsal.ask(JudgePainting(rehearsal.job()), PaintingJudged)
    top = pictures["painted"]
    covered = (top == np.array(Paint.YELLOW.value)).all(axis=-1)
    assert 0.02 < covered.mean() < 0.2
    for step in (0, 2, 3):
        rehearsal.do(ShowStep(step))
        rehearsal.ask(JudgePainting(rehearsal.job()), PaintingJudged)
        assert (pictures["painted"][covered] == np.array(Paint.YELLOW.value)).all()
        assert np.array_equal(pictures["painted"][:20], pictures["adversarial"][:20]), "noise without paint"
    assert np.array_equal(pictures["painted"], top)
    rehearsal.ask(RunStep(rehearsal.job(), 3), StepJudged)
    rehearsal.ask(JudgePainting(rehearsal.job()), PaintingJudged)
    assert (pictures["painted"][covered] == np.array(Paint.YELLOW.value)).all()


def test_another_lie_begins_without_paint(rehearsal: Rehearsal) -> None:
    rehearsal.attack(1)
    rehearsal.do(Stamp(Tool.STAR, Ink(), Place(0.5, 0.5)), StartStack(None))
    rehearsal.ask(RunStep(rehearsal.job(), 0), StepJudged)
    rehearsal.ask(JudgePainting(rehearsal.job()), PaintingJudged)
    pictures = rehearsal.performer.pictures
    assert np.array_equal(pictures["painted"], pictures["adversarial"])


def test_without_a_picture_there_is_nothing_to_paint_on(rehearsal: Rehearsal) -> None:
    rehearsal.do(Stamp(Tool.STAR, Ink(), Place(0.5, 0.5)), ClearPaint())
    rehearsal.look()
    assert "painted" not in rehearsal.performer.pictures
    assert rehearsal.ask(JudgePainting(2001), JobLost).job == 2001


def test_a_page_of_the_stick_shows_what_can_be_read(rehearsal: Rehearsal, stick: Path) -> None:
    listing = rehearsal.job()
    done = rehearsal.ask(ListUploads(listing, 0, 8), UploadsListed)
    seen = [event.number for event in rehearsal.all(UploadSeen)]
    assert seen == [0, 1, 2, 3, 4, 5, 7, 8], "number six is no picture"
    assert (done.job, done.following) == (listing, 9)
    pictures = rehearsal.performer.pictures
    files = sorted(stick.iterdir())
    for at, number in enumerate(seen):
        want = to_picture(read_photograph(files[number]), pictures[f"upload-{at}"].shape[0])
        assert distance(pictures[f"upload-{at}"], want) < 2
    rehearsal.heard.clear()
    done = rehearsal.ask(ListUploads(rehearsal.job(), 9, 8), UploadsListed)
    assert [event.number for event in rehearsal.all(UploadSeen)] == [9, 10, 11, 12]
    assert done.following is None, "what is left is cut off"
    assert {key for key in pictures if key.startswith("upload")} == {f"upload-{n}" for n in range(4)}


def test_a_picture_on_the_stick_becomes_the_visitors(
    rehearsal: Rehearsal, stick: Path, classifier: Classifier
) -> None:
    rehearsal.ask(ListUploads(rehearsal.job(), 0, 12), UploadsListed)
    before = {path: path.stat().st_mtime_ns for path in stick.iterdir()}
    taken = rehearsal.ask(TakeUpload(rehearsal.job(), 2), PictureTaken)
    pictures = rehearsal.performer.pictures
    assert np.array_equal(pictures["original"], to_picture(read_photograph(stick / "02.png"), 224))
    assert taken.answer == answer(classifier(pictures["original"]))
    assert not [key for key in pictures if key.startswith("upload")], "what was only looked at is gone"
    assert {path: path.stat().st_mtime_ns for path in stick.iterdir()} == before, (
        "nothing is written to a stick"
    )
    for number in (6, 13, 99):
        lost = rehearsal.ask(TakeUpload(rehearsal.job(), number), JobLost)
        assert str(stick) not in lost.reason, "names on a stick are somebody's"
        assert "05a" not in lost.reason


def test_a_dropped_page_never_reaches_the_shelf(rehearsal: Rehearsal) -> None:
    dropped, following = rehearsal.job(), rehearsal.job()
    rehearsal.do(ListUploads(dropped, 0, 12), DropJob(dropped))
    assert rehearsal.ask(ListUploads(following, 0, 2), UploadsListed).job == following
    assert {key for key in rehearsal.performer.pictures if key.startswith("upload")} == {
        "upload-0",
        "upload-1",
    }


def test_a_stick_that_does_not_answer_holds_nobody_up(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Old sticks can take half a minute over one sector."""
    answering = threading.Event()

    def slow(folders: tuple[Path, ...]) -> Iterator[Path]:
        answering.wait(LIMIT_S)
        return stick_pictures(folders)

    with monkeypatch.context() as patched:
        patched.setattr(uploads, "stick_pictures", slow)
        asked = [rehearsal.job() for _ in range(4)]
        rehearsal.do(*(ListUploads(job, 0, 12) for job in asked))
        assert rehearsal.next(JobLost).job == asked[-1], "it does not wait with a thread for every press"
        assert rehearsal.photograph(), "camera and classifier go on"
        rehearsal.do(Forget())
        answering.set()
    rehearsal.until(lambda: not any(t.name == "stick reader" for t in threading.enumerate()), "an end")
    rehearsal.look()
    assert rehearsal.all(UploadsListed) == []
    assert rehearsal.ask(TakeUpload(rehearsal.job(), 0), JobLost), "no name on the stick was kept"


def test_a_stick_is_found_and_lost(state: StateFolder, lopsided: Path, tmp_path: Path, stick: Path) -> None:
    upload = UploadSettings(folders=(tmp_path / "media",))
    rehearsal = Rehearsal(state, f"pictures:{lopsided}", QUICK.model_copy(update={"upload": upload}))
    with rehearsal.performer:
        rehearsal.seeing()
        assert rehearsal.all(StickFound) == []
        shutil.copytree(stick, tmp_path / "media" / "pi" / "STICK")
        rehearsal.next(StickFound)
        assert rehearsal.ask(ListUploads(rehearsal.job(), 0, 3), UploadsListed).following == 3
        shutil.rmtree(tmp_path / "media" / "pi")
        assert rehearsal.ask(TakeUpload(rehearsal.job(), 1), JobLost).reason
        rehearsal.next(StickLost)
        empty = rehearsal.ask(ListUploads(rehearsal.job(), 0, 3), UploadsListed)
        assert empty.following is None


def test_a_camera_that_is_lost_is_found_again(state: StateFolder, lopsided: Path) -> None:
    with own(state, f"pictures:{lopsided}") as rehearsal:
        rehearsal.seeing()
        rehearsal.performer.attend(attended=True)
        rehearsal.ask(StartLive(), LiveJudged)
        (pid,) = rehearsal.workshop.camera.pids
        os.kill(pid, signal.SIGKILL)
        assert "ended by SIGKILL" in rehearsal.next(CameraLost).reason
        rehearsal.until(lambda: "SIGKILL" in camera_fault(state.path), "the fault on the disk")
        assert rehearsal.ask(TakeStockPicture(rehearsal.job()), PictureTaken), "our own pictures still go"
        rehearsal.until(lambda: len(rehearsal.all(CameraFound)) == 2, "the camera again")
        rehearsal.until(lambda: camera_fault(state.path) == "", "no fault on the disk any more")
        rehearsal.next(LiveJudged)
        assert rehearsal.photograph()
        (pid,) = rehearsal.workshop.camera.pids
        os.kill(pid, signal.SIGSTOP)
        assert "no frame" in rehearsal.ask(TakePicture(rehearsal.job()), JobLost).reason
        rehearsal.until(lambda: len(rehearsal.all(CameraFound)) == 3, "the camera once more")


def test_a_killed_gradient_process_loses_the_job_and_is_replaced(state: StateFolder, lopsided: Path) -> None:
    with own(state, f"pictures:{lopsided}") as rehearsal:
        rehearsal.ready()
        rehearsal.attack(1)
        pictures = rehearsal.performer.pictures
        before = pictures["adversarial"]
        models = rehearsal.workshop.models
        assert models.gradients is not None
        pid = models.gradients.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)  # so that it dies in the middle of the step
        lost = RunStep(rehearsal.job(), 1)
        rehearsal.do(lost)
        rehearsal.heard.clear()
        os.kill(pid, signal.SIGKILL)
        assert rehearsal.next(JobLost).job == lost.job
        rehearsal.until(
            lambda: Phase.LOST in [e.health.phase for e in rehearsal.all(GradientsChanged)], "lost"
        )
        assert pictures["adversarial"] is before
        rehearsal.ready()
        assert rehearsal.ask(RunStep(rehearsal.job(), 1), StepJudged).judged.step == 2
        assert models.gradients.pid != pid


def requests_of(gradients: GradientClient) -> list[str]:
    """The kinds of the jobs that a gradient process has, or that wait for it."""
    return [type(job.request).__name__ for job in reachable(gradients) if isinstance(job, PendingJob)]


def test_a_visitor_who_leaves_while_it_is_lost_leaves_nothing_in_its_queue(
    state: StateFolder, lopsided: Path, film_keys: frozenset[str]
) -> None:
    """A job that waits for a gradient process which does not come back must not keep the visitor's picture."""
    with own(state, f"pictures:{lopsided}") as rehearsal:
        rehearsal.ready()
        rehearsal.attack(1)
        gradients = rehearsal.workshop.models.gradients
        assert gradients is not None
        pid = gradients.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        in_flight, waiting = rehearsal.job(), rehearsal.job()
        rehearsal.do(RunStep(in_flight, 1), DropJob(in_flight), RunStep(waiting, 1))
        rehearsal.do(Forget())
        nothing_left(rehearsal, film_keys)
        pending = requests_of(gradients)
        assert pending.count("AttackStep") <= 1, (
            "beside the one in flight a step with the visitor's picture waits"
        )
        os.kill(pid, signal.SIGKILL)
        rehearsal.until(lambda: "AttackStep" not in requests_of(gradients), "the end of the one in flight")


def test_a_missing_model_is_told_and_found_once_it_is_there(
    state: StateFolder, lopsided: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classify_thread, "RETRY_OPEN_S", 0.1)
    bare = StateFolder(tmp_path / "state")
    bare.path.mkdir()
    with own(bare, f"pictures:{lopsided}") as rehearsal:
        assert rehearsal.next(ModelChanged).health.phase is Phase.LOST
        rehearsal.until(lambda: bool(rehearsal.all(CameraFound)), "the camera does not wait for it")
        assert rehearsal.all(GradientsChanged) == []
        bare.stock.symlink_to(state.stock)
        bare.models.symlink_to(state.models)
        rehearsal.until(lambda: bool(rehearsal.all(FilmReady)), "the film")
        rehearsal.until(lambda: rehearsal.all(ModelChanged)[-1].health.phase is Phase.READY, "the model")
        rehearsal.until(lambda: bool(rehearsal.all(GradientsChanged)), "the gradient process is started")
        assert rehearsal.photograph()


class NoWindow:
    """Stands in for the window: nothing is drawn, and no hand is near."""

    panel = PANELS["1280x800"]
    closed = outdated = False

    def __init__(self, *_: object, **__: object) -> None:
        """As large as the usual panel."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""

    def events(self) -> list[Event]:
        return []

    def show(self, scene: Scene, pictures: dict[str, Rgb]) -> None:
        """Nothing to show it on."""

    def rehearse(self, scenes: object) -> None:
        """Nothing to prepare."""

    def forget(self) -> None:
        """Nothing was drawn."""


class HoldingPerformer(Performer):
    """Keeps its news to itself while told to, so that a touch and an answer meet in one frame for certain."""

    holding = False
    made: "HoldingPerformer | None" = None

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        type(self).made = self

    def news(self) -> Iterator[Event]:
        return iter(()) if self.holding else super().news()

    @property
    def has_a_step(self) -> bool:
        return any(isinstance(item.event, StepJudged) for item in self._workshop.jobs._items)


@dataclass
class Impatient:
    """A visitor who asks for more noise, and for less in the very frame in which the step is answered."""

    acted_s: float = 0.0
    waiting: bool = False
    ended: Attack | None = None
    shown: dict[str, Rgb] = field(default_factory=dict)

    def __call__(self, state: State, _began_s: float, ended_s: float) -> Sequence[Event] | None:
        performer, screen = HoldingPerformer.made, state.screen
        assert performer is not None
        if self.waiting and not performer.holding:  # the frame of both is over
            assert isinstance(screen, Attack)
            self.ended, self.shown = screen, dict(performer.pictures)
            return None
        wish = ""
        if deaf(state.input, ended_s - 0.1):
            return ()
        if isinstance(screen, Attack) and state.context.gradients.phase is Phase.READY:
            if not self.waiting:
                self.waiting = performer.holding = True
                wish = "more"
            elif performer.has_a_step:
                performer.holding = False
                wish = "less"
        elif isinstance(screen, Attract | NoCamera | FirstAnswer | Choose) and ended_s - self.acted_s > 0.6:
            wishes = {Attract: "start", NoCamera: "stock", FirstAnswer: "rate-unsure"}
            wish = wishes.get(type(screen), f"label-{FLAMINGO}")
            self.acted_s = ended_s
        scene = view(state)
        control = next((control for control in scene.controls if spelled(control.id) == wish), None)
        if control is None:
            return ()
        return (Touched(control.box.x + control.box.w // 2, control.box.y + control.box.h // 2),)


def test_an_answer_in_the_frame_in_which_it_is_dropped_is_not_shown(
    state: StateFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The frame loop must perform what a touch leads to before it hears the news: they put pictures on the shelf."""
    monkeypatch.setenv("KIOSK_STATE", str(state.path))
    monkeypatch.setattr(opening_window, "Window", NoWindow)
    monkeypatch.setattr(app, "Performer", HoldingPerformer)
    visitor = Impatient()
    no_camera = tmp_path / "no pictures"
    no_camera.mkdir()
    try:
        app.run_exhibit(
            QUICK, size_px=None, camera=f"pictures:{no_camera}", model=None, event_log=None, visitor=visitor
        )
    finally:
        gc.unfreeze()
    assert visitor.ended is not None
    assert visitor.ended.visit.shown == 0
    assert visitor.ended.job is None
    assert (visitor.shown["noise"] == 127).all(), "the screen says 'no noise yet' and shows some"
    assert np.array_equal(visitor.shown["adversarial"], visitor.shown["original"])
