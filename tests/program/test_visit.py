"""Visits as lists of events: the whole loop by touch and by buttons, the focus, the labels."""

import pytest

from kiosk.core.message import Button, ButtonDown, ButtonUp, Forget, Tick
from kiosk.core.visit import Answer, Ranked
from kiosk.topics.attack.messages import RunStep, StartStack
from kiosk.topics.attack.screens.attack import Attack
from kiosk.topics.attack.screens.choose import Choose
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.explain.messages import DrawContrast
from kiosk.topics.explain.screens.explain import Explain
from kiosk.topics.photograph.messages import LiveJudged, PictureTaken
from kiosk.topics.photograph.screens.live import Live
from tests.player import ESPRESSO, FLAMINGO, PENGUIN, of, player, said, screen_of
from tests.topics.attack.scripted import at_attack, at_choose, at_fooled, attack_of
from tests.topics.cards.scripted import at_cards
from tests.topics.explain.scripted import at_explain
from tests.topics.photograph.scripted import at_live


def test_the_whole_loop_by_touch() -> None:
    playing = at_fooled()
    screen = attack_of(playing)
    assert screen.visit.now.answer.first.label == FLAMINGO
    assert len(of(playing, RunStep)) == 4, "steps until fooled, not one more"
    playing.touch("why")
    playing.wait(0.3)
    assert isinstance(screen_of(playing), Explain)
    job = playing.state.context.next_job - 1
    assert of(playing, DrawContrast) == [DrawContrast(job, FLAMINGO, ESPRESSO, 4)]
    playing.touch("back")
    playing.touch("other")
    assert isinstance(screen_of(playing), Choose)
    playing.touch(f"label-{PENGUIN}")
    assert of(playing, StartStack) == [StartStack(FLAMINGO), StartStack(PENGUIN)]
    assert attack_of(playing).visit.shown == 0, "another lie begins a new stack"


@pytest.mark.parametrize("panel", ["800x480", "1280x800", "720x1280"])
def test_the_whole_loop_by_three_buttons(panel: str) -> None:
    playing = player(panel)
    playing.press(Button.LESS)  # any button begins
    assert isinstance(screen_of(playing), Live)
    playing.press(Button.SHUTTER)
    playing.wait(3.0)
    playing.press(Button.SHUTTER)
    assert isinstance(screen_of(playing), Choose)
    assert playing.scene.arrows
    playing.press(Button.LESS)  # the light moves on
    assert playing.focused == "label-963"
    playing.press(Button.MORE)
    playing.press(Button.SHUTTER)
    assert attack_of(playing).visit.target == FLAMINGO
    playing.press(Button.SHUTTER)
    playing.wait(1.0)
    assert attack_of(playing).visit.shown == 4
    scene = playing.scene
    assert not scene.arrows
    playing.press(Button.LESS)
    assert attack_of(playing).visit.shown == 3, "on the attack screen DOWN is less noise, whatever is lit"
    playing.press(Button.MORE)
    assert attack_of(playing).visit.shown == 4
    playing.press(Button.SHUTTER)
    assert isinstance(screen_of(playing), Explain)
    for _ in range(len(playing.scene.controls)):
        if playing.focused == "again":
            break
        playing.press(Button.LESS)
    playing.press(Button.SHUTTER)
    playing.wait(6.0)
    assert isinstance(screen_of(playing), Attract)
    assert of(playing, Forget)


def test_a_held_shutter_moves_the_light_and_does_not_press() -> None:
    playing = at_fooled()
    assert playing.focused == "why"
    playing.press(Button.SHUTTER, held_s=0.7)
    assert isinstance(screen_of(playing), Attack)
    assert playing.focused not in ("", "why")
    first = playing.focused
    playing.press(Button.SHUTTER, held_s=1.3)
    assert playing.focused not in ("why", first), "it goes on as long as it is held"


def test_the_light_reaches_every_control() -> None:
    for playing in (at_live(), at_choose(), at_fooled(), at_explain()):
        seen = set()
        for _ in range(len(playing.scene.controls)):
            seen.add(playing.focused)
            playing.press(Button.SHUTTER, held_s=0.7)
        assert seen == set(playing.names)


def test_blocked_labels_appear_nowhere() -> None:
    playing = at_live()
    blocked = sorted(playing.state.context.labels.blocked)[:2]
    assert blocked
    untaught = playing.state.context.texts("label.untaught")
    answer = Answer((Ranked(blocked[0], 0.6), Ranked(blocked[1], 0.2), Ranked(ESPRESSO, 0.1)))
    playing.send(LiveJudged(answer))
    playing.wait(1.0)

    names = [playing.state.context.labels.names[label] for label in blocked]
    assert said(playing).count(untaught) == 1, "all that is blocked shares one line"
    assert not any(name in text for name in names for text in said(playing))
    playing.answers = False
    playing.touch("shoot")
    playing.wait(3.0)
    playing.send(PictureTaken(1, answer))
    playing.wait(1.0)
    assert untaught in said(playing)
    playing.touch("rate-wrong")
    assert any(untaught in text for text in said(playing))
    playing.touch(f"label-{FLAMINGO}")
    playing.wait(0.3)
    assert untaught in said(playing)
    assert not any(name in text for name in names for text in said(playing))
    assert not any(str(label) in name.split("-") for name in playing.names for label in blocked)
    order = set(playing.state.context.labels.order)
    assert order.isdisjoint(playing.state.context.labels.blocked)


def test_a_bouncing_button_is_one_press() -> None:
    playing = at_fooled()
    playing.wait(0.5)
    shown = attack_of(playing).visit.shown
    for _ in range(3):
        playing.send(ButtonDown(Button.LESS), ButtonUp(Button.LESS))
    playing.send(Tick(playing.state.context.now_s + 0.05), ButtonDown(Button.LESS))
    assert attack_of(playing).visit.shown == shown - 1


def test_a_press_shows_at_once() -> None:
    playing = at_attack()
    playing.answers = False
    playing.touch("more")
    assert playing.pressed == "more"
    playing.wait(0.3)
    assert playing.pressed == ""
    playing.send(ButtonDown(Button.SHUTTER))
    assert playing.pressed == playing.focused


def test_the_ways_out_of_the_cards() -> None:
    for name, kind in (("back", Attack), ("retake", Live)):
        playing = at_cards()
        playing.touch(name)
        assert isinstance(screen_of(playing), kind)
