"""Whatever happens, in whatever order: one screen, no exception, and an end at which all is forgotten.

The topics tell what can happen in `EVENTS` of their happenings.py, and where it begins: in `STARTS`, or in
`FURTHER_ON` at the screens that random events hardly ever reach.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.context import Context, Visitor
from kiosk.core.health import Health, Phase
from kiosk.core.message import (
    Button,
    ButtonDown,
    ButtonUp,
    CameraFound,
    CameraLost,
    Count,
    Event,
    Forget,
    GradientsChanged,
    JobLost,
    Lifted,
    ModelChanged,
    Moved,
    News,
    PanelResized,
    Reply,
    Tick,
    ToClosed,
    Touched,
)
from kiosk.core.scene import ControlId
from kiosk.core.screen import NEVER_S, RestingScreen, StaffScreen
from kiosk.program.input import Input
from kiosk.program.program import update, view
from kiosk.program.state import State
from tests.player import PANELS, topic_modules
from tests.strategies import jobs

HAPPENINGS = topic_modules("happenings")
healths = st.builds(
    Health, st.sampled_from(Phase), st.none() | st.floats(0, 1), st.sampled_from(["", "no PyTorch"])
)
pauses = st.sampled_from([0.0, 0.02, 0.3, 0.7, 3.0, 25.0, 41.0, 121.0])
happenings: st.SearchStrategy[float | int | str | Event] = st.one_of(
    pauses,
    st.integers(0, 40),
    st.builds(Touched, st.integers(-5, 1290), st.integers(-5, 1290)),
    st.builds(Moved, st.integers(-5, 1290), st.integers(-5, 1290)),
    st.builds(Lifted),
    st.builds(ButtonDown, st.sampled_from(Button)),
    st.builds(ButtonUp, st.sampled_from(Button)),
    st.builds(JobLost, jobs),
    st.just("hold the corner"),
    st.sampled_from([PanelResized(panel.width_px, panel.height_px) for panel in PANELS.values()]),
    st.builds(GradientsChanged, healths),
    st.sampled_from([CameraFound(), CameraFound("no camera"), CameraLost()]),
    st.builds(ModelChanged, healths) | st.just(0.02),
    *(events for module in HAPPENINGS for events in getattr(module, "EVENTS", ())),
)


def starts(name: str) -> dict[str, Callable[[str], State]]:
    """The states to begin in that the topics have under that name."""
    found: dict[str, Callable[[str], State]] = {}
    for module in HAPPENINGS:
        own: Mapping[str, Callable[[str], State]] = getattr(module, name, {})
        assert found.keys().isdisjoint(own), f"{module.__name__}: another topic begins there too"
        found |= own
    return found


STARTS, FURTHER_ON = starts("STARTS"), starts("FURTHER_ON")


@cache
def started(panel: str, start: str) -> State:
    """A state to begin in; states never change, so one is enough for all stories."""
    return (STARTS | FURTHER_ON)[start](panel)


def events_of(state: State, happening: float | int | str | Event) -> list[Event]:
    """A pause becomes a tick, a number a finger on that control, a reply takes the newest job's number."""
    match happening:
        case float():
            return [Tick(state.context.now_s + happening)]
        case int():
            controls = view(state).controls
            box = controls[happening % len(controls)].box if controls else (0, 0, 2, 2)
            return [Touched(box[0] + box[2] // 2, box[1] + box[3] // 2)]
        case str():
            return [Touched(1, 1), Tick(state.context.now_s + 3.1), Lifted()]
        case Reply(job) if job % 2:
            return [replace(happening, job=state.context.next_job - 1)]
        case _:
            return [happening]


def may_rest(state: State) -> bool:
    """Whether this is where an exhibit that is not touched ends: waiting, closed, or asking for its first PIN."""
    screen, context = state.screen, state.context
    if isinstance(screen, StaffScreen):
        return screen.quiet_s(context.idle) == NEVER_S
    sign = state.doors[ToClosed](ToClosed(), context).screen
    return isinstance(screen, RestingScreen) and (type(screen) is type(sign)) == context.staff.shut


def of_a_visitor(state: State) -> bool:
    """Whether a visit is on the screen, still dissolves there, or left something to the staff."""
    at_rest = isinstance(state.screen, RestingScreen | StaffScreen)
    return not at_rest or bool(state.trail) or state.visitor != Visitor()


def told(state: State, story: list[float | int | str | Event]) -> tuple[State, int, Context]:
    """The state after a story, and how often all was forgotten since the last visit ended.

    With them the context as news alone made it, without any visitor.
    """
    forgets, here, known = 0, of_a_visitor(state), replace(state.context, visitor=Visitor())
    for happening in story:
        for event in events_of(state, happening):
            state, effects = update(state, event)
            if isinstance(event, News):
                known = event.known(known)
            for effect in effects:
                if isinstance(effect, Count):
                    assert effect.names or effect.seconds
                    assert all(name and "=" not in name for name in effect.names)
            forgets += sum(isinstance(effect, Forget) for effect in effects)
            scene = view(state)
            assert scene.name
            focused = scene.focused
            assert focused in {None, ControlId("anywhere")} or scene.control_of(focused) is not None
            was_here = here
            here = of_a_visitor(state)
            if was_here and not here:
                assert forgets, "a visit ended and nothing was forgotten"
                forgets = 0
    return state, forgets, known


def left_alone(state: State, forgets: int) -> State:
    """The state after it was untouched for long: the exhibit rests, and a visit was forgotten."""
    here = of_a_visitor(state)
    for _ in range(400):
        state, effects = update(state, Tick(state.context.now_s + 1.0))
        forgets += sum(isinstance(effect, Forget) for effect in effects)
    assert may_rest(state), state.screen
    assert not here or forgets
    return state


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(PANELS)), st.sampled_from(sorted(STARTS)), st.lists(happenings, max_size=60))
def test_any_events_end_where_nothing_of_the_visitor_is_left(
    panel: str, start: str, story: list[float | int | str | Event]
) -> None:
    state, forgets, known = told(started(panel, start), story)
    here = of_a_visitor(state)
    state = left_alone(state, forgets)
    context = state.context
    kept = replace(
        known,
        now_s=context.now_s,
        camera=context.camera,
        camera_fault=context.camera_fault,
        gradients=context.gradients,
        model=context.model,
        next_job=context.next_job,
        returns=False,
    )
    assert state.visitor == Visitor()
    assert replace(context, panel=kept.panel) == kept, "all that is known was told"
    kept = replace(kept, panel=context.panel)
    assert state == State(state.screen, kept, state.doors, state.input, since_s=state.since_s)
    if here:
        given = state.input
        assert given == Input(touched_s=given.touched_s, changed_s=given.changed_s)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(sorted(FURTHER_ON)),
    st.sampled_from(sorted(PANELS)),
    st.lists(happenings, max_size=40),
)
def test_any_events_further_on_end_in_the_same_way(
    start: str, panel: str, story: list[float | int | str | Event]
) -> None:
    """As above, from the screens that random events hardly ever reach."""
    state, forgets, _ = told(started(panel, start), story)
    left_alone(state, forgets)
