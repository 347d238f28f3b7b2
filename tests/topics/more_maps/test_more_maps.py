"""More maps as lists of events."""

from dataclasses import replace

import pytest

from kiosk.core.health import Health, Phase
from kiosk.core.message import Button, DropJob, JobAdvanced, JobLost
from kiosk.topics.cards.screen import Cards
from kiosk.topics.more_maps.facts import Check, Method, checked, keys_of, offered
from kiosk.topics.more_maps.messages import CheckedDrawn, DrawChecked
from kiosk.topics.more_maps.screen import MoreMaps
from kiosk.topics.more_maps.topic import offer
from tests.player import ESPRESSO, FLAMINGO, PANELS, of, said, screen_of, shown_keys
from tests.topics.cards.scripted import at_card, at_cards
from tests.topics.more_maps.scripted import at_more_maps


@pytest.mark.parametrize("panel", PANELS)
def test_the_first_map_is_drawn_by_itself_for_each_pictures_own_answer(panel: str) -> None:
    playing = at_more_maps(panel)
    (asked,) = of(playing, DrawChecked)
    assert (asked.method, asked.step, asked.before, asked.after) == (Method.GRAD_CAM, 4, ESPRESSO, FLAMINGO)
    assert shown_keys(playing) == list(keys_of(Method.GRAD_CAM)), "the control stands beside both"
    told = said(playing)
    assert {"Before: espresso", "After: flamingo", "If it knew nothing"} <= set(told)


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("method", Method)
def test_every_way_has_its_own_sentence_and_scale(panel: str, method: Method) -> None:
    playing = at_more_maps(panel, method)
    assert of(playing, DrawChecked)[-1].method is method
    assert shown_keys(playing) == list(keys_of(method))
    assert playing.state.context.texts(f"more_maps.{method}") in said(playing)
    ends = {Method.CONTRAST: ("espresso", "flamingo"), Method.CLASS_MAP: ("takes", "gives")}
    assert set(ends.get(method, ("little", "most"))) <= set(said(playing))


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (Check.CHANGED, "Knowing nothing changes the map. Good!"),
        (Check.ALIKE, "Knowing nothing, it stays. Do not trust it!"),
        (Check.NOTHING, "No spot helps one of the answers here."),
        (Check.UNFIT, "This network has no such map. Try the next one."),
    ],
)
def test_what_the_control_says_is_told_as_it_is(check: Check, words: str) -> None:
    playing = at_more_maps(check=check)
    assert words in said(playing)
    drawn = list(keys_of(Method.GRAD_CAM)) if check is not Check.UNFIT else ["original", "adversarial", ""]
    assert shown_keys(playing) == drawn


def test_a_map_that_stays_as_it_was_without_knowledge_is_told_from_one_that_changes() -> None:
    assert checked(0.2, speaks=True) is Check.CHANGED
    assert checked(0.51, speaks=True) is Check.ALIKE
    assert checked(-0.9, speaks=True) is Check.CHANGED
    assert checked(0.0, speaks=False) is Check.NOTHING


def test_buttons_go_from_one_way_to_the_next_and_round() -> None:
    playing = at_more_maps()
    for expected in ("class_map", "contrast", "occlusion", "grad_cam"):
        assert playing.focused == f"method-{expected}"
        playing.press(Button.SHUTTER)
        playing.wait(0.5)
    assert [asked.method for asked in of(playing, DrawChecked)] == [*Method, Method.GRAD_CAM]


def test_the_same_way_again_throws_other_dice_for_the_control() -> None:
    playing = at_more_maps()
    playing.touch("method-grad_cam")
    playing.wait(0.5)
    first, again = of(playing, DrawChecked)
    assert again == replace(first, job=again.job)
    assert again.job != first.job, "the job is the seed"


def test_a_long_one_shows_how_far_it_is_and_makes_way_for_another() -> None:
    playing = at_more_maps()
    playing.answers = False
    playing.touch("method-occlusion")
    playing.wait(2.0)
    job = of(playing, DrawChecked)[-1].job
    playing.send(JobAdvanced(job, 0.5))
    assert "Still 2 seconds …" in said(playing)
    playing.touch("method-occlusion")
    assert of(playing, DrawChecked)[-1].job == job, "it goes on"
    playing.touch("method-contrast")
    playing.wait(0.2)
    assert DropJob(job) in playing.effects
    playing.send(CheckedDrawn(job, Check.CHANGED))
    assert shown_keys(playing) == ["original", "adversarial", ""], "of the dropped one nothing is shown"
    playing.send(CheckedDrawn(of(playing, DrawChecked)[-1].job, Check.CHANGED))
    assert shown_keys(playing) == list(keys_of(Method.CONTRAST))


def test_a_lost_map_can_be_drawn_again_and_leaving_stops_it() -> None:
    playing = at_card("more-maps")
    playing.answers = False
    playing.wait(0.2)
    playing.send(JobLost(of(playing, DrawChecked)[-1].job))
    assert any("got lost" in words for words in said(playing))
    playing.touch("retry")
    last = of(playing, DrawChecked)[-1]
    assert last.method is Method.GRAD_CAM
    playing.touch("back")
    assert playing.effects[-1] == DropJob(last.job)
    assert isinstance(screen_of(playing), Cards)


def test_once_the_gradient_process_is_gone_for_good_what_needs_none_comes_next() -> None:
    playing = at_card("more-maps")
    playing.answers = False
    playing.wait(0.2)
    away = Health(Phase.LOST, reason="it cannot be used")
    playing.state = replace(playing.state, context=replace(playing.state.context, gradients=away))
    playing.send(JobLost(of(playing, DrawChecked)[-1].job))
    assert playing.find("retry") is None
    assert playing.focused == "method-class_map"
    playing.press(Button.SHUTTER)
    playing.wait(0.2)
    assert of(playing, DrawChecked)[-1].method is Method.CLASS_MAP


def test_only_what_can_be_drawn_is_offered() -> None:
    assert offered(gradients=True, taught=False) == tuple(Method)
    assert offered(gradients=False, taught=False) == (Method.CLASS_MAP, Method.OCCLUSION)
    assert Method.CLASS_MAP not in offered(gradients=True, taught=True)
    assert offered(gradients=False, taught=True) == (Method.OCCLUSION,)


def test_without_gradients_it_begins_with_what_needs_none() -> None:
    playing = at_cards()
    away = Health(Phase.LOST, reason="it cannot be used")
    playing.state = replace(playing.state, context=replace(playing.state.context, gradients=away))
    screen = screen_of(playing)
    assert isinstance(screen, Cards)
    card = offer(screen.visit, playing.state.context)
    assert card is not None
    entered = playing.state.doors[type(card.way)](card.way, playing.state.context).screen
    assert isinstance(entered, MoreMaps)
    assert entered.method is Method.CLASS_MAP
    names = [control.name for control in entered.view(playing.state.context).controls]
    assert names.count("method") == 2


def test_it_is_offered_where_there_are_two_pictures_to_compare() -> None:
    playing = at_cards()
    screen, context = screen_of(playing), playing.state.context
    assert isinstance(screen, Cards)
    assert offer(screen.visit, context) is not None
    assert offer(replace(screen.visit, shown=0), context) is None


def test_without_a_lie_a_contrast_weighs_the_next_answer() -> None:
    playing = at_more_maps()
    screen = screen_of(playing)
    assert isinstance(screen, MoreMaps)
    early = replace(screen, visit=replace(screen.visit, shown=1, target=None))
    assert early.asking(1).lie != early.asking(1).before
