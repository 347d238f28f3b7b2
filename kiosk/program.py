"""The exhibit as two pure functions: `update(state, event)` and `view(state)`; a visit is a list."""

from dataclasses import replace
from typing import assert_never

from kiosk import hands
from kiosk.core.datasets import DatasetKept, DatasetOpened, DatasetsFound
from kiosk.core.effects import Asking, Forget
from kiosk.core.events import (
    BoardRead,
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
    FilmReady,
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
from kiosk.core.model import Button, FoundModel, Labels, ModelChoice, Phase
from kiosk.core.scene import Scene
from kiosk.core.screen import Dragged, Pressed, Released, ScreenEvent, ToAttract, ToEnd, ToPin, ToSetup, Way
from kiosk.core.staff import CORNER, CORNER_HOLD_S, Station
from kiosk.dispatch import (
    Active,
    Screen,
    Staffed,
    StillThere,
    hears_buttons,
    needs_camera,
    quiet_s,
    screen_update,
    screen_view,
    staff_quiet_s,
    stopped,
)
from kiosk.hands import Hands
from kiosk.screens.attract import Attract
from kiosk.screens.closed import Closed
from kiosk.screens.faults import NoCamera, NoModel
from kiosk.screens.idle import Forgotten
from kiosk.state import Outcome, State, initial
from kiosk.ways import entered

__all__ = ["State", "initial", "update", "view"]


def update(state: State, event: Event) -> Outcome:
    """The next state, and what shall be done; with `Forget`, what the visitor taught is gone here too."""
    after, effects = _happened(state, event)
    if Forget() in effects:
        after = after.forgotten
    return after, effects


def _happened(state: State, event: Event) -> Outcome:
    """What an event leads to."""
    match event:
        case Tick(now_s):
            return _ticked(replace(state, now_s=max(now_s, state.now_s)))
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
        case CameraFound():
            return replace(state, camera=True), ()
        case CameraLost():
            return _camera_lost(replace(state, camera=False))
        case StickFound() | StickLost():
            return replace(state, stick=isinstance(event, StickFound)), ()
        case GradientsChanged(health):
            return _told(replace(state, gradients=health), event)
        case ModelChanged(health):
            return _model_changed(replace(state, model=health))
        case FilmReady(film):
            return replace(state, film=film), ()
        case ModelsFound(models, default):
            return replace(state, built=tuple(_choice(state, model) for model in models), default=default), ()
        case DatasetsFound(datasets):
            return _told(replace(state, datasets=datasets), event)
        case StaffFound(staff, begins):
            return _staff_found(replace(state, staff=staff), begins)
        case ClosedMarked(closed):
            return _marked(replace(state, staff=replace(state.staff, closed=closed)), event)
        case PinChosen(""):
            return _told(replace(state, staff=replace(state.staff, pin_chosen=True)), event)
        case SettingsSaved(settings):
            return _told(state.with_settings(settings), event)
        case PinChecked() | PinChosen() | BoardRead() | CountsRead() | CountsExported() | UpdateTold():
            return _told(state, event)
        case LiveJudged() | PictureTaken() | RecordingTaken() | StepJudged() | MapsDrawn() | JobLost():
            return _told(state, event)
        case UploadSeen() | UploadsListed() | DiceRolled() | PaintingJudged() | ModelChosen():
            return _told(state, event)
        case DatasetKept() | DatasetOpened():
            return _told(state, event)
        case ExampleRecorded() | EpochTrained() | HeadTrained() | VaccineUnderWay() | VaccineGiven():
            return _told(state, event)
        case _:
            assert_never(event)


def view(state: State) -> Scene:
    """What is on the screen now."""
    return hands.shown(state.hands, screen_view(state.screen, state.hall), state.now_s)


def _choice(state: State, found: FoundModel) -> ModelChoice:
    """A built model as it is offered: its title from the texts where it has one there."""
    title = state.texts.words.get(f"models.{found.name}", found.name)
    own = Labels.plain(found.labels, frozenset(found.blocked)) if found.labels else state.labels
    return ModelChoice(found.name, title, own)


def _told(state: State, event: ScreenEvent) -> Outcome:
    """The present screen hears an event; it may stay, or lead on. One left alone still hears news."""
    alone = state.screen if isinstance(state.screen, StillThere) else None
    screen = alone.left if alone is not None else state.screen
    after, effects = screen_update(screen, event, state.hall)
    jobs = [effect.job for effect in effects if isinstance(effect, Asking)]
    state = replace(state, next_job=max([state.next_job, *(job + 1 for job in jobs)]))
    if isinstance(after, Way):
        state, more = entered(state, after)
        if alone is not None and isinstance(state.screen, Active):
            state = replace(state, screen=StillThere(state.screen, alone.since_s))
        return state, effects + more
    if alone is not None and isinstance(after, Active):
        return replace(state, screen=StillThere(after, alone.since_s)), effects
    return replace(state, screen=after), effects


def _ticked(state: State) -> Outcome:
    """Time went on: a held shutter moves the light, a quiet visit ends, the screen moves."""
    state = _held(state)
    screen = state.screen
    if hands.has_held(state.hands, CORNER, CORNER_HOLD_S, state.now_s):
        return _corner_held(state)
    if state.now_s - state.hands.touched_s >= staff_quiet_s(screen):
        state, more = entered(state, ToAttract())
        return state, stopped(screen) + more
    if isinstance(screen, StillThere):
        if state.now_s - screen.since_s >= state.idle.countdown_s:
            stop = stopped(screen)
            ended, more = entered(state, ToEnd())
            return ended, stop + more
        return _told(state, Tick(state.now_s))
    if isinstance(screen, Active) and state.now_s - state.hands.touched_s >= quiet_s(screen, state.idle):
        return replace(state, screen=StillThere(screen, state.now_s)), ()
    return _told(state, Tick(state.now_s))


def _held(state: State) -> State:
    """A shutter held long enough moves the light on, and again after as long."""
    if not hands.shutter_due(state.hands, state.now_s):
        return state
    moved = hands.light_moved(state.hands, view(state), 1)
    return replace(state, hands=replace(moved, shutter_s=state.now_s, moved=True))


def _awake(state: State) -> tuple[State, bool]:
    """The state with its quiet time begun anew, and whether that only answered 'still there?'."""
    awake = replace(state, hands=replace(state.hands, touched_s=state.now_s))
    if isinstance(state.screen, StillThere):
        return replace(awake, screen=state.screen.left), True
    return awake, False


def _touched(state: State, touch: Touched) -> Outcome:
    """A finger came down: on a control it presses, elsewhere it only says that somebody is there."""
    awake, answered = _awake(state)
    if answered:
        return awake, ()
    after, control = hands.touched(awake.hands, view(awake), touch, awake.now_s)
    awake = replace(awake, hands=after)
    if control is None:
        return awake, ()
    place = control.place(touch.x_px, touch.y_px)
    return _told(awake, Pressed(control.name, *place, held=control.holds))


def _dragged(state: State, move: Moved) -> Outcome:
    """A finger moved: the control that it holds hears where."""
    control = hands.dragged(state.hands, view(state), move) if state.hands.held else None
    if control is None:
        return state, ()
    awake, _ = _awake(state)
    return _told(awake, Dragged(control.name, *control.place(move.x_px, move.y_px)))


def _lifted(state: State, finger: int) -> Outcome:
    """A finger came up: the control that it held hears so."""
    held = state.hands.held
    if held is None or held.finger != finger:
        return state, ()
    return _told(replace(state, hands=replace(state.hands, held=None)), Released(held.control))


def _press(state: State, control: str) -> Outcome:
    """A control is pressed by a button; it shows that at once."""
    sunk = hands.sunk(state.hands, control, state.now_s)
    return _told(replace(state, hands=sunk), Pressed(control))


def _button_down(state: State, button: Button) -> Outcome:
    """A button went down: up and down act at once, the shutter when it comes up (or is held)."""
    if hears_buttons(state.screen):
        return _told(_awake(state)[0], ButtonDown(button))
    if hands.too_soon(state.hands, button, state.now_s):
        return state, ()
    awake, answered = _awake(state)
    state = replace(awake, hands=hands.went_down(awake.hands, button, state.now_s))
    if answered or isinstance(state.screen, Attract | Forgotten):
        state = replace(state, hands=replace(state.hands, shutter_s=None))
        return (state, ()) if answered else _press(state, "anywhere")
    if button is Button.SHUTTER:
        return state, ()
    scene = view(state)
    if not scene.arrows:
        return _press(state, "more" if button is Button.MORE else "less")
    by = -1 if button is Button.MORE else 1
    return replace(state, hands=hands.light_moved(state.hands, scene, by)), ()


def _button_up(state: State, button: Button) -> Outcome:
    """A button came up: a short press of the shutter presses the lit control."""
    if hears_buttons(state.screen):
        return _told(state, ButtonUp(button))
    since_s, moved = state.hands.shutter_s, state.hands.moved
    if button is not Button.SHUTTER or since_s is None:
        return state, ()
    state = replace(state, hands=replace(state.hands, shutter_s=None, moved=False))
    if moved or isinstance(state.screen, StillThere | NoModel):
        return state, ()
    return _press(state, view(state).lit)


def _camera_lost(state: State) -> Outcome:
    """Without a camera a visit that still needs one says so."""
    screen = state.screen
    if not needs_camera(screen.left if isinstance(screen, StillThere) else screen):
        return state, ()
    after: Screen = StillThere(NoCamera(), screen.since_s) if isinstance(screen, StillThere) else NoCamera()
    return replace(state, screen=after), stopped(screen)


def _model_changed(state: State) -> Outcome:
    """Without a model there is no visit; with one again, the exhibit waits for somebody."""
    if state.model.phase is Phase.READY:
        return _told(state, Tick(state.now_s)) if isinstance(state.screen, NoModel) else (state, ())
    if isinstance(state.screen, Staffed | Closed):
        return state, ()
    if state.model.phase is Phase.WARMING and isinstance(state.screen, Attract | NoModel):
        return state, ()
    sign: Screen = Closed() if state.staff.closed else NoModel()
    missing = replace(state, screen=sign, hands=Hands(touched_s=state.now_s))
    if isinstance(state.screen, Attract | NoModel):
        return missing, ()
    return missing, (*stopped(state.screen), Forget())


def _corner_held(state: State) -> Outcome:
    """Staff hold the hidden corner: they are asked for the PIN, or to choose one where that may be done here."""
    if not state.staff.pin_chosen and not state.staff.may_choose:
        return replace(state, hands=replace(state.hands, held=None)), ()
    stop = stopped(state.screen)
    after, effects = entered(state, ToPin() if state.staff.pin_chosen else ToSetup(Station.PIN))
    return after, stop + effects


def _staff_found(state: State, begins: bool) -> Outcome:
    """At the start: the exhibit may be closed for repair, or still have to be set up."""
    if not isinstance(state.screen, Attract | NoModel | Closed):
        return state, ()
    return entered(state, ToSetup(Station.PIN, may_leave=False) if begins else ToAttract())


def _marked(state: State, event: ClosedMarked) -> Outcome:
    """The exhibit is closed for repair, or open again: nobody's screen shows that at once."""
    if isinstance(state.screen, Attract | NoModel | Closed):
        return entered(state, ToAttract())
    return _told(state, event)
