"""Guesses before the answer as lists of events, and which answers there are to choose from."""

import pytest

from kiosk.core.message import DropJob, JobLost
from kiosk.core.scene import ControlId
from kiosk.topics.cards.screen import Cards
from kiosk.topics.foresee.facts import choices
from kiosk.topics.foresee.messages import CountForesight, PosePicture
from kiosk.topics.foresee.topic import offer
from tests.player import CUP, ESPRESSO, PANELS, SOUP, Player, of, said, screen_of, shown_keys
from tests.topics.cards.scripted import at_card, at_cards
from tests.topics.foresee.scripted import PLAIN, SAID, at_foresee


def told(playing: Player) -> str:
    return " ".join(said(playing)).replace("\u00a0", " ")


def guesses(playing: Player) -> set[object]:
    return {control.value for control in playing.scene.controls if control.name == "guess"}


@pytest.mark.parametrize("panel", PANELS)
def test_people_choose_by_drawings_before_anything_is_said(panel: str) -> None:
    playing = at_foresee(panel)
    assert shown_keys(playing) == ["posed"]
    assert "it says" not in told(playing).lower()
    assert {SOUP, ESPRESSO} < guesses(playing)
    assert len(guesses(playing)) == 4
    assert CUP not in guesses(playing), "it has the drawing of the espresso"
    assert all(control.icon for control in playing.scene.controls if control.name == "guess")
    assert playing.focused.startswith("guess-")


@pytest.mark.parametrize(
    ("guess", "words"), [(SOUP, "Yes, it says clear soup!"), (ESPRESSO, "No, it says clear soup.")]
)
def test_a_guess_is_told_and_counted_for_people_or_for_the_machine(guess: int, words: str) -> None:
    playing = at_foresee(guess=guess)
    right = guess == SOUP
    assert words in told(playing)
    assert f"Points today: {3 + right} for you all, {7 - right} for it." in told(playing)
    assert of(playing, CountForesight) == [CountForesight(right)]
    assert playing.counts["foresee_right" if right else "foresee_wrong"] == 1


def test_there_is_one_more_and_the_cards() -> None:
    playing = at_foresee(guess=SOUP)
    playing.touch("next")
    playing.wait(0.3)
    assert len(of(playing, PosePicture)) == 2
    assert len(guesses(playing)) == 4
    playing.touch(f"guess-{SOUP}")
    playing.touch("cards")
    assert isinstance(screen_of(playing), Cards)


def test_no_picture_is_asked_for_whose_answer_must_not_be_read() -> None:
    playing = at_foresee()
    assert of(playing, PosePicture)[-1].blocked == playing.state.context.labels.blocked


def test_choices_depend_on_the_seed_alone_and_the_answer_is_always_one() -> None:
    labels = at_cards().state.context.labels
    several = [choices(SAID, PLAIN, labels, seed) for seed in range(20)]
    assert several == [choices(SAID, PLAIN, labels, seed) for seed in range(20)]
    assert all(SOUP in found and len(set(found)) == 4 for found in several)
    assert len({found.index(SOUP) for found in several}) == 4, "it stands anywhere"
    for found in several:
        assert len({labels.icon(label) for label in found}) == 4


def test_a_lost_picture_can_be_had_again_and_leaving_stops_it() -> None:
    playing = at_card("foresee")
    playing.answers = False
    playing.wait(0.2)
    playing.send(JobLost(of(playing, PosePicture)[-1].job))
    assert "The picture got lost." in told(playing)
    playing.touch("retry")
    last = of(playing, PosePicture)[-1].job
    playing.touch("back")
    assert playing.effects[-1] == DropJob(last)
    assert isinstance(screen_of(playing), Cards)


def test_it_is_only_a_card() -> None:
    playing = at_cards()
    screen = screen_of(playing)
    assert isinstance(screen, Cards)
    card = offer(screen.visit, playing.state.context)
    assert card is not None
    assert not card.timely, "no shortest visit comes by it"
    assert ControlId("card", "foresee") not in {control.id for control in playing.scene.controls}
