"""Where the ways lead: through the topics' doors, with what has to start or end on the way."""

from dataclasses import replace

from kiosk.core.context import Context, Visitor
from kiosk.core.health import Phase
from kiosk.core.message import (
    Asking,
    Effect,
    Forget,
    ForgetPicture,
    ToAttract,
    ToBack,
    ToCameraAway,
    ToClosed,
    ToEnd,
    ToForgotten,
    ToModelAway,
    Way,
)
from kiosk.core.screen import Outcome, Screen, StaffScreen, VisitScreen
from kiosk.program.input import Input, another_screen
from kiosk.program.state import State, Transition


def rest_way(context: Context) -> Way:
    """Return the way to the screen of an exhibit that stands unused."""
    if context.staff.shut:
        return ToClosed()
    return ToModelAway() if context.model.phase is Phase.LOST else ToAttract()


def away_way(context: Context) -> Way:
    """Return the way to the screen of an exhibit whose model is not ready."""
    return ToClosed() if context.staff.shut else ToModelAway()


def entered(state: State, way: Way) -> Transition:
    """Return the state on the screen a way leads to, with what has to start there; the focus begins anew."""
    state = replace(state, input=another_screen(state.input, state.context.now_s))
    if isinstance(state.screen, StaffScreen):
        return _staff_led(state, way)
    if isinstance(way, ToAttract):
        return _opened(_quiet(state), rest_way(state.context))
    if isinstance(way, ToEnd):
        return _ended(_quiet(state))
    visiting = isinstance(state.screen, VisitScreen)
    after, effects = _opened(state, way)
    if not (way.fresh and visiting):
        return after, effects
    gone: Effect = ForgetPicture() if isinstance(after.screen, VisitScreen) else Forget()
    return after, (gone, *effects)


def _staff_led(state: State, way: Way) -> Transition:
    """Return the state on the screen that staff come to; who did not know the PIN comes back to the visit.

    Of a visit that is over by that, its lesson is left to them.
    """
    context, lesson = state.context, state.visitor != Visitor()
    over = context.model.phase is not Phase.READY or context.staff.shut
    leaves = isinstance(way, ToAttract)
    if leaves and state.trail and not over:
        return _returned(state, ToBack(way))
    if isinstance(way, ToEnd) or (leaves and lesson):
        return _ended(_quiet(state))
    after, effects = _opened(_quiet(state), rest_way(context)) if leaves else _opened(state, way)
    if not state.trail:
        return after, effects
    gone: Effect = ForgetPicture() if lesson else Forget()
    return after, (gone, *effects)


def followed(state: State, outcome: Outcome) -> Transition:
    """Return the state after what a screen made of an event: it goes on, or leads on, or back."""
    jobs = [effect.job for effect in outcome.effects if isinstance(effect, Asking)]
    context = state.context
    visitor = context.visitor if outcome.visitor is None else outcome.visitor
    if jobs or visitor is not context.visitor:
        following = max([context.next_job, *(job + 1 for job in jobs)])
        state = replace(state, context=replace(context, next_job=following, visitor=visitor))
    if isinstance(outcome.after, ToBack):
        state, more = _returned(state, outcome.after)
    elif isinstance(outcome.after, Way):
        state, more = entered(state, outcome.after)
    else:
        return replace(state, screen=outcome.after), outcome.effects
    return state, outcome.effects + more


def _returned(state: State, way: ToBack) -> Transition:
    """Return the state on the screen that Back leads to, as it was; what it needs again starts anew."""
    if not state.trail:
        after, effects = entered(state, way.otherwise)
        return after.with_trail(()), effects  # Back never leads on to where it was pressed
    *trail, before = state.trail
    if before.needs_camera and not state.context.camera:
        return entered(replace(state, screen=before), ToCameraAway())
    resumed = before.resumed(state.screen, state.context)
    hands = another_screen(state.input, state.context.now_s)
    state = replace(state, input=hands, screen=before).with_trail((*trail,))
    return followed(state, resumed)


def _trail(state: State, way: Way, there: Screen) -> tuple[Screen, ...]:
    """Return the screens that Back leads to from `there`: each kind once, none of what is gone or was passed by."""
    here = state.screen
    if way.fresh or not (isinstance(there, VisitScreen) and isinstance(here, VisitScreen)):
        return ()
    if type(there) is type(here):
        return state.trail
    trail = () if way.anew else state.trail
    if not here.passing:
        trail = (*(one for one in trail if type(one) is not type(here)), here)
    return tuple(one for one in trail if type(one) is not type(there))


def picture_shown(state: State) -> str:
    """Return the name of the visitor's picture on the screen, else of what was taught last, or of one that waits."""
    newest = state.visitor.lesson.newest
    waiting = next((screen.picture for screen in reversed(state.trail) if screen.picture), "")
    return state.screen.picture or (newest.key if newest is not None else waiting)


def _quiet(state: State) -> State:
    """Return the state as if no hand had touched it; the quiet time begins now."""
    now_s = state.context.now_s
    return replace(state, input=Input(touched_s=now_s, changed_s=now_s, corner=state.input.corner))


def _opened(state: State, way: Way) -> Transition:
    """Through one door after another, until there is a screen."""
    effects: tuple[Effect, ...] = ()
    target: Screen | Way = way
    while isinstance(target, Way):
        opened = state.doors[type(target)](target, state.context)
        context, target = state.context, opened.screen
        visitor = context.visitor if opened.visitor is None else opened.visitor
        following = max(context.next_job, opened.next_job)
        state = replace(state, context=replace(context, visitor=visitor, next_job=following))
        effects += opened.effects
    visiting = isinstance(target, VisitScreen)
    alone_since_s = state.alone_since_s if visiting else None
    leaving = state.leaving and visiting
    if isinstance(target, StaffScreen):  # a first start finds it untouched
        state = replace(state, input=replace(state.input, touched_s=state.context.now_s))
    after = replace(state, screen=target, alone_since_s=alone_since_s, leaving=leaving)
    return after.with_trail(_trail(state, way, target)), effects


def _ended(state: State) -> Transition:
    """Return the end of a visit: what was shown dissolves, and everything is forgotten."""
    picture = picture_shown(state)
    if not picture:  # no picture was taken: nothing to show as it goes, still everything is wiped
        after, effects = _opened(state, rest_way(state.context))
        return after, (Forget(), *effects)
    return _opened(state, ToForgotten(picture, taught=state.visitor.lesson.newest is not None))
