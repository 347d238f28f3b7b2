"""What fingers and buttons do to the light, and which control they press; pure, one scene at a time."""

from dataclasses import dataclass, replace

from kiosk.core.events import Moved, Touched
from kiosk.core.model import Button
from kiosk.core.scene import Control, Scene

HOLD_S = 0.6
COOL_DOWN_S = 0.2
SUNK_S = 0.15


@dataclass(frozen=True, slots=True)
class Held:
    """A finger that is down on a control, and since when."""

    finger: int
    control: str
    since_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Hands:
    """What fingers and buttons did: the light's place, the control just pressed, what is down."""

    lit: str = ""
    sunk: str = ""
    sunk_s: float = 0.0
    shutter_s: float | None = None
    moved: bool = False
    pressed_s: tuple[tuple[Button, float], ...] = ()
    touched_s: float = 0.0
    held: Held | None = None


def shown(hands: Hands, scene: Scene, now_s: float) -> Scene:
    """The scene with its light and its sunk control."""
    lit = scene.lit_or_primary(hands.lit)
    sunk = hands.sunk if now_s - hands.sunk_s < SUNK_S else ""
    if hands.held is not None:
        sunk = hands.held.control
    if hands.shutter_s is not None and not hands.moved:
        sunk = lit
    return replace(scene, lit=lit, sunk=sunk)


def touched(hands: Hands, scene: Scene, touch: Touched, now_s: float) -> tuple[Hands, Control | None]:
    """The hands, and the control a finger pressed; while one finger holds a control, others press nothing.

    A finger that comes down anew was up meanwhile, even if nobody heard that.
    """
    control = scene.hit(touch.x_px, touch.y_px)
    if hands.held is not None and hands.held.finger == touch.finger:
        hands = replace(hands, held=None)
    if control is None or hands.held is not None:
        return hands, None
    if not control.holds and control.name == hands.sunk and now_s - hands.sunk_s < COOL_DOWN_S:
        return hands, None
    held = Held(touch.finger, control.name, now_s) if control.holds else None
    return replace(sunk(hands, control.name, now_s), lit="", held=held), control


def dragged(hands: Hands, scene: Scene, move: Moved) -> Control | None:
    """The control that the moving finger holds, if it is that finger and the control is still there."""
    if hands.held is None or hands.held.finger != move.finger:
        return None
    return scene.control(hands.held.control)


def has_held(hands: Hands, control: str, for_s: float, now_s: float) -> bool:
    """Whether a finger has held a control for so long."""
    held = hands.held
    return held is not None and held.control == control and now_s - held.since_s >= for_s


def sunk(hands: Hands, control: str, now_s: float) -> Hands:
    """The hands with a control just pressed."""
    return replace(hands, sunk=control, sunk_s=now_s)


def too_soon(hands: Hands, button: Button, now_s: float) -> bool:
    """Whether a button bounces: it went down a moment ago."""
    last_s = dict(hands.pressed_s).get(button)
    return last_s is not None and now_s - last_s < COOL_DOWN_S


def went_down(hands: Hands, button: Button, now_s: float) -> Hands:
    """The hands with a button just gone down; the shutter begins to be held."""
    pressed_s = tuple({**dict(hands.pressed_s), button: now_s}.items())
    shutter_s = now_s if button is Button.SHUTTER else None
    return replace(hands, pressed_s=pressed_s, shutter_s=shutter_s, moved=False)


def light_moved(hands: Hands, scene: Scene, by: int) -> Hands:
    """The hands with the light moved on (or back)."""
    return replace(hands, lit=scene.moved(hands.lit, by))


def shutter_due(hands: Hands, now_s: float) -> bool:
    """Whether the shutter is held so long that it moves the light on (again)."""
    return hands.shutter_s is not None and now_s - hands.shutter_s >= HOLD_S
