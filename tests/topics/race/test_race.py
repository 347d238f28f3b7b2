"""The race as lists of events."""

from dataclasses import replace

import pytest

from kiosk.core.scene import Colour, Curves
from kiosk.core.visit import Answer, Judged, Ranked, Verdict, Visit
from kiosk.topics.cards.screen import Cards
from kiosk.topics.race.facts import overtaken, runners
from kiosk.topics.race.topic import offer
from tests.player import CUP, ESPRESSO, FLAMINGO, PANELS, Player, said, screen_of
from tests.topics.cards.scripted import at_cards
from tests.topics.race.drawn import at_race


def curves(playing: Player) -> Curves:
    (found,) = (item for item in playing.scene.items if isinstance(item, Curves))
    return found


@pytest.mark.parametrize("panel", PANELS)
def test_it_opens_where_the_lead_changes(panel: str) -> None:
    playing = at_race(panel)
    assert any("here flamingo takes the lead!" in words for words in said(playing))
    lines = {line.colour: line.heights for line in curves(playing).lines}
    assert len(lines[Colour.LIE]) == 5, "the start, and four steps"
    assert lines[Colour.LIE][-1] == pytest.approx(0.985)
    assert lines[Colour.TRUTH][0] == pytest.approx(0.92)


def test_it_goes_round_step_by_step() -> None:
    playing = at_race()
    playing.touch("later")
    assert any("No noise yet. espresso is far ahead." in words for words in said(playing))
    assert playing.control("earlier").off
    for step in (1, 2, 3):
        playing.touch("later")
        assert any(f"Step {step}: espresso still leads." in words for words in said(playing))
    playing.touch("earlier")
    assert any("Step 2:" in words for words in said(playing))
    playing.touch("back")
    assert isinstance(screen_of(playing), Cards)


def steps(*leads: int, quiet: bool = False) -> Visit:
    """A visit whose steps were led by these labels."""
    rows = [
        Judged(number, Answer((Ranked(label, 0.6), Ranked(CUP, 0.1))), 0.2, Verdict.NOT_YET, number, 0.5)
        for number, label in enumerate(leads)
    ]
    if quiet:
        rows.append(replace(rows[-1], quiet=True))
    return Visit(rows[0].answer, FLAMINGO, tuple(rows), len(rows) - 1)


def test_the_lead_changes_at_the_first_other_answer_and_maybe_never() -> None:
    assert overtaken(steps(ESPRESSO, ESPRESSO, CUP, FLAMINGO)) == 2
    assert overtaken(steps(ESPRESSO, ESPRESSO)) is None


def test_the_lie_runs_even_where_it_was_never_among_the_best() -> None:
    run = runners(steps(ESPRESSO, ESPRESSO), [CUP])
    assert [runner.label for runner in run] == [ESPRESSO, FLAMINGO, CUP]
    assert run[1].shares == (0.2, 0.2)


def test_the_least_noise_is_no_step_of_the_race() -> None:
    assert runners(steps(ESPRESSO, ESPRESSO, quiet=True), [])[0].shares == (0.6, 0.6)


def test_it_is_offered_where_there_were_steps_enough() -> None:
    context = at_cards().state.context
    assert offer(steps(ESPRESSO, ESPRESSO, FLAMINGO), context) is not None
    assert offer(steps(ESPRESSO, FLAMINGO), context) is None
