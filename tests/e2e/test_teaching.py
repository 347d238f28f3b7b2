"""The installed command is taught two things by touch, says which one it sees, is fooled, vaccinated, and fooled anew.

The camera plays the pictures of two folders in turn, three seconds each. A press counts down first: the test presses
while the picture before is there, as a visitor presses, then holds a thing up.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from kiosk.core.labels import TAUGHT
from kiosk.core.lesson import Lesson
from kiosk.core.scene import Curves
from kiosk.core.visit import Verdict
from kiosk.device.state_folder import StateFolder
from kiosk.topics.attack.facts import fooled
from kiosk.topics.attack.messages import StepJudged
from kiosk.topics.attack.screens.attack import Attack
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.explain.messages import ContrastDrawn
from kiosk.topics.explain.screens.explain import Explain
from kiosk.topics.photograph.messages import LiveJudged, PictureTaken
from kiosk.topics.photograph.screens.live import Live
from kiosk.topics.teaching.messages import EpochTrained, ExampleRecorded, HeadTrained
from kiosk.topics.teaching.screens.confusion import Confusion
from kiosk.topics.teaching.screens.signs import Signs
from kiosk.topics.teaching.screens.teach import Teach
from kiosk.topics.teaching.screens.training import Training
from kiosk.vision.picture import Rgb, centre_square, picture_files, png_bytes, read_photograph, to_picture
from tests.e2e.exhibit_driver import (
    CORNER_PX,
    END_S,
    Display,
    Exhibit,
    Pixels,
    difference,
)
from tests.e2e.test_exhibit import rate

PER_BURST, SIDES = 6, 2
AHEAD_S = 0.9  # a countdown of 2.4 s and a burst of 1.9 s: it ends well within the next view
TRAINING_S = 60.0  # PyTorch is being imported meanwhile, on a machine that runs other tests too
ATTACK_S = 60.0
VACCINE_S = 120.0  # ten pictures are attacked, twice


@dataclass
class Thing:
    """What is taught: a folder of pictures, its sign on the wall, and what came of it."""

    name: str
    folder: Path
    sign: int
    label: int
    views: list[Rgb] = field(default_factory=list)


def filled(thing: Thing, photograph: Rgb) -> Thing:
    """A thing whose folder holds two views of a photograph."""
    thing.folder.mkdir()
    square = centre_square(photograph)
    side = square.shape[0] * 4 // 5
    for number, corner in zip(range(SIDES), (0, square.shape[0] - side), strict=True):
        view = np.ascontiguousarray(square[corner : corner + side, corner : corner + side])
        (thing.folder / f"view-{number}.png").write_bytes(png_bytes(view))
        thing.views.append(view)
    return thing


@dataclass
class School:
    """A running exhibit, whose camera shows the things' views in turn."""

    exhibit: Exhibit
    things: tuple[Thing, Thing]

    def showing(self) -> tuple[str, int]:
        """Which thing the camera preview shows, from which side: the nearest of all views."""
        shown = self.exhibit.picture("camera")
        distances = {
            (thing.name, number): difference(shown, as_seen(view, shown))
            for thing in self.things
            for number, view in enumerate(thing.views)
        }
        return min(distances, key=lambda key: distances[key])

    def press_ahead(self, control: str, thing: Thing, side: int) -> None:
        """Press while the view before a view is there: at the end of the countdown it is that view's turn."""
        order = [(thing.name, side) for side in range(SIDES) for thing in self.things]
        before = order[order.index((thing.name, side)) - 1]
        self.exhibit.wait(lambda: self.showing() != before, f"anything but {before}")
        self.exhibit.wait(lambda: self.showing() == before, f"{before} before the camera")
        due_s = time.monotonic() + AHEAD_S
        self.exhibit.wait(lambda: time.monotonic() >= due_s, "the moment to press")
        self.exhibit.tap(control)

    def record(self, thing: Thing, side: int) -> None:
        """Take a burst of a view."""
        before = len(self.exhibit.events(ExampleRecorded))
        self.press_ahead("record", thing, side)
        self.exhibit.wait(
            lambda: len(self.exhibit.events(ExampleRecorded)) - before >= PER_BURST, "some examples"
        )

    def show(self, thing: Thing) -> None:
        """Teach one thing from both sides."""
        self.exhibit.wait_screen(Signs)
        self.exhibit.tap(f"sign-{thing.sign}")
        self.exhibit.wait_screen(Teach)
        for side in range(len(thing.views)):
            self.record(thing, side)

    def begin(self) -> None:
        """Begin a visit, and teach both things."""
        first, second = self.things
        self.exhibit.wait_screen(Attract)
        self.exhibit.tap("start")
        self.exhibit.wait_screen(Live)
        self.exhibit.tap("teach")
        self.show(first)
        self.exhibit.tap("add")
        self.show(second)

    def train(self) -> None:
        """Let it learn, and see that it tells how."""
        self.exhibit.tap("train")
        self.exhibit.wait(lambda: self.exhibit.screen(Training).done, "it has learned", TRAINING_S)

    def wait_said(self, thing: Thing) -> None:
        """While a thing is before the camera, its label is said."""
        self.exhibit.wait(lambda: self.showing()[0] == thing.name, f"{thing.name} before the camera")
        known = len(self.exhibit.events(LiveJudged))
        self.exhibit.wait(
            lambda: any(
                event.answer.said == thing.label for event in self.exhibit.events(LiveJudged)[known + 1 :]
            ),
            f"it says {thing.name}",
        )

    def photograph(self, thing: Thing) -> None:
        """Take a picture of a thing's first view."""
        self.press_ahead("shoot", thing, 0)
        rate(self.exhibit)

    def attack(self, thing: Thing) -> None:
        """Have the picture taken for another thing."""
        self.exhibit.tap(f"label-{thing.label}")
        self.exhibit.wait_screen(Attack)
        self.fool()

    def fool(self) -> int:
        """Let it be fooled, or the budget be spent; returns the steps that took."""
        self.exhibit.tap("fool")
        self.exhibit.wait(lambda: ended(self.exhibit.screen(Attack)), "an end of the attack", ATTACK_S)
        return self.exhibit.screen(Attack).visit.shown


def ended(attack: Attack) -> bool:
    """Whether an attack has come to an end, one way or the other."""
    return fooled(attack.visit) or attack.visit.spent


def as_seen(view: Rgb, shown: Pixels) -> Pixels:
    """A view as the mirrored preview shows it."""
    whole = to_picture(to_picture(view[:, ::-1], 224), shown.shape[0] + 2 * CORNER_PX)
    return whole[CORNER_PX:-CORNER_PX, CORNER_PX:-CORNER_PX]


def things_before_a_camera(state: StateFolder, tmp_path: Path) -> tuple[Thing, Thing, Path]:
    """Two things, and the folder of all their pictures, which is a camera."""
    cup = filled(Thing("cup", tmp_path / "cup", 0, 0), read_photograph(state.stock / "coffee-cup.png"))
    cat = filled(Thing("cat", tmp_path / "cat", 13, 1), read_photograph(state.stock / "cat.png"))
    camera = tmp_path / "camera"
    camera.mkdir()
    for order, thing in enumerate((cup, cat)):
        for side, file in enumerate(picture_files(thing.folder)):
            (camera / f"{side}-{order}-{thing.name}.png").symlink_to(file)
    return cup, cat, camera


@pytest.fixture
def school(display: Display, state: StateFolder, tmp_path: Path) -> Iterator[School]:
    """The exhibit on a display of its own; two folders of pictures are its camera."""
    cup, cat, camera = things_before_a_camera(state, tmp_path)
    with Exhibit(display, state.path, tmp_path, camera) as exhibit:
        yield School(exhibit, (cup, cat))


def test_two_things_are_taught_told_apart_and_confused_by_an_attack(school: School) -> None:
    exhibit, (cup, cat) = school.exhibit, school.things
    school.begin()
    assert [len(label.examples) >= 2 * PER_BURST for label in exhibit.state.visitor.lesson.labels] == [
        True,
        True,
    ]

    school.train()
    epochs = exhibit.events(EpochTrained)
    assert epochs[-1].epoch.epoch == epochs[-1].epoch.epochs == len(epochs)
    assert len(exhibit.events(HeadTrained)) == 1
    assert all(len(event.epoch.said) == len(exhibit.state.visitor.lesson.rows) for event in epochs)
    exhibit.tap("more")
    plots = [item for item in exhibit.scene.items if isinstance(item, Curves)]
    assert all(len(line.heights) == len(epochs) for plot in plots for line in plot.lines)
    assert exhibit.state.visitor.chosen == TAUGHT
    exhibit.tap("test")
    exhibit.wait_screen(Confusion)
    exhibit.tap("try")

    exhibit.wait_screen(Live)
    for thing in (cup, cat):
        school.wait_said(thing)

    school.photograph(cup)
    assert exhibit.events(PictureTaken)[-1].answer.said == cup.label
    school.attack(cat)
    last = exhibit.events(StepJudged)[-1].judged
    assert last.verdict is Verdict.FOOLED
    assert last.answer.first.label == cat.label
    assert exhibit.says("Fooled!")
    exhibit.tap("why")
    exhibit.wait_screen(Explain)
    exhibit.wait(lambda: exhibit.events(ContrastDrawn), "both maps of what was taught")

    exhibit.tap("again")
    exhibit.tap("forget")
    exhibit.wait_screen(Attract)
    assert exhibit.state.visitor.lesson == Lesson()
    assert not exhibit.state.context.taught
    status, seconds = exhibit.terminate()
    assert status == 0, exhibit.story()
    assert seconds <= END_S
    assert exhibit.errors == ""
