"""Where the ways lead: the screen that is entered, and what has to start or end there."""

from dataclasses import replace
from typing import assert_never

from kiosk.core.effects import Effect, Forget
from kiosk.core.model import Phase
from kiosk.core.screen import (
    ToAttack,
    ToAttract,
    ToChoose,
    ToEnd,
    ToExplain,
    ToLive,
    ToPin,
    ToSetup,
    ToStaff,
    Way,
)
from kiosk.dispatch import Active, StillThere, picture_shown, staff_screen
from kiosk.hands import Hands
from kiosk.screens import live
from kiosk.screens.attack import Attack
from kiosk.screens.choose import Choose
from kiosk.screens.closed import Closed
from kiosk.screens.explain import Explain
from kiosk.screens.faults import NoCamera, NoModel
from kiosk.screens.idle import Forgotten
from kiosk.screens.live import Live
from kiosk.state import Outcome, State


def entered(state: State, way: Way) -> Outcome:
    """The screen a way leads to, with what has to start there; the light goes back to its place."""
    state = replace(state, hands=replace(state.hands, lit="", held=None))
    match way:
        case ToAttract():
            return replace(state, screen=state.resting, hands=Hands(touched_s=state.now_s)), ()
        case ToLive():
            forget: tuple[Effect, ...] = (Forget(),) if isinstance(state.screen, Active | StillThere) else ()
            if state.staff.closed:
                return replace(state, screen=Closed()), forget
            if state.model.phase is not Phase.READY:
                return replace(state, screen=NoModel(awaited=True)), forget
            if not state.camera:
                return replace(state, screen=NoCamera()), forget
            return replace(state, screen=Live(state.now_s)), (*forget, *live.entering())
        case ToChoose(visit):
            return replace(state, screen=Choose(visit)), ()
        case ToAttack(visit):
            return replace(state, screen=Attack(visit)), ()
        case ToExplain(visit, label):
            return replace(state, screen=Explain(visit, label)), ()
        case ToEnd():
            key = picture_shown(state.screen)
            ended = replace(state, hands=Hands(touched_s=state.now_s))
            if not key:  # no picture was taken: nothing to show as it goes, still everything is wiped
                return replace(ended, screen=state.resting), (Forget(),)
            return replace(ended, screen=Forgotten(state.now_s, key)), ()
        case ToPin() | ToStaff() | ToSetup():
            screen, effects = staff_screen(way)
            quiet = replace(state.hands, touched_s=state.now_s)  # it was found, not touched, at a first start
            return replace(state, screen=screen, hands=quiet), effects
        case _:
            assert_never(way)
