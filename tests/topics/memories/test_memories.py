"""Memories as lists of events."""

import pytest

from kiosk.core.message import DropJob, JobLost
from kiosk.core.scene import Bar
from kiosk.topics.cards.screen import Cards
from kiosk.topics.memories.messages import Remember
from tests.player import PANELS, of, said, screen_of, shown_keys
from tests.topics.cards.scripted import at_card
from tests.topics.memories.scripted import at_memories


@pytest.mark.parametrize("panel", PANELS)
def test_both_pictures_stand_beside_what_they_are_like(panel: str) -> None:
    playing = at_memories(panel)
    assert [search.step for search in of(playing, Remember)] == [4]
    assert {"original", "adversarial", *(f"memory-{n}" for n in range(6))} == set(shown_keys(playing))
    told = " ".join(said(playing)).replace("\u00a0", " ")
    assert "First it was like the coffee cup. With noise it is like the flower." in told
    bars = [item.share for item in playing.scene.items if isinstance(item, Bar)]
    assert bars == [0.93, 0.41, 0.36, 0.44, 0.43, 0.3]
    assert "only 38 % alike" in told


def test_a_lost_search_can_be_tried_again_and_leaving_stops_it() -> None:
    playing = at_card("memories")
    playing.answers = False
    playing.wait(0.2)
    playing.send(JobLost(of(playing, Remember)[-1].job))
    assert any("could not look now" in words for words in said(playing))
    playing.touch("retry")
    last = of(playing, Remember)[-1].job
    playing.touch("back")
    assert playing.effects[-1] == DropJob(last)
    assert isinstance(screen_of(playing), Cards)
