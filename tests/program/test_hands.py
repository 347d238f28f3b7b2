"""Hands on every screen: a hand that leans does no more than one finger, and what can do nothing is grey."""

from dataclasses import replace

import pytest

from kiosk.core.message import Lifted, Moved, Tick, Touched
from kiosk.core.scene import Look
from kiosk.core.screen import Screen
from kiosk.program.program import update
from kiosk.program.state import State
from tests.golden.test_scene import STATES

FINGERS = 5
# What shows that it is chosen already, and may be pressed once more: nothing comes of it.
CHOSEN = (
    "label",
    "paint",
    "size",
    "tool",
    "matrix",
    "step",
    "page",
    "corner",
    "record",
    "mode",
    "show",
    "stage",
)


def pressed(state: State, x: int, y: int) -> State:
    """The state after a finger came down and up there."""
    now_s = state.context.now_s
    state, _ = update(state, Touched(x, y, 1, now_s + 0.01))
    return update(state, Lifted(1, now_s + 0.1))[0]


def later(state: State, seconds: float) -> State:
    """The state after some time, told in frames."""
    end_s = state.context.now_s + seconds
    while state.context.now_s < end_s:
        state, _ = update(state, Tick(state.context.now_s + 0.25))
    return state


def leaned(state: State, x: int, y: int) -> tuple[State, State]:
    """The states while a hand leans there, after its first finger and after all of them came down, slid and rolled."""
    now_s = state.context.now_s
    state, _ = update(state, Touched(x, y, 1, now_s + 0.01))
    first = state
    step = state.context.panel.px(18.0)
    width, height = state.context.panel.width_px, state.context.panel.height_px
    for number in range(2, FINGERS + 1):
        to_x, to_y = (x + step * (number - 3)) % width, (y + step * (number % 2)) % height
        state, _ = update(state, Touched(to_x, to_y, number, now_s + 0.02 * number))
    return first, state


def kind(state: State) -> tuple[type[Screen], bool, object]:
    """What must not change by leaning: the screen, its question, what the visitor has."""
    return type(state.screen), state.leaving, state.visitor


@pytest.mark.parametrize("name", STATES)
def test_a_hand_that_leans_on_the_glass_does_no_more_than_one_finger(name: str) -> None:
    playing = STATES[name]("1280x800")
    playing.wait(1.0)
    if playing.state.screen.secret:
        return
    for control in playing.scene.controls:
        if control.look is Look.WHOLE:
            continue
        x, y = control.box.x + control.box.w // 2, control.box.y + control.box.h // 2
        first, all_down = leaned(playing.state, x, y)
        if first.screen.secret:
            continue
        assert replace(all_down, input=first.input, context=first.context) == first, control.id
        if control.holds:
            continue
        alone, whole = later(first, 1.2), later(all_down, 1.2)
        for step in range(4):  # it rolls: fingers come up and down, within the hand
            now_s = whole.context.now_s
            whole, _ = update(whole, Lifted(2 + step, now_s + 0.05))
            whole, _ = update(whole, Moved(x + step, y, 1, now_s + 0.06))
            whole, _ = update(whole, Touched(x, y + step, 2 + step, now_s + 0.07))
        assert kind(whole) == kind(alone), control.id


def kind_and_data(state: State) -> tuple[object, ...]:
    """Everything that a press can change, but for effects."""
    return state.screen, state.visitor, state.leaving, state.alone_since_s


@pytest.mark.parametrize("name", STATES)
def test_what_can_do_nothing_is_grey_and_does_nothing(name: str) -> None:
    playing = STATES[name]("1280x800")
    playing.wait(1.0)
    if playing.state.screen.secret:
        return
    for control in playing.scene.controls:
        state = playing.state
        x, y = control.box.x + control.box.w // 2, control.box.y + control.box.h // 2
        after, effects = update(state, Touched(x, y, at_s=state.context.now_s + 0.01))
        does = kind_and_data(after) != kind_and_data(state) or bool(effects)
        if control.off:
            assert not does, control.id
        elif control.look is not Look.WHOLE and control.name not in CHOSEN:
            assert does, control.id
