"""Two taps in one go: the second half never presses what the first half brought, and nobody has to wait otherwise."""

from collections.abc import Callable, Iterator

import pytest

from kiosk.core.message import Button, ButtonDown, ButtonUp, Event, PanelResized, Tick, Touched
from kiosk.core.scene import Control
from kiosk.program.input import DEAF_S
from kiosk.program.program import update, view
from kiosk.program.state import State
from kiosk.topics.attack.messages import RunStep
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.photograph.screens.live import Live
from kiosk.topics.staff.messages import TryPin
from tests.golden.test_scene import STATES
from tests.player import Player, of, player, screen_of
from tests.topics.attack.scripted import at_attack, at_fooled, attack_of
from tests.topics.staff.scripted import PIN, at_pin

GAPS_S = (0.02, 0.12, 0.25, 0.35)


def after(state: State, *events: Event) -> tuple[State, list[object]]:
    """The state after events, and all their effects."""
    effects: list[object] = []
    for event in events:
        state, more = update(state, event)
        effects += more
    return state, effects


def tap(control: Control) -> Callable[[float], tuple[Event, ...]]:
    """A finger on the middle of a control."""
    x, y = control.box.x + control.box.w // 2, control.box.y + control.box.h // 2
    return lambda at_s: (Touched(x, y, at_s=at_s),)


def shutter(at_s: float) -> tuple[Event, ...]:
    """The shutter down and up again, as fast as it goes."""
    return ButtonDown(Button.SHUTTER, at_s), ButtonUp(Button.SHUTTER, at_s + 0.01)


def hands_of(state: State) -> Iterator[Callable[[float], tuple[Event, ...]]]:
    """Every way to press something now."""
    for control in view(state).controls:
        if not control.holds:
            yield tap(control)
    yield shutter


def stands(state: State, at: tuple[Event, ...]) -> Control | None:
    """The control that these events would press."""
    scene, first = view(state), at[0]
    if isinstance(first, Touched):
        return scene.hit(first.x_px, first.y_px)
    return None if scene.focused is None else scene.control_of(scene.focused)


def means_another(one: Control | None, other: Control | None) -> bool:
    """Whether a second press is meant for another control of the same name, or for one that is pressed fast."""
    if one is None or other is None:
        return one is other
    return one.name == other.name and (one.id != other.id or other.repeats)


@pytest.mark.parametrize("name", STATES)
def test_the_second_half_presses_nothing_that_the_first_half_brought(name: str) -> None:
    playing = STATES[name]("1280x800")
    playing.wait(1.0)
    began, now_s = playing.state, playing.state.context.now_s
    for press in hands_of(began):
        first = press(now_s + 0.01)
        once, _ = after(began, *first, Tick(now_s + 0.03))
        another = type(once.screen) is not type(began.screen) or once.alone_since_s != began.alone_since_s
        if once.screen.secret or (not another and means_another(stands(began, first), stands(once, first))):
            continue
        for gap_s in GAPS_S:
            twice, effects = after(once, *press(now_s + 0.03 + gap_s))
            assert (twice.screen, effects) == (once.screen, []), (stands(began, first), gap_s)


@pytest.mark.parametrize("gap_s", GAPS_S)
def test_a_double_tap_on_touch_to_try_takes_no_picture(gap_s: float) -> None:
    playing = player()
    playing.wait(1.0)
    box, now_s = playing.control("start").box, playing.state.context.now_s
    at = (box.x + box.w // 2, box.y + box.h // 2)
    playing.send(Touched(*at, at_s=now_s + 0.01), Touched(*at, at_s=now_s + 0.01 + gap_s))
    screen = screen_of(playing)
    assert isinstance(screen, Live)
    assert screen.counting_since_s is None
    playing.send(Touched(*at, at_s=now_s + 0.02 + DEAF_S))
    assert playing.state.screen != screen or playing.scene.hit(*at) is None, "then it hears again"


def test_more_noise_as_fast_as_a_finger_goes() -> None:
    playing = at_attack()
    playing.rest(playing.find("more"))
    box, now_s = playing.control("more").box, playing.state.context.now_s
    for number in range(3):
        playing.send(Touched(box.x + 5, box.y + 5, at_s=now_s + 0.01 + 0.21 * number))
    assert len(of(playing, RunStep)) == 3


def test_more_and_less_one_after_the_other_by_their_buttons() -> None:
    playing = at_fooled()
    playing.rest()
    now_s, top = playing.state.context.now_s, attack_of(playing).visit.shown
    playing.send(ButtonDown(Button.LESS, now_s + 0.01))
    assert attack_of(playing).visit.shown == top - 1
    playing.send(ButtonDown(Button.MORE, now_s + 0.06))
    assert attack_of(playing).visit.shown == top


def test_the_keypad_is_quick() -> None:
    playing = at_pin()
    now_s = playing.state.context.now_s
    for number, digit in enumerate(PIN):
        playing.send(*tap(playing.control(f"digit-{digit}"))(now_s + 0.25 * (number + 1)))
    playing.send(*tap(playing.control("enter"))(now_s + 0.25 * (len(PIN) + 1)))
    assert of(playing, TryPin) == [TryPin(PIN)]


def held_for(down_s: float) -> Player:
    """A picture that was fooled, after the shutter was down for so long within one slow frame."""
    playing = at_fooled()
    playing.rest(playing.find("why"))
    now_s = playing.state.context.now_s
    playing.send(ButtonDown(Button.SHUTTER, now_s + 0.1), ButtonUp(Button.SHUTTER, now_s + 0.1 + down_s))
    playing.send(Tick(now_s + 1.5))
    return playing


def test_a_short_press_within_a_slow_frame_is_a_press_and_a_long_one_a_hold() -> None:
    assert held_for(0.1).scene.name == "explain"
    held = held_for(0.7)
    assert held.scene.name == "attack"
    assert held.focused not in ("", "why")


def test_two_taps_of_a_key_within_a_slow_frame_are_two_and_a_bounce_is_one() -> None:
    for gap_s, steps in ((0.25, 2), (0.05, 1)):
        playing = at_fooled()
        playing.rest()
        before = attack_of(playing).visit.shown
        now_s = playing.state.context.now_s
        playing.send(ButtonDown(Button.LESS, now_s + 0.1), ButtonUp(Button.LESS, now_s + 0.15))
        playing.send(ButtonDown(Button.LESS, now_s + 0.1 + gap_s), Tick(now_s + 2.0))
        assert before - attack_of(playing).visit.shown == steps


def test_a_panel_of_another_size_is_laid_out_anew_and_pressed_where_it_stands_now() -> None:
    playing = player()
    playing.send(PanelResized(600, 1024))
    scene = playing.scene
    assert (scene.width_px, scene.height_px) == (600, 1024)
    assert all(item.box.right <= 600 and item.box.bottom <= 1024 for item in scene.items)
    diagonal_mm = (600**2 + 1024**2) ** 0.5 / playing.state.context.panel.px_per_mm
    assert diagonal_mm == pytest.approx(10.1 * 25.4)
    assert isinstance(screen_of(playing), Attract)
    playing.touch("start")
    assert isinstance(screen_of(playing), Live)


def test_a_finger_that_holds_a_control_is_let_go_where_the_panel_changes() -> None:
    playing = player()
    playing.wait(1.0)
    playing.send(Touched(2, 2))
    assert playing.state.input.held
    playing.send(PanelResized(1024, 600))
    assert not playing.state.input.held
    playing.wait(4.0)
    assert playing.scene.name != "pin", "the corner is not held any more"
