"""Treatments as lists of events."""

import pytest

from kiosk.core.message import DropJob, JobLost
from kiosk.core.scene import Colour, Dot
from kiosk.topics.cards.screen import Cards
from kiosk.topics.survival.facts import Treatment, Which
from kiosk.topics.survival.messages import TreatPictures
from tests.player import FLAMINGO, PANELS, Player, of, said, screen_of, shown_keys
from tests.topics.cards.scripted import turned_to
from tests.topics.survival.scripted import at_lab


def told(playing: Player) -> str:
    return " ".join(said(playing)).replace("\u00a0", " ")


def lamps(playing: Player) -> list[tuple[Colour, bool]]:
    return [(item.colour, item.filled) for item in playing.scene.items if isinstance(item, Dot)]


@pytest.mark.parametrize("panel", PANELS)
def test_each_treatment_has_a_lamp_and_beside_it_that_of_the_picture_without_noise(panel: str) -> None:
    playing = at_lab(panel)
    assert [(asked.step, asked.lie) for asked in of(playing, TreatPictures)] == [(4, FLAMINGO)]
    assert "The lie lives through 2 of 6." in told(playing)
    assert "Without noise it stays espresso 5 of 6 times." in told(playing)
    lit, truth, neither = (Colour.LIE, True), (Colour.TRUTH, False), (Colour.MUTE, False)
    assert lamps(playing) == [*[truth] * 6, truth, neither, lit, truth, lit, truth]
    both = (Which.NOISY, Which.CLEAN)
    assert shown_keys(playing) == [f"lab-{t.value}-{w.value}" for t in Treatment for w in both]


def test_what_was_made_for_paper_goes_through_them_too() -> None:
    playing = at_lab(proof=True)
    assert "Made for paper: 5 of 6." in told(playing)
    assert len(lamps(playing)) == 18
    assert lamps(playing).count((Colour.LIE, True)) == 7


def test_leaving_stops_it_and_what_was_lost_can_be_tried_again() -> None:
    playing = turned_to("lab")
    playing.answers = False
    playing.touch("card-lab")
    playing.wait(0.3)
    playing.send(JobLost(of(playing, TreatPictures)[-1].job))
    assert "That got lost." in told(playing)
    playing.touch("retry")
    last = of(playing, TreatPictures)[-1].job
    playing.touch("back")
    assert playing.effects[-1] == DropJob(last)
    assert isinstance(screen_of(playing), Cards)
