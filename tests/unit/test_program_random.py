"""Whatever happens, in whatever order: one screen, no exception, and an end at which all is forgotten."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.datasets import DatasetKept, DatasetOpened, DatasetsFound
from kiosk.core.effects import Forget
from kiosk.core.events import (
    ButtonDown,
    ButtonUp,
    CameraFound,
    CameraLost,
    ClosedMarked,
    CountsExported,
    CountsRead,
    DiceRolled,
    EpochTrained,
    Event,
    ExampleRecorded,
    GradientsChanged,
    HeadTrained,
    JobLost,
    Lifted,
    LiveJudged,
    MapsDrawn,
    ModelChanged,
    ModelChosen,
    ModelsFound,
    Moved,
    PaintingJudged,
    PictureTaken,
    PinChecked,
    PinChosen,
    RecordingTaken,
    SettingsSaved,
    StaffFound,
    StepJudged,
    StickFound,
    StickLost,
    Tick,
    Touched,
    UpdateTold,
    UploadSeen,
    UploadsListed,
    VaccineGiven,
    VaccineUnderWay,
)
from kiosk.core.lesson import Lesson
from kiosk.core.model import Answer, Button, Epoch, Film, FoundModel, Health, Judged, Phase, Ranked, Verdict
from kiosk.core.staff import StaffFacts, UpdateFacts, UpdateStage
from kiosk.core.vaccine import Resistance, Robustness, Stage, VaccineReport
from kiosk.counting import counted, visited
from kiosk.hands import Hands
from kiosk.program import State, initial, update, view
from kiosk.screens.attract import Attract
from kiosk.screens.closed import Closed
from kiosk.screens.faults import NoModel
from kiosk.screens.idle import Forgotten
from kiosk.screens.setup_pin import SetupPin
from kiosk.settings.sections import Settings
from kiosk.words.friendly_labels import visitor_labels
from kiosk.words.signs import load_signs
from kiosk.words.texts import load_texts
from tests.driver import (
    MANY,
    PANELS,
    PETS,
    TOOLS,
    Player,
    at_cards,
    at_confusion,
    at_dice,
    at_keeping,
    at_readymade,
    at_sketchpad,
    at_staff,
    at_teach,
    at_upload,
    at_vaccinated,
    at_vaccinating,
    at_vaccine,
    opened,
)
from tests.staff_desk import COUNTS, CRASH, ILL, SETTINGS, board

LABELS = visitor_labels()
TEXTS = load_texts()
SIGNS = load_signs(Settings().teaching)
FILM = Film((Ranked(967, 0.9), Ranked(967, 0.5), Ranked(130, 0.9)))
CHANGED = tuple({**dict(SETTINGS), "display.diagonal_inch": 21.5, "idle.quiet_s": 30.0}.items())
labels = st.sampled_from([0, 1, 130, 505, 967, *sorted(LABELS.blocked)[:3], 5000])
answers = st.builds(
    Answer,
    st.lists(st.builds(Ranked, labels, st.floats(0, 1)), min_size=1, max_size=6).map(tuple),
    st.booleans(),
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
healths = st.builds(
    Health, st.sampled_from(Phase), st.none() | st.floats(0, 1), st.sampled_from(["", "no PyTorch"])
)
pauses = st.sampled_from([0.0, 0.02, 0.3, 0.7, 3.0, 25.0, 41.0, 121.0])
shares = st.floats(0, 1)
epochs = st.builds(
    Epoch,
    st.integers(1, 40),
    st.just(40),
    st.floats(0, 9),
    shares,
    st.none() | st.floats(0, 9),
    st.none() | shares,
)
resistances = st.builds(Resistance, st.none() | st.integers(1, 16), st.none() | st.integers(1, 16))
reports = st.builds(
    VaccineReport,
    st.booleans(),
    resistances,
    st.lists(resistances, max_size=8).map(tuple),
    shares,
    shares,
    st.just(16),
    st.none() | st.builds(Robustness, st.just(2.0), shares, shares),
)
found = st.lists(
    st.sampled_from([FoundModel("m"), FoundModel("n", ("x", "y"))]),
    max_size=2,
    unique=True,
)
faults = st.sampled_from(["", "the disk is full"])
staff_news = st.one_of(
    st.builds(StaffFound, st.builds(StaffFacts, *[st.booleans()] * 3, st.just(SETTINGS)), st.booleans()),
    st.builds(PinChecked, st.none() | st.booleans(), st.sampled_from([0.0, 10.0]), faults),
    st.builds(PinChosen, faults),
    st.sampled_from([board(), board(ILL, CRASH)]),
    st.builds(CountsRead, st.just(COUNTS), faults),
    st.builds(CountsExported, st.just("counts.csv"), faults),
    st.builds(SettingsSaved, st.sampled_from([(), SETTINGS, CHANGED]), faults),
    st.builds(ClosedMarked, st.booleans(), faults),
    st.builds(DatasetKept, st.just("Cat, Dog"), faults),
    st.builds(UpdateTold, st.builds(UpdateFacts, faults, st.sampled_from(UpdateStage), faults)),
)
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
    st.builds(ExampleRecorded, jobs),
    st.builds(EpochTrained, jobs, epochs),
    st.builds(HeadTrained, jobs, st.lists(st.integers(-1, 1), max_size=60).map(tuple)),
    st.builds(VaccineUnderWay, jobs, st.sampled_from(Stage), shares),
    st.builds(
        VaccineGiven,
        jobs,
        reports,
        st.lists(st.integers(0, 40), max_size=8).map(tuple),
        st.lists(st.integers(-1, 1), max_size=60).map(tuple),
        st.integers(0, 40),
        answers,
        st.lists(steps, max_size=6).map(tuple),
    ),
    st.builds(DatasetsFound, st.sampled_from([(), (PETS,), MANY]), faults),
    st.builds(
        DatasetOpened, jobs, st.sampled_from(["m", "n"]), st.sampled_from([opened(PETS), opened(TOOLS)])
    ),
    st.builds(ModelsFound, found.map(tuple), st.sampled_from(["", "m"])),
    st.builds(ModelChosen, jobs, st.sampled_from(["m", "n"]), answers),
    st.builds(RecordingTaken, jobs, answers, labels),
    st.builds(JobLost, jobs),
    st.just("hold the corner"),
    staff_news,
    st.builds(GradientsChanged, healths),
    st.sampled_from([CameraFound(), CameraLost(), StickFound(), StickFound(), StickLost()]),
    st.builds(ModelChanged, healths) | st.just(0.02),
)


def events_of(state: State, happening: object) -> list[Event]:
    """A pause becomes a tick, a number a finger on that control, a reply takes the newest job's number."""
    match happening:
        case float():
            return [Tick(state.now_s + happening)]
        case int():
            controls = view(state).controls
            box = controls[happening % len(controls)].box if controls else (0, 0, 2, 2)
            return [Touched(box[0] + box[2] // 2, box[1] + box[3] // 2)]
        case "hold the corner":
            return [Touched(1, 1), Tick(state.now_s + 3.1), Lifted()]
        case PictureTaken(job) | StepJudged(job) | MapsDrawn(job) | RecordingTaken(job) if job % 2:
            return [replace(happening, job=state.next_job - 1)]
        case DiceRolled(job) | PaintingJudged(job) | UploadSeen(job) | UploadsListed(job) if job % 2:
            return [replace(happening, job=state.next_job - 1)]
        case VaccineUnderWay(job) | VaccineGiven(job) | DatasetOpened(job) if job % 2:
            return [replace(happening, job=state.next_job - 1)]
        case ExampleRecorded(job) | EpochTrained(job) | HeadTrained(job) | ModelChosen(job) if job % 2:
            return [replace(happening, job=state.next_job - 1)]
        case _:
            return [happening]  # type: ignore[list-item]


def may_rest(state: State) -> bool:
    """Whether this is where an exhibit that nobody touches ends: waiting, closed, or asking for its first PIN."""
    screen = state.screen
    first = isinstance(screen, SetupPin) and not screen.may_leave
    return first or isinstance(screen, Closed if state.staff.closed else Attract | NoModel)


STARTS: dict[str, Callable[[str], State]] = {
    "the start": lambda panel: replace(initial(PANELS[panel], TEXTS, LABELS, signs=SIGNS), film=FILM),
    "teaching": lambda panel: at_teach(panel).state,
    "a vaccine": lambda panel: at_vaccine(panel).state,
    "a vaccine under way": lambda panel: at_vaccinating(panel).state,
    "a vaccine's report": lambda panel: at_vaccinated(panel).state,
    "a test": lambda panel: at_confusion(panel).state,
    "the staff": lambda panel: at_staff(panel).state,
    "staff who taught": lambda panel: at_keeping(panel, MANY).state,
    "what is ready-made": lambda panel: at_readymade(panel).state,
}


@cache
def started(panel: str, start: str) -> State:
    """A state to begin in; states never change, so one is enough for all stories."""
    return STARTS[start](panel)


def of_somebody(state: State) -> bool:
    """Whether somebody's visit is on the screen, still dissolves there, or left what was taught to the staff."""
    return visited(state.screen) or isinstance(state.screen, Forgotten) or state.lesson != Lesson()


def told(state: State, story: list[object]) -> tuple[State, int]:
    """The state after a story, and how often all was forgotten since the last visit ended."""
    forgets, here = 0, of_somebody(state)
    for happening in story:
        for event in events_of(state, happening):
            before = state
            state, effects = update(state, event)
            assert all(name and "=" not in name for name in counted(before, event, state, effects))
            forgets += sum(isinstance(effect, Forget) for effect in effects)
            scene = view(state)
            assert scene.name
            assert scene.lit in {"", "anywhere"} or scene.control(scene.lit) is not None
            was_here = here
            here = of_somebody(state)
            if was_here and not here:
                assert forgets, "a visit ended and nothing was forgotten"
                forgets = 0
    return state, forgets


def left_alone(state: State, forgets: int) -> State:
    """The state after nobody touched anything for long: the exhibit rests, and a visit was forgotten."""
    here = of_somebody(state)
    for _ in range(400):
        state, effects = update(state, Tick(state.now_s + 1.0))
        forgets += sum(isinstance(effect, Forget) for effect in effects)
    assert may_rest(state), state.screen
    assert not here or forgets
    return state


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(PANELS)), st.sampled_from(sorted(STARTS)), st.lists(happenings, max_size=60))
def test_any_events_end_where_nothing_of_the_visitor_is_left(
    panel: str, start: str, story: list[object]
) -> None:
    state, forgets = told(started(panel, start), story)
    here = of_somebody(state)
    state = left_alone(state, forgets)
    blank = initial(state.panel, state.texts, state.labels, signs=SIGNS)
    kept = replace(
        blank,
        screen=state.screen,
        now_s=state.now_s,
        camera=state.camera,
        gradients=state.gradients,
        model=state.model,
        next_job=state.next_job,
        stick=state.stick,
        film=state.film,
        hands=state.hands,
        built=state.built,
        default=state.default,
        datasets=state.datasets,
        staff=state.staff,
        idle=state.idle,
    )
    assert state.lesson == Lesson()
    assert state == kept
    if here:
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
    left_alone(*told(begin(panel).state, story))
