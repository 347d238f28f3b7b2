"""The exhibit as two pure functions: `update(state, event)` and `view(state)`; a visit is a list."""

from dataclasses import dataclass, field, replace
from typing import assert_never

from kiosk.core.model import (
    Button,
    ButtonDown,
    ButtonUp,
    CameraFound,
    CameraLost,
    DrawMaps,
    Effect,
    Event,
    Film,
    FilmReady,
    Forget,
    GradientsChanged,
    Health,
    JobLost,
    Labels,
    LiveJudged,
    MapsDrawn,
    ModelChanged,
    Panel,
    Phase,
    PictureTaken,
    RunStep,
    StepJudged,
    StopLive,
    TakePicture,
    TakeStockPicture,
    Texts,
    Tick,
    Touched,
)
from kiosk.core.scene import Scene
from kiosk.core.screen import (
    Hall,
    Pressed,
    ScreenEvent,
    ToAttack,
    ToAttract,
    ToChoose,
    ToEnd,
    ToExplain,
    ToLive,
    Way,
)
from kiosk.screens import attack, attack_view, attract, choose, explain, faults, idle, live
from kiosk.screens.attack import Attack
from kiosk.screens.attract import Attract
from kiosk.screens.choose import Choose
from kiosk.screens.explain import Explain
from kiosk.screens.faults import NoCamera, NoModel
from kiosk.screens.idle import Forgotten, IdleTimes
from kiosk.screens.live import Live

HOLD_S = 0.6
COOL_DOWN_S = 0.2
SUNK_S = 0.15

Active = Live | Choose | Attack | Explain | NoCamera


@dataclass(frozen=True, slots=True)
class StillThere:
    """The screen that was left alone, and since when the countdown runs."""

    left: Active
    since_s: float


Screen = Attract | Live | Choose | Attack | Explain | NoCamera | NoModel | StillThere | Forgotten


@dataclass(frozen=True, slots=True)
class Hands:
    """What fingers and buttons did: the light's place, the control just pressed, buttons that are down."""

    lit: str = ""
    sunk: str = ""
    sunk_s: float = 0.0
    shutter_s: float | None = None
    moved: bool = False
    pressed_s: tuple[tuple[Button, float], ...] = ()
    touched_s: float = 0.0


@dataclass(frozen=True, slots=True)
class State:
    """Everything the exhibit knows. The visitor's part is `screen` alone, and dies with it.

    `notices` are lines for staff, such as a settings file that was left out.
    """

    panel: Panel
    texts: Texts
    labels: Labels
    screen: Screen
    now_s: float = 0.0
    camera: bool = True
    gradients: Health = field(default=Health(Phase.WARMING))
    model: Health = field(default=Health(Phase.WARMING))
    film: Film | None = None
    next_job: int = 1
    hands: Hands = field(default=Hands())
    idle: IdleTimes = field(default=IdleTimes())
    notices: tuple[str, ...] = ()

    @property
    def hall(self) -> Hall:
        """What a screen may know beside its own slice."""
        return Hall(
            self.panel,
            self.texts,
            self.labels,
            self.now_s,
            self.camera,
            self.gradients,
            self.model,
            self.film,
            self.next_job,
        )


Outcome = tuple[State, tuple[Effect, ...]]


def initial(panel: Panel, texts: Texts, labels: Labels, *, model: Health | None = None) -> State:
    """The state at start: attract at once, or the words for a model that is not there (yet)."""
    health = model or Health(Phase.READY)
    screen: Screen = Attract(0.0) if health.phase is Phase.READY else NoModel()
    return State(panel, texts, labels, screen, model=health)


def update(state: State, event: Event) -> Outcome:
    """The next state, and what shall be done."""
    match event:
        case Tick(now_s):
            return _ticked(replace(state, now_s=max(now_s, state.now_s)))
        case Touched(x_px, y_px):
            return _touched(state, x_px, y_px)
        case ButtonDown(button):
            return _button_down(state, button)
        case ButtonUp(button):
            return _button_up(state, button)
        case CameraFound():
            return replace(state, camera=True), ()
        case CameraLost():
            return _camera_lost(replace(state, camera=False))
        case GradientsChanged(health):
            return _told(replace(state, gradients=health), event)
        case ModelChanged(health):
            return _model_changed(replace(state, model=health))
        case FilmReady(film):
            return replace(state, film=film), ()
        case LiveJudged() | PictureTaken() | StepJudged() | MapsDrawn() | JobLost():
            return _told(state, event)
        case _:
            assert_never(event)


def view(state: State) -> Scene:
    """What is on the screen now."""
    scene = _screen_view(state)
    lit = scene.lit_or_primary(state.hands.lit)
    sunk = state.hands.sunk if state.now_s - state.hands.sunk_s < SUNK_S else ""
    if state.hands.shutter_s is not None and not state.hands.moved:
        sunk = lit
    return replace(scene, lit=lit, sunk=sunk)


def _screen_view(state: State) -> Scene:
    screen, hall = state.screen, state.hall
    match screen:
        case Attract():
            return attract.view(screen, hall)
        case Live():
            return live.view(screen, hall)
        case Choose():
            return choose.view(screen, hall)
        case Attack():
            return attack_view.view(screen, hall)
        case Explain():
            return explain.view(screen, hall)
        case StillThere():
            of_s = state.idle.countdown_s
            left_s = of_s - (state.now_s - screen.since_s)
            return idle.still_there(left_s, of_s, _shown_key(screen.left), hall)
        case Forgotten():
            return idle.view(screen, hall)
        case NoCamera():
            return faults.view_camera(screen, hall)
        case NoModel():
            return faults.view_model(screen, hall)
        case _:
            assert_never(screen)


def _screen_update(screen: Screen, event: ScreenEvent, hall: Hall) -> tuple[Screen | Way, tuple[Effect, ...]]:
    """What the present screen makes of an event."""
    match screen:
        case Attract():
            return attract.update(screen, event, hall)
        case Live():
            return live.update(screen, event, hall)
        case Choose():
            return choose.update(screen, event, hall)
        case Attack():
            return attack.update(screen, event, hall)
        case Explain():
            return explain.update(screen, event, hall)
        case StillThere():
            return screen, ()
        case Forgotten():
            return idle.update(screen, event, hall)
        case NoCamera():
            return faults.update_camera(screen, event, hall)
        case NoModel():
            return faults.update_model(screen, event, hall)
        case _:
            assert_never(screen)


def _told(state: State, event: ScreenEvent) -> Outcome:
    """The present screen hears an event; it may stay, or lead on. One left alone still hears news."""
    alone = state.screen if isinstance(state.screen, StillThere) else None
    screen = alone.left if alone is not None else state.screen
    after, effects = _screen_update(screen, event, state.hall)
    jobs = [e.job for e in effects if isinstance(e, TakePicture | TakeStockPicture | RunStep | DrawMaps)]
    state = replace(state, next_job=max([state.next_job, *(job + 1 for job in jobs)]))
    if isinstance(after, Way):
        entered, more = _entered(state, after)
        if alone is not None and isinstance(entered.screen, Active):
            entered = replace(entered, screen=StillThere(entered.screen, alone.since_s))
        return entered, effects + more
    if alone is not None and isinstance(after, Active):
        return replace(state, screen=StillThere(after, alone.since_s)), effects
    return replace(state, screen=after), effects


def _entered(state: State, way: Way) -> Outcome:
    """The screen a way leads to, with what has to start there; the light goes back to its place."""
    hands = replace(state.hands, lit="")
    state = replace(state, hands=hands)
    match way:
        case ToAttract():
            return replace(state, screen=Attract(state.now_s), hands=Hands(touched_s=state.now_s)), ()
        case ToLive():
            forget: tuple[Effect, ...] = (Forget(),) if isinstance(state.screen, Active | StillThere) else ()
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
            key = _shown_key(state.screen)
            ended = replace(state, hands=Hands(touched_s=state.now_s))
            if not key:  # no picture was taken: nothing to show as it goes, still everything is wiped
                return replace(ended, screen=Attract(state.now_s)), (Forget(),)
            return replace(ended, screen=Forgotten(state.now_s, key)), ()
        case _:
            assert_never(way)


def _shown_key(screen: Screen) -> str:
    """The picture a visit left on its screen, or none."""
    match screen:
        case Choose():
            return "original"
        case Attack() | Explain():
            return "adversarial"
        case StillThere(left):
            return _shown_key(left)
        case _:
            return ""


def _ticked(state: State) -> Outcome:
    """Time went on: a held shutter moves the light, a quiet visit ends, the screen moves."""
    state = _held(state)
    screen = state.screen
    if isinstance(screen, StillThere):
        if state.now_s - screen.since_s >= state.idle.countdown_s:
            stop = _stopped(screen.left)
            ended, more = _entered(state, ToEnd())
            return ended, stop + more
        return _told(state, Tick(state.now_s))
    if isinstance(screen, Active) and state.now_s - state.hands.touched_s >= state.idle.quiet_s:
        return replace(state, screen=StillThere(screen, state.now_s)), ()
    return _told(state, Tick(state.now_s))


def _stopped(screen: Active) -> tuple[Effect, ...]:
    """What has to stop when this screen is left for good."""
    if isinstance(screen, Live):
        return (StopLive(),)
    return ()


def _held(state: State) -> State:
    """A shutter held long enough moves the light on, and again after as long."""
    since_s = state.hands.shutter_s
    if since_s is None or state.now_s - since_s < HOLD_S:
        return state
    scene = view(state)
    lit = scene.moved(state.hands.lit, 1)
    return replace(state, hands=replace(state.hands, lit=lit, shutter_s=state.now_s, moved=True))


def _awake(state: State) -> tuple[State, bool]:
    """The state with its quiet time begun anew, and whether that only answered 'still there?'."""
    hands = replace(state.hands, touched_s=state.now_s)
    if isinstance(state.screen, StillThere):
        return replace(state, screen=state.screen.left, hands=hands), True
    return replace(state, hands=hands), False


def _touched(state: State, x_px: int, y_px: int) -> Outcome:
    """A finger came down: on a control it presses, elsewhere it only says that somebody is there."""
    awake, answered = _awake(state)
    if answered:
        return awake, ()
    control = view(awake).hit(x_px, y_px)
    if control is None:
        return awake, ()
    quick = control.name == awake.hands.sunk and awake.now_s - awake.hands.sunk_s < COOL_DOWN_S
    if quick:
        return awake, ()
    return _press(replace(awake, hands=replace(awake.hands, lit="")), control.name)


def _press(state: State, control: str) -> Outcome:
    """A control is pressed; it shows that at once."""
    hands = replace(state.hands, sunk=control, sunk_s=state.now_s)
    return _told(replace(state, hands=hands), Pressed(control))


def _button_down(state: State, button: Button) -> Outcome:
    """A button went down: up and down act at once, the shutter when it comes up (or is held)."""
    last = dict(state.hands.pressed_s)
    if button in last and state.now_s - last[button] < COOL_DOWN_S:
        return state, ()
    last[button] = state.now_s
    awake, answered = _awake(state)
    state = replace(awake, hands=replace(awake.hands, pressed_s=tuple(last.items()), shutter_s=None))
    if answered:
        return state, ()
    if isinstance(state.screen, Attract | Forgotten):
        return _press(state, "anywhere")
    if button is Button.SHUTTER:
        return replace(state, hands=replace(state.hands, shutter_s=state.now_s, moved=False)), ()
    scene = view(state)
    if not scene.arrows:
        return _press(state, "more" if button is Button.MORE else "less")
    lit = scene.moved(state.hands.lit, -1 if button is Button.MORE else 1)
    return replace(state, hands=replace(state.hands, lit=lit)), ()


def _button_up(state: State, button: Button) -> Outcome:
    """A button came up: a short press of the shutter presses the lit control."""
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
    if isinstance(screen, StillThere) and isinstance(screen.left, Live):
        return replace(state, screen=StillThere(NoCamera(), screen.since_s)), (StopLive(),)
    if isinstance(screen, Live):
        return replace(state, screen=NoCamera()), (StopLive(),)
    return state, ()


def _model_changed(state: State) -> Outcome:
    """Without a model there is no visit; with one again, the exhibit waits for somebody."""
    if state.model.phase is Phase.READY:
        if isinstance(state.screen, NoModel):
            return replace(state, screen=Attract(state.now_s), hands=Hands(touched_s=state.now_s)), ()
        return state, ()
    if isinstance(state.screen, NoModel):
        return state, ()
    screen = state.screen.left if isinstance(state.screen, StillThere) else state.screen
    stop = _stopped(screen) if isinstance(screen, Active) else ()
    return replace(state, screen=NoModel(), hands=Hands(touched_s=state.now_s)), (*stop, Forget())
