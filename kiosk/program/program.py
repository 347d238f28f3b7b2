"""The exhibit as two pure functions: `update(state, event)` and `view(state)`; a visit is a list of events."""

from dataclasses import replace
from typing import assert_never

from kiosk.core.health import Phase
from kiosk.core.message import (
    Button,
    ButtonDown,
    ButtonUp,
    CameraFound,
    CameraLost,
    Event,
    Forget,
    GradientsChanged,
    HandEvent,
    Lifted,
    ModelChanged,
    Moved,
    News,
    PanelResized,
    Tick,
    ToAttract,
    ToCameraAway,
    ToEnd,
    ToStaffEntrance,
    Touched,
    Way,
)
from kiosk.core.scene import ControlId, Scene
from kiosk.core.screen import (
    Dragged,
    Pressed,
    Released,
    RestingScreen,
    ScreenEvent,
    StaffScreen,
    VisitScreen,
)
from kiosk.program import input as hands
from kiosk.program.counting import counted
from kiosk.program.leaving import begun_anew
from kiosk.program.navigation import away_way, entered, followed, rest_way
from kiosk.program.showing import shown
from kiosk.program.state import State, Transition, initial

__all__ = ["State", "initial", "update", "view"]

ANYWHERE = ControlId("anywhere")  # where a scene has this control, every button presses it


def update(state: State, event: Event) -> Transition:
    """Return the next state, and what is to be done; with `Forget`, all that the visitor has is gone here too."""
    after, effects = _happened(state, event)
    if type(after.screen) is not type(state.screen):
        after = replace(after, since_s=after.context.now_s)
    if Forget() in effects:
        after = after.forgotten
    return after, (*effects, *counted(state, event, after))


def _happened(state: State, event: Event) -> Transition:
    """Return what an event leads to; what hands do happens when they did it, which may be before this frame."""
    if isinstance(event, HandEvent) and event.at_s > state.context.now_s:
        state = state.with_context(now_s=event.at_s)
    match event:
        case Tick(now_s):
            return _ticked(state.with_context(now_s=max(now_s, state.context.now_s)))
        case Touched():
            return _touched(state, event)
        case Moved():
            return _dragged(state, event)
        case Lifted(finger):
            return _lifted(state, finger)
        case ButtonDown(button):
            return _button_down(state, button)
        case ButtonUp(button):
            return _button_up(state, button)
        case PanelResized(width_px, height_px):
            return _resized(state, width_px, height_px)
        case CameraFound(fault):
            return state.with_context(camera=True, camera_fault=fault), ()
        case CameraLost(reason):
            return _camera_lost(state.with_context(camera=False, camera_fault=reason))
        case GradientsChanged(health):
            return _told(state.with_context(gradients=health), event)
        case ModelChanged(health):
            return _model_changed(state.with_context(model=health), event)
        case News():
            return _news(state, event)
        case _:
            assert_never(event)


def view(state: State) -> Scene:
    """Return what is on the screen now."""
    return hands.shown(state.input, shown(state), state.context.now_s)


def _told(state: State, event: ScreenEvent) -> Transition:
    """Return what the present screen makes of an event: it stays, or leads on. One left alone still hears news."""
    return followed(state, state.screen.update(event, state.context))


def _left(state: State, way: Way) -> Transition:
    """Return the state after the present screen is left other than by its own way on: what it began stops."""
    stopped = state.screen.stopped()
    after, effects = entered(state, way)
    return after, stopped + effects


def _news(state: State, event: News) -> Transition:
    """Return what news leads to: it may change what is known, and an exhibit at rest then shows what it has to."""
    before, context = state.context, event.known(state.context)
    state = replace(state, context=context)
    another_sign = before.staff.closed != context.staff.closed  # for repair, or after hours
    rests_elsewhere = another_sign or rest_way(before) != rest_way(context)
    if isinstance(state.screen, RestingScreen) and (event.leads is not None or rests_elsewhere):
        return entered(state, event.leads or ToAttract())
    return _told(state, event)


def _ticked(state: State) -> Transition:
    """Return what the time leads to: a held shutter moves the focus, a quiet visit ends, the screen moves."""
    state = _held(state)
    screen, context = state.screen, state.context
    if hands.corner_held(state.input, context.now_s):
        return _corner_held(state)
    if state.alone_since_s is not None:
        if context.now_s - state.alone_since_s >= context.idle.countdown_s:
            return _left(state, ToEnd())
        return _told(state, Tick(context.now_s))
    if context.now_s - state.input.touched_s >= screen.quiet_s(context.idle):
        if isinstance(screen, VisitScreen):
            return replace(state, alone_since_s=context.now_s), ()
        return _left(state, ToAttract())
    return _told(state, Tick(context.now_s))


def _held(state: State) -> State:
    """Return the state with the focus moved on where the shutter is held long enough, and again after as long."""
    if not hands.shutter_due(state.input, state.context.now_s):
        return state
    moved = hands.focus_moved(state.input, view(state), 1)
    return replace(state, input=replace(moved, shutter_s=state.context.now_s, moved=True))


def _awake(state: State) -> tuple[State, bool]:
    """Return the state with its quiet time begun anew, and whether that was all: "still there?" is answered, or deaf.

    Staff's keypad never is: practised hands type there.
    """
    now_s, answered = state.context.now_s, state.alone_since_s is not None
    touched = replace(state.input, touched_s=now_s)
    deaf = not state.screen.secret and hands.deaf(touched, now_s)
    if answered:
        touched = hands.another_screen(touched, now_s)
    return replace(state, input=touched, alone_since_s=None), answered or deaf


def _touched(state: State, touch: Touched) -> Transition:
    """Return what a finger leads to that came down: on a control it presses, elsewhere it is only a sign of life."""
    leaned = not state.screen.secret and hands.leans(state.input, touch, state.context)
    awake, only = _awake(replace(state, input=hands.came_down(state.input, touch, state.context)))
    if only or leaned:
        return awake, ()
    near_px = awake.context.panel.px(hands.SAME_PLACE_MM)
    after, control = hands.touched(awake.input, view(awake), touch, awake.context.now_s, near_px)
    awake = replace(awake, input=after)
    if control is None:
        return awake, ()
    x, y = control.place(touch.x_px, touch.y_px)
    return _pressed(awake, Pressed(control.name, control.value, x, y, held=control.holds))


def _dragged(state: State, move: Moved) -> Transition:
    """Return what a finger leads to that moved: the control that it holds hears where."""
    state = replace(state, input=hands.slid(state.input, move, state.context))
    control = hands.dragged(state.input, view(state), move) if state.input.held else None
    if control is None:
        return state, ()
    awake, _ = _awake(state)
    return _told(awake, Dragged(control.name, control.value, *control.place(move.x_px, move.y_px)))


def _lifted(state: State, finger: int) -> Transition:
    """Return what a finger leads to that came up: the control that it held hears so."""
    held = state.input.held
    state = replace(state, input=hands.came_up(state.input, finger))
    if held is None or held.finger != finger:
        return state, ()
    return _told(replace(state, input=replace(state.input, held=None)), Released(*held.control))


def _press(state: State, control: ControlId) -> Transition:
    """Return what a control leads to that a button presses; it shows that at once."""
    found = view(state).control_of(control)
    if found is not None and found.off:
        return state, ()
    pressed = hands.pressed(state.input, control, state.context.now_s)
    return _pressed(replace(state, input=pressed), Pressed(*control, by_button=True))


def _pressed(state: State, pressed: Pressed) -> Transition:
    """Return what a pressed control leads to: *Start again* and its question are not left to the screens."""
    anew = begun_anew(state, pressed.name)
    match anew:
        case None:
            return _told(state, pressed)
        case ToEnd():
            return _left(replace(state, leaving=False), anew)
        case State():
            return anew, ()


def _button_down(state: State, button: Button) -> Transition:
    """Return what a button leads to that went down: up and down act at once, the shutter when it is up (or held)."""
    if state.screen.hears_buttons:
        awake, only = _awake(state)
        return (awake, ()) if only else _told(awake, ButtonDown(button))
    if hands.too_soon(state.input, button, state.context.now_s):
        return state, ()
    state = replace(state, input=replace(state.input, by_buttons=True, uses_buttons=True))
    awake, only = _awake(state)
    state = replace(awake, input=hands.went_down(awake.input, button, awake.context.now_s))
    scene = view(state)
    anywhere = scene.control_of(ANYWHERE) is not None
    if only or anywhere:
        state = replace(state, input=replace(state.input, shutter_s=None))
        return (state, ()) if only else _press(state, ANYWHERE)
    if button is Button.SHUTTER:
        return state, ()
    if not scene.arrows:
        return _press(state, ControlId("more" if button is Button.MORE else "less"))
    by = -1 if button is Button.MORE else 1
    return replace(state, input=hands.focus_moved(state.input, scene, by)), ()


def _button_up(state: State, button: Button) -> Transition:
    """Return what a button leads to that came up: a short press of the shutter presses the control with the focus."""
    if state.screen.hears_buttons:
        return _told(state, ButtonUp(button))
    state = _held(state)  # it came up now, perhaps long before the tick that follows
    since_s, moved = state.input.shutter_s, state.input.moved
    if button is not Button.SHUTTER or since_s is None:
        return state, ()
    state = replace(state, input=replace(state.input, shutter_s=None, moved=False))
    if moved or state.alone_since_s is not None:
        return state, ()
    scene = view(state)
    control = None if scene.focused is None else scene.control_of(scene.focused)
    if control is None or hands.pressed_again(state.input, control, state.context.now_s):
        return state, ()
    return _press(state, control.id)


def _resized(state: State, width_px: int, height_px: int) -> Transition:
    """Return what a panel of another size leads to: all is laid out anew, and no finger is where it seemed to be."""
    context, held = state.context, state.input.held
    if (context.panel.width_px, context.panel.height_px) == (width_px, height_px):
        return state, ()
    state = state.with_context(panel=context.panel.resized(width_px, height_px))
    unheld = replace(state.input, held=None, place=None, contacts=(), changed_s=context.now_s)
    state = replace(state, input=unheld)
    return _told(state, Released(*held.control)) if held is not None else (state, ())


def _camera_lost(state: State) -> Transition:
    """Return what a lost camera leads to: a visit that still needs one says so."""
    return _left(state, ToCameraAway()) if state.screen.needs_camera else (state, ())


def _model_changed(state: State, event: ModelChanged) -> Transition:
    """Return what the model leads to: without it there is no visit; with it again, the exhibit waits for a visitor."""
    context, screen = state.context, state.screen
    if context.model.phase is Phase.READY:
        return _told(state, event)
    if isinstance(screen, StaffScreen):
        return state, ()
    resting = isinstance(screen, RestingScreen)
    if resting and (context.staff.shut or context.model.phase is Phase.WARMING):
        return state, ()
    stopped = screen.stopped()
    untouched = replace(state, input=hands.Input(touched_s=context.now_s))
    after, effects = entered(untouched, away_way(context))
    if resting:
        return after, effects
    return after, (*stopped, *effects, *(() if Forget() in stopped else (Forget(),)))


def _corner_held(state: State) -> Transition:
    """Return where the hidden corner leads staff: to the PIN, or to the choice of one where that may be done here.

    Whoever only meets that by leaning on the glass comes back to what was there.
    """
    here, trail = state.screen, state.trail
    state = replace(state, input=replace(state.input, held=None, corner=None))
    if isinstance(here, StaffScreen) or not state.context.staff.reachable:
        return state, ()
    after, effects = _left(state, ToStaffEntrance())
    return (after.with_trail((*trail, here)) if isinstance(here, VisitScreen) else after), effects
