"""What is counted of every visit, whatever its topics: that it began, the screens it saw for how long, how it ended."""

from kiosk.core.health import Phase
from kiosk.core.message import (
    ButtonDown,
    ButtonUp,
    CameraLost,
    Count,
    Effect,
    Event,
    GradientsChanged,
    Tick,
    Touched,
)
from kiosk.core.screen import Screen, StaffScreen, VisitScreen
from kiosk.program.state import State


def visiting(state: State) -> bool:
    """Return whether a visit is on the screen, or waits under the question for the staff's PIN."""
    return isinstance(state.screen, VisitScreen) or bool(state.trail)


def counted(before: State, event: Event, after: State) -> tuple[Effect, ...]:
    """Return the effect that counts what an event led to, if that is worth counting."""
    if isinstance(event, GradientsChanged):
        return (Count(("gradient_process_lost",)),) if _newly_lost(before, event) else ()
    if isinstance(event, CameraLost):
        return (Count(("camera_lost",)),) if before.context.sees else ()
    here, there = before.screen, after.screen
    if type(here) is type(there):  # nearly always: a tick
        return ()
    names: list[str] = []
    if visiting(after) and not visiting(before):
        names.append("visits")
    if visiting(before) and not visiting(after):
        names.append(_ending(event, there))
    if isinstance(there, VisitScreen):
        names.append(f"screen {type(there).__name__}")
    seconds = ((type(here).__name__, _seconds(before, after)),) if isinstance(here, VisitScreen) else ()
    return (Count(tuple(names), seconds),) if names or seconds else ()


def _seconds(before: State, after: State) -> int:
    """Return for how long a screen was looked at; of one that was left alone, until the last touch."""
    until_s = after.context.now_s if before.alone_since_s is None else before.input.touched_s
    return max(0, round(until_s - before.since_s))


def _newly_lost(before: State, event: GradientsChanged) -> bool:
    """Return whether the gradient process was lost, or has failed once more to come back."""
    return event.health.phase is Phase.LOST and event.health != before.context.gradients


def _ending(event: Event, after: Screen) -> str:
    """Return what ended a visit."""
    if isinstance(after, StaffScreen):
        return "ended_by_staff"
    match event:
        case Tick():
            return "ended_by_idle"
        case Touched() | ButtonDown() | ButtonUp():
            return "ended_by_visitor"
        case _:
            return "ended_by_fault"
