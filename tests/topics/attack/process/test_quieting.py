"""The search for less noise with the real gradient process: what it finds, what a press keeps, what is forgotten."""

from collections.abc import Iterator

import numpy as np
import pytest

from kiosk.attack.noise import noise_size
from kiosk.core.message import Forget
from kiosk.device.state_folder import StateFolder
from kiosk.settings.sections import GradientSettings, Settings
from kiosk.topics.attack.facts import quieter
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import Rgb
from tests.player import FLAMINGO
from tests.process.rehearsal import Rehearsal, own
from tests.topics.attack.quieted import Quieted


@pytest.fixture(scope="module")
def rehearsal(state: StateFolder) -> Iterator[Rehearsal]:
    settings = Settings(gradients=GradientSettings(threads=1))
    with own(state, f"pictures:{state.stock}", settings) as rehearsal:
        rehearsal.ready()
        yield rehearsal


@pytest.fixture
def fooled(rehearsal: Rehearsal, classifier: Classifier, coffee: Rgb) -> Quieted:
    attack = Quieted.begun(rehearsal, classifier, coffee, FLAMINGO)
    attack.fool()
    assert attack.screen.visit.fools
    return attack


def test_left_alone_it_becomes_quieter_and_less_noise_brings_the_loud_one_back(
    fooled: Quieted, classifier: Classifier, coffee: Rgb
) -> None:
    loud, steps = fooled.picture, len(fooled.screen.visit.steps)
    fooled.left_alone()
    least = fooled.picture
    assert classifier(least).label == FLAMINGO
    assert quieter(noise_size(coffee, least).l2_255, noise_size(coffee, loud).l2_255)
    assert fooled.screen.visit.now.psnr_db == noise_size(coffee, least).psnr_db
    assert len(fooled.screen.visit.steps) == steps + 1
    fooled.touch("less")
    assert np.array_equal(fooled.picture, loud)
    fooled.touch("more")
    assert np.array_equal(fooled.picture, least)


def test_a_press_keeps_what_is_found_and_the_next_step_waits_for_one_gradient_at_most(
    fooled: Quieted,
) -> None:
    fooled.left_alone(until=lambda: fooled.screen.visit.now.quiet)
    job = fooled.screen.quieting
    assert job is not None
    kept, top = fooled.picture, fooled.screen.visit.shown
    fooled.touch("more")
    assert job not in fooled.rehearsal.workshop.jobs.wanted
    fooled.until(lambda: fooled.screen.job is None)
    assert fooled.screen.visit.shown == top + 1
    assert np.array_equal(fooled.rehearsal.workshop.pictures.stack.picture(top), kept)  # type: ignore[union-attr]


def test_nothing_is_left_of_a_search_whose_visitor_went(rehearsal: Rehearsal, fooled: Quieted) -> None:
    fooled.left_alone(until=lambda: fooled.screen.quieting is not None)
    rehearsal.do(Forget())
    kept = frozenset(key for key in rehearsal.performer.pictures if key.startswith("film-"))
    rehearsal.settle(kept)
