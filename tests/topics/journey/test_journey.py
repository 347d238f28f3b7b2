"""The way over the map as lists of events."""

from dataclasses import replace

import pytest

from kiosk.core.message import Button, DropJob, JobLost
from kiosk.core.scene import Box, Colour, Dot, Trail, Words
from kiosk.topics.cards.screen import Cards
from kiosk.topics.journey.facts import window_of
from kiosk.topics.journey.messages import TraceWay
from kiosk.topics.journey.topic import offer
from tests.player import FLAMINGO, PANELS, Player, of, said, screen_of
from tests.topics.cards.scripted import at_card, at_cards
from tests.topics.journey.scripted import FLAT, TURNED, JourneyScript, at_journey, at_turned


def told(playing: Player) -> str:
    return " ".join(said(playing)).replace("\u00a0", " ")


def trail(playing: Player) -> Trail:
    (found,) = (item for item in playing.scene.items if isinstance(item, Trail))
    return found


@pytest.mark.parametrize("panel", PANELS)
def test_the_whole_way_is_on_the_map_and_what_the_map_keeps_of_it_is_told(panel: str) -> None:
    playing = at_journey(panel)
    assert [(asked.last, asked.lie) for asked in of(playing, TraceWay)] == [(4, FLAMINGO)]
    assert len(trail(playing).points) == 5
    assert "this map shows only 8 % of the way" in told(playing)
    assert "Ring: as much noise by dice." in told(playing)
    assert "coffee cup" in told(playing), "the region that it starts in has a name"
    rings = [item for item in playing.scene.items if isinstance(item, Dot) and not item.filled]
    assert len(rings) == 1


@pytest.mark.parametrize("panel", PANELS)
def test_the_turned_map_has_both_answers_on_their_sides_of_the_border(panel: str) -> None:
    playing = at_turned(panel)
    titles = {
        item.text: item.box for item in playing.scene.items if isinstance(item, Words) and item.box.y < 400
    }
    assert titles["espresso"].right <= titles["flamingo"].x
    assert "Step 4: over the line to flamingo! This view shows 33 % of the way." in told(playing)
    assert "It stays on its side." in told(playing)
    last = trail(playing).points[-1]
    assert last[0] > titles["espresso"].right
    assert trail(playing).points[0][0] < titles["flamingo"].x


def test_buttons_walk_the_same_steps() -> None:
    playing = at_turned()
    playing.touch("later")
    assert len(trail(playing).points) == 1
    assert "A flat map keeps 13 % of how things differ." in told(playing)
    playing.press(Button.SHUTTER)
    assert "Step 1: still on the side of espresso. This view shows 28 % of the way." in told(playing)
    playing.touch("earlier")
    assert playing.control("earlier").off
    playing.touch("turn")
    assert "The dot is your picture." in told(playing)
    assert "A flat map keeps 23 % of how things differ." in told(playing)


def test_a_step_has_the_colour_of_its_answer() -> None:
    playing = at_journey()
    steps = [item.colour for item in playing.scene.items if isinstance(item, Dot) and item.filled][-5:]
    assert steps == [Colour.TRUTH] * 4 + [Colour.LIE]


def test_a_map_that_cannot_be_turned_offers_no_turning() -> None:
    playing = at_card("journey")
    playing.script(JourneyScript).turns = False
    playing.wait(0.5)
    assert playing.find("turn") is None
    assert playing.focused == "later"


def test_one_unit_is_as_long_both_ways_and_all_of_it_is_in_the_box() -> None:
    box = Box(10, 20, 640, 400)
    for chart in (FLAT, TURNED):
        window = window_of(chart, box)
        (x, y), (right, up) = window.at((0.0, 0.0)), window.at((1.0, 1.0))
        assert right - x == pytest.approx(y - up, abs=1)
        assert all(box.inset(-1).contains(*window.at(place)) for place in chart.path)
    window = window_of(FLAT, box)
    assert all(box.inset(-1).contains(*window.at(place)) for one in FLAT.regions for place in one.places)
    assert window_of(TURNED, box).at((0.2, 0.0))[0] == 330, "the border is in the middle"


def test_a_lost_search_can_be_tried_again_and_leaving_stops_it() -> None:
    playing = at_card("journey")
    playing.answers = False
    playing.wait(0.2)
    playing.send(JobLost(of(playing, TraceWay)[-1].job))
    assert "It lost its way" in told(playing)
    playing.touch("retry")
    last = of(playing, TraceWay)[-1].job
    playing.touch("back")
    assert playing.effects[-1] == DropJob(last)
    assert isinstance(screen_of(playing), Cards)


def test_it_is_offered_where_there_is_a_way() -> None:
    playing = at_cards()
    screen, context = screen_of(playing), playing.state.context
    assert isinstance(screen, Cards)
    assert offer(screen.visit, context) is not None
    assert offer(replace(screen.visit, steps=screen.visit.steps[:1], shown=0), context) is None
    assert offer(replace(screen.visit, target=screen.visit.original.said), context) is None
