"""The judge that tells why, with the real model and the real gradient process."""

from collections.abc import Iterator

import numpy as np
import pytest

from kiosk.core.message import DropJob, Forget, JobAdvanced, JobLost
from kiosk.device.state_folder import StateFolder
from kiosk.gradients.client import Taught
from kiosk.topics.attack.messages import RunStep, StartStack, StepJudged
from kiosk.topics.prototypes.messages import AskReasons, FoolReasons, ReasonsFooled, ReasonsGiven
from kiosk.topics.prototypes.performing import Prototyping, chosen
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import read_photograph
from kiosk.vision.recipe import Recipe
from tests.lessons import View, burst_of, examples
from tests.process.rehearsal import Rehearsal, own

NAMES = ("coffee-cup", "cat", "rocket")
BURSTS, FRAMES = 3, 2


@pytest.fixture
def rehearsal(state: StateFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """A performer that sees the cup."""
    folder = tmp_path_factory.mktemp("cup")
    (folder / "cup.png").write_bytes((state.stock / "coffee-cup.png").read_bytes())
    with own(state, f"pictures:{folder}") as rehearsal:
        rehearsal.ready()
        yield rehearsal


def teach(rehearsal: Rehearsal, classifier: Classifier, state: StateFolder) -> list[View]:
    """Teach three things, as `Teaching` does, and take a picture with two steps of noise."""
    rng = np.random.default_rng(0)
    views = [
        View(picture, label, label * 10 + burst)
        for label, name in enumerate(NAMES)
        for burst in range(BURSTS)
        for picture in burst_of(read_photograph(state.stock / f"{name}.png"), rng, FRAMES)
    ]
    gradients = rehearsal.workshop.models.gradients
    assert gradients is not None
    taught: Taught = gradients.train(examples(classifier, NAMES, views), Recipe(epochs=15)).result(60)
    rehearsal.workshop.models.teach(taught, {at + 1: view.picture for at, view in enumerate(views)})
    rehearsal.photograph()
    rehearsal.do(StartStack(1))
    for at in range(2):
        rehearsal.ask(RunStep(rehearsal.job(), at), StepJudged)
    return views


def test_it_is_taught_asked_attacked_and_forgotten(
    rehearsal: Rehearsal, classifier: Classifier, state: StateFolder
) -> None:
    rehearsal.photograph()
    rehearsal.do(StartStack(1))
    assert rehearsal.ask(AskReasons(rehearsal.job(), 0), JobLost), "nothing was taught"
    views = teach(rehearsal, classifier, state)
    assert rehearsal.ask(FoolReasons(rehearsal.job(), 1), JobLost), "there is no judge yet"
    dropped = rehearsal.job()
    rehearsal.do(AskReasons(dropped, 2))
    rehearsal.until(lambda: any(e.job == dropped for e in rehearsal.all(JobAdvanced)), "a first look")
    rehearsal.do(DropJob(dropped))

    told = rehearsal.ask(AskReasons(rehearsal.job(), 2), ReasonsGiven)
    assert told.before.label == 0
    assert (told.right, told.others_right) == (1, 1)
    pictures = rehearsal.performer.pictures
    for reasoned in (told.before, told.after):
        assert sum(part.points for part in reasoned.parts) + reasoned.rest == pytest.approx(
            reasoned.score, abs=1e-4
        )
        for part in reasoned.parts:
            example = int(part.key.removeprefix("prototype-"))
            assert views[example].label == reasoned.label
            assert np.array_equal(pictures[part.key], views[example].picture)
    assert not [e for e in rehearsal.all(ReasonsGiven) if e.job == dropped]

    fooled = rehearsal.ask(FoolReasons(rehearsal.job(), 1), ReasonsFooled)
    assert fooled.after.label == 1
    noise = pictures["prototypes-fooled"].astype(int) - pictures["original"]
    assert 0 < np.abs(noise).max() <= 16

    (owner,) = (one for one in rehearsal.performer._parts if isinstance(one, Prototyping))
    rehearsal.do(Forget())
    assert not [key for key in pictures if key.startswith("prototype")]
    assert owner._judge is None


def test_of_many_examples_some_of_every_burst_are_taken() -> None:
    labels, bursts = (0,) * 7 + (1,) * 2, (1, 1, 1, 1, 2, 3, 3, 4, 4)
    assert chosen(labels, bursts, 4) == (0, 1, 4, 5, 7, 8)
