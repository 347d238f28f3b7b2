"""Other models' opinions as lists of events."""

from dataclasses import replace

import pytest

from kiosk.core.labels import ModelChoice
from kiosk.core.message import DropJob, JobLost
from kiosk.topics.cards.screen import Cards
from kiosk.topics.judges.messages import AskJudges, Opinion
from kiosk.topics.judges.topic import offer
from tests.player import PANELS, Player, of, said, screen_of
from tests.topics.cards.scripted import at_card, at_cards
from tests.topics.judges.scripted import CLEAN, FOOLED, OPINIONS, at_judges


def told(playing: Player) -> str:
    return " ".join(said(playing)).replace("\u00a0", " ")


@pytest.mark.parametrize("panel", PANELS)
def test_every_other_model_has_a_row(panel: str) -> None:
    playing = at_judges(panel)
    assert [asked.step for asked in of(playing, AskJudges)] == [4]
    words = told(playing)
    assert words.count("flamingo") == 3, "the own model's, its twin's, and the sentence's"
    assert "Of 2 others, none falls for it." in words
    assert "Its big twin says flamingo too." in words


@pytest.mark.parametrize(
    ("last", "words"),
    [
        ((OPINIONS[1], Opinion("mobilenet_v2", CLEAN, FOOLED)), "Of 2 others, 1 fell for it too."),
        ((Opinion("mobilenet_v2", CLEAN, FOOLED),) * 2, "All 2 others fell for it too!"),
        ((), "There are no others here to ask."),
    ],
)
def test_how_many_fell_for_it_is_told(last: tuple[Opinion, ...], words: str) -> None:
    assert words in told(at_judges(opinions=last))


def test_a_taught_model_has_labels_that_no_other_knows() -> None:
    playing = at_cards()
    screen, context = screen_of(playing), playing.state.context
    assert isinstance(screen, Cards)
    assert offer(screen.visit, context) is not None
    taught = ModelChoice("taught", "Yours", context.own_labels, taught=True)
    visitor = replace(context.visitor, taught=taught, chosen="taught")
    assert offer(screen.visit, replace(context, visitor=visitor)) is None


def test_a_lost_question_can_be_asked_again_and_leaving_stops_it() -> None:
    playing = at_card("judges")
    playing.answers = False
    playing.wait(0.2)
    playing.send(JobLost(of(playing, AskJudges)[-1].job))
    assert any("do not answer now" in words for words in said(playing))
    playing.touch("retry")
    last = of(playing, AskJudges)[-1].job
    playing.touch("back")
    assert playing.effects[-1] == DropJob(last)
    assert isinstance(screen_of(playing), Cards)
