"""Whatever happens, in whatever order: one screen, no exception, and an end at which all is forgotten."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.effects import Forget
from kiosk.core.events import (
    ButtonDown,
    ButtonUp,
    CameraFound,
    CameraLost,
    DiceRolled,
    Event,
    GradientsChanged,
    JobLost,
    Lifted,
    LiveJudged,
    MapsDrawn,
    ModelChanged,
    Moved,
    PaintingJudged,
    PictureTaken,
    StepJudged,
    StickFound,
    StickLost,
    Tick,
    Touched,
    UploadSeen,
    UploadsListed,
)
from kiosk.core.model import Answer, Button, Health, Judged, Phase, Ranked, Verdict
from kiosk.friendly_labels import visitor_labels
from kiosk.hands import Hands
from kiosk.program import State, initial, update, view
from kiosk.screens.attract import Attract
from kiosk.screens.faults import NoModel
from kiosk.texts import load_texts
from tests.driver import PANELS, Player, at_cards, at_dice, at_sketchpad, at_upload

LABELS = visitor_labels()
TEXTS = load_texts()
labels = st.sampled_from([1, 130, 505, 967, *sorted(LABELS.blocked)[:3], 5000])
answers = st.lists(st.builds(Ranked, labels, st.floats(0, 1)), min_size=1, max_size=6).map(
    lambda rows: Answer(tuple(rows))
)
jobs = st.integers(0, 12)
steps = st.builds(
    Judged,
    st.integers(0, 20),
    answers,
    st.floats(0, 1),
    st.sampled_from(Verdict),
    st.integers(0, 16),
    st.floats(0, 16),
)
healths = st.builds(Health, st.sampled_from(Phase), st.none() | st.floats(0, 1))
pauses = st.sampled_from([0.0, 0.02, 0.3, 0.7, 3.0, 25.0, 41.0])
happenings = st.one_of(
    pauses,
    st.integers(0, 40),
    st.builds(Touched, st.integers(-5, 1290), st.integers(-5, 1290)),
    st.builds(Moved, st.integers(-5, 1290), st.integers(-5, 1290)),
    st.builds(Lifted),
    st.builds(ButtonDown, st.sampled_from(Button)),
    st.builds(ButtonUp, st.sampled_from(Button)),
    st.builds(LiveJudged, answers),
    st.builds(PictureTaken, jobs, answers),
    st.builds(StepJudged, jobs, steps),
    st.builds(MapsDrawn, jobs, labels, st.booleans(), st.booleans()),
    st.builds(DiceRolled, jobs, steps),
    st.builds(PaintingJudged, jobs, answers, st.sampled_from(Verdict)),
    st.builds(UploadSeen, jobs, st.integers(0, 40)),
    st.builds(UploadsListed, jobs, st.none() | st.integers(1, 40)),
    st.builds(JobLost, jobs),
    st.builds(GradientsChanged, healths),
    st.sampled_from([CameraFound(), CameraLost(), StickFound(), StickFound(), StickLost()]),
    st.builds(ModelChanged, healths) | st.just(0.02),
)


def event_of(state: State, happening: object) -> Event:
    """A pause becomes a tick, a number a finger on that control, a reply takes the newest job's number."""
    match happening:
        case float():
            return Tick(state.now_s + happening)
        case int():
            controls = view(state).controls
            box = controls[happening % len(controls)].box if controls else (0, 0, 2, 2)
            return Touched(box[0] + box[2] // 2, box[1] + box[3] // 2)
        case PictureTaken(job) | StepJudged(job) | MapsDrawn(job) if job % 2:
            return replace(happening, job=state.next_job - 1)
        case DiceRolled(job) | PaintingJudged(job) | UploadSeen(job) | UploadsListed(job) if job % 2:
            return replace(happening, job=state.next_job - 1)
        case _:
            return happening  # type: ignore[return-value]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(PANELS)), st.lists(happenings, max_size=60))
def test_any_events_end_where_nothing_of_the_visitor_is_left(panel: str, story: list[object]) -> None:
    state = initial(PANELS[panel], TEXTS, LABELS)
    forgets, visited = 0, False
    for happening in story:
        state, effects = update(state, event_of(state, happening))
        forgets += sum(isinstance(effect, Forget) for effect in effects)
        scene = view(state)
        assert scene.name
        assert scene.lit in {"", "anywhere"} or scene.control(scene.lit) is not None
        was_visited = visited
        visited = not isinstance(state.screen, Attract | NoModel)
        if was_visited and not visited:
            assert forgets, "a visit ended and nothing was forgotten"
            forgets = 0
    for _ in range(900):
        state, effects = update(state, Tick(state.now_s + 0.1))
        forgets += sum(isinstance(effect, Forget) for effect in effects)
    assert isinstance(state.screen, Attract | NoModel)
    assert not visited or forgets
    blank = initial(state.panel, state.texts, state.labels)
    kept = replace(
        blank,
        screen=state.screen,
        now_s=state.now_s,
        camera=state.camera,
        gradients=state.gradients,
        model=state.model,
        next_job=state.next_job,
        stick=state.stick,
        hands=state.hands,
    )
    assert state == kept
    if visited:
        assert state.hands == Hands(touched_s=state.hands.touched_s)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from([at_cards, at_dice, at_sketchpad, at_upload]),
    st.sampled_from(sorted(PANELS)),
    st.lists(happenings, max_size=40),
)
def test_any_events_further_on_end_in_the_same_way(
    begin: Callable[[str], Player], panel: str, story: list[object]
) -> None:
    """As above, from the screens that random events hardly ever reach."""
    state = begin(panel).state
    for happening in story:
        state, _ = update(state, event_of(state, happening))
        assert view(state).lit in {"", "anywhere"} or view(state).control(view(state).lit) is not None
    forgets = 0
    visited = not isinstance(state.screen, Attract | NoModel)
    for _ in range(900):
        state, effects = update(state, Tick(state.now_s + 0.1))
        forgets += sum(isinstance(effect, Forget) for effect in effects)
    assert isinstance(state.screen, Attract | NoModel)
    assert not visited or forgets
