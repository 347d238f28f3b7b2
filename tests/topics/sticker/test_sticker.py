"""A sticker on the picture as lists of events."""

from dataclasses import replace

import pytest

from kiosk.core.message import Button, JobLost, Lifted, Touched
from kiosk.topics.cards.screen import Cards
from kiosk.topics.sticker.messages import LaySticker, Stickers
from kiosk.topics.sticker.screen import Sticker
from kiosk.topics.sticker.topic import offer
from tests.player import PANELS, of, screen_of, shown_keys, told
from tests.stickers import BANANA, TOASTER
from tests.topics.sticker.scripted import at_sticker


@pytest.mark.parametrize("panel", PANELS)
def test_the_sticker_works_and_the_grey_one_beside_it_does_not(panel: str) -> None:
    playing = at_sticker(panel)

    assert [asked.label for asked in of(playing, LaySticker)] == [TOASTER]
    assert {"sticker", "sticker-grey"} <= set(shown_keys(playing))
    assert told(playing, "The grey sticker does not do that.")
    assert told(playing, "It says espresso")


def test_a_finger_says_where_it_lies() -> None:
    playing = at_sticker()
    control = playing.control("place")
    playing.rest(control)
    box = control.box
    playing.send(Touched(box.x + round(box.w * 0.75), box.y + round(box.h * 0.8)), Lifted())

    asked = of(playing, LaySticker)[-1]
    assert asked.x == pytest.approx(0.75, abs=0.01)
    assert asked.y == pytest.approx(0.8, abs=0.01)
    assert told(playing, "Here it does not fall for the toaster sticker.")


def test_arrows_move_it_and_it_stays_on_the_picture() -> None:
    playing = at_sticker()
    for way in ("right", "down", "left", "left", "left", "left", "left"):
        playing.touch(f"arrow-{way}")
        playing.wait(0.3)

    last = of(playing, LaySticker)[-1]
    assert last.x == pytest.approx(0.0, abs=1e-9)
    assert last.y == pytest.approx(0.4)


def test_it_is_moved_by_three_buttons_too() -> None:
    playing = at_sticker()
    assert playing.focused == "arrow-left"
    playing.press(Button.SHUTTER)
    playing.wait(0.3)

    assert of(playing, LaySticker)[-1].x == pytest.approx(0.2)


def test_there_may_be_another_sticker() -> None:
    playing = at_sticker()
    playing.touch("other")
    playing.wait(0.3)

    assert of(playing, LaySticker)[-1].label == BANANA
    assert at_sticker(labels=(BANANA,)).find("other") is None


def test_no_other_sticker_is_one_for_a_blocked_label() -> None:
    playing = at_sticker()
    context = playing.state.context
    labels = replace(context.own_labels, blocked=frozenset({BANANA}))
    playing.state = replace(playing.state, context=replace(context, own_labels=labels))
    assert playing.find("other") is None


def test_what_is_lost_can_be_tried_again() -> None:
    playing = at_sticker()
    playing.answers = False
    playing.touch("arrow-up")
    playing.send(JobLost(of(playing, LaySticker)[-1].job))
    assert told(playing, "The sticker slipped off.")
    playing.answers = True
    playing.touch("retry")
    playing.wait(0.3)
    assert told(playing, "It says toaster")
    playing.touch("back")
    assert isinstance(screen_of(playing), Cards)


def test_it_is_not_offered_without_stickers_for_another_model_or_for_a_blocked_label() -> None:
    playing = at_sticker()
    screen, context = screen_of(playing), playing.state.context
    assert isinstance(screen, Sticker)
    assert offer(screen.visit, context) is not None
    assert offer(screen.visit, context.with_fact(Stickers())) is None
    other = replace(context, visitor=replace(context.visitor, chosen="another"), default="one")
    assert offer(screen.visit, other) is None
    blocked = replace(context.own_labels, blocked=frozenset({BANANA, TOASTER}))
    assert offer(screen.visit, replace(context, own_labels=blocked)) is None
