"""The demo's sheet says what came of the attack in the exhibit's words, and crows of nothing."""

import numpy as np
import pytest

from kiosk.attack.noise import noise_size
from kiosk.commands.visit.sheet import SIZE, Outcome, Side, draw_sheet
from kiosk.core.visit import Verdict
from kiosk.exhibit.topics import TOPICS
from kiosk.vision.picture import Rgb
from kiosk.words.texts import load_texts

TEXTS = load_texts(TOPICS)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome(Verdict.FOOLED, 0.97, 4, boosts=False), ("Fooled!", "in 4 steps")),
        (Outcome(Verdict.FOOLED, 0.05, 1, boosts=False), ("Only guessing", "in 1 step")),
        (Outcome(Verdict.NEARLY, 0.6, 16, boosts=False), ("Nearly", "in 16 steps")),
        (Outcome(Verdict.NOT_YET, 0.9, 16, boosts=False), ("Not yet", "in 16 steps")),
        (Outcome(Verdict.FOOLED, 0.99, 2, boosts=True), ("Surer", "in 2 steps")),
    ],
)
def test_it_is_called_what_it_is(outcome: Outcome, words: tuple[str, str]) -> None:
    assert (TEXTS(outcome.headline), TEXTS(outcome.note, steps=outcome.steps)) == words


def test_a_guess_is_drawn_unlike_a_triumph(noise_picture: Rgb) -> None:
    side = Side(noise_picture, [("cup", 0.9), ("espresso", 0.1)], noise_picture)
    size = noise_size(noise_picture, noise_picture)
    triumph, guess = (
        draw_sheet(
            TEXTS,
            side,
            side,
            ("espresso", "cup"),
            noise_picture,
            size,
            Outcome(Verdict.FOOLED, sure, 4, boosts=False),
        )
        for sure in (0.9, 0.05)
    )
    assert triumph.shape == guess.shape == (SIZE[1], SIZE[0], 3)
    middle = np.s_[560:700, 600:1000]
    lie = np.array([0xF8, 0x7E, 0x31])
    assert (triumph[middle] == lie).all(-1).any()
    assert not (guess[middle] == lie).all(-1).any()
