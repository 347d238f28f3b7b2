"""Views and a picture that survives, by the real performer."""

from collections.abc import Iterator

import numpy as np
import pytest

from kiosk.core.message import DropJob, Forget, JobLost
from kiosk.device.state_folder import StateFolder
from kiosk.recapture.referee import view_of
from kiosk.topics.photograph.messages import PictureTaken
from kiosk.topics.survival.facts import Glance
from kiosk.topics.survival.messages import (
    MakeProof,
    ProofAdvanced,
    ProofMade,
    SeeViews,
    ViewSeen,
    ViewsSeen,
)
from kiosk.vision.classifier import Classifier
from tests.player import FLAMINGO
from tests.process.rehearsal import Rehearsal, own

MADE_WITHIN_S = 240
VIEWS, LIES = 24, 18  # of our own five, 20 to 24 of 24 lie; of only six views as few as three did


@pytest.fixture(scope="module")
def rehearsal(state: StateFolder) -> Iterator[Rehearsal]:
    """A performer that sees one picture all the time: which one the clock chose would decide what a test says."""
    with own(state, f"pictures:{state.stock / 'coffee-cup.png'}") as rehearsal:
        rehearsal.ready()
        yield rehearsal


def test_views_are_the_referees_of_that_step_and_told_as_they_come(
    rehearsal: Rehearsal, classifier: Classifier
) -> None:
    rehearsal.attack(3)
    original = rehearsal.all(PictureTaken)[-1].answer.first.label
    job = rehearsal.job()
    rehearsal.ask(SeeViews(job, 3, FLAMINGO, 4), ViewsSeen)

    told = [seen for seen in rehearsal.all(ViewSeen) if seen.job == job]
    views = [view_of(rehearsal.performer.pictures["adversarial"], number, job) for number in range(4)]
    said = [classifier(view).label for view in views]
    by = {FLAMINGO: Glance.LIE, original: Glance.RIGHT}
    assert [seen.glance for seen in told] == [by.get(label, Glance.OTHER) for label in said]
    assert [seen.share for seen in told] == [0.25, 0.5, 0.75, 1]
    assert np.array_equal(rehearsal.performer.pictures["view"], views[-1])


def test_a_picture_is_made_to_survive_within_its_budget(rehearsal: Rehearsal, classifier: Classifier) -> None:
    rehearsal.attack(1)
    job = rehearsal.job()
    rehearsal.do(MakeProof(job, FLAMINGO))
    made = rehearsal.next(ProofMade, MADE_WITHIN_S)

    shares = [told.share for told in rehearsal.all(ProofAdvanced) if told.job == job]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert made.fooled
    pictures = rehearsal.performer.pictures
    proof = pictures["proof"].astype(np.int16)
    assert classifier(pictures["proof"]).label == FLAMINGO
    assert np.abs(proof - pictures["original"]).max() <= 16
    job = rehearsal.job()
    rehearsal.ask(SeeViews(job, None, FLAMINGO, VIEWS), ViewsSeen)
    seen = [told.glance for told in rehearsal.all(ViewSeen) if told.job == job]
    assert len(seen) == VIEWS
    assert seen.count(Glance.LIE) >= LIES


def test_what_is_dropped_leaves_nothing_and_what_is_forgotten_is_lost(rehearsal: Rehearsal) -> None:
    rehearsal.attack(1)
    job = rehearsal.job()
    rehearsal.ask(MakeProof(job, FLAMINGO), ProofAdvanced)
    rehearsal.do(DropJob(job))
    rehearsal.do(Forget())

    assert {"view", "proof"} & set(rehearsal.performer.pictures) == set()
    assert rehearsal.ask(SeeViews(rehearsal.job(), None, FLAMINGO, 2), JobLost)
    assert "proof" not in rehearsal.performer.pictures
