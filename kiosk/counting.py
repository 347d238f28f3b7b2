"""What is counted of a visit: names of things that happened, never anything of a picture."""

from kiosk.core.effects import Effect, StartStack
from kiosk.core.events import (
    ButtonDown,
    ButtonUp,
    Event,
    PictureTaken,
    RecordingTaken,
    StepJudged,
    Tick,
    Touched,
)
from kiosk.core.model import Verdict
from kiosk.dispatch import Active, Screen, Staffed, StillThere
from kiosk.screens.attack import Attack
from kiosk.screens.choose import Choose
from kiosk.state import State

ENDINGS = ("ended_by_idle", "ended_by_visitor", "ended_by_staff", "ended_by_fault")


def visited(screen: Screen) -> bool:
    """Whether somebody's visit is on the screen."""
    return isinstance(screen, Active | StillThere)


def counted(before: State, event: Event, after: State, effects: tuple[Effect, ...]) -> tuple[str, ...]:
    """The counters that an event adds one to, judged by what became of it."""
    here, there = _shown(before.screen), _shown(after.screen)
    if here is there and not effects:  # nearly always: a tick
        return ()
    names: list[str] = []
    if visited(after.screen) and not visited(before.screen):
        names.append("visits")
    if visited(before.screen) and not visited(after.screen):
        names.append(_ending(event, after.screen))
    if visited(after.screen) and type(here) is not type(there):
        names.append(f"screen {type(there).__name__}")
    if isinstance(event, PictureTaken) and isinstance(there, Choose) and not isinstance(here, Choose):
        names.append("pictures")
    if any(isinstance(effect, StartStack) for effect in effects):
        names.append("attacks")
    if isinstance(here, Attack) and isinstance(there, Attack) and here is not there:
        names += _attacked(here, event, there)
    return tuple(names)


def _ending(event: Event, after: Screen) -> str:
    """What ended a visit."""
    if isinstance(after, Staffed):
        return "ended_by_staff"
    match event:
        case Tick():
            return "ended_by_idle"
        case Touched() | ButtonDown() | ButtonUp():
            return "ended_by_visitor"
        case _:
            return "ended_by_fault"


def _shown(screen: Screen) -> Screen:
    """The screen that is shown, or that was left alone."""
    return screen.left if isinstance(screen, StillThere) else screen


def _attacked(here: Attack, event: Event, there: Attack) -> list[str]:
    """What an event on the attack screen counts as; the steps of a recording are nobody's."""
    match event:
        case RecordingTaken():
            return ["recordings"]
        case StepJudged() if not there.visit.recorded:
            fooled_before = any(step.verdict is Verdict.FOOLED for step in here.visit.steps)
            first = there.visit.now.verdict is Verdict.FOOLED and not fooled_before and not there.visit.boosts
            return ["steps", "fooled"] if first else ["steps"]
        case _:
            return []
